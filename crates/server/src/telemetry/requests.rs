//! A span for each request: by route template, never by path, query or caller.

use api::endpoint::figures::Told;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, Method},
    middleware::Next,
    response::Response,
};
use domain::traces::TARGET;
use opentelemetry::{
    Context,
    propagation::{Extractor, TextMapPropagator},
    trace::{SpanContext, TraceContextExt, TraceState},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Span, field::Empty, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// What is the same for all requests.
#[derive(Debug, Clone, Copy)]
pub struct Requests {
    pub scheme: &'static str,
    pub trust_parent: bool,
}

/// Traces whatever comes, but for questions after health, which nobody wants to read of.
pub async fn trace(State(how): State<Requests>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    if matches!(route, Some("/health" | "/ready")) {
        return next.run(request).await;
    }
    let span = begun(request.method(), route, how.scheme);
    if let Some(caller) = caller(request.headers()) {
        related(&span, &caller, how.trust_parent);
    }
    let response = next.run(request).instrument(span.clone()).await;
    answered(&span, &response);
    response
}

fn begun(method: &Method, route: Option<&str>, scheme: &'static str) -> Span {
    // Whatever a client makes up as a method is one.
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];
    let known = known.contains(&method.as_str());
    let (method, name) = if known { (method.as_str(), method.as_str()) } else { ("_OTHER", "HTTP") };
    let name = route.map_or_else(|| name.to_owned(), |route| format!("{name} {route}"));
    info_span!(
        target: TARGET,
        parent: None,
        "request",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        url.scheme = scheme,
        http.response.status_code = Empty,
        "error.type" = Empty,
        vestibule.request_id = Empty,
    )
}

/// The caller's own span, if it named one as W3C Trace Context asks.
fn caller(headers: &HeaderMap) -> Option<Context> {
    if headers.get_all("traceparent").iter().count() != 1 {
        return None;
    }
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers));
    let valid = context.span().span_context().is_valid();
    valid.then_some(context)
}

/// Anybody may say `sampled`: who is not trusted gets a link, and decides
/// nothing. Nor does their `tracestate`, which is any text, go further.
fn related(span: &Span, caller: &Context, trusted: bool) {
    if trusted {
        // It fails only for a span that nobody listens to.
        let _ = span.set_parent(caller.clone());
        return;
    }
    let caller = caller.span();
    let it = caller.span_context();
    span.add_link(SpanContext::new(it.trace_id(), it.span_id(), it.trace_flags(), true, TraceState::NONE));
}

fn answered(span: &Span, response: &Response) {
    let status = response.status();
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if let Some(Told(error_type)) = response.extensions().get::<Told>() {
        span.record("error.type", error_type);
    } else if status.is_server_error() {
        span.record("error.type", status.as_str());
    }
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    // Mails that still leave in the background are within it, and no part of its time.
    span.context().span().end();
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}
