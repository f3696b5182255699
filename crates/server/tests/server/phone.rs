//! The pocket telephone's routes: the messages, the clock, an operator's work, and who may reach them.

use crate::{
    client::{Answer, Client, Credentials},
    installation::Installation,
    server::Dev,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ROUTES: [(&str, &str); 12] = [
    ("GET", "/dev/messages"),
    ("GET", "/dev/clock"),
    ("POST", "/dev/clock"),
    ("GET", "/dev/provider"),
    ("POST", "/dev/provider"),
    ("POST", "/dev/projects"),
    ("POST", "/dev/impersonation"),
    ("POST", "/dev/trusted_token_profiles"),
    ("POST", "/dev/webhook_endpoints"),
    ("GET", "/dev/phone"),
    ("GET", "/dev/phone/state"),
    ("GET", "/dev/phone.js"),
];
const PHONE: &str = "/dev/messages?to=%2B12025550100";

async fn start() -> (TempDir, Dev) {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), &[]).await;
    (folder, dev)
}

/// The first factor of the admin; a text goes out.
async fn password_login(dev: &Dev) -> Answer {
    let (email, password) = (dev.of("ADMIN_EMAIL"), dev.of("ADMIN_PASSWORD"));
    let body = json!({ "organization_id": "acme", "email_address": email, "password": password });
    dev.client.post("/v1/b2b/passwords/authenticate", body).await.ok()
}

/// A mail goes out.
async fn mail_link(client: &Client, email: &str) {
    let body = json!({ "organization_id": "acme", "email_address": email });
    client.post("/v1/b2b/magic_links/email/login_or_signup", body).await.ok();
}

#[tokio::test]
async fn a_text_is_awaited_and_holds_its_code() {
    let (_folder, dev) = start().await;
    let waiting = dev.client.clone();
    let waiting = tokio::spawn(async move { waiting.get(&format!("{PHONE}&wait=10")).await.ok().body });
    password_login(&dev).await;
    let messages = waiting.await.unwrap();
    let [text] = messages.as_array().unwrap().as_slice() else { panic!("one text: {messages}") };
    assert_eq!((&text["channel"], &text["to"]), (&json!("sms"), &json!("+12025550100")));
    let code = text["code"].as_str().unwrap();
    assert!(code.len() == 6 && text["text"].as_str().unwrap().contains(code), "{text}");
    assert!(text["id"].is_string() && text["sent_at"].is_string() && text.get("link").is_none(), "{text}");
}

