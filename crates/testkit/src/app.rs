//! The application under test.

use crate::{Answer, databases::Keep};
use api::Api;
use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use delivery::{Hooks, Inbox, Mailer, Message, Targets, Texts};
use domain::{
    Timestamp,
    passwords::Cost,
    projects::{Environment, Project, ProjectSettings, SmsCountries},
    redirect_url::RedirectUrl,
    send_limits::Strictness,
    server_key::ServerKey,
    token::Token,
};
use flows::{App, projects};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};
use store::Db;
use tower::ServiceExt;

pub const PROJECT_ID: &str = "project-test-00000000-0000-4000-8000-000000000001";
pub const SECRET: &str = "secret-test-one";
/// 2023-11-15T12:00:00Z, and the beginning of a TOTP step.
const NOON: i64 = 1_700_049_600_000;

/// A database to run on.
pub struct Setup {
    pub(crate) db: Db,
    pub(crate) keep: Keep,
}

impl Setup {
    /// The database itself, for tests of what is put into it as a whole.
    pub fn db(&self) -> &Db {
        &self.db
    }
}

/// Clones share everything; the database goes away with the last.
#[derive(Clone)]
pub struct TestApp {
    pub api: Api,
    pub inbox: Inbox,
    router: Router,
    pub(crate) clock: Arc<AtomicI64>,
    authorization: String,
    keep: Arc<Keep>,
}

impl TestApp {
    /// With a project of roomy limits and texts to everywhere.
    pub async fn on(setup: Setup) -> Self {
        Self::with(setup, Strictness::Roomy).await
    }

    /// With the limits of real use, or with room.
    pub async fn with(setup: Setup, strictness: Strictness) -> Self {
        let inbox = Inbox::default();
        let clock = Arc::new(AtomicI64::new(NOON));
        let this = Self::node(setup.db, (inbox, clock, strictness), 0, Arc::new(setup.keep));
        let luck = (this.now(), &mut ChaCha20Rng::seed_from_u64(1));
        let app = &this.api.app;
        flows::audit::keys::open(&app.db, &app.server_key, luck).await.expect("an audit key");
        this.create_project(PROJECT_ID, SECRET, settings()).await;
        this.take_signing_key().await;
        this
    }

    /// Another node over the same database, under the same clock; what a node
    /// remembers, each remembers for itself.
    #[must_use]
    pub fn another_node(&self) -> Self {
        let strictness = self.api.app.strictness;
        let shared = (self.inbox.clone(), self.clock.clone(), strictness);
        Self::node(self.api.app.db.clone(), shared, 1 << 32, self.keep.clone())
    }

