//! Acting in a member's name.

use super::{authenticate, somebody};
use crate::contract::errors::assert_refused;
use axum::http::Method;
use domain::Refusal;
use testkit::{Answer, Person, TestApp, Value, code_of, json, on_both_databases};

const SPENT: (u16, &str) = (401, "unable_to_auth_impersonation_token");
const NOT_MUTABLE: (u16, &str) = (400, "session_not_mutable");

async fn open(app: &TestApp, token: &str) -> Answer {
    app.post("/v1/b2b/impersonation/authenticate", json!({ "impersonation_token": token })).await
}

fn named(who: &Person, more: Value) -> Value {
    let mut body = json!({ "organization_id": who.organization, "member_id": who.member });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

on_both_databases! {
    async fn an_impersonation_opens_an_hour_whatever_the_policy_asks_for(app: TestApp) {
        let ada = app.ada().await;
        let opened = app.impersonate(&ada).await.ok();
        assert_eq!(opened["member_authenticated"], json!(true));
        assert_eq!((&opened["mfa_required"], &opened["intermediate_session_token"]), (&Value::Null, &json!("")));
        let session = &opened["member_session"];
        assert_eq!(session["expires_at"], json!(app.now().plus(domain::time::Span::minutes(60)).to_string()));
        let factor = &session["authentication_factors"][0];
        assert_eq!((&factor["type"], &factor["delivery_method"]), (&json!("impersonated"), &json!("impersonation")));
        let who = json!({ "impersonator_id": "operator", "impersonator_email_address": "grace@support.example" });
        assert_eq!(factor["impersonated_factor"], who);
        authenticate(&app, json!({ "session_token": opened["session_token"] })).await.ok();
        app.advance(60 * 60);
        let late = authenticate(&app, json!({ "session_token": opened["session_token"] })).await;
        assert_refused(&late, (404, "session_not_found"));
    }

    async fn an_impersonation_token_opens_once_within_five_minutes(app: TestApp) {
        let ada = somebody(&app).await;
        let (once, late) = (app.mint_impersonation(&ada).await, app.mint_impersonation(&ada).await);
        open(&app, &once).await.ok();
        assert_refused(&open(&app, &once).await, SPENT);
        app.advance(5 * 60);
        assert_refused(&open(&app, &late).await, SPENT);
        for unknown in ["", "impersonation-x", &format!("{late} ")] {
            assert_refused(&open(&app, unknown).await, SPENT);
        }
    }

    async fn of_many_at_once_one_opens_an_impersonation(app: TestApp) {
        let token = app.mint_impersonation(&somebody(&app).await).await;
        let tries: Vec<_> = (0..16)
            .map(|_| {
                let (app, token) = (app.clone(), token.clone());
                tokio::spawn(async move { open(&app, &token).await.status.is_success() })
            })
            .collect();
        let mut opened = 0;
        for one in tries {
            opened += usize::from(one.await.expect("an answer"));
        }
        assert_eq!(opened, 1);
    }

    async fn another_projects_impersonation_token_is_unknown(app: TestApp) {
        let token = app.mint_impersonation(&somebody(&app).await).await;
        assert_refused(&open(&app.another_project().await, &token).await, SPENT);
        open(&app, &token).await.ok();
    }

    async fn an_impersonated_session_is_not_extended_and_takes_no_claims(app: TestApp) {
        let opened = app.impersonate(&somebody(&app).await).await.ok();
        for shown in ["session_token", "session_jwt"] {
            for wish in [json!({ "session_duration_minutes": 5 }), json!({ "session_custom_claims": {} })] {
                let mut body = wish;
                body[shown] = opened[shown].clone();
                assert_refused(&authenticate(&app, body).await, NOT_MUTABLE);
            }
        }
        authenticate(&app, json!({ "session_jwt": opened["session_jwt"] })).await.ok();
    }

    async fn an_impersonated_session_proves_changes_and_adds_no_second_factor(app: TestApp) {
        let ada = somebody(&app).await;
        let secret = app.import_totp(&ada).await;
        let token = app.impersonate(&ada).await.ok().text("session_token");
        let shown = |more: Value| {
            let mut body = named(&ada, more);
            body["session_token"] = json!(token);
            body
        };
        let code = code_of(&secret, app.now());
        for (path, body) in [
            ("/v1/b2b/totp/authenticate", shown(json!({ "code": code }))),
            ("/v1/b2b/totp", shown(json!({}))),
            ("/v1/b2b/otps/sms/send", shown(json!({ "mfa_phone_number": "+12025550123" }))),
            ("/v1/b2b/otps/sms/authenticate", shown(json!({ "code": "000000" }))),
            ("/v1/b2b/recovery_codes/recover", shown(json!({ "recovery_code": "aaaa-bbbb-cccc" }))),
        ] {
            assert_refused(&app.post(path, body).await, NOT_MUTABLE);
        }
        assert_eq!(app.member(&ada).await["mfa_phone_number"], json!(""));
    }

    async fn an_impersonated_administrator_lets_nobody_in(app: TestApp) {
        let ada = somebody(&app).await;
        app.change(&ada, json!({ "roles": ["stytch_admin"] })).await.ok();
        let token = app.impersonate(&ada).await.ok().text("session_token");
        let organization = format!("/v1/b2b/organizations/{}", ada.organization);
        let members = format!("{organization}/members");
        let assignments = json!([{ "domain": "eve.example", "role_id": "stytch_admin" }]);
        for (method, path, body) in [
            (Method::POST, &members, json!({ "email_address": "eve@eve.example" })),
            (Method::PUT, &organization, json!({ "rbac_email_implicit_role_assignments": assignments })),
            (Method::PUT, &organization, json!({ "email_allowed_domains": ["eve.example"] })),
            (Method::PUT, &organization, json!({ "mfa_policy": "OPTIONAL" })),
        ] {
            let refused = app.on_behalf(&token, method, path, body).await;
            assert_refused(&refused, (403, "session_authorization_error"));
        }
        app.on_behalf(&token, Method::PUT, &organization, json!({ "organization_name": "Acme" })).await.ok();
    }

    async fn a_login_takes_nothing_from_an_impersonated_session(app: TestApp) {
        let ada = somebody(&app).await;
        let opened = app.impersonate(&ada).await.ok();
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let own = app.spend_link(&link, json!({ "session_token": opened["session_token"] })).await.ok();
        let id = |it: &Answer| it["member_session"]["member_session_id"].clone();
        assert_ne!(id(&own), id(&opened));
        assert_eq!(own["member_session"]["authentication_factors"].as_array().map(Vec::len), Some(1));
        authenticate(&app, json!({ "session_token": opened["session_token"] })).await.ok();
    }

    async fn an_impersonated_session_sets_no_password(app: TestApp) {
        let ada = app.ada().await;
        let token = app.impersonate(&ada).await.ok().text("session_token");
        let body = json!({ "organization_id": ada.organization, "session_token": token,
                           "password": "a wholly new battery staple" });
        assert_refused(&app.post("/v1/b2b/passwords/session/reset", body).await, NOT_MUTABLE);
        app.password_login(&ada).await.ok();
    }

    async fn an_impersonated_session_is_not_exchanged(app: TestApp) {
        let ada = somebody(&app).await;
        let there = app.organization(json!({})).await;
        app.newcomer(&there, &ada.email, json!({})).await;
        let token = app.impersonate(&ada).await.ok().text("session_token");
        let body = json!({ "organization_id": there, "session_token": token });
        let refused = app.post("/v1/b2b/sessions/exchange", body).await;
        assert_refused(&refused, (400, "insufficient_factors_for_session_exchange"));
    }

    async fn a_project_or_organization_can_forbid_impersonation(app: TestApp) {
        let ada = somebody(&app).await;
        for (key, value) in
            [("impersonation.allowed", "false"), ("impersonation.forbidden_organizations", &ada.organization)]
        {
            let minted = app.mint_impersonation(&ada).await;
            app.set(key, value).await;
            assert_refused(&open(&app, &minted).await, (403, "member_impersonation_not_allowed"));
            let refused = app.try_to_mint_impersonation(&ada, "x").await;
            assert!(matches!(refused, Err(flows::Error::Refused(Refusal::MemberImpersonationNotAllowed))));
            app.set("impersonation.allowed", "true").await;
        }
    }

    async fn only_active_members_are_impersonated_and_deleted_ones_no_more(app: TestApp) {
        let ada = somebody(&app).await;
        let pending = json!({ "create_member_as_pending": true });
        let bob = app.newcomer(&ada.organization, "bob@acme.example", pending).await;
        let refused = app.try_to_mint_impersonation(&bob, "x").await;
        assert!(matches!(refused, Err(flows::Error::Refused(Refusal::MemberImpersonationNotAllowed))));
        let token = app.mint_impersonation(&ada).await;
        app.link_login(&ada).await.ok();
        app.delete(&ada.path()).await.ok();
        assert_refused(&open(&app, &token).await, SPENT);
        app.put(&format!("{}/reactivate", ada.path()), json!({})).await.ok();
        assert_refused(&open(&app, &token).await, SPENT);
    }

    async fn an_impersonation_needs_a_reason_and_leaves_it_in_the_audit_log(app: TestApp) {
        let ada = somebody(&app).await;
        for reason in ["", "  ", &"x".repeat(501)] {
            let refused = app.try_to_mint_impersonation(&ada, reason).await;
            assert!(matches!(refused, Err(flows::Error::Refused(Refusal::InvalidImpersonationReason))));
        }
        app.impersonate(&ada).await.ok();
        let (project, organization) = (app.project().await.project_id, ada.organization.parse().expect("an id"));
        let mut conn = app.api.app.db.read().await.expect("a connection");
        let events = store::audit::of_organization(&mut conn, &project, &organization, 100).await.expect("events");
        let told: Vec<_> = events.iter().filter(|it| it.action.to_string().starts_with("impersonation.")).collect();
        assert_eq!(told.len(), 2);
        for event in told {
            assert_eq!(event.details.0["impersonator_email_address"], json!("grace@support.example"));
            assert_eq!(event.details.0["reason"], json!("She cannot find the button"));
        }
    }

    async fn a_member_hears_of_it_unless_the_project_says_otherwise(app: TestApp) {
        let ada = somebody(&app).await;
        app.set("impersonation.notice", "false").await;
        app.impersonate(&ada).await.ok();
        app.set("impersonation.notice", "true").await;
        app.impersonate(&ada).await.ok();
        let told = app.sent_to(&ada.email).await;
        assert_eq!(told.iter().filter(|it| it.text.contains("opened your account")).count(), 1);
    }
}
