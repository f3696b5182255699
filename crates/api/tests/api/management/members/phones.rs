//! The number of a member, as the backend sets it.

use super::{create, delete_phone};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_number_is_set_once_and_unverified(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for _ in 0..2 {
            let changed = app.change(&ada, json!({ "mfa_phone_number": "+12025550101" })).await.ok();
            assert_eq!(changed["member"]["mfa_phone_number"], "+12025550101");
            assert_eq!(changed["member"]["mfa_phone_number_verified"], false);
        }
        let another = app.change(&ada, json!({ "mfa_phone_number": "+12025550102" })).await;
        assert_eq!(another.refusal(), (400, "duplicate_member_phone_number_for_member"));
    }

    async fn a_verified_number_stays_verified_when_it_is_sent_again(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, "+12025550101").await;
        let changed = app.change(&ada, json!({ "mfa_phone_number": "+12025550101" })).await.ok();
        assert_eq!(changed["member"]["mfa_phone_number_verified"], true);
        let another = app.change(&ada, json!({ "mfa_phone_number": "+12025550102" })).await;
        assert_eq!(another.refusal(), (400, "duplicate_member_phone_number_for_member"));
    }

    async fn another_number_can_be_set_once_the_first_is_deleted(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app
            .newcomer(&organization, "ada@acme.example", json!({ "mfa_phone_number": "+12025550101" }))
            .await;
        delete_phone(&app, &ada).await.ok();
        let changed = app.change(&ada, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
        assert_eq!(changed["member"]["mfa_phone_number"], "+12025550102");
    }

    async fn only_an_active_member_is_given_a_number(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let refused = app.change(&ada, json!({ "mfa_phone_number": "+12025550101" })).await;
        assert_eq!(refused.refusal(), (400, "action_available_only_for_active_members"));
        assert_eq!(app.change(&ada, json!({ "name": "Ada" })).await.ok()["member"]["status"], "pending");
    }

    async fn a_number_named_at_login_is_nobodys_claim(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let eve = app.newcomer(&organization, "eve@acme.example", json!({})).await;
        app.send_sms(&eve, json!({ "mfa_phone_number": "+12025550101" })).await.ok();
        let theirs = json!({ "email_address": "ada@acme.example", "mfa_phone_number": "+12025550101" });
        create(&app, &organization, theirs).await.ok();
        let set = app.change(&eve, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
        assert_eq!(set["member"]["mfa_phone_number"], "+12025550102", "the backend's word replaces it");
    }
}
