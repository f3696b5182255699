//! The operator's listener, apart from the API: figures, and why the node is not ready.

mod figures;

pub use figures::Figures;

use crate::workers::Stop;
use api::readiness::Readiness;
use axum::{
    Json, Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use serde::Serialize;
use std::{net::TcpListener, sync::Arc};

/// What Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Serialize)]
struct Ready {
    ready: bool,
    /// Empty when it is.
    reasons: Vec<String>,
    version: &'static str,
}

/// `/metrics`, `/health` and `/ready`.
pub fn router(figures: Arc<Figures>, readiness: Readiness) -> Router {
    Router::new()
        .route("/metrics", get(move || metrics(figures.clone())))
        .route("/health", get(|| std::future::ready(Json(serde_json::json!({ "alive": true })))))
        .route("/ready", get(move || std::future::ready(ready(&readiness))))
}

/// Serves until told to stop. Whoever holds a connection open then is not waited for.
pub async fn serve(listener: TcpListener, router: Router, stop: Stop) {
    let served = async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router).await
    };
    tokio::select! {
        () = stop.requested() => {}
        ended = served => tracing::error!(?ended, "the operator's listener ended"),
    }
}

async fn metrics(figures: Arc<Figures>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-store")], figures.now().await)
}

fn ready(readiness: &Readiness) -> impl IntoResponse + use<> {
    let reasons: Vec<String> = readiness.obstacles().iter().map(ToString::to_string).collect();
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let answer = Ready { ready: reasons.is_empty(), reasons, version: env!("CARGO_PKG_VERSION") };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(answer))
}
