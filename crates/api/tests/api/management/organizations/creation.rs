//! A new organization, before anybody changed it.

use super::{create, get};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_new_organization_has_the_documented_defaults(app: TestApp) {
        let mut created = create(&app, json!({})).await.ok().body["organization"].clone();
        let id = created["organization_id"].clone();
        assert!(id.as_str().expect("an id").starts_with("organization-test-"));
        assert_eq!(get(&app, id.as_str().expect("an id")).await.ok()["organization"], created);
        created.as_object_mut().expect("an object").remove("organization_id");
        assert_eq!(
            created,
            json!({
                "organization_name": "Acme",
                "organization_logo_url": "",
                "organization_slug": "acme",
                "organization_external_id": null,
                "trusted_metadata": {},
                "created_at": "2023-11-15T12:00:00Z",
                "updated_at": "2023-11-15T12:00:00Z",
                "sso_active_connections": [],
                "sso_default_connection_id": null,
                "sso_jit_provisioning": "ALL_ALLOWED",
                "sso_jit_provisioning_allowed_connections": [],
                "scim_active_connection": null,
                "email_allowed_domains": [],
                "claimed_email_domains": [],
                "email_jit_provisioning": "NOT_ALLOWED",
                "email_invites": "ALL_ALLOWED",
                "auth_methods": "ALL_ALLOWED",
                "allowed_auth_methods": [],
                "mfa_policy": "OPTIONAL",
                "mfa_methods": "ALL_ALLOWED",
                "allowed_mfa_methods": [],
                "oauth_tenant_jit_provisioning": "NOT_ALLOWED",
                "allowed_oauth_tenants": {},
                "first_party_connected_apps_allowed_type": "ALL_ALLOWED",
                "allowed_first_party_connected_apps": [],
                "third_party_connected_apps_allowed_type": "ALL_ALLOWED",
                "allowed_third_party_connected_apps": [],
                "rbac_email_implicit_role_assignments": [],
                "custom_roles": [],
            })
        );
    }

    async fn what_is_given_at_creation_is_kept(app: TestApp) {
        let given = json!({
            "organization_name": "Acme, Inc.",
            "organization_slug": "Acme.Inc~1",
            "organization_external_id": "crm|42",
            "organization_logo_url": "https://acme.example/logo.png",
            "trusted_metadata": { "plan": { "seats": 3 } },
            "mfa_policy": "REQUIRED_FOR_ALL",
            "email_invites": "ALL_ALLOWED",
        });
        let created = create(&app, given.clone()).await.ok();
        for (field, value) in given.as_object().expect("an object") {
            assert_eq!(&created["organization"][field], value, "{field}");
        }
    }

    async fn a_null_counts_as_absent(app: TestApp) {
        let nulls = json!({ "organization_slug": null, "trusted_metadata": null, "mfa_policy": null,
                            "email_allowed_domains": null, "email_invites": null });
        let created = create(&app, nulls).await.ok();
        assert_eq!(created["organization"]["organization_slug"], "acme");
        assert_eq!(created["organization"]["email_invites"], "ALL_ALLOWED");
    }

    async fn a_new_organization_has_no_members(app: TestApp) {
        create(&app, json!({})).await.ok();
        let nobody = app.get("/v1/b2b/organizations/acme/member?email_address=ada@acme.example").await;
        assert_eq!(nobody.refusal(), (404, "member_not_found"));
    }

    async fn invites_are_open_unless_admission_is_configured_without_them(app: TestApp) {
        for (settings, invites) in [
            (json!({}), "ALL_ALLOWED"),
            (json!({ "trusted_metadata": { "plan": "pro" } }), "ALL_ALLOWED"),
            (json!({ "sso_jit_provisioning": "ALL_ALLOWED" }), "NOT_ALLOWED"),
            (json!({ "email_allowed_domains": ["acme.example"] }), "NOT_ALLOWED"),
            (json!({ "email_jit_provisioning": "NOT_ALLOWED" }), "NOT_ALLOWED"),
            (json!({ "auth_methods": "ALL_ALLOWED" }), "NOT_ALLOWED"),
            (json!({ "allowed_auth_methods": ["password"] }), "NOT_ALLOWED"),
            (json!({ "oauth_tenant_jit_provisioning": "NOT_ALLOWED" }), "NOT_ALLOWED"),
            (json!({ "auth_methods": "ALL_ALLOWED", "email_invites": "ALL_ALLOWED" }), "ALL_ALLOWED"),
        ] {
            let created = create(&app, settings.clone()).await.ok();
            assert_eq!(created["organization"]["email_invites"], invites, "{settings}");
        }
    }

    async fn trusted_metadata_has_limits_from_the_start(app: TestApp) {
        let many: serde_json::Map<_, _> = (0..21).map(|n| (format!("key{n}"), json!(n))).collect();
        for (metadata, refused) in [
            (json!(["a list"]), "metadata_invalid_format"),
            (json!(many), "metadata_too_many_keys"),
            (json!({ "text": "x".repeat(4096) }), "metadata_too_large"),
        ] {
            let answer = create(&app, json!({ "trusted_metadata": metadata })).await;
            assert_eq!(answer.refusal(), (400, refused));
        }
    }
}
