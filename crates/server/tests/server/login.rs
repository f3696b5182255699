//! Whole logins under `serve`, with providers that are reached over the network.

use crate::{
    client::{Answer, Client},
    gateway::{Call, Gateway, code_in},
    installation::Installation,
    post_office::PostOffice,
};
use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

pub const PASSWORD: &str = "correct horse battery staple";
/// MD5 of it: quick to check; the first login replaces it.
const PASSWORD_MD5: &str = "9cc2ae8a1ba7a93da39b46fc1019c481";
pub const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const TWILIO_TOKEN: &str = "t0p-secret-auth-token";
const EMAIL: &str = "ada@acme.example";
const PHONE: &str = "+12025550123";

/// Ada of Acme, where everybody needs a second factor, on her way in.
pub struct Ada<'a> {
    client: &'a Client,
    member: String,
}

impl<'a> Ada<'a> {
    pub async fn of(client: &'a Client) -> Self {
        let acme = json!({ "organization_name": "Acme", "organization_slug": "acme", "mfa_policy": "REQUIRED_FOR_ALL" });
        client.post("/v1/b2b/organizations", acme).await.ok();
        let ada = json!({
            "organization_id": "acme", "email_address": EMAIL, "hash": PASSWORD_MD5, "hash_type": "md_5",
            "mfa_phone_number": PHONE, "set_phone_number_verified": true,
        });
        let member = client.post("/v1/b2b/passwords/migrate", ada).await.ok().text("member_id");
        Self { client, member }
    }

    /// The same, calling elsewhere.
    pub fn at<'b>(&self, client: &'b Client) -> Ada<'b> {
        Ada { client, member: self.member.clone() }
    }

    pub async fn give_password(&self, password: &str) -> Answer {
        let body = json!({ "organization_id": "acme", "email_address": EMAIL, "password": password });
        self.client.post("/v1/b2b/passwords/authenticate", body).await
    }

    pub async fn ask_for_link(&self) {
        let body = json!({ "organization_id": "acme", "email_address": EMAIL });
        self.client.post("/v1/b2b/magic_links/email/login_or_signup", body).await.ok();
    }

    pub async fn follow_link(&self, token: &str) -> Answer {
        self.client.post("/v1/b2b/magic_links/authenticate", json!({ "magic_links_token": token })).await
    }

    pub async fn give_code(&self, intermediate: &str, code: &str) -> Answer {
        let body = self.with(intermediate, &json!({ "code": code }));
        self.client.post("/v1/b2b/otps/sms/authenticate", body).await
    }

    fn with(&self, intermediate: &str, more: &Value) -> Value {
        let mut body = json!({ "organization_id": "acme", "member_id": self.member, "intermediate_session_token": intermediate });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }
}

/// Texts by webhook, mail by SMTP.
pub fn with_webhook(gateway: &Gateway, office: &PostOffice) -> Installation {
    let installation = Installation::new();
    installation.secret_file("sms.secret", WEBHOOK_SECRET);
    installation.configure(&format!(
        "[[sms.providers]]\nkind = \"webhook\"\nname = \"gateway\"\nurl = \"{}/sms\"\nsecret_file = \"sms.secret\"\n{}",
        gateway.url,
        mail(office)
    ));
    installation
}

pub fn with_twilio(gateway: &Gateway, office: &PostOffice) -> Installation {
    let installation = Installation::new();
    installation.secret_file("twilio.secret", &format!("{TWILIO_TOKEN}\n"));
    installation.configure(&format!(
        "[[sms.providers]]\nkind = \"twilio\"\nname = \"twilio\"\naccount_sid = \"AC0123\"\n\
         auth_token_file = \"twilio.secret\"\nfrom = \"+15005550006\"\nbase_url = \"{}\"\n{}",
        gateway.url,
        mail(office)
    ));
    installation
}

fn mail(office: &PostOffice) -> String {
    format!(
        "[mail]\nprovider = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         from_name = \"Acme\"\nfrom_address = \"door@acme.example\"\n",
        office.port
    )
}

