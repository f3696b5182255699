//! Marked secrets in every field, header, path and query of every route there is: none is told by a log, a figure, a
//! refusal or an audit row, and only what a table names as open is stored as it came.
//!
//! What is called is read from the table of routes and their schemas, and for the few routes beside it from the source:
//! a route that is added is called without a change here.

mod forms;
mod places;

use super::log::logged;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use delivery::{Carrier, Provider, SignedWebhook, Texts, Twilio, TwilioConfig, WebhookConfig};
use domain::time::Span;
use forms::{Form, MARK, fields, filled};
use places::Place;
use testkit::{PROJECT_ID, Setup, TestApp, Value, json};
use tower::ServiceExt;

/// What is stored as it came, because it is what somebody looks for or is shown. Everything else that is sent is either
/// not stored, or as a digest or sealed.
const OPEN: [&str; 35] = [
    "accent_color",
    "action",
    "actions",
    "client_description",
    "client_id",
    "client_name",
    "color",
    "description",
    "domain",
    "email",
    "email_address",
    "events",
    "external_id",
    "id",
    "key",
    "logo_url",
    "name",
    "organization_external_id",
    "organization_logo_url",
    "organization_name",
    "organization_slug",
    "reason",
    "resource_id",
    "role_id",
    "scope",
    "scopes",
    "sso_jit_provisioning_allowed_connections",
    "allowed_first_party_connected_apps",
    "allowed_third_party_connected_apps",
    "text",
    "html",
    "subject",
    "template_id",
    "trusted_metadata",
    "url",
];

/// Names that a caller gave to what an event is about.
const RECORDED: [&str; 2] = ["client_id", "template_id"];

#[test]
fn nothing_marked_is_told_on_sqlite() {
    nothing_marked_is_told(async { Some(testkit::sqlite().await) });
}

#[test]
fn nothing_marked_is_told_on_postgresql() {
    nothing_marked_is_told(testkit::postgres());
}

struct Found {
    calls: usize,
    reached: usize,
    /// Refusals that repeat what was sent.
    echoed: Vec<String>,
    /// What was answered and is a secret.
    answered: Vec<String>,
    recorded: String,
    stored: String,
}

fn nothing_marked_is_told(setup: impl Future<Output = Option<Setup>> + Send + 'static) {
    let (found, log, figures) = logged(async { Some(everything(&TestApp::on(setup.await?).await).await) });
    let Some(found) = found else { return };
    assert!(found.calls > 400 && found.reached > 60, "{} calls, {} went well", found.calls, found.reached);
    assert!(found.recorded.contains("audit_event_id"), "the record was read");
    let mut told: Vec<String> =
        found.echoed.iter().map(|it| format!("repeated by a refusal of {it}")).collect();
    let log = super::ours(&log);
    for (place, text) in [("log", &log), ("figures", &figures)] {
        told.extend(marks_in(text).into_iter().map(|it| format!("in the {place}: {it}")));
    }
    let recorded =
        fields_marked_in(&found.recorded).into_iter().filter(|it| !RECORDED.contains(&it.as_str()));
    told.extend(recorded.map(|it| format!("on record: {it}")));
    for (place, text) in [("log", &log), ("figures", &figures), ("record", &found.recorded)] {
        told.extend(
            whole(&found.answered, text).into_iter().map(|it| format!("an answer in the {place}: {it}")),
        );
    }
    let stored = fields_marked_in(&found.stored).into_iter().filter(|it| !OPEN.contains(&it.as_str()));
    told.extend(stored.map(|it| format!("stored as it came: {it}")));
    told.extend(
        whole(&found.answered, &found.stored).into_iter().map(|it| format!("an answer that is stored: {it}")),
    );
    assert!(told.is_empty(), "{told:#?}");
}

async fn everything(app: &TestApp) -> Found {
    let app = app.texting_by(texts());
    let known = Known::of(&app).await;
    let mut found = Found {
        calls: 0,
        reached: 0,
        echoed: Vec::new(),
        answered: Vec::new(),
        recorded: String::new(),
        stored: String::new(),
    };
    let dev = api::dev::router(api::dev::Dev {
        api: app.api.clone(),
        inbox: app.inbox.clone(),
        clock: api::dev::DevClock::default(),
    });
    let router = api::router(&app.api).merge(dev);
    for place in places::every() {
        for form in Form::ALL {
            for request in known.requests(&place, form) {
                found.call(&router, &place, request).await;
            }
        }
    }
    found.recorded = known.recorded(&router).await;
    found.stored = String::from_utf8_lossy(&app.everything_stored().await).into_owned();
    found
}

impl Found {
    async fn call(&mut self, router: &Router, place: &Place, request: Request<Body>) {
        self.calls += 1;
        let answer = router.clone().oneshot(request).await.expect("an answer");
        let went_well = answer.status().is_success();
        let body = to_bytes(answer.into_body(), 1 << 22).await.expect("a body");
        let text = String::from_utf8_lossy(&body).into_owned();
        if !went_well {
            let (method, path) = (&place.method, &place.path);
            self.echoed.extend(marks_in(&text).into_iter().map(|it| format!("{method} {path}: {it}")));
            return;
        }
        self.reached += 1;
        // The pocket telephone shows what was sent: that is what it is for.
        if !place.path.starts_with("/dev/") {
            forms::secrets_of(&serde_json::from_str(&text).unwrap_or_default(), &mut self.answered);
        }
    }
}

