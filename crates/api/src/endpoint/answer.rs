//! What a route answers with: envelope, refusal, headers.

use super::{Access, PageRules, Route, figures::Told, oauth};
use crate::{
    Api, OK,
    error::{Error, Result, Words},
};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Timestamp, id::RequestId, projects::Environment};
use rand_chacha::ChaCha20Rng;
use serde::Serialize;
use tokio::time::Instant;

/// One request being answered.
pub struct Context {
    pub now: Timestamp,
    pub rng: ChaCha20Rng,
    pub(crate) request_id: RequestId,
    pub(super) words: Words,
    pub(super) for_members: bool,
    pub(super) route: (Method, &'static str),
    pub(super) page: Option<PageRules>,
    pub(super) since: Instant,
}

#[derive(Serialize)]
struct Envelope<'a, A> {
    status_code: u16,
    request_id: &'a RequestId,
    #[serde(flatten)]
    answer: A,
}

/// As the SDK of pages unwraps it.
#[derive(Serialize)]
struct Wrapped<D> {
    data: D,
}

impl Context {
    pub fn begin(api: &Api) -> Self {
        let mut rng = (api.entropy)();
        let request_id = RequestId::random(Environment::Test, &mut rng);
        Self {
            now: (api.clock)(),
            rng,
            request_id,
            words: Words::Ours,
            for_members: false,
            route: (Method::GET, ""),
            page: None,
            since: Instant::now(),
        }
    }

    /// Refusals are told in the words of the route.
    pub(super) fn for_route(mut self, route: &Route) -> Self {
        self.for_members = route.for_members;
        self.route = (route.method.clone(), route.path);
        self.words = match route.access {
            Access::Secret | Access::Public | Access::Admin => Words::Ours,
            Access::Page(rules) => {
                self.page = Some(rules);
                Words::OfPages
            }
            Access::OAuth => Words::OAuth,
        };
        self
    }

    /// The id speaks of the project's environment once it is known.
    pub(super) fn environment(&mut self, environment: Environment) {
        self.request_id = self.request_id.of(environment);
    }

    pub fn respond<A: Serialize>(&self, answer: Result<A>) -> Response {
        respond(&self.request_id, self.words, answer)
    }
}

/// For when there is no context left.
pub(super) fn respond<A: Serialize>(request_id: &RequestId, words: Words, answer: Result<A>) -> Response {
    let mut told = None;
    let mut wait = None;
    let (status, body) = match answer {
        Ok(answer) => (OK, told_well(request_id, words, answer)),
        Err(error) => {
            if let Error::Broke(cause) = &error {
                tracing::error!(cause, "a request broke");
            }
            let (status, error_type) = error.on_the_wire();
            told = Some(Told(error_type));
            wait = error.retry_after();
            tracing::debug!(error_type, "refused");
            (status, error.told(words, request_id))
        }
    };
    let body = body.expect("an answer has a JSON form");
    let mut response = (status, Body::from(body)).into_response();
    response.headers_mut().extend(headers());
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(told) = told {
        response.extensions_mut().insert(told);
    }
    if words == Words::OAuth && status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(oauth::CHALLENGE));
    }
    response
}

fn told_well<A: Serialize>(request_id: &RequestId, words: Words, answer: A) -> serde_json::Result<Vec<u8>> {
    let envelope = Envelope { status_code: OK.as_u16(), request_id, answer };
    match words {
        Words::Ours | Words::OAuth => serde_json::to_vec(&envelope),
        Words::OfPages => serde_json::to_vec(&Wrapped { data: envelope }),
    }
}

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// On every answer: nothing is cached, sniffed, framed or sent on.
fn headers() -> axum::http::HeaderMap {
    [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    ]
    .into_iter()
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
    .collect()
}
