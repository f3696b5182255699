//! The listener: plain or TLS, with time-outs, and an end that loses nothing.

mod capped;
mod signals;

use crate::{Failure, key_file};
use api::readiness::{Obstacle, Readiness};
use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use capped::Capped;
use hyper_util::rt::TokioTimer;
use signals::Signals;
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    time::Duration,
};

/// How long a client may take over its headers, and over its first byte.
const HEADERS: Duration = Duration::from_secs(10);
/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);
/// The most headers and bytes of them.
const MOST_HEADER_BYTES: usize = 16 * 1024;

/// Open connections; one more is closed at once.
const MOST_CONNECTIONS: usize = 10_000;

/// Binds without blocking; the address is taken when this returns.
///
/// # Errors
/// When the address cannot be had.
pub fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    let listener =
        TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Reads a certificate chain and its key, both PEM.
///
/// # Errors
/// When they cannot be read.
pub async fn tls(certificate: &Path, key: &Path) -> Result<RustlsConfig, Failure> {
    let unusable =
        |error: &dyn std::fmt::Display| format!("TLS certificate {} and key: {error}", certificate.display());
    key_file::read_private(key).map_err(|error| unusable(&error))?; // refuses one that others may read
    let read = RustlsConfig::from_pem_file(certificate, key).await;
    Ok(read.map_err(|error| unusable(&error))?)
}

/// How a server ends.
pub struct End {
    readiness: Readiness,
    delay: Duration,
    signals: Signals,
}

impl End {
    /// Listens for signals from now on: made before anybody is told that the
    /// server runs. `delay` is how long calls are still taken after the signal.
    ///
    /// # Errors
    /// When the system does not let the process listen.
    pub fn at_a_signal(readiness: Readiness, delay: Duration) -> Result<Self, Failure> {
        Ok(Self { readiness, delay, signals: Signals::listen()? })
    }
}

/// Serves until a signal to stop; requests under way are finished. A second
/// signal ends the process at once: what was not answered is undone.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    (router, end): (Router, End),
) -> Result<(), Failure> {
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone(), end));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    if let Some(config) = tls {
        let server = axum_server::from_tcp_rustls(listener, config)?.handle(handle).map(capped);
        let mut server = server.first_request_timeout(HEADERS);
        limits(server.http_builder());
        server.serve(service).await?;
    } else {
        let server = axum_server::from_tcp(listener)?.handle(handle).map(capped);
        let mut server = server.first_request_timeout(HEADERS);
        limits(server.http_builder());
        server.serve(service).await?;
    }
    Ok(())
}

fn capped<A>(acceptor: A) -> Capped<A> {
    Capped::new(acceptor, MOST_CONNECTIONS)
}

fn limits(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(MOST_HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(u32::try_from(MOST_HEADER_BYTES).unwrap_or(u32::MAX))
        .keep_alive_interval(Duration::from_secs(30));
}

async fn stop_on_signal(handle: Handle<SocketAddr>, end: End) {
    let End { readiness, delay, mut signals } = end;
    signals.next().await;
    readiness.set(Obstacle::Stopping, true);
    tokio::spawn(async move {
        signals.next().await;
        tracing::warn!("a second signal: stopping at once");
        std::process::exit(1)
    });
    if !delay.is_zero() {
        tracing::info!(?delay, "told to stop; calls are taken a little longer");
        tokio::time::sleep(delay).await;
    }
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(GRACE));
}
