//! The pocket telephone's routes: development only, for this machine only.
//!
//! `serve` does not mount them. Under `dev` a web page elsewhere must not
//! reach them: they want a loopback `Host`, no foreign `Origin`, and JSON on POST.

mod clock;
mod guard;
mod messages;

pub use clock::DevClock;

use crate::Api;
use axum::{
    Router, middleware,
    routing::{get, post},
};
use delivery::Inbox;

/// What the development routes work with.
#[derive(Clone)]
pub struct Dev {
    pub api: Api,
    pub inbox: Inbox,
    pub clock: DevClock,
}

pub fn router(dev: Dev) -> Router {
    Router::new()
        .route("/dev/messages", get(messages::list))
        .route("/dev/provider", get(messages::provider).post(messages::set_provider))
        .route("/dev/clock", get(clock::show).merge(post(clock::advance)))
        .layer(middleware::from_fn(guard::only_from_here))
        .with_state(dev)
}
