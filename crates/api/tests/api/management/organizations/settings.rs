//! Settings that are words, and settings that are kept for features to come.

use super::{create, get, refused, update};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn an_unknown_word_is_refused(app: TestApp) {
        for field in [
            "sso_jit_provisioning",
            "email_jit_provisioning",
            "email_invites",
            "auth_methods",
            "mfa_policy",
            "mfa_methods",
            "oauth_tenant_jit_provisioning",
            "first_party_connected_apps_allowed_type",
            "third_party_connected_apps_allowed_type",
        ] {
            for word in ["SOMETIMES", "all_allowed", " ALL_ALLOWED"] {
                refused(&app, json!({ field: word }), "invalid_organization_auth_factor_setting").await;
            }
        }
    }

    async fn an_unknown_method_is_refused(app: TestApp) {
        for settings in [
            json!({ "allowed_auth_methods": ["password", "carrier_pigeon"] }),
            json!({ "allowed_auth_methods": ["sms_otp"] }),
            json!({ "allowed_mfa_methods": ["totp", "email_otp"] }),
            json!({ "auth_methods": "NOT_ALLOWED" }),
            json!({ "mfa_policy": "ALL_ALLOWED" }),
        ] {
            refused(&app, settings, "invalid_organization_auth_factor_setting").await;
        }
    }

    async fn a_setting_of_another_type_is_refused(app: TestApp) {
        for settings in [
            json!({ "mfa_policy": true }),
            json!({ "email_allowed_domains": "acme.example" }),
            json!({ "allowed_mfa_methods": [1] }),
            json!({ "rbac_email_implicit_role_assignments": [{ "domain": "acme.example" }] }),
            json!({ "organization_logo_url": ["https://acme.example"] }),
        ] {
            refused(&app, settings, "bad_request").await;
        }
    }

    async fn what_waits_for_a_later_release_is_kept(app: TestApp) {
        let settings = json!({
            "sso_jit_provisioning": "RESTRICTED",
            "sso_jit_provisioning_allowed_connections": ["saml-connection-test-1"],
            "oauth_tenant_jit_provisioning": "RESTRICTED",
            "allowed_oauth_tenants": { "slack": ["T1", "T2"], "hubspot": ["9"], "github": [] },
            "first_party_connected_apps_allowed_type": "RESTRICTED",
            "allowed_first_party_connected_apps": ["connected-app-test-1"],
            "third_party_connected_apps_allowed_type": "NOT_ALLOWED",
            "allowed_third_party_connected_apps": [],
            "rbac_email_implicit_role_assignments": [{ "domain": "acme.example", "role_id": "stytch_admin" }],
        });
        let id = app.organization(json!({})).await;
        update(&app, &id, settings.clone()).await.ok();
        for kept in [get(&app, &id).await.ok(), create(&app, settings.clone()).await.ok()] {
            for (field, value) in settings.as_object().expect("an object") {
                assert_eq!(&kept["organization"][field], value);
            }
        }
    }

    async fn a_list_is_not_needed_where_nothing_is_restricted(app: TestApp) {
        for field in ["first_party_connected_apps_allowed_type", "sso_jit_provisioning"] {
            create(&app, json!({ field: "RESTRICTED", "email_invites": "ALL_ALLOWED" })).await.ok();
        }
    }

    async fn only_three_providers_have_tenants(app: TestApp) {
        for odd in [json!({ "gitlab": ["1"] }), json!({ "slack": "T1" }), json!(["slack"])] {
            let settings = json!({ "allowed_oauth_tenants": odd });
            refused(&app, settings, "invalid_oauth_allowed_tenants_format").await;
        }
    }

    async fn a_domain_grants_only_roles_that_can_be_assigned(app: TestApp) {
        for (domain, role, error_type) in [
            ("acme", "stytch_admin", "rbac_invalid_domain"),
            ("gmail.com", "stytch_admin", "rbac_domain_too_common"),
            ("acme.example", "owner", "invalid_rbac_role_id"),
            ("acme.example", "stytch_member", "cannot_assign_default_rbac_role_id"),
        ] {
            let settings =
                json!({ "rbac_email_implicit_role_assignments": [{ "domain": domain, "role_id": role }] });
            refused(&app, settings, error_type).await;
        }
    }

    async fn no_connection_can_be_the_default_while_there_are_none(app: TestApp) {
        let id = app.organization(json!({})).await;
        let named = json!({ "sso_default_connection_id": "saml-connection-test-1" });
        assert_eq!(update(&app, &id, named).await.refusal(), (400, "invalid_sso_default_connection_id"));
        for none in [json!(""), json!(null)] {
            let changed = update(&app, &id, json!({ "sso_default_connection_id": none })).await.ok();
            assert_eq!(changed["organization"]["sso_default_connection_id"], json!(null));
        }
    }
}
