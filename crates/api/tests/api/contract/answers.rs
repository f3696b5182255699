//! Every success, in the form the strictest client reads.

use super::{
    calls::Call,
    errors::assert_guarded,
    scenarios::{email, phone, ready, somebody},
    shapes::faults,
    specification::{served, specification},
};
use testkit::{Answer, Value, code_of, json, on_both_databases};

/// Holds a success against the contract of its operation.
#[track_caller]
pub fn assert_as_promised(operation: &str, answer: &Answer) {
    assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
    let found = faults(&specification().operation(operation).response, &answer.body);
    assert!(found.is_empty(), "{operation}: {found:#?} in {:#}", answer.body);
    assert_eq!(answer["status_code"], json!(200), "{operation}");
    assert_ne!(answer["request_id"], json!(""), "{operation}");
    assert_guarded(answer);
}

on_both_databases! {
    async fn every_operation_answers_in_its_form(app: TestApp) {
        for route in served() {
            let answer = ready(&app, &route.operation).await.send(&app).await;
            assert_as_promised(&route.operation, &answer);
        }
    }

    async fn a_primary_login_answers_in_its_form_inside_and_before_either_door(app: TestApp) {
        let (passwords, links) = ("passwords.authenticate", "magicLinks.authenticate");
        let ada = somebody(&app, json!({})).await;
        assert_outcome(passwords, &app.password_login(&ada).await, "member_session");
        assert_outcome(links, &app.link_login(&ada).await, "member_session");

        let ada = somebody(&app, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let nothing_to_choose = app.password_login(&ada).await;
        assert_outcome(passwords, &nothing_to_choose, "mfa_required");
        assert_eq!(nothing_to_choose["mfa_required"]["member_options"], Value::Null);
        app.enrol_sms(&ada, &phone()).await;
        app.import_totp(&ada).await;
        assert_outcome(passwords, &app.password_login(&ada).await, "mfa_required");
        let choice = app.link_login(&ada).await;
        assert_outcome(links, &choice, "mfa_required");
        assert_ne!(choice["mfa_required"]["member_options"]["totp_registration_id"], json!(""));
        assert_eq!(choice["mfa_required"]["secondary_auth_initiated"], json!("sms_otp"));

        let ada = somebody(&app, json!({})).await;
        let token = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let path = format!("/v1/b2b/organizations/{}", ada.organization);
        let no_links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
        app.put(&path, no_links).await.ok();
        let answer = app.spend_link(&token, json!({})).await;
        assert_outcome(links, &answer, "primary_required");
        assert_eq!(answer["primary_required"]["allowed_auth_methods"], json!(["password"]));
    }

    async fn a_session_of_every_factor_answers_in_its_form(app: TestApp) {
        let ada = somebody(&app, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let by_phone = app.enrol_sms(&ada, &phone()).await;
        let secret = app.import_totp(&ada).await;
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": by_phone });
        let by_app = app.complete(&ada, "totp", evidence).await.ok().text("session_token");
        let code = app.recovery_codes(&ada).await.remove(0);
        let evidence = json!({ "recovery_code": code, "session_token": by_app });
        let by_code = app.complete(&ada, "recovery_codes", evidence).await.ok().text("session_token");
        let token = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let by_link = app.spend_link(&token, json!({ "session_token": by_code })).await;

        assert_as_promised("magicLinks.authenticate", &by_link);
        let factors = by_link["member_session"]["authentication_factors"].as_array().expect("factors");
        let mut kinds: Vec<&str> = factors.iter().filter_map(|it| it["type"].as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["magic_link", "otp", "password", "recovery_codes", "totp"]);
    }

    async fn a_locked_member_with_a_retired_address_answers_in_its_form(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let ada = somebody(&app, json!({})).await;
        app.password_login_with(&ada, json!({ "password": "not the password" })).await;
        app.change(&ada, json!({ "email_address": email() })).await.ok();

        let named = json!({ "organization_id": ada.organization, "member_id": ada.member });
        let answer = Call::new("organizations.members.get", named).send(&app).await;
        assert_as_promised("organizations.members.get", &answer);
        let member = &answer["member"];
        assert_eq!(member["is_locked"], json!(true));
        assert!(member["lock_created_at"].is_string() && member["lock_expires_at"].is_string());
        assert_eq!(member["retired_email_addresses"][0]["email_address"], json!(ada.email));
    }

    async fn either_strength_policy_answers_in_its_form(app: TestApp) {
        for (policy, feedback) in [("zxcvbn", "zxcvbn_feedback"), ("luds", "luds_feedback")] {
            app.set("password.policy", policy).await;
            for password in ["a", "correct horse battery staple 7!A"] {
                let body = json!({ "password": password });
                let answer = app.post("/v1/b2b/passwords/strength_check", body).await;
                assert_as_promised("passwords.strengthCheck", &answer);
                assert_ne!(answer[feedback], Value::Null, "{policy}");
            }
        }
    }
}

/// Of the three things that a primary login can be about, the answer is about this one.
#[track_caller]
fn assert_outcome(operation: &str, answer: &Answer, about: &str) {
    assert_as_promised(operation, answer);
    let inside = about == "member_session";
    assert_eq!(answer["member_authenticated"], json!(inside));
    for token in ["session_token", "session_jwt"] {
        assert_eq!(answer[token] != "", inside, "{token}: {}", answer.body);
    }
    assert_eq!(answer["intermediate_session_token"] == "", inside);
    assert_eq!(answer["intermediate_session_token_expires_at"].is_null(), inside);
    for other in ["member_session", "mfa_required", "primary_required"] {
        assert_eq!(!answer[other].is_null(), other == about, "{other}: {}", answer.body);
    }
}
