//! Changing an organization.

use super::{get, update};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn an_absent_field_stays_as_it_is(app: TestApp) {
        let id = app
            .organization(json!({
                "organization_slug": "acme-1", "organization_external_id": "crm-1",
                "organization_logo_url": "https://a.example", "mfa_policy": "REQUIRED_FOR_ALL",
                "email_allowed_domains": ["acme.example"], "trusted_metadata": { "plan": 1 },
            }))
            .await;
        let before = get(&app, &id).await.ok();
        app.advance(60);
        let nulls = json!({ "organization_name": null, "organization_slug": null,
                            "email_allowed_domains": null, "trusted_metadata": null,
                            "mfa_policy": null, "organization_external_id": null });
        for change in [json!({}), nulls] {
            let mut after = update(&app, &id, change).await.ok().body["organization"].clone();
            assert_eq!(after["updated_at"], "2023-11-15T12:01:00Z");
            after["updated_at"] = before["organization"]["updated_at"].clone();
            assert_eq!(after, before["organization"]);
        }
    }

    async fn a_list_that_is_sent_replaces_the_whole_list(app: TestApp) {
        let id = app.organization(json!({ "email_allowed_domains": ["a.example", "b.example"] })).await;
        for domains in [json!(["c.example"]), json!([])] {
            let changed = update(&app, &id, json!({ "email_allowed_domains": domains })).await.ok();
            assert_eq!(changed["organization"]["email_allowed_domains"], domains);
        }
    }

    async fn metadata_merges_at_the_top_level_and_null_deletes(app: TestApp) {
        let before = json!({ "plan": { "seats": 3, "name": "pro" }, "old": 1, "kept": true });
        let id = app.organization(json!({ "trusted_metadata": before })).await;
        let change = json!({ "plan": { "seats": 4 }, "old": null, "new": [1] });
        update(&app, &id, json!({ "trusted_metadata": change })).await.ok();
        let after = json!({ "plan": { "seats": 4 }, "kept": true, "new": [1] });
        assert_eq!(get(&app, &id).await.ok()["organization"]["trusted_metadata"], after);
    }

    async fn the_limits_of_metadata_hold_for_the_merged_whole(app: TestApp) {
        let twenty: serde_json::Map<_, _> = (0..20).map(|n| (format!("key{n}"), json!(n))).collect();
        let id = app.organization(json!({ "trusted_metadata": twenty })).await;
        let one_more = update(&app, &id, json!({ "trusted_metadata": { "key20": 20 } })).await;
        assert_eq!(one_more.refusal(), (400, "metadata_too_many_keys"));
        let swapped = json!({ "trusted_metadata": { "key20": 20, "key0": null } });
        update(&app, &id, swapped).await.ok();
        let filled = update(&app, &id, json!({ "trusted_metadata": { "key20": "x".repeat(4096) } })).await;
        assert_eq!(filled.refusal(), (400, "metadata_too_large"));
        let listed = update(&app, &id, json!({ "trusted_metadata": "text" })).await;
        assert_eq!(listed.refusal(), (400, "metadata_invalid_format"));
    }

    async fn a_tighter_policy_leaves_sessions_alone_and_bites_at_the_next_login(app: TestApp) {
        let id = app.organization(json!({})).await;
        let ada = app.newcomer(&id, "ada@acme.example", json!({})).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        update(&app, &id, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await.ok();
        app.post("/v1/b2b/sessions/authenticate", json!({ "session_token": session })).await.ok();
        assert_eq!(app.link_login(&ada).await.ok()["member_authenticated"], false);
    }

    async fn claimed_domains_change_with_the_list(app: TestApp) {
        let id = app.organization(json!({ "claimed_email_domains": ["a.example"] })).await;
        let other = app.organization(json!({})).await;
        let members = format!("/v1/b2b/organizations/{other}/members");
        update(&app, &id, json!({ "claimed_email_domains": ["b.example"] })).await.ok();
        app.post(&members, json!({ "email_address": "ada@a.example" })).await.ok();
        let claimed = app.post(&members, json!({ "email_address": "ada@b.example" })).await;
        assert_eq!(claimed.refusal(), (400, "action_not_allowed_email_domain_is_claimed"));
    }
}