#[tokio::test]
async fn messages_are_told_oldest_first_and_by_recipient() {
    let (_folder, dev) = start().await;
    assert_eq!(dev.client.get("/dev/messages").await.ok().body, json!([]), "both parameters are optional");
    mail_link(&dev.client, "member@acme.example").await;
    let mail = dev.client.get("/dev/messages?to=MEMBER@acme.example&wait=10").await.ok().body;
    assert!(mail[0]["link"].as_str().unwrap().contains("token="), "{mail}");
    password_login(&dev).await;
    password_login(&dev).await;
    let all = dev.client.get("/dev/messages").await.ok().body;
    let told = |field: &str| -> Vec<Value> {
        all.as_array().unwrap().iter().map(|message| message[field].clone()).collect()
    };
    assert_eq!(told("channel"), ["email", "sms", "sms"]);
    assert!(told("sent_at").is_sorted_by_key(|it| it.as_str().unwrap().to_owned()), "{all}");
    assert_eq!(dev.client.get(PHONE).await.ok().body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn waiting_in_vain_ends_with_no_messages() {
    let (_folder, dev) = start().await;
    let since = Instant::now();
    assert_eq!(dev.client.get(&format!("{PHONE}&wait=1")).await.ok().body, json!([]));
    assert!(since.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_moved_clock_ages_a_code_and_outlives_the_server() {
    let (folder, dev) = start().await;
    assert_eq!(dev.client.get("/dev/clock").await.ok()["offset_seconds"], 0);
    let first = password_login(&dev).await;
    let moved = dev.client.post("/dev/clock", json!({ "advance": "3m" })).await.ok();
    assert_eq!(moved["offset_seconds"], 180);
    let code = dev.client.get(PHONE).await.ok().body[0]["code"].clone();
    let body = json!({
        "organization_id": "acme", "member_id": dev.of("ADMIN_MEMBER_ID"), "code": code,
        "intermediate_session_token": first.text("intermediate_session_token"),
    });
    let late = dev.client.post("/v1/b2b/otps/sms/authenticate", body).await;
    assert_eq!(late.refusal(), (401, "unable_to_auth_otp_code"), "a code lives for two minutes");
    let before = dev.client.post("/dev/clock", json!({ "advance": "1h30m" })).await.ok();
    dev.server.stop().await.ok();

    let again = Dev::start(folder.path(), &[]).await;
    let after = again.client.get("/dev/clock").await.ok();
    assert_eq!(after["offset_seconds"], 180 + 5400);
    assert!(after.text("now") > before.text("now"), "RFC 3339, in one time zone");
}

#[tokio::test]
async fn a_span_that_cannot_be_read_moves_nothing() {
    let (_folder, dev) = start().await;
    for wrong in
        [json!({ "advance": "11" }), json!({ "advance": "-1m" }), json!({ "advance": 11 }), json!({})]
    {
        let refused = dev.client.post("/dev/clock", wrong.clone()).await;
        assert!((400..500).contains(&refused.status), "{wrong}: {}", refused.status);
    }
    assert_eq!(dev.client.get("/dev/clock").await.ok()["offset_seconds"], 0);
}

#[tokio::test]
async fn development_routes_are_for_this_machine_alone() {
    let (_folder, dev) = start().await;
    let refused = async |method: &str, path: &str, header: (&str, &str)| {
        let request = dev.client.request(method, path).header(header.0, header.1);
        let request = if method == "POST" { request.json(&json!({ "advance": "1m" })) } else { request };
        Answer::to(request).await
    };
    for (method, path) in ROUTES {
        for foreign in [("host", "evil.example"), ("origin", "http://evil.example"), ("origin", "null")] {
            let answer = refused(method, path, foreign).await;
            assert_eq!(answer.status, 403, "{method} {path} {foreign:?}");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
    let own = ("origin", &*format!("http://{}", dev.address()));
    assert_eq!(refused("POST", "/dev/clock", own).await.status, 200, "the telephone's own page");
}

#[tokio::test]
async fn a_post_without_json_is_refused() {
    let (_folder, dev) = start().await;
    for path in ["/dev/clock", "/dev/provider"] {
        for kind in ["text/plain", "application/x-www-form-urlencoded"] {
            let request = dev.client.request("POST", path).header("content-type", kind);
            assert_eq!(Answer::to(request.body("{\"advance\":\"1m\"}")).await.status, 415, "{path} {kind}");
        }
    }
}

#[tokio::test]
async fn serve_has_no_development_routes() {
    let installation = Installation::new();
    let (_server, client) = installation.open().await;
    for (method, path) in ROUTES {
        let answer = Answer::to(client.request(method, path).json(&json!({ "advance": "1m" }))).await;
        assert_eq!(answer.refusal(), (404, "route_not_found"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_project_with_other_settings_is_made_and_used() {
    let (_folder, dev) = start().await;
    let made = dev.client.post("/dev/projects", json!({ "passwords.cross_organization": "true" })).await.ok();
    let [project_id, secret] = ["project_id", "secret"].map(|it| made[it].as_str().unwrap().to_owned());
    let other = Client::new(&dev.client.url, &Credentials { project_id: project_id.clone(), secret });
    assert_eq!(other.get("/v1/debug/whoami").await.ok()["project_id"], project_id);
    let body = json!({ "email_address": "ada@acme.example", "password": "correct horse battery staple" });
    // There, passwords belong to addresses; in the project that `dev` made, to members.
    let path = "/v1/b2b/passwords/discovery/authenticate";
    assert_ne!(other.post(path, body.clone()).await.refusal(), dev.client.post(path, body).await.refusal());
}

#[tokio::test]
async fn a_member_is_impersonated_as_an_operator_would() {
    let (_folder, dev) = start().await;
    let whom = json!({ "organization": "acme", "member": dev.of("ADMIN_EMAIL") });
    let minted = dev.client.post("/dev/impersonation", whom).await.ok();
    let body = json!({ "impersonation_token": minted["impersonation_token"] });
    let login = dev.client.post("/v1/b2b/impersonation/authenticate", body).await.ok();
    assert_eq!(login["member_id"], dev.of("ADMIN_MEMBER_ID"));
    let nobody = json!({ "organization": "acme", "member": "nobody@acme.example" });
    assert_eq!(dev.client.post("/dev/impersonation", nobody).await.status, 400);
}

#[tokio::test]
async fn an_issuer_is_trusted_only_by_rules_that_can_hold() {
    let (_folder, dev) = start().await;
    let rules =
        json!({ "issuer": "https://issuer.example", "audience": "us", "keys": { "pem": ["not a key"] } });
    assert_eq!(dev.client.post("/dev/trusted_token_profiles", rules).await.status, 400);
}
