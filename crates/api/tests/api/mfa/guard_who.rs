//! Who may have second factors at all, and where texts go (rule 26).

use super::{PHONE, allow_only};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn only_active_members_have_second_factors(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let refused = (400, "action_available_only_for_active_members");
        assert_eq!(app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.refusal(), refused);
        assert_eq!(app.create_totp(&ada, json!({})).await.refusal(), refused);
        assert_eq!(app.change(&ada, json!({ "mfa_phone_number": PHONE })).await.refusal(), refused);
        let import = json!({ "organization_id": organization, "member_id": ada.member,
                             "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" });
        assert_eq!(app.post("/v1/b2b/totp/migrate", import).await.refusal(), refused);
    }

    async fn a_factor_that_is_not_allowed_is_not_enrolled(app: TestApp) {
        let ada = app.ada().await;
        let refused = (403, "operation_restricted_by_organization_mfa_methods");
        allow_only(&app, &ada, "totp").await;
        assert_eq!(app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.refusal(), refused);
        allow_only(&app, &ada, "sms_otp").await;
        assert_eq!(app.create_totp(&ada, json!({})).await.refusal(), refused);
        app.change(&ada, json!({ "is_breakglass": true })).await.ok();
        app.create_totp(&ada, json!({})).await.ok();
    }

    async fn what_is_sent_along_must_be_the_members(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let (ist, session) = (app.between(&bob).await, app.enrol_sms(&bob, PHONE).await);
        for (shown, refusal) in [
            (
                json!({ "intermediate_session_token": ist }),
                "invalid_intermediate_session_token_for_organization",
            ),
            (json!({ "session_token": session }), "member_session_member_id_mismatch"),
            (
                json!({ "intermediate_session_token": ist, "session_token": session }),
                "too_many_session_arguments",
            ),
        ] {
            assert_eq!(app.create_totp(&ada, shown.clone()).await.refusal(), (400, refusal));
            let mut sent = shown;
            sent["mfa_phone_number"] = json!("+12025550102");
            assert_eq!(app.send_sms(&ada, sent).await.refusal(), (400, refusal));
        }
    }

    async fn texts_go_to_the_countries_of_the_project(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.set("sms.countries", "CH").await;
        let refused = app.send_sms(&ada, json!({})).await;
        assert_eq!(refused.refusal(), (400, "invalid_phone_number_country_code"));
        let login = app.link_login(&ada).await.ok();
        assert_eq!(login["mfa_required"]["secondary_auth_initiated"], Value::Null, "and never stops a login");
        assert_eq!(login["mfa_required"]["member_options"]["mfa_phone_number"], json!(PHONE));
        assert_eq!(app.texts(PHONE), 1);
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.enrol_sms(&bob, "+41446681800").await;
    }

    async fn a_refused_text_names_no_number(app: TestApp) {
        let ada = app.ada().await;
        app.set("sms.countries", "CH").await;
        let refused = app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await;
        assert_eq!(refused.refusal(), (400, "invalid_phone_number_country_code"));
        assert_eq!(app.member(&ada).await["mfa_phone_number"], json!(""));
    }

    async fn a_text_that_cannot_be_handed_over_is_told(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.inbox.set_down(true);
        assert_eq!(app.send_sms(&ada, json!({})).await.refusal(), (502, "downstream_carrier_error"));
        let login = app.password_login(&ada).await.ok();
        assert_eq!(login["mfa_required"]["secondary_auth_initiated"], Value::Null);
    }
}
