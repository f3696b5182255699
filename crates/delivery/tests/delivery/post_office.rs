//! A fake SMTP server: it records what it is told and answers as its manner is.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

pub struct PostOffice {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Obliging,
    RefusingRecipients,
    RefusingCredentials,
    /// Takes the mail and never says so.
    SilentAfterData,
    /// Takes the mail and closes the connection.
    HangingUpAfterData,
    /// Offers STARTTLS, and has none when asked.
    RefusingStartTls,
}

/// Where TLS begins, if anywhere.
#[derive(Clone)]
pub enum Layer {
    Plain,
    FromTheFirstByte(TlsAcceptor),
    WhenAsked(TlsAcceptor),
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

impl PostOffice {
    pub async fn open(manner: Manner) -> Self {
        Self::behind(Layer::Plain, manner).await
    }

    pub async fn behind(layer: Layer, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::default());
        let ledger = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                tokio::spawn(serve(Box::new(caller), layer.clone(), manner, Arc::clone(&ledger)));
            }
        });
        Self { port, heard }
    }

    /// Every line of every connection, as sent.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn heard_command(&self, verb: &str) -> bool {
        self.heard().iter().any(|line| line.starts_with(verb))
    }

    /// The lines between DATA and the final dot, of each connection that had some.
    pub fn letters(&self) -> Vec<Vec<String>> {
        let heard = self.heard();
        let all = heard.split(|line| line == "DATA").skip(1);
        all.map(|it| it.iter().take_while(|line| *line != ".").cloned().collect()).collect()
    }

    /// The first of them.
    pub fn letter(&self) -> Vec<String> {
        self.letters().into_iter().next().unwrap_or_default()
    }
}

/// Whoever does not trust the certificate is gone in the middle of it.
async fn serve(mut caller: Box<dyn Duplex>, layer: Layer, manner: Manner, ledger: Arc<Mutex<Vec<String>>>) {
    if let Layer::FromTheFirstByte(tls) = &layer {
        let Ok(within) = tls.accept(caller).await else { return };
        caller = Box::new(within);
    }
    caller.write_all(b"220 post.acme.com\r\n").await.unwrap();
    let (mut within_data, mut offers) =
        (false, matches!(layer, Layer::WhenAsked(_)) || manner == Manner::RefusingStartTls);
    while let Some(line) = next_line(&mut caller).await {
        ledger.lock().unwrap().push(line.clone());
        if line == "STARTTLS" && !within_data {
            let Layer::WhenAsked(tls) = &layer else {
                caller.write_all(b"454 not now\r\n").await.unwrap();
                continue;
            };
            caller.write_all(b"220 go on\r\n").await.unwrap();
            let Ok(within) = tls.accept(caller).await else { return };
            (caller, offers) = (Box::new(within), false);
            continue;
        }
        let over = within_data && line == ".";
        let reply = reply(&line, &mut within_data, (manner, offers));
        if over && manner == Manner::HangingUpAfterData {
            return;
        }
        caller.write_all(reply.as_bytes()).await.unwrap();
    }
}

/// Byte by byte: what follows STARTTLS is not ours to read. Only CRLF ends a line here: a bare line feed stays visible.
async fn next_line(caller: &mut Box<dyn Duplex>) -> Option<String> {
    let mut line = Vec::new();
    loop {
        match caller.read_u8().await.ok()? {
            b'\n' => break,
            byte => line.push(byte),
        }
    }
    let line = String::from_utf8(line).unwrap();
    Some(line.strip_suffix('\r').map_or(format!("{line}<LF>"), str::to_owned))
}

fn reply(line: &str, within_data: &mut bool, (manner, offers): (Manner, bool)) -> &'static str {
    if *within_data {
        *within_data = line != ".";
        let accepted = if manner == Manner::SilentAfterData { "" } else { "250 accepted\r\n" };
        return if *within_data { "" } else { accepted };
    }
    *within_data = line == "DATA";
    match line.split([' ', ':']).next().unwrap() {
        "EHLO" if offers => "250-post.acme.com\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n",
        "EHLO" => "250-post.acme.com\r\n250 AUTH PLAIN LOGIN\r\n",
        "AUTH" if manner == Manner::RefusingCredentials => "535 5.7.8 authentication failed\r\n",
        "AUTH" => "235 welcome\r\n",
        "RCPT" if manner == Manner::RefusingRecipients => "550 no such user\r\n",
        "DATA" => "354 go on\r\n",
        "QUIT" => "221 bye\r\n",
        _ => "250 ok\r\n",
    }
}
