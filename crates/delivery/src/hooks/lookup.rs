//! Names are looked up once for each connection, and every address of them is looked at: the ones that may be called are
//! the ones connected to, whatever the name says a moment later.

use super::Targets;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    error::Error,
    fmt,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};
use thiserror::Error;

/// The addresses of a name, when they are found.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who is asked for the addresses of a name: the system, unless a test says otherwise.
#[derive(Clone)]
pub struct Lookup(Arc<dyn Fn(String) -> Found + Send + Sync>);

impl Lookup {
    /// Asks this, once for each connection.
    pub fn of(ask: impl Fn(String) -> Found + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }
}

impl Default for Lookup {
    fn default() -> Self {
        Self::of(|name| {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|it| it.ip()).collect()) })
        })
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup")
    }
}

/// Resolves names whose every address may be called, and no others.
#[derive(Debug)]
pub(super) struct Checked {
    pub targets: Arc<Targets>,
    pub lookup: Lookup,
}

#[derive(Debug, Error)]
#[error("an address of the host may not be called")]
struct NotAllowed;

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (targets, asked) = (self.targets.clone(), (self.lookup.0)(name.as_str().to_owned()));
        Box::pin(async move {
            let found = asked.await?;
            if found.is_empty() || !found.iter().all(|it| targets.allow(name.as_str(), *it)) {
                return Err(NotAllowed.into());
            }
            Ok(Box::new(found.into_iter().map(|it| SocketAddr::new(it, 0))) as Addrs)
        })
    }
}

/// Whether a call was given up because of an address, before anything was connected to.
pub(super) fn is_forbidden(error: &(dyn Error + 'static)) -> bool {
    error.is::<NotAllowed>() || error.source().is_some_and(is_forbidden)
}
