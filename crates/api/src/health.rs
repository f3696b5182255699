//! `/health` and `/ready` beside the API: a status and nothing else, for
//! whoever balances the load. They ask nothing, so nobody can wear them out.

use crate::Api;
use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};

/// `/health` says that the process lives, `/ready` whether it wants calls.
pub fn routes(api: &Api) -> Router {
    let readiness = api.readiness.clone();
    let ready = move || {
        let status = if readiness.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        std::future::ready(bare(status))
    };
    Router::new()
        .route("/health", get(|| std::future::ready(bare(StatusCode::OK))))
        .route("/ready", get(ready))
}

fn bare(status: StatusCode) -> impl IntoResponse {
    (status, [(header::CACHE_CONTROL, "no-store")])
}
