//! The pocket telephone's routes: development only, for this machine only.
//!
//! `serve` does not mount them. Under `dev` a web page elsewhere must not
//! reach them: they want a loopback `Host`, no foreign `Origin`, and JSON on POST.

mod clock;
mod guard;
mod messages;
mod operator;
mod phone;

pub use clock::DevClock;

use crate::Api;
use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::Response,
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
        .route("/dev/phone", get(phone::page))
        .route("/dev/phone/state", get(phone::state))
        .route("/dev/phone.css", get(phone::style))
        .route("/dev/phone.js", get(phone::script))
        .route("/dev/messages", get(messages::list))
        .route("/dev/provider", get(messages::provider).post(messages::set_provider))
        .route("/dev/clock", get(clock::show).merge(post(clock::advance)))
        .route("/dev/projects", post(operator::create))
        .route("/dev/trusted_token_profiles", post(operator::trust))
        .route("/dev/impersonation", post(operator::impersonate))
        .route("/dev/webhook_endpoints", post(operator::tell))
        .layer(middleware::from_fn(guard::only_from_here))
        .layer(middleware::map_response(kept_here))
        .with_state(dev)
}

/// Codes and links stay here: no browser keeps them, guesses their type, lets
/// another page load them or tells where they were seen.
async fn kept_here(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}
