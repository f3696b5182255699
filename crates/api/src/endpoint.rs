//! An endpoint is an async function of a call and a request.
//!
//! One adapter does the rest for every route: who calls, reading body, query
//! and path, the envelope, the errors, the headers, the log line. Work goes on
//! when the client hangs up: a guess cannot be taken back.

mod admin;
mod answer;
mod credentials;
pub mod figures;
mod form;
pub mod limits;
mod oauth;
mod page;
mod peer;
mod request;
mod serving;
pub mod traces;

use crate::{Api, error::Result, sandbox};
use axum::{
    Router,
    extract::Request,
    http::Method,
    response::Response,
    routing::{MethodFilter, on},
};
use domain::Timestamp;
use flows::{Call, Caller, rights};
use rand_chacha::ChaCha20Rng;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use std::{any::type_name, future::Future, pin::Pin, sync::Arc};

pub use admin::{Administration, Tagged};
pub use answer::Context;
pub use credentials::Basic;
pub use oauth::Visit;
pub(crate) use page::page_visit;
pub use page::{PageRules, Refused, Shows, Told};
pub use request::{Incoming, MOST_BYTES};

/// The routes of a resource, or of everything.
#[derive(Default)]
pub struct Routes {
    table: Vec<Route>,
}

/// One line of the table.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// With `{parameters}`, as the router reads it.
    pub path: &'static str,
    pub access: Access,
    /// The handler's path in this crate, which names the operation in the OpenAPI document.
    pub handler: &'static str,
    /// Whether a member's session that comes along is honoured; elsewhere it is refused.
    pub for_members: bool,
    pub schemas: Schemas,
    /// Where a client looks for it that does not know the path of the contract.
    pub is_alias: bool,
    run: Run,
}

/// What a route reads and answers, for the OpenAPI document.
#[derive(Clone, Copy)]
pub struct Schemas {
    /// None for what is named by the path alone.
    pub request: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub answer: fn(&mut SchemaGenerator) -> Schema,
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever holds the project's secret.
    Secret,
    Public,
    /// An OAuth endpoint of a project: whoever a client's credentials prove,
    /// in JSON or in a form; refusals are told in the words of OAuth.
    OAuth,
    /// Whoever holds an admin token.
    Admin,
    /// A page with the project's public token, of an origin that the project lists.
    Page(PageRules),
}

impl Schemas {
    fn of<Q: JsonSchema, A: JsonSchema>() -> Self {
        Self {
            request: Some(SchemaGenerator::subschema_for::<Q>),
            answer: SchemaGenerator::subschema_for::<A>,
        }
    }
}

type Run =
    Arc<dyn Fn(Api, Context, Incoming) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        self
    }

    pub fn table(&self) -> &[Route] {
        &self.table
    }

    #[must_use]
    pub fn get<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Q, A>,
    {
        self.secret(Method::GET, path, handler)
    }

    #[must_use]
    pub fn post<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Q, A>,
    {
        self.secret(Method::POST, path, handler)
    }

    #[must_use]
    pub fn put<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Q, A>,
    {
        self.secret(Method::PUT, path, handler)
    }

    #[must_use]
    pub fn delete<Q: JsonSchema, A: JsonSchema, F>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Q, A>,
    {
        self.secret(Method::DELETE, path, handler)
    }

    /// The route just registered honours a member's session that comes along:
    /// its flow then demands that member's rights (`flows::rights`).
    #[must_use]
    pub fn for_members(mut self) -> Self {
        self.table.last_mut().expect("a route was registered").for_members = true;
        self
    }

    fn secret<Q, A, F>(self, method: Method, path: &'static str, handler: F) -> Self
    where
        Q: JsonSchema,
        A: JsonSchema,
        F: Handler<Q, A>,
    {
        let run: Run =
            Arc::new(move |api, context, incoming| Box::pin(handler.clone().answer(api, context, incoming)));
        self.registered::<F>((method, path, Access::Secret), Schemas::of::<Q, A>(), run)
    }

    /// A line of the table for a handler of this type.
    fn registered<F>(
        mut self,
        (method, path, access): (Method, &'static str, Access),
        schemas: Schemas,
        run: Run,
    ) -> Self {
        let (handler, for_members, is_alias) = (type_name::<F>(), false, false);
        self.table.push(Route { method, path, access, handler, for_members, schemas, is_alias, run });
        self
    }

    /// A route without credentials: the handler gets the context instead of a call.
    #[must_use]
    pub fn public_get<A, F, R>(self, path: &'static str, handler: F) -> Self
    where
        A: Serialize + JsonSchema + Send + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
        F: Fn(Api, Timestamp, ChaCha20Rng, Incoming) -> R + Clone + Send + Sync + 'static,
    {
        let run: Run = Arc::new(move |api, context, incoming| {
            let handler = handler.clone();
            Box::pin(async move {
                let answer = match api.limits.visit(incoming.peer) {
                    Ok(()) => handler(api, context.now, context.rng.clone(), incoming).await,
                    Err(error) => Err(error),
                };
                context.respond(answer)
            })
        });
        let schemas = Schemas { request: None, answer: SchemaGenerator::subschema_for::<A> };
        self.registered::<F>((Method::GET, path, Access::Public), schemas, run)
    }

    /// The last route, at another path as well.
    #[must_use]
    pub fn also_at(mut self, path: &'static str) -> Self {
        let last = self.table.last().expect("a route before its alias").clone();
        self.table.push(Route { path, is_alias: true, ..last });
        self
    }

    pub fn into_router(self, api: &Api) -> Router {
        self.table.into_iter().fold(Router::new(), |router, route| {
            let filter = MethodFilter::try_from(route.method.clone()).expect("a standard method");
            let (api, path) = (api.clone(), route.path);
            let handler = move |request: Request| serving::serve(api.clone(), route.clone(), request);
            router.route(path, on(filter, handler))
        })
    }
}

/// `async fn(Call, Request) -> Result<Answer>`.
pub trait Handler<Q, A>: Clone + Send + Sync + 'static {
    fn answer(
        self,
        api: Api,
        context: Context,
        incoming: Incoming,
    ) -> impl Future<Output = Response> + Send + 'static;
}

impl<Q, A, R, F> Handler<Q, A> for F
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
    R: Future<Output = Result<A>> + Send + 'static,
    F: Fn(Call, Q) -> R + Clone + Send + Sync + 'static,
{
    async fn answer(self, api: Api, mut context: Context, incoming: Incoming) -> Response {
        let answer = match prepare::<Q>(&api, &mut context, &incoming).await {
            Ok((call, request)) => match sandbox::fixed(&api, &call, &context.route, &incoming) {
                Some(fixed) => return context.respond(fixed),
                None => self(call, request).await,
            },
            Err(error) => Err(error),
        };
        context.respond(answer)
    }
}

/// Who calls comes first, then what for.
async fn prepare<Q: DeserializeOwned>(
    api: &Api,
    context: &mut Context,
    incoming: &Incoming,
) -> Result<(Call, Q)> {
    let project = credentials::authenticate(api, incoming, context.now).await?;
    context.environment(project.environment);
    let shown = credentials::member_session(incoming, context.for_members)?;
    let caller = Caller::Project;
    let mut call = Call { app: api.app.clone(), project, caller, now: context.now, rng: context.rng.clone() };
    if let Some(shown) = shown {
        call.caller = rights::caller(&call, &shown).await?;
    }
    Ok((call, incoming.read()?))
}