/// Providers whose receipts are believed by their signatures.
fn texts() -> Texts {
    let twilio = TwilioConfig {
        account_sid: "AC0123".to_owned(),
        auth_token: format!("{MARK}twilio").as_str().into(),
        from: "+15005550006".to_owned(),
        base_url: Some("http://127.0.0.1:1".to_owned()),
        receipts: None,
    };
    let webhook = WebhookConfig {
        url: "http://127.0.0.1:1/mk3d-path-of-a-gateway".to_owned(),
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
    };
    let twilio = Carrier::Twilio(Twilio::new(twilio).expect("possible"));
    let webhook = Carrier::Webhook(SignedWebhook::new(&webhook).expect("possible"));
    let named = |name: &str, carrier| Provider::new(name, Vec::new(), carrier).expect("possible");
    Texts::new(vec![named("twilio", twilio), named("webhook", webhook)]).expect("possible")
}

/// What a call can name that is there.
struct Known {
    app: TestApp,
    admin: String,
    names: Value,
}

impl Known {
    async fn of(app: &TestApp) -> Self {
        let luck = (app.now(), &mut (app.api.entropy)());
        let (token, _) =
            flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.expect("a token");
        let ada = super::super::scenarios::somebody(app, json!({})).await;
        let names = json!({
            "project_id": PROJECT_ID, "organization_id": ada.organization, "organization": ada.organization,
            "member_id": ada.member, "provider": "twilio",
        });
        Self { app: app.clone(), admin: token.expose().to_owned(), names }
    }

    /// A place called in a form. A place that is not in the table is called by every method, for every provider.
    fn requests(&self, place: &Place, form: Form) -> Vec<Request<Body>> {
        let providers =
            if place.path.contains("{provider}") { &["twilio", "webhook"][..] } else { &[""][..] };
        let one = |provider: &&str| {
            let mut names = self.names.clone();
            names["provider"] = json!(provider);
            self.request(place, form, &names)
        };
        providers.iter().map(one).collect()
    }

    fn request(&self, place: &Place, form: Form, names: &Value) -> Request<Body> {
        let body = filled(&place.body, form, names);
        let mut path = place.path.clone();
        for name in place.in_path() {
            let value = names[&name].as_str().filter(|it| !it.is_empty() && form.is_known());
            path = path.replace(&format!("{{{name}}}"), value.unwrap_or(&format!("{MARK}{name}")));
        }
        let mut query: Vec<String> = fields(&body, &place.in_query).collect();
        query.push(format!("{MARK}query={MARK}query"));
        let (right, wrong) = (self.credentials(place), wrong_credentials(place));
        let request = Request::builder()
            .method(place.method.clone())
            .uri(format!("{path}?{}", query.join("&")))
            .header(header::HOST, "localhost:7650")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, format!("session={MARK}cookie"))
            .header(header::REFERER, format!("https://localhost/{MARK}referer"))
            .header(header::USER_AGENT, format!("{MARK}agent"))
            .header(header::IF_MATCH, if form.is_known() { "*".to_owned() } else { format!("{MARK}tag") })
            .header("x-twilio-signature", format!("{MARK}signature"))
            .header("webhook-id", format!("{MARK}id"))
            .header("webhook-timestamp", "1700000000")
            .header("webhook-signature", format!("v1,{MARK}signature"))
            .header(header::AUTHORIZATION, if form == Form::Stranger { wrong } else { right });
        let request = if form.is_on_behalf() {
            let header =
                if form == Form::Wrong { "X-Stytch-Member-Session" } else { "X-Stytch-Member-SessionJWT" };
            request.header(header, format!("{MARK}session"))
        } else {
            request
        };
        request.body(Body::from(body.to_string())).expect("a request")
    }

    fn credentials(&self, place: &Place) -> String {
        if place.is_admins() { format!("Bearer {}", self.admin) } else { self.app.authorization().to_owned() }
    }

    /// What is on record of the project and of the organization, and the ledger of messages.
    async fn recorded(&self, router: &Router) -> String {
        let mut recorded = String::new();
        let organization = self.names["organization_id"].as_str().expect("an id");
        let below = format!("/admin/v1/projects/{PROJECT_ID}");
        for path in [
            format!("{below}/audit_events?limit=1000"),
            format!("{below}/audit_events?limit=1000&organization={organization}"),
            format!("{below}/messages?limit=100"),
        ] {
            let request =
                Request::builder().uri(path).header(header::AUTHORIZATION, format!("Bearer {}", self.admin));
            let answer = router
                .clone()
                .oneshot(request.body(Body::empty()).expect("a request"))
                .await
                .expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.status());
            let body = to_bytes(answer.into_body(), 1 << 24).await.expect("a body");
            recorded += &String::from_utf8_lossy(&body);
        }
        recorded
    }
}

fn wrong_credentials(place: &Place) -> String {
    if place.is_admins() {
        return format!("Bearer vestibule-admin-{MARK}token");
    }
    // Its encoded form is looked for, too: the beginning, in whole groups of three bytes.
    format!("Basic {}", STANDARD.encode(format!("{MARK}p:{MARK}secret")))
}

/// The words that begin with a mark, or with its encoded form.
fn marks_in(text: &str) -> Vec<String> {
    let encoded = STANDARD.encode(format!("{MARK}p"));
    let mut found: Vec<String> = [MARK, encoded.as_str()]
        .iter()
        .flat_map(|mark| text.match_indices(*mark))
        .map(|(at, _)| text[at..].chars().take(60).collect())
        .collect();
    found.truncate(20);
    found
}

/// The fields whose marks are there.
fn fields_marked_in(text: &str) -> std::collections::BTreeSet<String> {
    let name =
        |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    text.match_indices(MARK).map(|(at, _)| name(&text[at + MARK.len()..])).collect()
}

fn whole<'a>(secrets: &'a [String], told: &str) -> Vec<&'a str> {
    secrets.iter().filter(|it| told.contains(it.as_str())).map(String::as_str).collect()
}

/// The methods that a place beside the table may know.
pub(super) const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];
