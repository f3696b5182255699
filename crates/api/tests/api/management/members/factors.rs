//! Taking a member's password, number or authenticator app away.

use super::{delete, delete_phone};
use testkit::{Answer, Person, TestApp, json, on_both_databases};

/// Deletes a password by its id.
async fn delete_password(app: &TestApp, organization: &str, id: &str) -> Answer {
    app.delete(&format!("/v1/b2b/organizations/{organization}/members/passwords/{id}")).await
}

/// A member with a verified number and an authenticator app, the number preferred; and a session.
async fn well_equipped(app: &TestApp) -> (Person, String) {
    let ada = app.ada().await;
    let session = app.enrol_sms(&ada, "+12025550101").await;
    app.import_totp(&ada).await;
    (ada, session)
}

on_both_databases! {
    async fn a_deleted_password_opens_nothing(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        let id = app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
        assert!(id.starts_with("member-password-test-"));
        let deleted = delete_password(&app, &organization, &id).await.ok();
        assert_eq!(deleted["member_id"], ada.member.as_str());
        assert_eq!(deleted["member"]["member_password_id"], "");
        assert_eq!(app.password_login(&ada).await.refusal(), (404, "member_password_not_found"));
        app.check(&session).await.ok();
        assert_eq!(
            delete_password(&app, &organization, &id).await.refusal(),
            (404, "member_password_not_found")
        );
    }

    async fn a_password_is_named_by_its_id_in_its_organization(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let elsewhere = app.organization(json!({})).await;
        let id = app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
        for (organization, id) in [
            (&elsewhere, id.as_str()),
            (&organization, "member-password-test-00000000-0000-4000-8000-00000000dead"),
            (&organization, &ada.member),
            (&organization, "password"),
        ] {
            let refused = delete_password(&app, organization, id).await;
            assert_eq!(refused.refusal(), (404, "member_password_not_found"), "{id}");
        }
        delete(&app, &ada, "").await.ok();
        let of_deleted = delete_password(&app, &organization, &id).await;
        assert_eq!(of_deleted.refusal(), (404, "member_password_not_found"));
    }

    async fn a_deleted_number_is_gone_and_free(app: TestApp) {
        let (ada, session) = well_equipped(&app).await;
        let deleted = delete_phone(&app, &ada).await.ok();
        assert_eq!(deleted["member"]["mfa_phone_number"], "");
        assert_eq!(deleted["member"]["mfa_phone_number_verified"], false);
        assert_eq!(deleted["member"]["mfa_enrolled"], true, "enrolled as before");
        app.check(&session).await.ok();
        app.newcomer(&ada.organization, "eve@acme.example", json!({ "mfa_phone_number": "+12025550101" }))
            .await;
        assert_eq!(delete_phone(&app, &ada).await.refusal(), (404, "member_phone_number_not_found"));
    }

    async fn a_code_for_a_deleted_number_is_worth_nothing(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.halfway(&ada).await;
        let number = "+12025550101";
        app.send_sms(&ada, json!({ "mfa_phone_number": number, "intermediate_session_token": ist }))
            .await
            .ok();
        delete_phone(&app, &ada).await.ok();
        let evidence = json!({ "code": app.last_code(number).await, "intermediate_session_token": ist });
        assert_eq!(app.complete(&ada, "otps/sms", evidence).await.refusal(), (404, "otp_code_not_found"));
    }

    async fn a_deleted_app_goes_with_its_recovery_codes(app: TestApp) {
        let (ada, session) = well_equipped(&app).await;
        let deleted = delete(&app, &ada, "/totp").await.ok();
        assert_eq!(deleted["member"]["totp_registration_id"], "");
        assert_eq!(deleted["member"]["mfa_enrolled"], true, "enrolled as before");
        app.check(&session).await.ok();
        let codes = app.get(&format!("/v1/b2b/recovery_codes/{}/{}", ada.organization, ada.member)).await;
        assert_eq!(codes.refusal(), (404, "recovery_codes_not_found"));
        assert_eq!(delete(&app, &ada, "/totp").await.refusal(), (404, "totp_not_found"));
        app.import_totp(&ada).await;
    }

    async fn a_pending_app_can_be_deleted_too(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.create_totp(&ada, json!({})).await.ok();
        delete(&app, &ada, "/totp").await.ok();
        assert_eq!(delete(&app, &ada, "/totp").await.refusal(), (404, "totp_not_found"));
    }

    async fn the_default_method_falls_back_to_what_remains(app: TestApp) {
        let (ada, _) = well_equipped(&app).await;
        assert_eq!(app.member(&ada).await["default_mfa_method"], "sms_otp");
        assert_eq!(delete_phone(&app, &ada).await.ok()["member"]["default_mfa_method"], "totp");
        assert_eq!(delete(&app, &ada, "/totp").await.ok()["member"]["default_mfa_method"], "");
        assert_eq!(app.member(&ada).await["default_mfa_method"], "");
    }

    async fn the_default_method_falls_back_to_a_verified_number_only(app: TestApp) {
        let (ada, _) = well_equipped(&app).await;
        app.change(&ada, json!({ "default_mfa_method": "totp" })).await.ok();
        assert_eq!(delete(&app, &ada, "/totp").await.ok()["member"]["default_mfa_method"], "sms_otp");
        let number = json!({ "mfa_phone_number": "+12025550102" });
        let bob = app.newcomer(&ada.organization, "bob@acme.example", number).await;
        app.import_totp(&bob).await;
        app.change(&bob, json!({ "default_mfa_method": "totp" })).await.ok();
        assert_eq!(delete(&app, &bob, "/totp").await.ok()["member"]["default_mfa_method"], "");
    }

    async fn a_default_that_was_not_removed_stays(app: TestApp) {
        let (ada, _) = well_equipped(&app).await;
        app.change(&ada, json!({ "default_mfa_method": "totp" })).await.ok();
        assert_eq!(delete_phone(&app, &ada).await.ok()["member"]["default_mfa_method"], "totp");
    }

    async fn a_member_may_be_named_by_external_id(app: TestApp) {
        let (ada, _) = well_equipped(&app).await;
        app.change(&ada, json!({ "external_id": "crm-1" })).await.ok();
        let by_name = Person { member: "crm-1".to_owned(), ..ada.clone() };
        assert_eq!(delete_phone(&app, &by_name).await.ok()["member_id"], ada.member.as_str());
        assert_eq!(delete(&app, &by_name, "/totp").await.ok()["member_id"], ada.member.as_str());
    }

    async fn who_is_gone_has_no_factors_to_take(app: TestApp) {
        let (ada, _) = well_equipped(&app).await;
        delete(&app, &ada, "").await.ok();
        assert_eq!(delete_phone(&app, &ada).await.refusal(), (404, "member_not_found"));
        assert_eq!(delete(&app, &ada, "/totp").await.refusal(), (404, "member_not_found"));
    }
}
