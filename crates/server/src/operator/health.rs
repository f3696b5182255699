//! `vestibule health`: a probe for images that hold nothing else.

use crate::{Failure, command::doctor::Health};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(3);

/// Asks a listener on this network, over plain HTTP.
///
/// # Errors
/// When the answer is not 200, or there is none in time.
pub async fn run(options: &Health) -> Result<(), Failure> {
    let url = &options.url;
    let (Some(host), Some(port), "http") = (url.host_str(), url.port_or_known_default(), url.scheme()) else {
        return Err(format!(
            "--url: {url}: an http URL of the operator's listener ([operations] listen in the configuration), which \
             speaks no TLS"
        )
        .into());
    };
    let unanswered = |why: &dyn std::fmt::Display| {
        format!("{url}: {why}; is a server running, with [operations] enabled and listening there?")
    };
    let asked = timeout(PATIENCE, ask(host, port, url.path())).await;
    let status = asked.map_err(|_| unanswered(&"no answer in time"))?.map_err(|error| unanswered(&error))?;
    match status.as_str() {
        "200" => Ok(()),
        "503" => Err(format!("{url}: not ready (503); the body there says why").into()),
        status => Err(format!("{url}: status {status}; is this the operator's listener?").into()),
    }
}

async fn ask(host: &str, port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(String::from_utf8_lossy(&head[9..]).into_owned()) // after "HTTP/1.1 "
}