/// What a project needs before it mails links.
pub fn allow_links(installation: &Installation, project_id: &str) {
    let url = "redirect_urls.login=http://localhost:3000/authenticate";
    installation.run(&["project", "set", project_id, url]).ok();
}

#[tokio::test]
async fn a_password_and_a_code_by_signed_webhook_make_a_session() {
    let (gateway, office) = (Gateway::answering(StatusCode::NO_CONTENT).await, PostOffice::open().await);
    let installation = with_webhook(&gateway, &office);
    let (_server, client) = installation.open().await;
    let ada = Ada::of(&client).await;
    let first = ada.give_password(PASSWORD).await.ok();
    assert_eq!((&first["member_authenticated"], &first["session_token"]), (&json!(false), &json!("")));
    let code = code_in(verified(&gateway.last_call())["text"].as_str().unwrap());
    let second = ada.give_code(&first.text("intermediate_session_token"), &code).await.ok();
    client.session(&second.text("session_token")).await.ok();
}

/// What a gateway does that follows the Standard Webhooks; the payload.
#[expect(clippy::disallowed_methods, reason = "a gateway has a clock of its own")]
fn verified(call: &Call) -> Value {
    let key = STANDARD.decode(WEBHOOK_SECRET.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, timestamp) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    let signature = call.header("webhook-signature").strip_prefix("v1,").unwrap();
    let signed = format!("{id}.{timestamp}.{}", call.body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    hmac::verify(&key, signed.as_bytes(), &STANDARD.decode(signature).unwrap()).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(timestamp.parse().unwrap()) < 60, "{timestamp} at {now}");
    let payload: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!((call.path.as_str(), &payload["id"]), ("/sms", &json!(id)));
    assert_eq!((&payload["channel"], &payload["to"]), (&json!("sms"), &json!(PHONE)));
    assert!(payload["sent_at"].is_string(), "{payload}");
    payload
}

#[tokio::test]
async fn a_mailed_link_and_a_code_by_twilio_make_a_session() {
    let (gateway, office) = (Gateway::answering(StatusCode::CREATED).await, PostOffice::open().await);
    let installation = with_twilio(&gateway, &office);
    let (_server, client) = installation.open().await;
    allow_links(&installation, &client.project_id());
    let ada = Ada::of(&client).await;
    ada.ask_for_link().await;
    let first = ada.follow_link(&office.link_token().await).await.ok();
    assert_eq!((&first["member_authenticated"], &first["session_token"]), (&json!(false), &json!("")));
    let code = code_in(&texted(&gateway.last_call()));
    let second = ada.give_code(&first.text("intermediate_session_token"), &code).await.ok();
    client.session(&second.text("session_token")).await.ok();
    let heard = office.heard();
    for line in
        ["MAIL FROM:<door@acme.example>", "RCPT TO:<ada@acme.example>", "From: Acme <door@acme.example>"]
    {
        assert!(heard.iter().any(|it| it.starts_with(line)), "{line} in {heard:#?}");
    }
}

/// The text of a call such as Twilio takes.
fn texted(call: &Call) -> String {
    assert_eq!(call.path, "/2010-04-01/Accounts/AC0123/Messages.json");
    let credentials = STANDARD.encode(format!("AC0123:{TWILIO_TOKEN}"));
    assert_eq!(call.header("authorization"), format!("Basic {credentials}"));
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(call.body.as_bytes()).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(it, _)| it == name).unwrap().1.clone();
    assert_eq!((field("To"), field("From")), (PHONE.to_owned(), "+15005550006".to_owned()));
    field("Body")
}

#[tokio::test]
async fn a_gateway_that_refuses_costs_the_text_but_not_the_login() {
    let (gateway, office) = (Gateway::answering(StatusCode::BAD_GATEWAY).await, PostOffice::open().await);
    let installation = with_webhook(&gateway, &office);
    let (_server, client) = installation.open().await;
    let ada = Ada::of(&client).await;
    let first = ada.give_password(PASSWORD).await.ok();
    assert_eq!(first["mfa_required"]["secondary_auth_initiated"], Value::Null);
    assert!(!first.text("intermediate_session_token").is_empty());
}
