//! Changing a member: what stays, what merges, what is refused.

use super::{delete, find};
use testkit::{Person, json, on_both_databases};

on_both_databases! {
    async fn every_plain_field_can_be_changed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let change = json!({
            "name": "Ada Lovelace", "external_id": "crm|ada", "is_breakglass": true, "mfa_enrolled": true,
            "trusted_metadata": { "plan": 1 }, "untrusted_metadata": { "theme": "dark" },
        });
        let changed = app.change(&ada, change.clone()).await.ok();
        for (field, value) in change.as_object().expect("an object") {
            assert_eq!(&changed["member"][field], value, "{field}");
        }
        assert_eq!(app.member(&ada).await, changed["member"]);
    }

    async fn an_absent_field_stays_as_it_is(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let fields = json!({ "name": "Ada", "external_id": "crm-1", "is_breakglass": true,
                             "mfa_enrolled": true, "roles": ["stytch_admin"],
                             "trusted_metadata": { "plan": 1 }, "mfa_phone_number": "+12025550101" });
        let ada = app.newcomer(&organization, "ada@acme.example", fields.clone()).await;
        let before = app.member(&ada).await;
        app.advance(60);
        let nulls: serde_json::Map<_, _> =
            fields.as_object().expect("an object").keys().map(|it| (it.clone(), json!(null))).collect();
        for change in [json!({}), json!(nulls)] {
            let mut after = app.change(&ada, change).await.ok().body["member"].clone();
            assert_eq!(after["updated_at"], "2023-11-15T12:01:00Z");
            after["updated_at"] = before["updated_at"].clone();
            assert_eq!(after, before);
        }
    }

    async fn metadata_merges_and_null_deletes(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let both = |metadata| json!({ "trusted_metadata": metadata, "untrusted_metadata": metadata });
        let before = json!({ "plan": { "seats": 3, "name": "pro" }, "old": 1 });
        let ada = app.newcomer(&organization, "ada@acme.example", both(before)).await;
        let changed = app.change(&ada, both(json!({ "plan": { "seats": 4 }, "old": null }))).await.ok();
        for field in ["trusted_metadata", "untrusted_metadata"] {
            assert_eq!(changed["member"][field], json!({ "plan": { "seats": 4 } }));
        }
    }

    async fn roles_that_are_sent_replace_all(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for (roles, is_admin) in [(json!(["stytch_admin"]), true), (json!([]), false)] {
            let changed = app.change(&ada, json!({ "roles": roles })).await.ok();
            assert_eq!(changed["member"]["is_admin"], is_admin);
            assert_eq!(changed["member"]["roles"][0]["role_id"], "stytch_member");
        }
    }

    async fn roles_reach_sessions_at_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.change(&ada, json!({ "roles": ["stytch_admin"] })).await.ok();
        let checked = app.check(&session).await.ok();
        assert_eq!(checked["member_session"]["roles"], json!(["stytch_member", "stytch_admin"]));
    }

    async fn what_a_member_cannot_have_is_refused(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let before = app.member(&ada).await;
        for (field, value, error_type) in [
            ("email_address", json!("ada"), "invalid_email"),
            ("mfa_phone_number", json!("2025550101"), "invalid_phone_number"),
            ("roles", json!(["stytch_admin", "owner"]), "invalid_rbac_role_id"),
            ("roles", json!(["stytch_member"]), "cannot_assign_default_rbac_role_id"),
            ("trusted_metadata", json!([]), "metadata_invalid_format"),
            ("untrusted_metadata", json!({ "text": "x".repeat(4096) }), "metadata_too_large"),
            ("name", json!("n".repeat(257)), "invalid_argument"),
            ("external_id", json!("passwords"), "invalid_id"),
            ("default_mfa_method", json!("email_otp"), "invalid_mfa_default_method"),
            ("default_mfa_method", json!("totp"), "default_mfa_member_missing_factor"),
            ("default_mfa_method", json!("sms_otp"), "default_mfa_member_missing_factor"),
            ("mfa_enrolled", json!("true"), "bad_request"),
        ] {
            let mut change = json!({ "name": "Ada", "is_breakglass": true });
            change[field] = value;
            assert_eq!(app.change(&ada, change).await.refusal(), (400, error_type), "{field}");
        }
        assert_eq!(app.member(&ada).await, before, "nothing was changed");
    }

    async fn an_external_id_names_the_member_until_it_changes(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({ "external_id": "old" })).await;
        let by_name = |name: &str| Person { member: name.to_owned(), ..ada.clone() };
        let changed = app.change(&by_name("old"), json!({ "external_id": "new" })).await.ok();
        assert_eq!(changed["member_id"], ada.member.as_str(), "the id, never the name it was found by");
        assert_eq!(app.change(&by_name("old"), json!({})).await.refusal(), (404, "member_not_found"));
        app.change(&by_name("new"), json!({})).await.ok();
        app.newcomer(&organization, "eve@acme.example", json!({ "external_id": "old" })).await;
    }

    async fn a_default_method_is_one_that_is_registered(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let number = json!({ "mfa_phone_number": "+12025550101" });
        let ada = app.newcomer(&organization, "ada@acme.example", number).await;
        app.import_totp(&ada).await;
        for method in ["sms_otp", "totp"] {
            let changed = app.change(&ada, json!({ "default_mfa_method": method })).await.ok();
            assert_eq!(changed["member"]["default_mfa_method"], method);
        }
    }

    async fn who_is_gone_cannot_be_changed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        delete(&app, &ada, "").await.ok();
        assert_eq!(app.change(&ada, json!({ "name": "Ada" })).await.refusal(), (404, "member_not_found"));
        let found = find(&app, &organization, &format!("member_id={}", ada.member)).await.ok();
        assert_eq!(found["member"]["name"], "");
    }
}
