//! Importing a password: whose it becomes, and what comes with it.

use super::{FOREIGN, import, login};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_new_address_becomes_an_active_verified_member(app: TestApp) {
        let organization = app.organization(json!({ "email_invites": "NOT_ALLOWED" })).await;
        let imported = import(&app, &organization, json!({})).await.ok();
        assert_eq!(imported["member_created"], true);
        assert_eq!(imported["member"]["status"], "active");
        assert_eq!(imported["member"]["email_address_verified"], true);
        assert!(
            imported["member"]["member_password_id"]
                .as_str()
                .expect("an id")
                .starts_with("member-password-test-")
        );
        assert_eq!(imported["member_id"], imported["member"]["member_id"]);
        assert_eq!(imported["organization"]["organization_id"], organization.as_str());
    }

    async fn a_known_address_gets_the_password(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true, "name": "Ada" });
        let ada = app.newcomer(&organization, "Ada@acme.example", pending).await;
        let imported = import(&app, &organization, json!({})).await.ok();
        assert_eq!(imported["member_created"], false);
        assert_eq!(imported["member_id"], ada.member.as_str());
        assert_eq!(imported["member"]["email_address"], "Ada@acme.example");
        assert_eq!(
            (&imported["member"]["status"], &imported["member"]["name"]),
            (&json!("active"), &json!("Ada"))
        );
        assert_eq!(imported["member"]["email_address_verified"], true);
        login(&app, &organization, FOREIGN).await.ok();
    }

    async fn an_external_id_is_for_new_members_only(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let fields = json!({ "external_id": "crm-1" });
        let created = import(&app, &organization, fields.clone()).await.ok();
        assert_eq!(created["member"]["external_id"], "crm-1");
        let taken = import(
            &app,
            &organization,
            json!({ "email_address": "eve@acme.example", "external_id": "crm-1" }),
        );
        assert_eq!(taken.await.refusal(), (400, "duplicate_member_external_id"));
        let bob = app.newcomer(&organization, "bob@acme.example", json!({})).await;
        let attached =
            import(&app, &organization, json!({ "email_address": bob.email, "external_id": "crm-2" }));
        assert_eq!(attached.await.ok()["member"]["external_id"], json!(null));
    }

    async fn a_member_has_one_password(app: TestApp) {
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({})).await.ok();
        let again =
            import(&app, &organization, json!({ "name": "Eve", "hash": "9cc2ae8a1ba7a93da39b46fc1019c481" }))
                .await;
        assert_eq!(again.refusal(), (400, "password_already_exists"));
        assert_eq!(login(&app, &organization, FOREIGN).await.ok()["member"]["name"], "");
    }

    async fn name_roles_and_metadata_come_with_it(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let before = json!({ "name": "Old", "trusted_metadata": { "a": 1, "b": 2 },
                             "untrusted_metadata": { "x": 1 } });
        app.newcomer(&organization, "ada@acme.example", before).await;
        let fields = json!({ "name": "Ada", "roles": ["stytch_admin"],
                             "trusted_metadata": { "b": null, "c": 3 }, "untrusted_metadata": { "y": 2 } });
        let member = import(&app, &organization, fields).await.ok().body["member"].clone();
        assert_eq!((&member["name"], &member["is_admin"]), (&json!("Ada"), &json!(true)));
        assert_eq!(member["trusted_metadata"], json!({ "a": 1, "c": 3 }));
        assert_eq!(member["untrusted_metadata"], json!({ "x": 1, "y": 2 }));
    }

    async fn roles_replace_those_that_were_there(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({ "roles": ["stytch_admin"] })).await;
        let imported = import(&app, &organization, json!({ "roles": [] })).await.ok();
        assert_eq!(imported["member"]["is_admin"], false);
    }

    async fn a_number_comes_unverified_unless_the_backend_vouches_for_it(app: TestApp) {
        for (vouched, verified) in [(json!(true), true), (json!(false), false), (json!(null), false)] {
            let organization = app.organization(json!({})).await;
            let fields = json!({ "mfa_phone_number": "+12025550101", "set_phone_number_verified": vouched });
            let member = import(&app, &organization, fields).await.ok().body["member"].clone();
            assert_eq!(member["mfa_phone_number"], "+12025550101");
            assert_eq!(member["mfa_phone_number_verified"], verified);
        }
    }

    async fn what_a_member_cannot_have_is_refused_and_leaves_nothing(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "eve@acme.example", json!({ "mfa_phone_number": "+12025550101" })).await;
        for (field, value, error_type) in [
            ("email_address", json!("ada"), "invalid_email"),
            ("mfa_phone_number", json!("555"), "invalid_phone_number"),
            ("mfa_phone_number", json!("+12025550101"), "duplicate_member_phone_number"),
            ("roles", json!(["owner"]), "invalid_rbac_role_id"),
            ("roles", json!(["stytch_member"]), "cannot_assign_default_rbac_role_id"),
            ("trusted_metadata", json!([1]), "metadata_invalid_format"),
            ("untrusted_metadata", json!({ "a": "x".repeat(4096) }), "metadata_too_large"),
            ("external_id", json!("a b"), "invalid_id"),
            ("name", json!("n".repeat(257)), "invalid_argument"),
            ("hash", json!(null), "bad_request"),
        ] {
            let refused = import(&app, &organization, json!({ field: value })).await;
            assert_eq!(refused.refusal(), (400, error_type), "{field}");
        }
        let path = format!("/v1/b2b/organizations/{organization}/member?email_address=ada@acme.example");
        assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
    }

    async fn another_number_is_refused_and_the_same_one_may_be_vouched_for(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({ "mfa_phone_number": "+12025550101" })).await;
        let another = import(&app, &organization, json!({ "mfa_phone_number": "+12025550102" })).await;
        assert_eq!(another.refusal(), (400, "duplicate_member_phone_number_for_member"));
        let same = json!({ "mfa_phone_number": "+12025550101", "set_phone_number_verified": true });
        let imported = import(&app, &organization, same).await.ok();
        assert_eq!(imported["member"]["mfa_phone_number_verified"], true);
    }

    async fn an_organization_without_passwords_takes_none(app: TestApp) {
        let links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
        let organization = app.organization(links).await;
        let refused = import(&app, &organization, json!({})).await;
        assert_eq!(refused.refusal(), (403, "operation_restricted_by_organization_auth_methods"));
        app.newcomer(&organization, "ada@acme.example", json!({ "is_breakglass": true })).await;
        import(&app, &organization, json!({})).await.ok();
        login(&app, &organization, FOREIGN).await.ok();
    }
}
