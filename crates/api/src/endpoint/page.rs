//! Routes for pages: `/sdk/v1`, called with a project's public token.
//!
//! A page's call is one of the direct API's handlers behind another door. What
//! differs is declared with the route: which credentials the page shows and
//! where the handler looks for them, names that are spelt otherwise, what must
//! be switched on, and what a stranger is told.

mod answer;
mod cookies;
mod fields;

use super::{Access, Incoming, Route, Routes, Run, Schemas, credentials, peer::Peer, request};
use crate::{Api, endpoint::Context, error::Result};
use axum::{
    extract::Request,
    http::{Method, header},
};
use domain::{
    Refusal,
    projects::{Project, sdk::Capability},
    token::Token,
};
use flows::{Call, Caller, browsers, presented::Credentials, rights};
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use std::{any::type_name, future::Future, sync::Arc};

/// What is done to a page's request before the handler reads it, and to the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRules {
    pub shows: Shows,
    /// Fields and parameters of the path, as pages spell them and as the handler does.
    pub renames: &'static [(&'static str, &'static str)],
    pub needs: Capability,
    pub told: Told,
    /// Each call counts as a failure of the address it comes from: the answer says something about somebody.
    pub probes: bool,
}

/// Which of what a page carries counts for the route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    Nothing,
    /// A login goes on from an intermediate session, or beside a session.
    Progress,
    /// The intermediate session, or else the session.
    Either,
    Intermediate,
    Session,
    /// The session of the member who acts; the path and the body name their organization, and them.
    Member,
    /// The same, with the session where the handler looks for it.
    MemberAndSession,
}

impl Shows {
    /// Whether nobody else but a member who is logged in may call.
    fn is_a_member(self) -> bool {
        match self {
            Self::Member | Self::MemberAndSession => true,
            Self::Nothing | Self::Progress | Self::Either | Self::Intermediate | Self::Session => false,
        }
    }
}

/// What a stranger learns of how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Everything,
    /// A refusal that depends on who was named is told as this one.
    Alike(Refused),
    /// Neither whether anything was sent, nor to whom.
    Nothing,
}

/// The refusals that stand for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Credentials,
    Code,
}

impl Refused {
    fn refusal(self) -> Refusal {
        match self {
            Self::Credentials => Refusal::UnauthorizedCredentials,
            Self::Code => Refusal::OtpCodeNotFound,
        }
    }
}

impl PageRules {
    const fn plain() -> Self {
        Self {
            shows: Shows::Nothing,
            renames: &[],
            needs: Capability::LogIn,
            told: Told::Everything,
            probes: false,
        }
    }
}

