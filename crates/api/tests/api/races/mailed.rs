//! Codes and links by mail: each is good for one of many callers, and rivals for an address have one winner.

use super::{CROWD, at_once, sessions_of, tally, written};
use std::collections::BTreeMap;
use testkit::{Answer, Person, TestApp, Value, another_code, json, on_both_databases};

const ADA: &str = "ada@acme.example";
const NEW: &str = "countess@acme.example";
const USED: &str = "unable_to_auth_magic_link";

/// The same call from a crowd.
async fn crowd(app: &TestApp, path: &'static str, body: Value) -> Vec<Answer> {
    at_once((0..CROWD).map(|_| {
        let (app, body) = (app.clone(), body.clone());
        async move { app.post(path, body).await }
    }))
    .await
}

/// One is right; nine more are late, which counts; then the address is locked.
#[track_caller]
fn one_right(answers: &[Answer]) {
    let expected = [("ok", 1), ("unable_to_auth_otp_code", 10), ("user_lock_limit_reached", CROWD - 11)];
    assert_eq!(tally(answers), BTreeMap::from(expected));
}

#[track_caller]
fn one_used(answers: &[Answer]) {
    assert_eq!(tally(answers), BTreeMap::from([("ok", 1), (USED, CROWD - 1)]));
}

async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, ADA, json!({})).await
}

on_both_databases! {
    async fn a_mailed_code_is_spent_once(app: TestApp) {
        let ada = ada(&app).await;
        let code = app.mail_code(&ada.organization, ADA, json!({})).await;
        let body = json!({ "organization_id": ada.organization, "email_address": ADA, "code": code });
        one_right(&crowd(&app, "/v1/b2b/otps/email/authenticate", body).await);
        assert_eq!(sessions_of(&app, &ada).await, 1);
    }

    async fn a_discovery_code_is_spent_once(app: TestApp) {
        let code = app.mail_discovery_code(ADA).await;
        let body = json!({ "email_address": ADA, "code": code });
        one_right(&crowd(&app, "/v1/b2b/otps/email/discovery/authenticate", body).await);
    }

    async fn a_crowd_has_five_guesses_at_a_mailed_code_and_ten_at_the_address(app: TestApp) {
        let ada = ada(&app).await;
        let code = app.mail_code(&ada.organization, ADA, json!({})).await;
        let wrong = another_code(&code);
        let body = json!({ "organization_id": ada.organization, "email_address": ADA, "code": wrong });
        let answers = crowd(&app, "/v1/b2b/otps/email/authenticate", body).await;
        let expected = [
            ("otp_code_not_found", 5),
            ("unable_to_auth_otp_code", 5),
            ("user_lock_limit_reached", CROWD - 10),
        ];
        assert_eq!(tally(&answers), BTreeMap::from(expected));
        assert_eq!(written(&app, &ada, "email_otp.failed").await, 10);
        assert_eq!(written(&app, &ada, "email_otp.locked").await, 1);
    }

    async fn many_codes_at_once_leave_the_newest(app: TestApp) {
        let ada = ada(&app).await;
        let body = json!({ "organization_id": ada.organization, "email_address": ADA });
        let sent = crowd(&app, "/v1/b2b/otps/email/login_or_signup", body).await;
        assert_eq!(tally(&sent), BTreeMap::from([("ok", CROWD)]));
        let codes = app
            .letter(ADA, |all| {
                let codes: Vec<_> = all.iter().filter_map(|it| it.code.clone()).collect();
                (codes.len() == CROWD).then_some(codes)
            })
            .await;
        app.set("lock.threshold", "100").await;
        let mut inside = 0;
        for code in codes {
            inside += usize::from(app.spend_code(&ada, &code, json!({})).await.status == 200);
        }
        assert!(inside <= 1, "{inside} codes were good");
    }

    async fn a_discovery_link_is_spent_once(app: TestApp) {
        let send = "/v1/b2b/magic_links/email/discovery/send";
        let token = app.next_link(ADA, send, json!({ "email_address": ADA })).await;
        let body = json!({ "discovery_magic_links_token": token });
        one_used(&crowd(&app, "/v1/b2b/magic_links/discovery/authenticate", body).await);
    }

    async fn an_invitation_is_spent_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let body = json!({ "organization_id": organization, "email_address": ADA });
        let token = app.next_link(ADA, "/v1/b2b/magic_links/email/invite", body).await;
        let body = json!({ "magic_links_token": token });
        one_used(&crowd(&app, "/v1/b2b/magic_links/authenticate", body).await);
    }

    async fn many_invitations_at_once_make_one_member(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let body = json!({ "organization_id": organization, "email_address": ADA });
        let answers = crowd(&app, "/v1/b2b/magic_links/email/invite", body).await;
        let told = tally(&answers);
        assert!(told.keys().all(|it| ["ok", "duplicate_member_email"].contains(it)), "{told:?}");
        let mut members: Vec<_> = answers.iter().filter_map(|it| it["member_id"].as_str()).collect();
        members.sort_unstable();
        members.dedup();
        assert_eq!(members.len(), 1, "{told:?}");
    }

    async fn a_change_of_address_is_completed_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.verified(&organization, ADA).await;
        let path = format!("{}/start_email_update", ada.path());
        let token = app.next_link(NEW, &path, json!({ "email_address": NEW })).await;
        let body = json!({ "magic_links_token": token });
        one_used(&crowd(&app, "/v1/b2b/magic_links/authenticate", body).await);
        assert_eq!(written(&app, &ada, "member.email_changed").await, 1);
        assert_eq!(app.member(&ada).await["retired_email_addresses"].as_array().map(Vec::len), Some(1));
    }

    async fn a_code_changes_the_address_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.verified(&organization, ADA).await;
        let path = format!("{}/start_email_update", ada.path());
        let start = json!({ "email_address": NEW, "delivery_method": "EMAIL_OTP" });
        let code = app.next_code(NEW, &path, start).await;
        let body = json!({ "organization_id": organization, "email_address": NEW, "code": code });
        one_right(&crowd(&app, "/v1/b2b/otps/email/authenticate", body).await);
        assert_eq!(written(&app, &ada, "member.email_changed").await, 1);
    }

    async fn of_many_members_one_reserves_an_address(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let mut members = Vec::new();
        for at in 0..16 {
            members.push(app.verified(&organization, &format!("m{at}@acme.example")).await);
        }
        let answers = at_once(members.into_iter().map(|who| {
            let (app, path) = (app.clone(), format!("{}/start_email_update", who.path()));
            async move { app.post(&path, json!({ "email_address": NEW })).await }
        }))
        .await;
        let refused = "desired_email_updating_for_different_member";
        assert_eq!(tally(&answers), BTreeMap::from([("ok", 1), (refused, 15)]));
    }

    async fn a_newcomer_and_a_change_of_address_never_share_one(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.verified(&organization, ADA).await;
        let (start, create) = (
            format!("{}/start_email_update", ada.path()),
            format!("/v1/b2b/organizations/{organization}/members"),
        );
        let calls = [(start, json!({ "email_address": NEW })), (create, json!({ "email_address": NEW }))];
        let answers = at_once(calls.into_iter().map(|(path, body)| {
            let app = app.clone();
            async move { app.post(&path, body).await }
        }))
        .await;
        if tally(&answers).get("ok") == Some(&2) {
            let link = app.last_link_token(NEW).await; // both began; the newcomer has the address
            assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (400, "duplicate_member_email"));
        }
        let path = format!("/v1/b2b/organizations/{organization}/member?email_address={ADA}");
        app.get(&path).await.ok();
    }
}
