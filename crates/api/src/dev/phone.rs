//! `/dev/phone`: the pocket telephone, a page with every phone, mailbox and authenticator app.

mod pieces;
mod shown;
mod words;

use super::{Dev, guard::refused};
use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use shown::Shown;

/// Nothing from elsewhere and nothing inline: message texts are hostile input.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The page as it is now; complete without its script.
pub async fn page(State(dev): State<Dev>) -> Response {
    let page = match Shown::now(&dev).await {
        Ok(shown) => shown.render().map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match page {
        Ok(html) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
        Err(reason) => broken(&reason),
    }
}

/// What the page shows, for its script.
pub async fn state(State(dev): State<Dev>) -> Response {
    match Shown::now(&dev).await {
        Ok(shown) => Json(shown).into_response(),
        Err(error) => broken(&error.to_string()),
    }
}

pub async fn style() -> Response {
    let css = include_str!("../../templates/phone.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

pub async fn script() -> Response {
    let js = include_str!("../../templates/phone.js");
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], js).into_response()
}

fn broken(reason: &str) -> Response {
    tracing::error!(reason, "the pocket telephone cannot be shown");
    refused(StatusCode::INTERNAL_SERVER_ERROR, "The pocket telephone cannot be shown; the log says why.")
}
