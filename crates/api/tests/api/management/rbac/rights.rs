//! What a member does to others, and to themselves.

use super::{member_with, role, set_roles};
use axum::http::Method;
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

    async fn nobody_moves_the_address_or_takes_a_factor_of_somebody_with_more_rights(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let rights = ["update.info.email", "update.info.delete.mfa-phone", "update.settings.mfa-enrolled"];
        set_roles(&app, &acme, json!([role("helper", "stytch.member", &rights)])).await.ok();
        let (_, token) = member_with(&app, &acme, "ada@acme.example", json!(["helper"])).await;
        let bob = app.newcomer(&acme, "bob@acme.example", json!({ "roles": ["stytch_admin"] })).await;
        let cyd = app.newcomer(&acme, "cyd@acme.example", json!({ "roles": ["helper"] })).await;
        app.change(&bob, json!({ "mfa_phone_number": "+12025550123" })).await.ok();
        app.change(&cyd, json!({ "mfa_phone_number": "+12025550199" })).await.ok();
        let moved = |to: &str| json!({ "email_address": to });
        assert_eq!(put(&app, (&bob, &token), moved("eve@acme.example")).await.refusal(), NO_RIGHT);
        assert_eq!(delete(&app, (&bob, &token), "mfa_phone_numbers").await.refusal(), NO_RIGHT);
        put(&app, (&cyd, &token), moved("eve@acme.example")).await.ok();
        delete(&app, (&cyd, &token), "mfa_phone_numbers").await.ok();
    }

    async fn an_invitation_changes_nothing_of_an_invitee_without_the_right(app: TestApp) {
        let acme = app.organization(json!({})).await;
        let inviter = role("inviter", "stytch.member", &["create"]);
        set_roles(&app, &acme, json!([inviter])).await.ok();
        let (_, token) = member_with(&app, &acme, "ada@acme.example", json!(["inviter"])).await;
        for sent in [json!({ "roles": [] }), json!({ "name": "Eve" }), json!({ "untrusted_metadata": {} })] {
            assert_eq!(invite(&app, (&acme, &token), sent.clone()).await.refusal(), NO_RIGHT, "{sent}");
        }
        invite(&app, (&acme, &token), json!({})).await.ok();
        let sent = json!({ "email_address": "cyd@acme.example", "mfa_phone_number": "+12025550123" });
        let path = format!("/v1/b2b/organizations/{acme}/members");
        assert_eq!(app.on_behalf(&token, Method::POST, &path, sent).await.refusal(), NO_RIGHT);
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
    app.on_behalf(token, Method::PUT, &who.path(), fields).await
}

async fn delete(app: &TestApp, (who, token): (&Person, &str), what: &str) -> Answer {
    let path = format!("/v1/b2b/organizations/{}/members/{what}/{}", who.organization, who.member);
    app.on_behalf(token, Method::DELETE, &path, json!({})).await
}

async fn invite(app: &TestApp, (organization, token): (&str, &str), more: Value) -> Answer {
    let mut body = json!({ "organization_id": organization, "email_address": "new@acme.example" });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.on_behalf(token, Method::POST, "/v1/b2b/magic_links/email/invite", body).await
}
