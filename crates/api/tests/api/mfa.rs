//! The MFA rules, seen from outside. Rule numbers are those of `docs/mfa.md`.

mod audit;
mod code_formats;
mod completion;
mod deactivation;
mod enrolment_choices;
mod guard;
mod guard_who;
mod intermediate_sessions;
mod journey;
mod lock_expiry;
mod locks;
mod notices;
mod outlived;
mod password_locks;
mod pending_totp;
mod policy_table;
mod primary;
mod recovery_codes;
mod self_service;
mod sessions_carried;
mod sms_codes;
mod step_up;
mod totp_codes;

use testkit::{Answer, Person, TestApp, Value, code_of, json};

/// A number to text to.
const PHONE: &str = "+12025550101";
/// Six digits that no seeded code of these tests happens to be.
const WRONG: &str = "000000";
const REQUIRED: &str = "REQUIRED_FOR_ALL";

fn with_ist(ist: &str, code: &str) -> Value {
    json!({ "code": code, "intermediate_session_token": ist })
}

fn with_session(token: &str, code: &str) -> Value {
    json!({ "code": code, "session_token": token })
}

fn recovery(ist: &str, code: &str) -> Value {
    json!({ "recovery_code": code, "intermediate_session_token": ist })
}

/// Changes an organization.
async fn restrict(app: &TestApp, who: &Person, settings: Value) {
    app.put(&format!("/v1/b2b/organizations/{}", who.organization), settings).await.ok();
}

/// The organization accepts this primary method and no other.
async fn accept_only(app: &TestApp, who: &Person, method: &str) {
    restrict(app, who, json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": [method] })).await;
}

/// The organization allows this second factor and no other.
async fn allow_only(app: &TestApp, who: &Person, method: &str) {
    restrict(app, who, json!({ "mfa_methods": "RESTRICTED", "allowed_mfa_methods": [method] })).await;
}

async fn delete_phone(app: &TestApp, who: &Person) -> Answer {
    let path = format!("/v1/b2b/organizations/{}/members/mfa_phone_numbers/{}", who.organization, who.member);
    app.delete(&path).await.ok()
}

async fn delete_totp(app: &TestApp, who: &Person) -> Answer {
    app.delete(&format!("{}/totp", who.path())).await.ok()
}

/// A whole login by link and app; the token of the session.
async fn enter_by_totp(app: &TestApp, who: &Person, secret: &str) -> String {
    let ist = app.between(who).await;
    let code = code_of(secret, app.now());
    app.complete(who, "totp", with_ist(&ist, &code)).await.ok().text("session_token")
}

/// A whole login by link and text; the token of the session.
async fn enter_by_sms(app: &TestApp, who: &Person) -> String {
    let ist = app.between(who).await;
    let code = app.last_code(PHONE).await;
    app.complete(who, "otps/sms", with_ist(&ist, &code)).await.ok().text("session_token")
}

/// The kinds of factor behind a session, in the order they were proved.
fn factors(member_session: &Value) -> Vec<&str> {
    let factors = member_session["authentication_factors"].as_array().expect("factors");
    factors.iter().map(|it| it["delivery_method"].as_str().expect("a method")).collect()
}
