//! `/receipts/{provider}`: where providers tell what became of messages. What
//! is not signed as that provider signs is refused, and nothing is told of why
//! beyond a status: 204 taken, 400 unreadable, 401 not believed, 404 no such
//! provider, 503 later.

use crate::Api;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, RawQuery},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::post,
};
use delivery::{Receipt, ReceiptFault, ReceiptRequest, receipts};
use flows::{App, sending::arrivals};
use tracing::Instrument;
use url::Url;

/// Receipts are small; a call may bring several.
const MOST_BYTES: usize = 256 * 1024;

/// Providers sign the URL they called: it is made of the configured one.
pub fn routes(api: &Api) -> Router {
    let api = api.clone();
    let take =
        move |Path(provider): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes| {
            let api = api.clone();
            async move {
                let taken = async move { answer(&api, (&provider, query), &headers, &body).await };
                let status =
                    tokio::spawn(taken.in_current_span()).await.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
                (status, [(header::CACHE_CONTROL, "no-store")]).into_response()
            }
        };
    Router::new().route("/receipts/{provider}", post(take)).layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn answer(
    api: &Api,
    (provider, query): (&str, Option<String>),
    headers: &HeaderMap,
    body: &[u8],
) -> StatusCode {
    let Some(mut url) = called(api, provider) else { return StatusCode::NOT_FOUND };
    url.set_query(query.as_deref());
    let request = ReceiptRequest { url: &url, headers, body, now: (api.clock)() };
    let Some(read) = read(&api.app, provider, &request).await else { return StatusCode::NOT_FOUND };
    match read {
        Ok(receipts) => match arrivals::apply(&api.app, provider, &receipts, request.now).await {
            Ok(_) => StatusCode::NO_CONTENT,
            Err(error) => {
                tracing::warn!(provider, %error, "receipts could not be kept");
                StatusCode::SERVICE_UNAVAILABLE
            }
        },
        Err(fault) => {
            tracing::warn!(provider, %fault, "a receipt was refused");
            refused(fault)
        }
    }
}

fn called(api: &Api, provider: &str) -> Option<Url> {
    api.public_url.as_ref()?.join(&format!("/receipts/{provider}")).ok()
}

/// None when there is no such provider.
async fn read(
    app: &App,
    provider: &str,
    request: &ReceiptRequest<'_>,
) -> Option<Result<Vec<Receipt>, ReceiptFault>> {
    if let Some(texts) = app.texts.named(provider) {
        return Some(receipts::read(texts, request, &app.outbound).await);
    }
    if app.mailer.name() == provider {
        return Some(receipts::read_mail(&app.mailer, request, &app.outbound).await);
    }
    None
}

fn refused(fault: ReceiptFault) -> StatusCode {
    match fault {
        ReceiptFault::Unexpected => StatusCode::NOT_FOUND,
        ReceiptFault::Forged | ReceiptFault::Untimely => StatusCode::UNAUTHORIZED,
        ReceiptFault::Unreadable => StatusCode::BAD_REQUEST,
        ReceiptFault::Unchecked => StatusCode::SERVICE_UNAVAILABLE,
    }
}
