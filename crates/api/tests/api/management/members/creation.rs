//! A new member, by the word of the backend.

use super::{create, find};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_new_member_has_the_documented_defaults(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let created = create(&app, &organization, json!({ "email_address": "Ada@Acme.example" })).await.ok();
        let mut member = created["member"].clone();
        assert_eq!(created["member_id"], member["member_id"]);
        assert!(created.text("member_id").starts_with("member-test-"));
        member.as_object_mut().expect("an object").remove("member_id");
        assert_eq!(
            member,
            json!({
                "organization_id": organization,
                "email_address": "Ada@Acme.example",
                "email_address_verified": false,
                "retired_email_addresses": [],
                "status": "active",
                "name": "",
                "external_id": null,
                "is_breakglass": false,
                "is_admin": false,
                "roles": [{
                    "role_id": "stytch_member",
                    "sources": [{ "type": "direct_assignment", "details": {} }],
                }],
                "trusted_metadata": {},
                "untrusted_metadata": {},
                "member_password_id": "",
                "totp_registration_id": "",
                "mfa_phone_number": "",
                "mfa_phone_number_verified": false,
                "mfa_enrolled": false,
                "default_mfa_method": "",
                "is_locked": false,
                "lock_created_at": null,
                "lock_expires_at": null,
                "sso_registrations": [],
                "oauth_registrations": [],
                "scim_registration": null,
                "created_at": "2023-11-15T12:00:00Z",
                "updated_at": "2023-11-15T12:00:00Z",
            })
        );
    }

    async fn what_is_given_at_creation_is_kept(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let given = json!({
            "email_address": "ada@acme.example", "name": "Ada Lovelace", "external_id": "crm|ada",
            "trusted_metadata": { "plan": 1 }, "untrusted_metadata": { "theme": "dark" },
            "is_breakglass": true, "mfa_enrolled": true, "mfa_phone_number": "+12025550101",
        });
        let created = create(&app, &organization, given.clone()).await.ok();
        for (field, value) in given.as_object().expect("an object") {
            assert_eq!(&created["member"][field], value, "{field}");
        }
        assert_eq!(created["member"]["mfa_phone_number_verified"], false);
        assert_eq!(find(&app, &organization, "member_id=crm%7Cada").await.ok()["member"], created["member"]);
    }

    async fn a_member_can_be_created_as_pending(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for (pending, status) in [(json!(true), "pending"), (json!(false), "active"), (json!(null), "active")]
        {
            let email = format!("ada-{pending}@acme.example");
            let fields = json!({ "email_address": email, "create_member_as_pending": pending });
            assert_eq!(create(&app, &organization, fields).await.ok()["member"]["status"], status);
        }
    }

    async fn roles_are_assigned_beside_the_one_that_all_hold(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let fields =
            json!({ "email_address": "ada@acme.example", "roles": ["stytch_admin", "stytch_admin"] });
        let created = create(&app, &organization, fields).await.ok();
        assert_eq!(created["member"]["is_admin"], true);
        let roles: Vec<_> =
            created["member"]["roles"].as_array().expect("roles").iter().map(|it| &it["role_id"]).collect();
        assert_eq!(roles, ["stytch_member", "stytch_admin"]);
    }

    async fn what_a_member_cannot_have_is_refused(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let many: serde_json::Map<_, _> = (0..21).map(|n| (format!("key{n}"), json!(n))).collect();
        for (field, value, error_type) in [
            ("email_address", json!("ada"), "invalid_email"),
            ("email_address", json!("ada@acme.example "), "invalid_email"),
            ("email_address", json!(""), "invalid_email"),
            ("email_address", json!(["ada@acme.example"]), "bad_request"),
            ("mfa_phone_number", json!("2025550101"), "invalid_phone_number"),
            ("mfa_phone_number", json!("+1 202 555 0101"), "invalid_phone_number"),
            ("mfa_phone_number", json!("+999999999999"), "invalid_phone_number"),
            ("roles", json!(["owner"]), "invalid_rbac_role_id"),
            ("roles", json!(["stytch_member"]), "cannot_assign_default_rbac_role_id"),
            ("roles", json!(vec!["stytch_admin"; 101]), "too_many_roles"),
            ("trusted_metadata", json!("text"), "metadata_invalid_format"),
            ("untrusted_metadata", json!(many), "metadata_too_many_keys"),
            ("untrusted_metadata", json!({ "text": "x".repeat(4096) }), "metadata_too_large"),
            ("name", json!("n".repeat(257)), "invalid_argument"),
            ("external_id", json!("a b"), "invalid_id"),
            ("external_id", json!("passwords"), "invalid_id"),
            ("external_id", json!("mfa_phone_numbers"), "invalid_id"),
            ("external_id", json!("member-test-00000000-0000-4000-8000-000000000001"), "invalid_id"),
            ("external_id", json!("x".repeat(129)), "invalid_id"),
            ("is_breakglass", json!("true"), "bad_request"),
        ] {
            let mut fields = json!({ "email_address": "ada@acme.example" });
            fields[field] = value;
            assert_eq!(create(&app, &organization, fields).await.refusal(), (400, error_type), "{field}");
        }
        let nobody = find(&app, &organization, "email_address=ada@acme.example").await;
        assert_eq!(nobody.refusal(), (404, "member_not_found"));
    }

    async fn admission_does_not_bind_the_backend(app: TestApp) {
        let closed = json!({ "email_invites": "NOT_ALLOWED", "email_jit_provisioning": "RESTRICTED",
                             "email_allowed_domains": ["acme.example"], "auth_methods": "RESTRICTED",
                             "allowed_auth_methods": ["sso"] });
        let organization = app.organization(closed).await;
        app.newcomer(&organization, "eve@elsewhere.example", json!({})).await;
    }

    async fn nothing_is_mailed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({ "create_member_as_pending": true })).await;
        app.mail_link(&organization, "ada@acme.example", json!({})).await;
        assert_eq!(app.inbox.messages(None).len(), 1, "the link that was asked for, and nothing before it");
    }
}
