//! The OAuth endpoints of a project: who calls is for the flow to find out.

use super::{Access, Context, Incoming, Routes, Run, Schemas, credentials};
use crate::{Api, error::Result};
use axum::http::Method;
use domain::Refusal;
use flows::{Call, Caller, projects};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// How a client could have proved itself (RFC 6749, section 5.2).
pub(super) const CHALLENGE: &str = "Basic realm=\"oauth2\"";

/// A call of an OAuth endpoint: nobody has proved anything yet.
pub struct Visit {
    pub call: Call,
    /// Of a client, or of the project; not checked.
    pub basic: Option<credentials::Basic>,
}

impl Routes {
    #[must_use]
    pub fn oauth_post<Q, A, R, F>(self, path: &'static str, handler: F) -> Self
    where
        Q: DeserializeOwned + JsonSchema + Send + 'static,
        A: Serialize + JsonSchema + Send + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
        F: Fn(Visit, Q) -> R + Clone + Send + Sync + 'static,
    {
        let run: Run = Arc::new(move |api, mut context, incoming| {
            let handler = handler.clone();
            Box::pin(async move {
                let answer = match prepare::<Q>(&api, &mut context, &incoming).await {
                    Ok((visit, request)) => handler(visit, request).await,
                    Err(error) => Err(error),
                };
                context.respond(answer)
            })
        });
        self.registered::<F>((Method::POST, path, Access::OAuth), Schemas::of::<Q, A>(), run)
    }
}

/// Which project is called comes first: the path says so or, where it does
/// not, the user of the Basic credentials.
async fn prepare<Q: DeserializeOwned>(
    api: &Api,
    context: &mut Context,
    incoming: &Incoming,
) -> Result<(Visit, Q)> {
    api.limits.visit(incoming.peer)?;
    let basic = credentials::basic(incoming);
    let named = incoming.parameter("project_id").or(basic.as_ref().map(|it| it.user.as_str()));
    let project = projects::find(&api.app, named.ok_or(Refusal::ProjectNotFound)?).await?;
    context.environment(project.environment);
    credentials::member_session(incoming, false)?;
    let request = incoming.read_of_client()?;
    // No member acts here; what a client may do, its flow asks its secret.
    let caller = Caller::Project;
    let call = Call { app: api.app.clone(), project, caller, now: context.now, rng: context.rng.clone() };
    Ok((Visit { call, basic }, request))
}
