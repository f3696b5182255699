//! What surrounds every request: its span, its figures, its line in the log,
//! and a task of its own.

use super::{
    Incoming, Route,
    answer::{Context, respond},
    credentials, figures, traces,
};
use crate::{
    Api,
    error::{Error, Result, Words},
};
use axum::{extract::Request, response::Response};
use domain::Refusal;
use tracing::{Instrument, Span};

pub(super) async fn serve(api: Api, route: Route, request: Request) -> Response {
    let mut context = Context::begin(&api).for_route(&route);
    // The id that the answer will tell, so that the log has no other.
    context.environment(credentials::likely_environment(request.headers(), request.uri().path()));
    let (id, template, method) = (context.request_id.clone(), route.path, route.method.clone());
    let words = context.words;
    traces::note(&id);
    let traced = Span::current();
    let figures = figures::Request::begin(&method, template);
    let span = tracing::info_span!("request", request_id = %id);
    let response = answer(api, (context, request), (route, words), traced).instrument(span.clone()).await;
    let _within = span.enter();
    let status = response.status().as_u16();
    let ms = figures.answered(&response).as_secs_f64() * 1000.0;
    tracing::info!(%method, route = template, status, ms, "answered");
    response
}

async fn answer(
    api: Api,
    (context, request): (Context, Request),
    (route, words): (Route, Words),
    traced: Span,
) -> Response {
    let id = context.request_id.clone();
    // A task of its own: when the client goes away, the work is still done.
    let answered = match receive(&api, request).await {
        Ok(incoming) => {
            let run = (route.run)(api, context, incoming).in_current_span();
            tokio::spawn(run.instrument(traced)).await
        }
        Err(error) => Ok(context.respond::<()>(Err(error))),
    };
    let panicked = || Err(Error::Broke("a handler panicked".to_owned()));
    answered.unwrap_or_else(|_| respond::<()>(&id, words, panicked()))
}

async fn receive(api: &Api, request: Request) -> Result<Incoming> {
    if !api.readiness.may_serve() {
        return Err(Refusal::ServerUnavailable.into());
    }
    Incoming::receive(request, api.limits.trusted_hops()).await
}
