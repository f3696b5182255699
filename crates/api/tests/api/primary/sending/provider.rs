//! The provider is down, or the country is off: what a caller learns, and what goes on.

use testkit::{json, on_both_databases};

const NUMBER: &str = "+12025550101";

on_both_databases! {
    async fn a_text_that_was_not_taken_is_told(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.inbox.set_down(true);
        let failed = app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await;
        assert_eq!(failed.refusal(), (502, "downstream_carrier_error"));
        assert_eq!(app.member(&ada).await["mfa_phone_number"], NUMBER, "the number is named all the same");
        app.inbox.set_down(false);
        app.send_sms(&ada, json!({})).await.ok();
    }

    async fn the_code_of_a_text_that_was_not_taken_stays_valid(app: TestApp) {
        // The same calls have the same luck: the twin's provider tells the code.
        let twin = TestApp::on(testkit::sqlite().await).await;
        let (ada, double) = (app.ada().await, twin.ada().await);
        let (ist, its) = (app.halfway(&ada).await, twin.halfway(&double).await);
        app.inbox.set_down(true);
        let fields = |ist| json!({ "mfa_phone_number": NUMBER, "intermediate_session_token": ist });
        assert_eq!(app.send_sms(&ada, fields(&ist)).await.refusal(), (502, "downstream_carrier_error"));
        twin.send_sms(&double, fields(&its)).await.ok();
        let evidence = json!({ "code": twin.last_code(NUMBER).await, "intermediate_session_token": ist });
        app.complete(&ada, "otps/sms", evidence).await.ok();
    }

    async fn the_next_text_replaces_the_code_of_one_that_was_not_taken(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.halfway(&ada).await;
        let fields = json!({ "mfa_phone_number": NUMBER, "intermediate_session_token": ist });
        app.send_sms(&ada, fields.clone()).await.ok();
        let first = app.last_code(NUMBER).await;
        app.inbox.set_down(true);
        app.send_sms(&ada, fields).await;
        let evidence = json!({ "code": first, "intermediate_session_token": ist });
        let refused = app.complete(&ada, "otps/sms", evidence).await;
        assert_eq!(refused.refusal(), (404, "otp_code_not_found"), "a newer code took its place");
    }

    async fn a_login_goes_on_when_its_text_is_not_taken(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.inbox.set_down(true);
        let stopped = app.password_login(&ada).await.ok();
        assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!(null));
        assert_eq!(stopped["mfa_required"]["member_options"]["mfa_phone_number"], NUMBER);
        assert_ne!(stopped["intermediate_session_token"], "");
    }

    async fn a_mail_that_was_not_taken_is_answered_as_any_other(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.inbox.set_down(true);
        let body = json!({ "organization_id": organization, "email_address": "ada@acme.example" });
        app.post("/v1/b2b/magic_links/email/login_or_signup", body).await.ok();
    }

    async fn texts_go_only_to_the_countries_of_the_project(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.set("sms.countries", "US,CA").await;
        let abroad = app.send_sms(&ada, json!({ "mfa_phone_number": "+41446681800" })).await;
        assert_eq!(abroad.refusal(), (400, "invalid_phone_number_country_code"));
        assert_eq!(app.member(&ada).await["mfa_phone_number"], "", "nothing was changed");
        app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
    }

    async fn a_login_goes_on_when_the_country_was_turned_off(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.set("sms.countries", "CH").await;
        let stopped = app.password_login(&ada).await.ok();
        assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!(null));
        assert_eq!(app.texts(NUMBER), 1);
    }
}
