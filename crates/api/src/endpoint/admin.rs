//! Routes for holders of an admin token.

use super::{Access, Context, Incoming, Routes, Run, Schemas, credentials};
use crate::{Api, error::Result};
use axum::{
    http::{HeaderValue, Method, header},
    response::Response,
};
use domain::{Refusal, Timestamp, token::Token};
use flows::{App, admin_tokens};
use rand_chacha::ChaCha20Rng;
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, sync::Arc};

/// A call with an admin token.
pub struct Administration {
    pub app: Arc<App>,
    pub token: admin_tokens::Listed,
    pub now: Timestamp,
    pub rng: ChaCha20Rng,
    pub if_match: Option<String>,
}

/// An answer, and the revision of what it shows.
pub struct Tagged<A> {
    revision: Option<String>,
    answer: A,
}

impl<A> Tagged<A> {
    pub fn plain(answer: A) -> Self {
        Self { revision: None, answer }
    }

    pub fn of(revision: String, answer: A) -> Self {
        Self { revision: Some(revision), answer }
    }
}

impl Routes {
    #[must_use]
    pub fn admin_get<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: AdminHandler<Q, A>,
    {
        self.administered(Method::GET, path, handler)
    }

    #[must_use]
    pub fn admin_post<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: AdminHandler<Q, A>,
    {
        self.administered(Method::POST, path, handler)
    }

    #[must_use]
    pub fn admin_put<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: AdminHandler<Q, A>,
    {
        self.administered(Method::PUT, path, handler)
    }

    #[must_use]
    pub fn admin_delete<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: AdminHandler<Q, A>,
    {
        self.administered(Method::DELETE, path, handler)
    }

    fn administered<Q, A, F>(self, method: Method, path: &'static str, handler: F) -> Self
    where
        Q: JsonSchema,
        A: JsonSchema,
        F: AdminHandler<Q, A>,
    {
        let run: Run =
            Arc::new(move |api, context, incoming| Box::pin(handler.clone().answer(api, context, incoming)));
        self.registered::<F>((method, path, Access::Admin), Schemas::of::<Q, A>(), run)
    }
}

/// `async fn(Administration, Request) -> Result<Tagged<Answer>>`.
pub trait AdminHandler<Q, A>: Clone + Send + Sync + 'static {
    fn answer(
        self,
        api: Api,
        context: Context,
        incoming: Incoming,
    ) -> impl Future<Output = Response> + Send + 'static;
}

impl<Q, A, R, F> AdminHandler<Q, A> for F
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
    R: Future<Output = Result<Tagged<A>>> + Send + 'static,
    F: Fn(Administration, Q) -> R + Clone + Send + Sync + 'static,
{
    async fn answer(self, api: Api, context: Context, incoming: Incoming) -> Response {
        let answer = match prepare::<Q>(&api, &context, &incoming).await {
            Ok((call, request)) => self(call, request).await,
            Err(error) => Err(error),
        };
        respond(&context, answer)
    }
}

/// Who calls comes first, then what for.
async fn prepare<Q: DeserializeOwned>(
    api: &Api,
    context: &Context,
    incoming: &Incoming,
) -> Result<(Administration, Q)> {
    let Some(token) = bearer(incoming) else {
        return Err(api.limits.failed(incoming.peer, Refusal::UnauthorizedCredentials.into()));
    };
    let token = match admin_tokens::authenticate(&api.app, &token, context.now).await {
        Ok(token) => token,
        Err(error @ flows::Error::Refused(_)) => return Err(api.limits.failed(incoming.peer, error.into())),
        Err(error) => return Err(error.into()),
    };
    credentials::member_session(incoming, false)?;
    let request = incoming.read()?;
    let if_match = incoming.headers.get(header::IF_MATCH).and_then(|it| it.to_str().ok());
    let call = Administration {
        app: api.app.clone(),
        token,
        now: context.now,
        rng: context.rng.clone(),
        if_match: if_match.map(str::to_owned),
    };
    Ok((call, request))
}

fn bearer(incoming: &Incoming) -> Option<Token> {
    let (scheme, token) = incoming.headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::received(token.to_owned()))
}

fn respond<A: Serialize>(context: &Context, answer: Result<Tagged<A>>) -> Response {
    let (revision, answer) = match answer {
        Ok(Tagged { revision, answer }) => (revision, Ok(answer)),
        Err(error) => (None, Err(error)),
    };
    let mut response = context.respond(answer);
    if let Some(tag) = revision.and_then(|it| HeaderValue::from_str(&format!("\"{it}\"")).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
