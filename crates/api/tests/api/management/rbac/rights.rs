//! What a member does to others, and to themselves.

use super::{member_with, role, set_roles};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

const NO_RIGHT: (u16, &str) = (403, "session_authorization_error");

on_both_databases! {
    async fn a_member_changes_of_themselves_what_the_default_role_allows(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let (ada, token) = member_with(&app, &acme, "ada@acme.example", json!([])).await;
        for own in [json!({ "name": "Ada" }), json!({ "untrusted_metadata": { "theme": "dark" } }),
                    json!({ "mfa_phone_number": "+12025550199" }), json!({ "mfa_enrolled": true })] {
            put(&app, (&ada, &token), own).await.ok();
        }
        for not_own in [json!({ "roles": ["stytch_admin"] }), json!({ "roles": [] }), json!({ "is_breakglass": true }),
                        json!({ "external_id": "hr-1" }), json!({ "name": "Eve", "roles": ["stytch_admin"] })] {
            assert_eq!(put(&app, (&ada, &token), not_own.clone()).await.refusal(), NO_RIGHT, "{not_own}");
        }
        assert_eq!(app.member(&ada).await["name"], json!("Ada"), "all or nothing");
        assert_eq!(app.member(&ada).await["is_admin"], json!(false));
    }

    async fn nobody_changes_their_own_address_here(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let (ada, token) = member_with(&app, &acme, "ada@acme.example", json!(["stytch_admin"])).await;
        let answer = put(&app, (&ada, &token), json!({ "email_address": "eve@acme.example" })).await;
        assert_eq!(answer.refusal(), (400, "member_cannot_update_their_email_address"));
    }

    async fn whoever_assigns_roles_gives_no_right_over_others_that_they_lack(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let people = role("people", "stytch.member", &["create", "update.settings.roles"]);
        set_roles(&app, &acme, json!([people, role("finder", "stytch.member", &["search"])])).await.ok();
        let (ada, token) = member_with(&app, &acme, "ada@acme.example", json!(["people"])).await;
        let bob = app.newcomer(&acme, "bob@acme.example", json!({})).await;
        for who in [&ada, &bob] {
            for more in ["stytch_admin", "finder"] {
                assert_eq!(put(&app, (who, &token), json!({ "roles": [more] })).await.refusal(), NO_RIGHT);
            }
        }
        put(&app, (&bob, &token), json!({ "roles": ["people"] })).await.ok();
    }

    async fn a_field_needs_its_own_right(app: TestApp) {
        let acme = app.organization(json!({})).await;
        set_roles(&app, &acme, json!([role("renamer", "stytch.member", &["update.info.name"])])).await.ok();
        let (_, token) = member_with(&app, &acme, "ada@acme.example", json!(["renamer"])).await;
        let bob = app.newcomer(&acme, "bob@acme.example", json!({})).await;
        put(&app, (&bob, &token), json!({ "name": "Bob" })).await.ok();
        for other in [json!({ "untrusted_metadata": {} }), json!({ "mfa_enrolled": true }), json!({ "is_breakglass": true }),
                      json!({ "email_address": "x@acme.example" }), json!({ "default_mfa_method": "totp" })] {
            assert_eq!(put(&app, (&bob, &token), other.clone()).await.refusal(), NO_RIGHT, "{other}");
        }
    }

    async fn the_record_names_the_member_who_acted(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let (ada, token) = member_with(&app, &acme, "ada@acme.example", json!(["stytch_admin"])).await;
        let bob = app.newcomer(&acme, "bob@acme.example", json!({})).await;
        put(&app, (&bob, &token), json!({ "name": "Bob" })).await.ok();
        let log = app.audit_log(&acme).await;
        let event = log.iter().rfind(|it| it.action == domain::audit::Action::MemberUpdated).expect("an event");
        assert_eq!(event.actor, domain::audit::Actor::Member);
        assert_eq!(event.details.0["acting_member_id"], json!(ada.member));
    }

    async fn who_is_there_is_told_to_those_with_rights_only(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let (ada, token) = member_with(&app, &acme, "ada@acme.example", json!([])).await;
        let nobody = Person { member: "crm-1".to_owned(), ..ada };
        assert_eq!(put(&app, (&nobody, &token), json!({ "name": "Eve" })).await.refusal(), NO_RIGHT);
    }
}

/// Changes a member on behalf of another.
async fn put(app: &TestApp, (who, token): (&Person, &str), fields: Value) -> Answer {
    let request = Request::builder().method(Method::PUT).uri(who.path());
    let request =
        request.header(header::AUTHORIZATION, app.authorization()).header("X-Stytch-Member-Session", token);
    app.send(request.body(Body::from(fields.to_string())).expect("a request")).await
}
