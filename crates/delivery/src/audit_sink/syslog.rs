//! Syslog as RFC 5424 writes it: over TCP with the length in front (RFC 6587),
//! over TLS (RFC 5425), or a datagram each, which nobody acknowledges.

use super::AuditLine;
use crate::{
    fault::{ConfigurationFault, DeliveryFault},
    network::{CALL_LIMIT, CONNECT_LIMIT},
};
use reqwest::Url;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{path::Path, sync::Arc};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// Facility 13, log audit; severity 6, informational.
const PRIORITY: u8 = 13 * 8 + 6;

type Stream = Box<dyn AsyncWrite + Send + Unpin>;

pub struct Syslog {
    host: String,
    port: u16,
    over: Over,
    open: Option<Stream>,
}

enum Over {
    Tcp,
    Tls(TlsConnector),
    Udp,
}

impl Syslog {
    pub(super) fn parse(text: &str, authority: Option<&Path>) -> Result<Self, ConfigurationFault> {
        let url = Url::parse(text).map_err(|_| ConfigurationFault::Url)?;
        let host = url.host_str().ok_or(ConfigurationFault::Url)?.trim_matches(['[', ']']).to_owned();
        let (over, usual) = match url.scheme() {
            "syslog+tcp" => (Over::Tcp, 601),
            "syslog+tls" => (Over::Tls(connector(authority)?), 6514),
            "syslog+udp" => (Over::Udp, 514),
            _ => return Err(ConfigurationFault::Url),
        };
        Ok(Self { host, port: url.port().unwrap_or(usual), over, open: None })
    }

    pub(super) async fn send(&mut self, lines: &[AuditLine]) -> Result<(), DeliveryFault> {
        timeout(CALL_LIMIT, self.write(lines)).await.map_err(|_| DeliveryFault::TimedOut)?
    }

    async fn write(&mut self, lines: &[AuditLine]) -> Result<(), DeliveryFault> {
        if matches!(self.over, Over::Udp) {
            return self.datagrams(lines).await;
        }
        // Taken: what was cut short is not written to again.
        let mut stream = match self.open.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        let framed = |it: &AuditLine| {
            let message = message(it);
            format!("{} {message}", message.len())
        };
        let text: String = lines.iter().map(framed).collect();
        let written = async {
            stream.write_all(text.as_bytes()).await?;
            stream.flush().await
        };
        written.await.map_err(|_| DeliveryFault::BrokenOff)?;
        self.open = Some(stream);
        Ok(())
    }

    async fn datagrams(&mut self, lines: &[AuditLine]) -> Result<(), DeliveryFault> {
        let sent = async {
            let any = if self.host.contains(':') { "[::]:0" } else { "0.0.0.0:0" };
            let socket = UdpSocket::bind(any).await?;
            socket.connect((self.host.as_str(), self.port)).await?;
            for line in lines {
                socket.send(message(line).as_bytes()).await?;
            }
            Ok::<_, std::io::Error>(())
        };
        sent.await.map_err(|_| DeliveryFault::Unreachable)
    }

    async fn connect(&mut self) -> Result<Stream, DeliveryFault> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = timeout(CONNECT_LIMIT, connecting).await.map_err(|_| DeliveryFault::Unreachable)?;
        let stream = stream.map_err(|_| DeliveryFault::Unreachable)?;
        let Over::Tls(connector) = &self.over else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| DeliveryFault::Unreachable)?;
        let encrypted = connector.connect(name, stream).await.map_err(|_| DeliveryFault::Unreachable)?;
        Ok(Box::new(encrypted))
    }
}

/// The authorities of the web, or the one the operator names.
fn connector(authority: Option<&Path>) -> Result<TlsConnector, ConfigurationFault> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = authority {
        roots = RootCertStore::empty();
        let unusable = ConfigurationFault::Certificates;
        for certificate in CertificateDer::pem_file_iter(file).map_err(|_| unusable)? {
            roots.add(certificate.map_err(|_| unusable)?).map_err(|_| unusable)?;
        }
        if roots.is_empty() {
            return Err(unusable);
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| ConfigurationFault::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Without a host name: the receiver knows whom it took the connection from.
fn message(line: &AuditLine) -> String {
    let id: String = line.action.chars().filter(char::is_ascii_graphic).take(32).collect();
    let id = if id.is_empty() { "-" } else { &id };
    format!("<{PRIORITY}>1 {} - vestibule - {id} - {}", line.at, line.json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn a_message_is_as_rfc_5424_says() {
        let line = AuditLine {
            json: "{}".to_owned(),
            at: Timestamp::from_milliseconds(1_700_049_600_123),
            action: "session.created".to_owned(),
        };
        assert_eq!(message(&line), "<110>1 2023-11-15T12:00:00.123Z - vestibule - session.created - {}");
    }
}