impl Routes {
    #[must_use]
    pub fn page<Q, A, F, R>(mut self, method: Method, path: &'static str, handler: F) -> Self
    where
        Q: DeserializeOwned + JsonSchema + Send + 'static,
        A: Serialize + JsonSchema + Send + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
        F: Fn(Call, Q) -> R + Clone + Send + Sync + 'static,
    {
        let run: Run = Arc::new(move |api, mut context, incoming| {
            let handler = handler.clone();
            Box::pin(async move {
                let rules = context.page.unwrap_or(PageRules::plain());
                let arrived = arrive(&api, &mut context, &incoming).await;
                let Visit { call, shown, keeps_cookies } = match arrived {
                    Ok(visit) => visit,
                    Err(error) => return context.respond::<()>(Err(error)),
                };
                let domain = keeps_cookies.then(|| call.project.settings.sdk.cookie_domain.clone()).flatten();
                let outcome = match fields::read::<Q>(&incoming, rules, &call, shown) {
                    Ok(request) => handler(call, request).await,
                    Err(error) => return context.respond::<()>(Err(error)),
                };
                answer::respond(&api, &context, (rules, domain.as_ref()), outcome).await
            })
        });
        let schemas = Schemas {
            request: Some(SchemaGenerator::subschema_for::<Q>),
            answer: SchemaGenerator::subschema_for::<A>,
        };
        self.table.push(Route {
            method,
            path,
            access: Access::Page(PageRules::plain()),
            for_members: false,
            handler: type_name::<F>(),
            schemas,
            is_alias: false,
            run,
        });
        self
    }

    #[must_use]
    pub fn shows(self, shows: Shows) -> Self {
        self.ruled(|rules| rules.shows = shows)
    }

    #[must_use]
    pub fn renaming(self, renames: &'static [(&'static str, &'static str)]) -> Self {
        self.ruled(|rules| rules.renames = renames)
    }

    #[must_use]
    pub fn needs(self, capability: Capability) -> Self {
        self.ruled(|rules| rules.needs = capability)
    }

    #[must_use]
    pub fn told(self, told: Told) -> Self {
        self.ruled(|rules| rules.told = told)
    }

    #[must_use]
    pub fn probes(self) -> Self {
        self.ruled(|rules| rules.probes = true)
    }

    fn ruled(mut self, change: impl FnOnce(&mut PageRules)) -> Self {
        let route = self.table.last_mut().expect("a route was registered");
        if let Access::Page(rules) = &mut route.access {
            change(rules);
        }
        self
    }
}

/// Counts a call of the SDK that says nothing of who it is for.
pub(crate) fn page_visit(api: &Api, request: &Request) -> Result<()> {
    api.limits.visit(Peer::of_request(request, api.limits.trusted_hops()))
}

/// A page's call, and what it carried.
struct Visit {
    call: Call,
    shown: Credentials,
    keeps_cookies: bool,
}

/// Which project, from which page, as whom: before what for.
async fn arrive(api: &Api, context: &mut Context, incoming: &Incoming) -> Result<Visit> {
    let rules = context.page.unwrap_or(PageRules::plain());
    api.limits.visit(incoming.peer)?;
    if rules.probes {
        api.limits.probe(incoming.peer)?;
    }
    let (project, password) = named(api, incoming).await?;
    context.environment(project.environment);
    browsers::admit(&project, origin(incoming)?, rules.needs)?;
    credentials::member_session(incoming, false)?;
    let cookie_domain = project.settings.sdk.cookie_domain.is_some();
    let (shown, by_cookie) = carried(incoming, password, cookie_domain)?;
    if by_cookie && incoming_changes(context) && origin(incoming)?.is_none() {
        return Err(Refusal::BadDomainForSdk.into());
    }
    let mut call = Call {
        app: api.app.clone(),
        project,
        caller: Caller::Visitor,
        now: context.now,
        rng: context.rng.clone(),
    };
    if rules.shows.is_a_member() {
        let session = Credentials { session_token: shown.session_token.clone(), ..Credentials::default() };
        call.caller = rights::caller(&call, &session).await.map_err(no_session)?;
    }
    Ok(Visit { call, shown, keeps_cookies: cookie_domain })
}

/// Without a session, the SDK wants to hear one of four words, or it asks again for ever.
fn no_session(error: flows::Error) -> crate::error::Error {
    match error {
        flows::Error::Refused(Refusal::NoSessionArguments) => Refusal::SessionNotFound.into(),
        error => error.into(),
    }
}

/// The project of the public token, and what stands in the place of the password.
pub(super) async fn named(api: &Api, incoming: &Incoming) -> Result<(Project, Option<Token>)> {
    let refused = |error| api.limits.failed(incoming.peer, error);
    let Some(credentials::Basic { user, password }) = credentials::basic(incoming) else {
        return Err(refused(Refusal::UnauthorizedCredentials.into()));
    };
    match browsers::project(&api.app, &user).await {
        Ok(project) => {
            let is_session = password.expose() != user && !password.expose().is_empty();
            Ok((project, is_session.then_some(password)))
        }
        Err(error @ flows::Error::Refused(_)) => Err(refused(error.into())),
        Err(error) => Err(error.into()),
    }
}

/// Session and intermediate session, and whether either came in a cookie.
fn carried(incoming: &Incoming, password: Option<Token>, has_cookies: bool) -> Result<(Credentials, bool)> {
    let named = fields::intermediate_session(incoming)?;
    let cookie = |name| if has_cookies { cookies::read(&incoming.headers, name) } else { None };
    let session_cookie = if password.is_none() { cookie(cookies::SESSION) } else { None };
    let intermediate_cookie = if named.is_none() { cookie(cookies::INTERMEDIATE) } else { None };
    let by_cookie = session_cookie.is_some() || intermediate_cookie.is_some();
    let shown = Credentials {
        session_token: password.or(session_cookie),
        intermediate_session_token: named.or(intermediate_cookie),
        session_jwt: None,
    };
    Ok((shown, by_cookie))
}

/// The page's origin; none where the caller is no page.
pub(super) fn origin(incoming: &Incoming) -> Result<Option<&str>> {
    let mut all = incoming.headers.get_all(header::ORIGIN).iter();
    let first = all.next().map(|it| it.to_str().map_err(|_| Refusal::BadDomainForSdk)).transpose()?;
    if all.next().is_some() { Err(Refusal::BadDomainForSdk.into()) } else { Ok(first) }
}

fn incoming_changes(context: &Context) -> bool {
    context.route.0 != Method::GET
}

pub(super) use request::typed;
