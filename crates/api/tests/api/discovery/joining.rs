use super::{exchange, open_to_acme, proved};
use testkit::{TestApp, json, on_both_databases};

async fn members(app: &TestApp, organization: &str) -> i64 {
    let metrics = app.get(&format!("/v1/b2b/organizations/{organization}/metrics")).await.ok();
    metrics["member_count"].as_i64().unwrap()
}

on_both_databases! {
    async fn a_listed_domain_admits_a_new_member(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let open = open_to_acme(&app, json!({})).await;
        let inside = exchange(&app, &token, &open).await.ok();
        assert_eq!((&inside["member"]["status"], &inside["member"]["email_address"]), (&json!("active"), &json!("ada@acme.example")));
        assert_eq!(inside["member"]["email_address_verified"], true);
        assert_eq!(members(&app, &open).await, 2);
    }

    async fn whoever_may_not_join_leaves_no_trace(app: TestApp) {
        let (_, token) = proved(&app, "ada@sub.acme.example").await;
        let closed = app.organization(json!({})).await;
        assert_eq!(exchange(&app, &token, &closed).await.refusal(), (403, "email_jit_provisioning_not_allowed"));
        let open = open_to_acme(&app, json!({})).await;
        assert_eq!(exchange(&app, &token, &open).await.refusal(), (400, "invalid_email_for_jit_provisioning"));
        assert_eq!((members(&app, &closed).await, members(&app, &open).await), (0, 1));
    }

    async fn a_domain_nobody_is_known_by_admits_nobody(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let settings = json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let unknown = app.organization(settings).await;
        app.newcomer(&unknown, "unverified@acme.example", json!({})).await;
        assert_eq!(exchange(&app, &token, &unknown).await.refusal(), (400, "invalid_email_for_jit_provisioning"));
    }

    async fn a_domain_that_others_claim_admits_nobody(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let open = open_to_acme(&app, json!({})).await;
        app.organization(json!({ "claimed_email_domains": ["acme.example"] })).await;
        assert_eq!(exchange(&app, &token, &open).await.refusal(), (400, "action_not_allowed_email_domain_is_claimed"));
    }

    async fn a_new_member_enrols_where_everybody_must(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let open = open_to_acme(&app, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let waiting = exchange(&app, &token, &open).await.ok();
        assert_eq!(waiting["mfa_required"], json!({ "member_options": null, "secondary_auth_initiated": null }));
        assert_eq!(waiting["member"]["status"], "active");
    }

    async fn a_retired_address_of_another_member_does_not_join(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let open = open_to_acme(&app, json!({})).await;
        let bob = app.newcomer(&open, "ada@acme.example", json!({})).await;
        app.change(&bob, json!({ "email_address": "bob@acme.example" })).await.ok();
        assert_eq!(exchange(&app, &token, &open).await.refusal(), (400, "retired_member_email"));
    }
}
