//! At most so many connections at a time; one more is closed at once.

use axum_server::accept::Accept;
use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

/// Lets another acceptor through while there is room.
#[derive(Clone)]
pub struct Capped<A> {
    inner: A,
    room: Arc<Semaphore>,
}

impl<A> Capped<A> {
    pub fn new(inner: A, most: usize) -> Self {
        Self { inner, room: Arc::new(Semaphore::new(most)) }
    }
}

type Accepted<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl<A, I, S> Accept<I, S> for Capped<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = A::Stream;
    type Service = Held<A::Service>;
    type Future = Accepted<(A::Stream, Held<A::Service>)>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            tracing::warn!("a connection was closed: too many are open");
            return Box::pin(async { Err(io::Error::other("too many connections")) });
        };
        let accepting = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, inner) = accepting.await?;
            Ok((stream, Held { inner, _place: Arc::new(place) }))
        })
    }
}

/// The service of one connection, with the place it holds.
#[derive(Clone)]
pub struct Held<S> {
    inner: S,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S: Service<R>, R> Service<R> for Held<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.inner.call(request)
    }
}
