//! Who may join: the settings that must fit together.

use super::{create, get, refused, update};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn an_organization_keeps_one_way_in(app: TestApp) {
        let shut = json!({ "sso_jit_provisioning": "NOT_ALLOWED", "email_jit_provisioning": "NOT_ALLOWED",
                           "email_invites": "NOT_ALLOWED" });
        refused(&app, shut, "invalid_organization_auth_factor_setting").await;
        let shut_by_default = create(&app, json!({ "sso_jit_provisioning": "NOT_ALLOWED" })).await;
        assert_eq!(shut_by_default.refusal(), (400, "invalid_organization_auth_factor_setting"));
        let restricted = json!({ "email_allowed_domains": ["acme.example"],
                                 "sso_jit_provisioning": "NOT_ALLOWED",
                                 "email_jit_provisioning": "RESTRICTED" });
        create(&app, restricted).await.ok();
    }

    async fn a_restriction_needs_its_list(app: TestApp) {
        for (settings, error_type) in [
            (json!({ "auth_methods": "RESTRICTED" }), "allowed_auth_methods_required_for_restricted"),
            (
                json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": [] }),
                "allowed_auth_methods_required_for_restricted",
            ),
            (json!({ "mfa_methods": "RESTRICTED" }), "allowed_mfa_methods_required_for_restricted"),
            (json!({ "email_invites": "RESTRICTED" }), "invalid_restricted_email_setting"),
            (json!({ "email_jit_provisioning": "RESTRICTED" }), "invalid_restricted_email_setting"),
            (
                json!({ "oauth_tenant_jit_provisioning": "RESTRICTED" }),
                "invalid_restricted_oauth_tenants_setting",
            ),
            (
                json!({ "oauth_tenant_jit_provisioning": "RESTRICTED",
                        "allowed_oauth_tenants": { "slack": [] } }),
                "invalid_restricted_oauth_tenants_setting",
            ),
        ] {
            refused(&app, settings, error_type).await;
        }
    }

    async fn a_restriction_with_its_list_is_taken(app: TestApp) {
        let settings = json!({
            "auth_methods": "RESTRICTED",
            "allowed_auth_methods": ["sso", "magic_link", "email_otp", "password", "google_oauth",
                                     "microsoft_oauth", "slack_oauth", "github_oauth", "hubspot_oauth"],
            "mfa_methods": "RESTRICTED",
            "allowed_mfa_methods": ["sms_otp", "totp"],
            "email_allowed_domains": ["acme.example"],
            "email_invites": "RESTRICTED",
            "email_jit_provisioning": "RESTRICTED",
        });
        let created = create(&app, settings.clone()).await.ok();
        for (field, value) in settings.as_object().expect("an object") {
            assert_eq!(&created["organization"][field], value);
        }
    }

    async fn nobody_is_provisioned_from_everywhere(app: TestApp) {
        for field in ["email_jit_provisioning", "oauth_tenant_jit_provisioning"] {
            refused(&app, json!({ field: "ALL_ALLOWED" }), "invalid_organization_auth_factor_setting").await;
        }
    }

    async fn the_domains_of_common_providers_cannot_be_listed(app: TestApp) {
        for domain in
            ["gmail.com", "GMAIL.com", "yahoo.co.uk", "outlook.de", "icloud.com", "libero.it", "me.com"]
        {
            let (allowed, claimed) =
                (json!({ "email_allowed_domains": [domain] }), json!({ "claimed_email_domains": [domain] }));
            refused(&app, allowed, "organization_settings_domain_too_common").await;
            refused(&app, claimed, "organization_settings_claimed_domain_too_common").await;
        }
        create(&app, json!({ "email_allowed_domains": ["mail.acme.com", "gmail.acme.com"] })).await.ok();
    }

    async fn a_listed_domain_is_a_domain(app: TestApp) {
        for odd in
            ["", "acme", "acme..com", "-acme.com", "acme.com/", "ada@acme.com", "*.acme.com", "äcme.com"]
        {
            for field in ["email_allowed_domains", "claimed_email_domains"] {
                let settings = json!({ field: ["acme.example", odd] });
                refused(&app, settings, "organization_settings_invalid_domain").await;
            }
        }
    }

    async fn at_most_100_domains_are_listed(app: TestApp) {
        let domains = |count: usize| (0..count).map(|n| format!("acme{n}.example")).collect::<Vec<_>>();
        for field in ["email_allowed_domains", "claimed_email_domains"] {
            create(&app, json!({ field: domains(100) })).await.ok();
            refused(&app, json!({ field: domains(101) }), "too_many_domains").await;
        }
    }

    async fn a_listed_domain_is_folded_and_kept_once(app: TestApp) {
        let settings = json!({ "email_allowed_domains": ["ACME.example", "acme.example", "b.example"] });
        let created = create(&app, settings).await.ok();
        assert_eq!(created["organization"]["email_allowed_domains"], json!(["acme.example", "b.example"]));
    }

    async fn a_change_must_fit_what_is_there(app: TestApp) {
        let restricted = json!({ "email_allowed_domains": ["acme.example"], "email_invites": "RESTRICTED",
                    "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"],
                    "sso_jit_provisioning": "NOT_ALLOWED" });
        let id = app.organization(restricted).await;
        let before = get(&app, &id).await.ok();
        for (change, error_type) in [
            (json!({ "email_allowed_domains": [] }), "invalid_restricted_email_setting"),
            (json!({ "allowed_auth_methods": [] }), "allowed_auth_methods_required_for_restricted"),
            (json!({ "email_invites": "NOT_ALLOWED" }), "invalid_organization_auth_factor_setting"),
            (
                json!({ "organization_name": "New", "auth_methods": "NONE" }),
                "invalid_organization_auth_factor_setting",
            ),
        ] {
            assert_eq!(update(&app, &id, change).await.refusal(), (400, error_type));
        }
        assert_eq!(get(&app, &id).await.ok()["organization"], before["organization"], "nothing was changed");
        let both = json!({ "email_allowed_domains": [], "email_invites": "ALL_ALLOWED" });
        update(&app, &id, both).await.ok();
    }
}
