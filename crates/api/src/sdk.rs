//! `/sdk/v1`: what the SDKs of pages call.
//!
//! Most of it is the direct API by other paths (`b2b::of_pages`). Here is what
//! only pages ask: how the project is set up, and whom they are about to greet.

mod bootstrap;
mod lookups;

use crate::{
    Api, b2b,
    endpoint::{Context, Routes, page_visit},
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, header, request::Parts},
    response::Response,
    routing::{any, post},
};
use domain::Refusal;
use serde_json::json;
use std::{future::ready, time::Duration};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Every route that pages call with a public token.
pub fn routes() -> Routes {
    b2b::of_pages().and(bootstrap::routes()).and(lookups::routes())
}

/// The routes, and for every path below `/sdk` an answer that a page may read.
pub fn router(api: &Api) -> Router {
    let (missing, wrong_method, told) = (api.clone(), api.clone(), api.clone());
    routes()
        .into_router(api)
        .route("/sdk/v1/events", post(move |request: Request| ready(events(&told, &request))))
        .route("/sdk/{*path}", any(move || ready(refuse(&missing, Refusal::RouteNotFound))))
        .method_not_allowed_fallback(move || ready(refuse(&wrong_method, Refusal::MethodNotAllowed)))
        .layer(cross_origin(api))
}

fn refuse(api: &Api, refusal: Refusal) -> Response {
    Context::begin(api).respond::<()>(Err(refusal.into()))
}

/// Telemetry, which is not even read.
fn events(api: &Api, request: &Request) -> Response {
    let visit = page_visit(api, request);
    Context::begin(api).respond(visit.map(|()| json!({ "data": {} })))
}

/// What pages of registered origins may send. Which project it is for, a
/// browser says only afterwards; the route asks that project then.
fn cross_origin(api: &Api) -> CorsLayer {
    const SENT: [HeaderName; 4] = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        HeaderName::from_static("x-sdk-client"),
        HeaderName::from_static("x-sdk-parent-host"),
    ];
    let api = api.clone();
    let is_known = move |origin: HeaderValue, _: &Parts| {
        let api = api.clone();
        async move {
            let Ok(origin) = origin.to_str() else { return false };
            api.app.origins.include(&api.app, origin, (api.clock)()).await.unwrap_or(false)
        }
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::async_predicate(is_known))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(SENT)
        .max_age(Duration::from_hours(2))
}
