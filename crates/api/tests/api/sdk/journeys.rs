//! What members do in a page, from the first field to the session.

use super::{PHONE, inside, log_in};
use axum::http::Method;
use testkit::{NEW_PASSWORD, Page, Value, code_of, json, on_both_databases};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

on_both_databases! {
    async fn a_password_and_a_texted_code_end_in_a_session(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        let half = log_in(&app, &page, &ada).await.ok();
        assert_eq!((&half["member_session"], &half["session_jwt"]), (&Value::Null, &json!("")));
        let ist = half.text("intermediate_session_token");
        let whom = json!({ "organization_id": ada.organization, "member_id": ada.member });
        // As people type it: the SDK could not format it.
        let sent = json!({ "mfa_phone_number": "+1(202) 555-0163", "intermediate_session_token": ist });
        app.ask(&page, "otps/sms/send", merged(&whom, sent)).await.ok();
        let code = app.last_code(PHONE).await;
        let evidence = json!({ "code": code, "session_duration_minutes": 60, "intermediate_session_token": ist });
        let login = app.ask(&page, "otps/sms/authenticate", merged(&whom, evidence)).await.ok();
        assert!(!login.text("session_token").is_empty() && !login.text("session_jwt").is_empty());
        assert_eq!(login["member_authenticated"], true);
        assert_eq!((&login["mfa_required"], &login["intermediate_session_token"]), (&Value::Null, &json!("")));
    }

    async fn an_authenticator_app_is_enrolled_in_the_room_between(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        let ist = log_in(&app, &page, &ada).await.ok().text("intermediate_session_token");
        let whom = json!({ "organization_id": ada.organization, "member_id": ada.member,
                           "intermediate_session_token": ist });
        let made = app.ask(&page, "totp", whom.clone()).await.ok();
        assert!(made.text("qr_code").starts_with("data:image/"));
        let code = code_of(&made.text("secret"), app.now());
        let login = app.ask(&page, "totp/authenticate", merged(&whom, json!({ "code": code }))).await.ok();
        assert!(!login.text("session_token").is_empty());
    }

    async fn the_poll_answers_both_tokens_and_the_session_is_laid_down(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let poll = app.ask(&page, "sessions/authenticate", json!({})).await.ok();
        assert_eq!(poll.text("session_token"), page.session);
        assert!(!poll.text("session_jwt").is_empty());
        assert_eq!(poll["member"]["member_id"], ada.member.as_str());
        app.ask(&page, "sessions/revoke", Value::Null).await.ok();
        let gone = app.ask(&page, "sessions/authenticate", json!({})).await;
        assert_eq!(gone.refusal(), (404, "session_not_found"));
    }

    async fn a_page_where_nobody_is_logged_in_is_told_in_a_word_that_ends_the_poll(app: TestApp) {
        let page = app.page().await;
        for path in ["sessions/authenticate", "sessions/revoke"] {
            assert_eq!(app.ask(&page, path, json!({})).await.refusal(), (404, "session_not_found"));
        }
        let me = app.from_page(&page, Method::GET, "/sdk/v1/b2b/organizations/members/me", Value::Null).await;
        assert_eq!(me.refusal(), (404, "session_not_found"));
    }

    async fn a_link_opens_only_for_the_page_that_asked_for_it(app: TestApp) {
        let ada = app.ada().await;
        let page = app.page().await;

        let body = json!({ "organization_id": ada.organization, "email_address": ada.email,
                           "pkce_code_challenge": CHALLENGE });
        app.ask(&page, "magic_links/email/login_or_signup", body).await.ok();
        let token = app.last_link_token(&ada.email).await;
        let follow = |verifier: &str| json!({ "magic_links_token": token, "pkce_code_verifier": verifier });
        let other = app.ask(&page, "magic_links/authenticate", follow(&"0".repeat(128))).await;
        assert!(other.refusal().1.contains("pkce"), "{}", other.body);
        let login = app.ask(&page, "magic_links/authenticate", follow(VERIFIER)).await.ok();
        assert!(!login.text("intermediate_session_token").is_empty());
    }

    async fn a_forgotten_password_is_set_anew(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let page = Page { session: String::new(), ..page };

        let body = json!({ "organization_id": ada.organization, "email_address": ada.email,
                           "code_challenge": CHALLENGE });
        app.ask(&page, "passwords/email/reset/start", body).await.ok();
        let links = app.sent_to(&ada.email).await;
        let link = links.iter().rev().find_map(|it| it.link.clone()).unwrap();
        assert!(link.contains("stytch_redirect_type=reset_password"), "{link}");
        let token = link.split("&token=").last().unwrap();
        let body = json!({ "password_reset_token": token, "password": NEW_PASSWORD, "code_verifier": VERIFIER });
        let login = app.ask(&page, "passwords/email/reset", body).await.ok();
        assert!(!login.text("session_token").is_empty());
    }

    async fn a_stale_intermediate_session_does_not_shut_anybody_out(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let page = Page { session: String::new(), ..page };
        let body = json!({ "organization_id": ada.organization, "email_address": ada.email,
                           "password": testkit::PASSWORD, "intermediate_session_token": "of-yesterday" });
        let login = app.ask(&page, "passwords/authenticate", body).await.ok();
        assert!(!login.text("session_token").is_empty());
    }

    async fn discovery_leads_from_an_address_to_an_organization_of_ones_own(app: TestApp) {
        let page = app.page().await;
        let body = json!({ "email_address": "founder@new.example" });
        app.ask(&page, "otps/email/discovery/send", body.clone()).await.ok();
        let code = app.last_code("founder@new.example").await;
        let found = app.ask(&page, "otps/email/discovery/authenticate", merged(&body, json!({ "code": code }))).await.ok();
        let ist = found.text("intermediate_session_token");
        let body = json!({ "intermediate_session_token": ist, "session_duration_minutes": 60 });
        let closed = app.ask(&page, "discovery/organizations/create", body.clone()).await;
        assert_eq!(closed.refusal(), (403, "endpoint_not_authorized_for_sdk"));
        app.set("sdk.creates_organizations", "true").await;
        let login = app.ask(&page, "discovery/organizations/create", body).await.ok();
        assert!(!login.text("session_token").is_empty());
        assert!(!login["organization"]["organization_name"].as_str().unwrap().is_empty());
    }
}

fn merged(one: &Value, other: Value) -> Value {
    let mut both = one.clone();
    both.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    both
}
