//! Text messages over SMPP 3.4: one bound session, kept while it works and
//! made anew for the next message after it broke.

mod session;
mod text;

use crate::{
    Accepted, ConfigurationFault, DeliveryFault, Outcome, TextMessage,
    network::{CONNECT_LIMIT, is_loopback},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use secrecy::{ExposeSecret, SecretString};
use session::{Order, Stream};
use std::{fmt, future::pending, sync::Arc, time::Duration};
use tokio::{
    net::TcpStream,
    sync::{Mutex, Semaphore, mpsc, oneshot},
    time,
};
use tokio_rustls::TlsConnector;

/// Messages without an answer yet, at most; further ones wait.
const WINDOW: usize = 10;
/// Receipts that nobody has taken yet, at most; the centre keeps further ones.
const RECEIPTS: usize = 1000;

pub struct SmppConfig {
    pub host: String,
    pub port: u16,
    /// Without TLS on a loopback host only.
    pub tls: bool,
    /// PEM of the only certificates to trust; none for the usual ones.
    pub trusted: Option<String>,
    pub system_id: String,
    /// 8 characters at most: SMPP has room for no more.
    pub password: SecretString,
    pub system_type: String,
    /// A number with `+`, or a sender id.
    pub from: String,
}

/// What a session told of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionReceipt {
    pub reference: String,
    pub outcome: Outcome,
}

/// Clones share the session.
#[derive(Clone)]
pub struct Smpp(Arc<Shared>);

struct Shared {
    config: SmppConfig,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    session: Mutex<Option<mpsc::Sender<Order>>>,
    window: Semaphore,
    receipts: mpsc::Sender<SessionReceipt>,
    taken: Mutex<mpsc::Receiver<SessionReceipt>>,
}

impl Smpp {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: SmppConfig) -> Result<Self, ConfigurationFault> {
        let fits = |text: &str, most: usize| {
            text.len() <= most && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        };
        let named = !config.system_id.is_empty() && !config.from.is_empty() && !config.host.is_empty();
        let fitting = fits(&config.system_id, 15)
            && fits(config.password.expose_secret(), 8)
            && fits(&config.system_type, 12)
            && fits(&config.from, 20);
        if !named || !fitting || config.port == 0 {
            return Err(ConfigurationFault::Smpp);
        }
        if !config.tls && !is_loopback(&config.host) {
            return Err(ConfigurationFault::SmppWithoutTls);
        }
        let tls = config.tls.then(|| tls(&config)).transpose()?;
        let (receipts, taken) = mpsc::channel(RECEIPTS);
        Ok(Self(Arc::new(Shared {
            config,
            tls,
            session: Mutex::default(),
            window: Semaphore::new(WINDOW),
            receipts,
            taken: Mutex::new(taken),
        })))
    }

    /// Waits for the next; each is given once. Nothing is lost when given up.
    pub(crate) async fn next_receipt(self) -> (String, Outcome) {
        match self.0.taken.lock().await.recv().await {
            Some(it) => (it.reference, it.outcome),
            None => pending().await, // never: the other end is kept beside it
        }
    }

    /// Binds if no session is open: receipts come on it, too.
    pub(crate) async fn keep(&self) -> Result<(), DeliveryFault> {
        self.session().await.map(|_session| ())
    }

    /// Keeps to the limit itself: only here it is known whether the centre may
    /// have the message. One that still waits for its place was not sent.
    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let submit = text::submit(message, &self.0.config.from).ok_or(DeliveryFault::Unsendable)?;
        let (now, (answer, answered)) = (time::Instant::now(), oneshot::channel());
        // Half of the time is the answer's: what gets its place too late is not sent.
        let place = time::timeout_at(now + limit / 2, self.0.window.acquire()).await;
        let _place = place.ok().and_then(Result::ok).ok_or(DeliveryFault::Unreachable)?;
        let submitting = self.submit(Order { submit: Box::new(submit), answer });
        time::timeout_at(now + limit, submitting).await.unwrap_or(Err(DeliveryFault::Unreachable))?;
        let answered = time::timeout_at(now + limit, answered).await;
        let answered = answered.map_err(|_elapsed| DeliveryFault::TimedOut)?;
        answered.unwrap_or(Err(DeliveryFault::BrokenOff)).map(|id| Accepted::referred_to(Some(id)))
    }

    async fn submit(&self, order: Order) -> Result<(), DeliveryFault> {
        let session = self.session().await?;
        session.send(order).await.map_err(|_| DeliveryFault::Unreachable)
    }

    /// Binds a session of its own and ends it.
    pub(crate) async fn check(&self) -> Result<(), DeliveryFault> {
        let mut stream = self.connect().await?;
        let bound = session::bind(&mut stream, &self.0.config).await.map(|_rest| ());
        session::unbind(&mut stream).await;
        bound
    }

    async fn session(&self) -> Result<mpsc::Sender<Order>, DeliveryFault> {
        let mut kept = self.0.session.lock().await;
        if let Some(session) = kept.as_ref().filter(|it| !it.is_closed()) {
            return Ok(session.clone());
        }
        let opening = async {
            let mut stream = self.connect().await?;
            let rest = session::bind(&mut stream, &self.0.config).await?;
            Ok((stream, rest))
        };
        let (stream, rest) =
            time::timeout(CONNECT_LIMIT, opening).await.unwrap_or(Err(DeliveryFault::Unreachable))?;
        let (orders, taken) = mpsc::channel(WINDOW);
        tokio::spawn(session::run(stream, rest, taken, self.0.receipts.clone()));
        *kept = Some(orders.clone());
        Ok(orders)
    }

    async fn connect(&self) -> Result<Stream, DeliveryFault> {
        let config = &self.0.config;
        let connecting = async {
            let plain = TcpStream::connect((config.host.as_str(), config.port)).await?;
            Ok::<Stream, std::io::Error>(match &self.0.tls {
                Some((tls, name)) => Box::new(tls.connect(name.clone(), plain).await?),
                None => Box::new(plain),
            })
        };
        let connected = time::timeout(CONNECT_LIMIT, connecting).await;
        connected.ok().and_then(Result::ok).ok_or(DeliveryFault::Unreachable)
    }
}

fn tls(config: &SmppConfig) -> Result<(TlsConnector, ServerName<'static>), ConfigurationFault> {
    let mut roots = RootCertStore::empty();
    match &config.trusted {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let certificate = certificate.map_err(|_| ConfigurationFault::Certificates)?;
                roots.add(certificate).map_err(|_| ConfigurationFault::Certificates)?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    if roots.is_empty() {
        return Err(ConfigurationFault::Certificates);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ConfigurationFault::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(config.host.clone()).map_err(|_| ConfigurationFault::Smpp)?;
    Ok((TlsConnector::from(Arc::new(tls)), name))
}

impl fmt::Debug for Smpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smpp").field("host", &self.0.config.host).finish_non_exhaustive()
    }
}
