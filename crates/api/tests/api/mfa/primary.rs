//! The first door: which factor passes it, and what stands beside it (rules 1 to 7).

use super::{PHONE, REQUIRED, accept_only, restrict};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn a_link_the_organization_does_not_accept_passes_no_door(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        accept_only(&app, &ada, "password").await;

        let stopped = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(stopped["member_authenticated"], json!(false));
        assert_eq!((&stopped["session_token"], &stopped["member_session"]), (&json!(""), &Value::Null));
        assert_eq!(stopped["primary_required"], json!({ "allowed_auth_methods": ["password"] }));
        let due = json!({ "member_options": { "mfa_phone_number": PHONE, "totp_registration_id": "" },
                          "secondary_auth_initiated": null });
        assert_eq!(stopped["mfa_required"], due);
        assert_eq!(app.texts(PHONE), 1, "only the one that enrolled it");
    }

    async fn no_second_step_is_announced_where_none_will_be_due(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        accept_only(&app, &ada, "password").await;
        let stopped = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(stopped["mfa_required"], Value::Null);
        assert_eq!(stopped["primary_required"], json!({ "allowed_auth_methods": ["password"] }));
    }

    async fn a_method_that_is_not_accepted_is_refused_where_it_is_asked_for(app: TestApp) {
        let ada = app.ada().await;
        let refused = (403, "operation_restricted_by_organization_auth_methods");
        accept_only(&app, &ada, "sso").await;
        assert_eq!(app.password_login(&ada).await.refusal(), refused);
        let body = json!({ "organization_id": ada.organization, "email_address": ada.email });
        let sent = app.post("/v1/b2b/magic_links/email/login_or_signup", body).await;
        assert_eq!(sent.refusal(), refused);
    }

    async fn break_glass_lifts_the_restriction_of_primary_methods(app: TestApp) {
        let ada = app.ada().await;
        accept_only(&app, &ada, "sso").await;
        app.change(&ada, json!({ "is_breakglass": true })).await.ok();
        for login in [app.password_login(&ada).await.ok(), app.link_login(&ada).await.ok()] {
            assert_eq!(login["primary_required"], Value::Null);
            assert_ne!(login["mfa_required"], Value::Null, "the policy binds them, too");
        }
    }

    async fn a_pending_member_is_activated_by_an_accepted_factor_only(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": REQUIRED })).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let (early, late) = (
            app.mail_link(&organization, &ada.email, json!({})).await,
            app.mail_link(&organization, &ada.email, json!({})).await,
        );
        let state = |member: &Value| (member["status"].clone(), member["email_address_verified"].clone());

        accept_only(&app, &ada, "password").await;
        app.spend_link(&early, json!({})).await.ok();
        assert_eq!(state(&app.member(&ada).await), (json!("pending"), json!(false)));

        restrict(&app, &ada, json!({ "auth_methods": "ALL_ALLOWED" })).await;
        let stopped = app.spend_link(&late, json!({})).await.ok();
        assert_eq!(stopped["member_authenticated"], json!(false), "the second step is open");
        assert_eq!(state(&app.member(&ada).await), (json!("active"), json!(true)));
    }

    async fn a_password_proves_no_address(app: TestApp) {
        let ada = app.ada().await;
        app.change(&ada, json!({ "email_address": "ada@new.example" })).await.ok();
        let link = app.mail_link(&ada.organization, "ada@new.example", json!({})).await;
        assert_eq!(app.member(&ada).await["email_address_verified"], json!(false));
        app.spend_link(&link, json!({})).await.ok();
        assert_eq!(app.member(&ada).await["email_address_verified"], json!(true));
    }

    async fn a_link_is_spent_though_another_step_is_open(app: TestApp) {
        let ada = app.ada().await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        app.spend_link(&link, json!({})).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
    }

    async fn one_link_for_an_address_leaves_the_others_alive(app: TestApp) {
        let ada = app.ada().await;
        let (one, other) = (
            app.mail_link(&ada.organization, &ada.email, json!({})).await,
            app.mail_link(&ada.organization, &ada.email, json!({})).await,
        );
        app.spend_link(&other, json!({})).await.ok();
        app.spend_link(&one, json!({})).await.ok();
    }
}
