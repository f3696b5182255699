use super::{factors, found, list, memberships, proved};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_founder_is_the_administrator_of_a_new_organization(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let inside = found(&app, &token, json!({ "organization_name": "Analytical Engines" })).await.ok();
        assert_eq!(inside["organization"]["organization_slug"], "analytical-engines");
        let member = &inside["member"];
        assert_eq!((&member["status"], &member["is_admin"]), (&json!("active"), &json!(true)));
        assert_eq!(inside["member_session"]["roles"], json!(["stytch_member", "stytch_admin"]));
        assert_eq!(factors(&inside), ["email"]);
        assert_eq!(list(&app, &token).await.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn without_a_name_it_is_named_after_the_domain_or_the_person(app: TestApp) {
        for (email, name, slug) in [
            ("ada@acme.example", "acme.example", "acme-example"),
            ("ada.lovelace@gmail.com", "ada.lovelace", "ada-lovelace"),
            ("grace@harvard.edu", "grace", "grace"),
        ] {
            let (_, token) = proved(&app, email).await;
            let organization = found(&app, &token, json!({})).await.ok()["organization"].clone();
            assert_eq!((&organization["organization_name"], &organization["organization_slug"]), (&json!(name), &json!(slug)));
        }
    }

    async fn a_taken_slug_is_told_and_a_derived_one_set_apart(app: TestApp) {
        app.organization(json!({ "organization_slug": "acme-example" })).await;
        let (_, token) = proved(&app, "ada@acme.example").await;
        let taken = found(&app, &token, json!({ "organization_slug": "Acme-Example" })).await;
        assert_eq!(taken.refusal(), (400, "organization_slug_already_used"));
        assert_eq!(memberships(&list(&app, &token).await.ok()).len(), 1, "nothing came of it");
        let slug = found(&app, &token, json!({})).await.ok()["organization"]["organization_slug"].clone();
        assert!(slug.as_str().unwrap().starts_with("acme-example-"), "{slug}");
    }

    async fn a_founder_who_demands_second_factors_enrols_one(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let waiting = found(&app, &token, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await.ok();
        assert_eq!(waiting["member_authenticated"], false);
        assert_eq!(waiting.text("intermediate_session_token"), token);
        assert_eq!(waiting["mfa_required"], json!({ "member_options": null, "secondary_auth_initiated": null }));
        assert_eq!(memberships(&list(&app, &token).await.ok()).len(), 2, "the organization exists");
    }

    async fn a_founder_who_restricts_methods_meets_them(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let settings = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
        let waiting = found(&app, &token, settings).await.ok();
        assert_eq!(waiting["primary_required"]["allowed_auth_methods"], json!(["password"]));
        assert_eq!(waiting["member"]["status"], "pending");
    }

    async fn nobody_founds_on_a_claimed_domain_or_without_proof(app: TestApp) {
        let by_password = app.halfway(&app.ada().await).await;
        let foreign = (400, "invalid_intermediate_session_token_for_organization");
        assert_eq!(found(&app, &by_password, json!({})).await.refusal(), foreign);
        let (_, token) = proved(&app, "ada@acme.example").await;
        app.organization(json!({ "claimed_email_domains": ["acme.example"] })).await;
        let refused = found(&app, &token, json!({})).await;
        assert_eq!(refused.refusal(), (400, "action_not_allowed_email_domain_is_claimed"));
    }

    async fn the_settings_of_a_new_organization_hold_here_too(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let inconsistent = json!({ "auth_methods": "RESTRICTED" });
        let refused = found(&app, &token, inconsistent).await;
        assert_eq!(refused.refusal(), (400, "allowed_auth_methods_required_for_restricted"));
        let whole = json!({ "organization_external_id": "crm|1", "trusted_metadata": { "plan": "pro" } });
        let organization = found(&app, &token, whole).await.ok()["organization"].clone();
        assert_eq!(organization["organization_external_id"], "crm|1");
        assert_eq!(organization["trusted_metadata"], json!({ "plan": "pro" }));
    }
}
