//! How it is said: JSON over HTTP. Nothing is decided here.

mod admin;
pub mod b2b;
pub mod dev;
pub mod endpoint;
pub mod error;
mod health;
pub mod openapi;
pub mod readiness;
mod receipts;
mod sandbox;
mod sdk;
pub mod webhook_objects;

pub use admin::sms_spend::SpendResponse;

use axum::{Router, http::StatusCode, response::Response};
use domain::{Refusal, Timestamp};
use endpoint::{Context, Routes, limits::Limits};
use flows::App;
use rand_chacha::ChaCha20Rng;
use readiness::Readiness;
use std::{future::ready, sync::Arc, time::Duration};
use url::Url;

/// The application with its clock and its luck, the only sources of either.
#[derive(Clone)]
pub struct Api {
    pub app: Arc<App>,
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub entropy: Arc<dyn Fn() -> ChaCha20Rng + Send + Sync>,
    /// Whether the node wants calls, and whether it may answer them; else they are told to come back.
    pub readiness: Readiness,
    /// How fast callers may call.
    pub limits: Arc<Limits>,
    /// Whether sandbox values are answered in test projects.
    pub sandbox: bool,
    /// Where the service is reached from outside; providers sign it in their receipts.
    pub public_url: Option<Url>,
    /// Slices of time at whose end strangers are answered, so that time tells them nothing; zero for at once.
    pub tick: Duration,
}

impl Api {
    pub fn new(
        app: Arc<App>,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        entropy: Arc<dyn Fn() -> ChaCha20Rng + Send + Sync>,
    ) -> Self {
        Self {
            app,
            clock,
            entropy,
            readiness: Readiness::default(),
            limits: Arc::new(Limits::none()),
            sandbox: false,
            public_url: None,
            tick: Duration::ZERO,
        }
    }
}

/// Every route of the direct API, in one table.
pub fn routes() -> Routes {
    b2b::routes()
}

/// The direct API, and the admin API beside it.
pub fn every_route() -> Routes {
    routes().and(admin::routes())
}

/// The service: the table, and answers in the same form for whatever is not in it.
pub fn router(api: &Api) -> Router {
    let missing = api.clone();
    let wrong_method = api.clone();
    every_route()
        .into_router(api)
        .merge(health::routes(api))
        .merge(receipts::routes(api))
        .merge(sdk::router(api))
        .fallback(move || ready(refuse(&missing, Refusal::RouteNotFound)))
        .method_not_allowed_fallback(move || ready(refuse(&wrong_method, Refusal::MethodNotAllowed)))
}

fn refuse(api: &Api, refusal: Refusal) -> Response {
    let context = Context::begin(api);
    endpoint::traces::note(&context.request_id);
    context.respond::<()>(Err(refusal.into()))
}

/// The status of an answer that went well.
pub(crate) const OK: StatusCode = StatusCode::OK;
