//! Deleted members who come back.

use super::{create, delete, delete_phone, reactivate};
use testkit::{Person, json, on_both_databases};

on_both_databases! {
    async fn a_member_comes_back_as_they_were(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, "+12025550101").await;
        app.import_totp(&ada).await;
        let fields = json!({ "name": "Ada", "external_id": "crm-1", "roles": ["stytch_admin"],
                             "trusted_metadata": { "plan": 1 }, "untrusted_metadata": { "theme": "dark" } });
        let before = app.change(&ada, fields).await.ok();
        delete(&app, &ada, "").await.ok();
        let back = reactivate(&app, &ada).await.ok();
        assert_eq!(back["member"], before["member"]);
        assert_eq!(app.member(&ada).await, before["member"]);
        let path = format!("/v1/b2b/sessions?organization_id={}&member_id={}", ada.organization, ada.member);
        assert_eq!(app.get(&path).await.ok()["member_sessions"], json!([]));
        assert_eq!(
            app.password_login(&ada).await.ok()["mfa_required"]["secondary_auth_initiated"],
            "sms_otp"
        );
    }

    async fn only_a_deleted_member_comes_back(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let refusal = reactivate(&app, &ada).await;
        assert_eq!(refusal.refusal(), (404, "no_deleted_member_found_for_reactivation"));
        delete(&app, &ada, "").await.ok();
        reactivate(&app, &ada).await.ok();
        let again = reactivate(&app, &ada).await;
        assert_eq!(again.refusal(), (404, "no_deleted_member_found_for_reactivation"));
    }

    async fn only_the_id_itself_names_who_comes_back(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person_with(&organization, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        delete(&app, &ada, "").await.ok();
        for name in ["crm-1", "ada@acme.example", "member-test-00000000-0000-4000-8000-00000000dead"] {
            let by_name = Person { member: name.to_owned(), ..ada.clone() };
            assert_eq!(reactivate(&app, &by_name).await.refusal(), (404, "member_not_found"), "{name}");
        }
        let elsewhere = Person { organization: app.organization(json!({})).await, ..ada };
        assert_eq!(reactivate(&app, &elsewhere).await.refusal(), (404, "member_not_found"));
    }

    async fn an_unverified_member_does_not_come_back(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        delete(&app, &ada, "").await.ok();
        assert_eq!(reactivate(&app, &ada).await.refusal(), (400, "email_unverified_for_reactivation"));
    }

    async fn an_address_that_went_to_another_stays_there(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        delete(&app, &ada, "").await.ok();
        let heir = app.newcomer(&organization, "ADA@acme.example", json!({})).await;
        let refusal = reactivate(&app, &ada).await;
        assert_eq!(refusal.refusal(), (400, "reactivation_email_belongs_to_another_member"));
        delete(&app, &heir, "").await.ok();
        assert_eq!(reactivate(&app, &ada).await.ok()["member"]["status"], "active");
    }

    async fn an_external_id_that_went_to_another_stays_there(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person_with(&organization, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        delete(&app, &ada, "").await.ok();
        let heir = app.newcomer(&organization, "eve@acme.example", json!({ "external_id": "crm-1" })).await;
        assert_eq!(reactivate(&app, &ada).await.refusal(), (400, "duplicate_member_external_id"));
        let taken = create(&app, &organization, json!({ "email_address": "ada@acme.example" })).await.ok();
        let taken = Person { member: taken.text("member_id"), ..ada.clone() };
        delete(&app, &taken, "").await.ok();
        app.change(&heir, json!({ "external_id": "crm-2" })).await.ok();
        reactivate(&app, &ada).await.ok();
    }

    async fn a_number_that_went_to_another_stays_there(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let number = json!({ "mfa_phone_number": "+12025550101" });
        let ada = app.person_with(&organization, "ada@acme.example", number.clone()).await;
        delete(&app, &ada, "").await.ok();
        let heir = app.newcomer(&organization, "eve@acme.example", number).await;
        assert_eq!(reactivate(&app, &ada).await.refusal(), (400, "duplicate_member_phone_number"));
        delete_phone(&app, &heir).await.ok();
        reactivate(&app, &ada).await.ok();
    }
    async fn retired_addresses_are_closed_again_unless_somebody_took_them(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "one@acme.example", json!({})).await;
        for next in ["two@acme.example", "three@acme.example"] {
            app.change(&ada, json!({ "email_address": next })).await.ok();
        }
        app.link_login(&Person { email: "three@acme.example".to_owned(), ..ada.clone() }).await.ok();
        delete(&app, &ada, "").await.ok();
        app.newcomer(&organization, "one@acme.example", json!({})).await;
        let back = reactivate(&app, &ada).await.ok();
        let retired = back["member"]["retired_email_addresses"].as_array().expect("a list");
        assert_eq!((retired.len(), &retired[0]["email_address"]), (1, &json!("two@acme.example")));
        assert_eq!(app.member(&ada).await, back["member"]);
        let closed = create(&app, &organization, json!({ "email_address": "two@acme.example" })).await;
        assert_eq!(closed.refusal(), (400, "retired_member_email"));
    }
}
