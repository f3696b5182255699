//! An address that somebody else has, had, or takes meanwhile.

use super::{NEW, OLD, ONCE_MORE, USED, ada, code, link, start, there};
use testkit::{TestApp, json, on_both_databases};

const CLAIMED: (u16, &str) = (400, "action_not_allowed_email_domain_is_claimed");

/// Another organization claims the domain of everybody here.
async fn claim(app: &TestApp) {
    let body = json!({ "organization_name": "Claimer", "claimed_email_domains": ["acme.example"] });
    app.post("/v1/b2b/organizations", body).await.ok();
}

on_both_databases! {
    async fn the_wished_for_address_is_kept_for_five_minutes(app: TestApp) {
        let ada = ada(&app).await;
        let bob = app.verified(&ada.organization, "bob@acme.example").await;
        start(&app, &ada, json!({ "email_address": "Countess@ACME.example" })).await.ok();
        assert_eq!(start(&app, &bob, json!({})).await.refusal(), ONCE_MORE);
        assert_eq!(app.change(&bob, json!({ "email_address": NEW })).await.refusal(), ONCE_MORE);
        let members = format!("/v1/b2b/organizations/{}/members", ada.organization);
        assert_eq!(app.post(&members, json!({ "email_address": NEW })).await.refusal(), ONCE_MORE);
        let import = json!({ "organization_id": ada.organization, "email_address": NEW,
                             "hash": "9cc2ae8a1ba7a93da39b46fc1019c481", "hash_type": "md_5" });
        assert_eq!(app.post("/v1/b2b/passwords/migrate", import).await.refusal(), ONCE_MORE);
        app.advance(299);
        assert_eq!(start(&app, &bob, json!({})).await.refusal(), ONCE_MORE);
        app.advance(1);
        start(&app, &bob, json!({})).await.ok();
        assert_eq!(start(&app, &ada, json!({})).await.refusal(), ONCE_MORE);
    }

    async fn nobody_signs_up_with_a_wished_for_address(app: TestApp) {
        let open = json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(open).await;
        let ada = app.verified(&organization, OLD).await;
        let link = link(&app, &ada).await;
        let wish = json!({ "organization_id": organization, "email_address": NEW });
        for route in ["otps/email/login_or_signup", "magic_links/email/login_or_signup"] {
            assert_eq!(app.post(&format!("/v1/b2b/{route}"), wish.clone()).await.refusal(), ONCE_MORE, "{route}");
        }
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn another_organization_keeps_nothing_closed(app: TestApp) {
        let (here, there) = (ada(&app).await, ada(&app).await);
        for who in [&here, &there] {
            let link = link(&app, who).await;
            app.spend_link(&link, json!({})).await.ok();
        }
    }

    async fn a_deleted_member_does_not_come_back_to_a_wished_for_address(app: TestApp) {
        let ada = ada(&app).await;
        let former = app.verified(&ada.organization, NEW).await;
        app.delete(&former.path()).await.ok();
        let link = link(&app, &ada).await;
        let back = app.put(&format!("{}/reactivate", former.path()), json!({})).await;
        assert_eq!(back.refusal().0, 400, "{}", back.body);
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn an_address_in_use_or_retired_by_another_is_refused(app: TestApp) {
        let ada = ada(&app).await;
        let bob = app.verified(&ada.organization, NEW).await;
        assert_eq!(start(&app, &ada, json!({})).await.refusal(), (400, "duplicate_member_email"));
        app.change(&bob, json!({ "email_address": "robert@acme.example" })).await.ok();
        assert_eq!(start(&app, &ada, json!({})).await.refusal(), (400, "retired_member_email"));
        assert!(app.inbox.messages(Some(NEW)).iter().all(|it| !it.text.contains("new address")));
    }

    async fn a_domain_claimed_elsewhere_is_refused_at_start_and_at_the_end(app: TestApp) {
        let ada = ada(&app).await;
        let (link, code) = (link(&app, &ada).await, code(&app, &ada).await);
        claim(&app).await;
        assert_eq!(start(&app, &ada, json!({})).await.refusal(), CLAIMED);
        assert_eq!(app.spend_link(&link, json!({})).await.refusal().0, 401, "the code's wish replaced the link's");
        for guess in [&code, &testkit::another_code(&code)] {
            assert_eq!(app.spend_code(&there(&ada), guess, json!({})).await.refusal(), CLAIMED);
        }
        assert_eq!(app.member(&ada).await["email_address"], OLD);
    }

    async fn a_link_ends_nowhere_when_the_domain_was_claimed_meanwhile(app: TestApp) {
        let ada = ada(&app).await;
        let link = link(&app, &ada).await;
        claim(&app).await;
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), CLAIMED);
        assert_eq!(app.member(&ada).await["email_address"], OLD);
    }

    async fn deleting_the_member_ends_the_wish(app: TestApp) {
        let ada = ada(&app).await;
        let (code, link) = (code(&app, &ada).await, link(&app, &ada).await);
        app.delete(&ada.path()).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        let refused = app.spend_code(&there(&ada), &code, json!({})).await;
        assert_eq!(refused.refusal(), (404, "email_not_found"));
        app.newcomer(&ada.organization, NEW, json!({})).await;
        app.put(&format!("{}/reactivate", ada.path()), json!({})).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), USED);
        assert_eq!(app.member(&ada).await["email_address"], OLD);
    }

    async fn an_administrator_changes_the_address_meanwhile(app: TestApp) {
        let ada = ada(&app).await;
        let link = link(&app, &ada).await;
        app.change(&ada, json!({ "email_address": "lovelace@acme.example" })).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), USED);
        app.newcomer(&ada.organization, NEW, json!({})).await;
    }
}