    pub(crate) fn node(
        db: Db,
        (inbox, clock, strictness): (Inbox, Arc<AtomicI64>, Strictness),
        seed: u64,
        keep: Arc<Keep>,
    ) -> Self {
        let seed = Arc::new(AtomicU64::new(seed));
        let key = ServerKey::parse(&ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(0))).expect("a key");
        let (texts, mailer) = (Texts::inbox(inbox.clone()), Mailer::Inbox(inbox.clone()));
        let mut app = App::new(db, key, texts, mailer, strictness);
        app.password_cost = Cost::default();
        app.hooks = Hooks::to(Targets::default().and_plain_loopback());
        let now = clock.clone();
        let api = Api::new(
            Arc::new(app),
            Arc::new(move || Timestamp::from_milliseconds(now.load(Ordering::SeqCst))),
            Arc::new(move || ChaCha20Rng::seed_from_u64(seed.fetch_add(1, Ordering::SeqCst))),
        );
        let (router, authorization) = (api::router(&api), basic(PROJECT_ID, SECRET));
        Self { api, inbox, router, clock, authorization, keep }
    }

    /// The same, over another application.
    pub(crate) fn over(&self, app: App) -> Self {
        let api = Api { app: Arc::new(app), ..self.api.clone() };
        Self { router: api::router(&api), api, ..self.clone() }
    }

    /// The same, on a server whose operator configured these ways for texts.
    #[must_use]
    pub fn texting_by(&self, texts: Texts) -> Self {
        self.sending_by(texts, Mailer::Inbox(self.inbox.clone()))
    }

    /// The same with another provider of mail.
    #[must_use]
    pub fn mailing_by(&self, mailer: Mailer) -> Self {
        self.sending_by(self.api.app.texts.clone(), mailer)
    }

    fn sending_by(&self, texts: Texts, mailer: Mailer) -> Self {
        let key = ServerKey::parse(&ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(0))).expect("a key");
        let mut app = App::new(self.api.app.db.clone(), key, texts, mailer, self.api.app.strictness);
        app.password_cost = Cost::default();
        self.over(app)
    }

    /// Another project, seen through its own credentials.
    pub async fn another_project(&self) -> Self {
        let (id, secret) = ("project-test-00000000-0000-4000-8000-000000000002", "secret-test-two");
        self.create_project(id, secret, settings()).await;
        Self { authorization: basic(id, secret), ..self.clone() }
    }

    /// With sandbox values answered, as `dev` does.
    #[must_use]
    pub fn with_sandbox(&self) -> Self {
        let mut api = self.api.clone();
        api.sandbox = true;
        Self { router: api::router(&api), api, ..self.clone() }
    }

    /// A live project, seen through its own credentials.
    pub async fn live_project(&self) -> Self {
        let (id, secret) = ("project-live-00000000-0000-4000-8000-000000000003", "secret-live-three");
        self.create_project(id, secret, settings()).await;
        Self { authorization: basic(id, secret), ..self.clone() }
    }

    /// Changes a setting of the project, as the operator would.
    pub async fn set(&self, key: &str, value: &str) {
        let id = PROJECT_ID.parse().expect("a project id");
        let luck = (self.now(), &mut (self.api.entropy)());
        projects::change_settings(&self.api.app, (&id, &[(key, value)]), luck).await.expect("saved");
    }

    /// Sets the project's policy, as the operator would.
    pub async fn set_policy(&self, policy: Value) {
        let id = PROJECT_ID.parse().expect("a project id");
        let policy = serde_json::from_value(policy).expect("a policy");
        let luck = (self.now(), &mut (self.api.entropy)());
        let set = flows::rbac::set_project_policy(&self.api.app, (&id, policy), luck).await;
        set.expect("a policy that is taken");
    }

    /// Lets passwords serve every organization, or one each, whatever there is already: for tests that call
    /// the routes of either scope in one project.
    pub async fn share_passwords(&self, shared: bool) {
        let id = PROJECT_ID.parse().expect("a project id");
        let mut tx = self.api.app.db.write().await.expect("a transaction");
        let found = store::projects::find(&mut tx, &id).await.expect("no fault").expect("a project");
        let settings = ProjectSettings { cross_organization_passwords: shared, ..found.settings };
        store::projects::save_settings(&mut tx, &id, &settings).await.expect("saved");
        tx.commit().await.expect("committed");
    }

    async fn create_project(&self, id: &str, secret: &str, settings: ProjectSettings) {
        let mut luck = (self.api.entropy)();
        let project = Project {
            project_id: id.parse().expect("a project id"),
            name: "Test project".to_owned(),
            environment: if id.contains("-live-") { Environment::Live } else { Environment::Test },
            public_token: domain::id::PublicToken::random(Environment::Test, &mut luck),
            settings,
            has_webhooks: false,
            created_at: self.now(),
        };
        let secret = Token::received(secret.to_owned());
        let created = projects::create_as(&self.api.app, &project, &secret, (self.now(), &mut luck)).await;
        created.expect("a project");
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_milliseconds(self.clock.load(Ordering::SeqCst))
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }
    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// A call with the project's credentials.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request =
            Request::builder().method(method).uri(path).header(header::AUTHORIZATION, &self.authorization);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |it| Body::from(it.to_string()));
        self.send(request.body(body).expect("a request")).await
    }

    /// A call on behalf of the member whose session token it is.
    pub async fn on_behalf(&self, token: &str, method: Method, path: &str, body: Value) -> Answer {
        let request =
            Request::builder().method(method).uri(path).header(header::AUTHORIZATION, &self.authorization);
        let request = request.header("X-Stytch-Member-Session", token);
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// The credentials, for requests built by hand.
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// The database, to be searched.
    pub async fn everything_stored(&self) -> Vec<u8> {
        self.keep.everything().await
    }

    /// Any request whatever.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        Answer::read(response).await
    }

    /// What was sent to an address or number, oldest first. Mail is handed
    /// over in the background, so this waits for a first message.
    pub async fn sent_to(&self, address: &str) -> Vec<Message> {
        self.inbox.wait(Some(address), std::time::Duration::from_secs(5)).await
    }

    /// The newest passcode texted to a number.
    pub async fn last_code(&self, number: &str) -> String {
        let sent = self.sent_to(number).await;
        sent.last().and_then(|it| it.code.clone()).expect("a passcode was texted")
    }

    /// The token in the newest link mailed to an address.
    pub async fn last_link_token(&self, address: &str) -> String {
        let sent = self.sent_to(address).await;
        let link = sent.iter().rev().find_map(|it| it.link.clone()).expect("a link was mailed");
        link.split("token=").last().expect("a token").to_owned()
    }
}

fn settings() -> ProjectSettings {
    let url = RedirectUrl::parse("http://localhost:3000/authenticate", Environment::Test).expect("a URL");
    ProjectSettings {
        login_redirect_urls: vec![url.clone()],
        signup_redirect_urls: vec![url.clone()],
        reset_password_redirect_urls: vec![url.clone()],
        invite_redirect_urls: vec![url.clone()],
        discovery_redirect_urls: vec![url],
        sms_countries: SmsCountries::Everywhere,
        ..ProjectSettings::default()
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}
