//! `start_email_update`: changing the address by proving the new one.

mod completion;
mod rivals;

use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

const OLD: &str = "ada@acme.example";
const NEW: &str = "countess@acme.example";
const USED: (u16, &str) = (401, "unable_to_auth_magic_link");
const ONCE_MORE: (u16, &str) = (400, "desired_email_updating_for_different_member");

/// An active member with a proved address.
async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.verified(&organization, OLD).await
}

fn path(who: &Person) -> String {
    format!("{}/start_email_update", who.path())
}

async fn start(app: &TestApp, who: &Person, fields: Value) -> Answer {
    let mut body = json!({ "email_address": NEW });
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    app.post(&path(who), body).await
}

/// The token of the link that makes NEW the member's.
async fn link(app: &TestApp, who: &Person) -> String {
    app.next_link(NEW, &path(who), json!({ "email_address": NEW })).await
}

/// The code that makes NEW the member's.
async fn code(app: &TestApp, who: &Person) -> String {
    let body = json!({ "email_address": NEW, "delivery_method": "EMAIL_OTP" });
    app.next_code(NEW, &path(who), body).await
}

/// The member as they are called afterwards.
fn there(who: &Person) -> Person {
    Person { email: NEW.to_owned(), ..who.clone() }
}

on_both_databases! {
    async fn nothing_changes_before_the_proof_comes_back(app: TestApp) {
        let ada = ada(&app).await;
        let before = app.member(&ada).await;
        let answer = start(&app, &ada, json!({})).await.ok();
        assert_eq!((&answer["member"]["email_address"], &answer["member_id"]), (&json!(OLD), &json!(ada.member)));
        let after = app.member(&ada).await;
        assert_eq!((&after["email_address"], &after["retired_email_addresses"]),
                   (&before["email_address"], &before["retired_email_addresses"]));
        app.link_login(&ada).await.ok();
        let code = app.mail_code(&ada.organization, OLD, json!({})).await;
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn only_active_members_with_a_proved_address_change_it(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let unproved = app.newcomer(&organization, "eve@acme.example", json!({})).await;
        let refusal = (400, "member_has_no_active_verified_email");
        assert_eq!(start(&app, &unproved, json!({})).await.refusal(), refusal);
        let pending = json!({ "create_member_as_pending": true });
        let pending = app.newcomer(&organization, "bob@acme.example", pending).await;
        let refusal = (400, "email_updates_available_only_for_active_members");
        assert_eq!(start(&app, &pending, json!({})).await.refusal(), refusal);
        let invite = json!({ "organization_id": organization, "email_address": "carl@acme.example" });
        let invited = app.post("/v1/b2b/magic_links/email/invite", invite).await.ok().text("member_id");
        let invited = Person { organization, member: invited, email: "carl@acme.example".to_owned() };
        assert_eq!(start(&app, &invited, json!({})).await.refusal(), refusal);
        let deleted = ada(&app).await;
        app.delete(&deleted.path()).await.ok();
        assert_eq!(start(&app, &deleted, json!({})).await.refusal(), (404, "member_not_found"));
        assert!(app.inbox.messages(Some(NEW)).is_empty());
    }

    async fn a_url_must_be_registered_and_there_must_be_one(app: TestApp) {
        let ada = ada(&app).await;
        for method in ["EMAIL_MAGIC_LINK", "EMAIL_OTP"] {
            let other = json!({ "login_redirect_url": "http://localhost:3000/other", "delivery_method": method });
            let refusal = (400, "no_match_for_provided_magic_link_url");
            assert_eq!(start(&app, &ada, other).await.refusal(), refusal);
        }
        let odd = json!({ "login_redirect_url": "nonsense" });
        assert_eq!(start(&app, &ada, odd).await.refusal(), (400, "invalid_login_redirect_url"));
        app.set("redirect_urls.login", "").await;
        assert_eq!(start(&app, &ada, json!({})).await.refusal(), (400, "no_login_redirect_url"));
        start(&app, &ada, json!({ "delivery_method": "EMAIL_OTP" })).await.ok();
    }

    async fn other_fields_are_checked(app: TestApp) {
        let ada = ada(&app).await;
        for (fields, refusal) in [
            (json!({ "email_address": "nobody" }), (400, "invalid_email")),
            (json!({ "delivery_method": "PIGEON" }), (400, "invalid_argument")),
            (json!({ "login_template_id": "mine" }), (404, "email_template_not_found")),
            (json!({ "locale": "tlh" }), (400, "invalid_locale")),
            (json!({ "email_address": OLD }), (400, "duplicate_member_email")),
            (json!({ "email_address": "ADA@acme.example" }), (400, "duplicate_member_email")),
        ] {
            assert_eq!(start(&app, &ada, fields.clone()).await.refusal(), refusal, "{fields}");
        }
        start(&app, &ada, json!({ "delivery_method": null, "login_redirect_url": "", "locale": null })).await.ok();
    }

    async fn another_projects_member_is_unknown(app: TestApp) {
        let ada = ada(&app).await;
        let other = app.another_project().await;
        assert_eq!(start(&other, &ada, json!({})).await.refusal(), (404, "organization_not_found"));
        let elsewhere = Person { organization: app.organization(json!({})).await, ..ada };
        assert_eq!(start(&app, &elsewhere, json!({})).await.refusal(), (404, "member_not_found"));
    }

    async fn a_member_changes_their_own_address_and_nobody_elses(app: TestApp) {
        let ada = ada(&app).await;
        let bob = app.verified(&ada.organization, "bob@acme.example").await;
        let session = app.link_login(&bob).await.ok().text("session_token");
        let as_bob = async |who: &Person| {
            let request = axum::http::Request::post(path(who))
                .header("authorization", app.authorization())
                .header("content-type", "application/json")
                .header("X-Stytch-Member-Session", &session)
                .body(axum::body::Body::from(json!({ "email_address": NEW }).to_string()));
            app.send(request.expect("a request")).await
        };
        assert_eq!(as_bob(&ada).await.refusal(), (403, "session_authorization_error"));
        as_bob(&bob).await.ok();
    }
}
