//! What belongs to one member cannot be another's.

use super::{create, delete};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn an_address_is_taken_in_any_case(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for same in ["ada@acme.example", "ADA@acme.example", "Ada@ACME.Example"] {
            let duplicate = create(&app, &organization, json!({ "email_address": same })).await;
            assert_eq!(duplicate.refusal(), (400, "duplicate_member_email"), "{same}");
        }
    }

    async fn an_external_id_is_taken_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        let bob = app.newcomer(&organization, "bob@acme.example", json!({ "external_id": "CRM-1" })).await;
        let same = json!({ "email_address": "eve@acme.example", "external_id": "crm-1" });
        assert_eq!(create(&app, &organization, same).await.refusal(), (400, "duplicate_member_external_id"));
        let changed = app.change(&bob, json!({ "name": "Bob", "external_id": "crm-1" })).await;
        assert_eq!(changed.refusal(), (400, "duplicate_member_external_id"));
        assert_eq!(app.member(&bob).await["name"], "", "nothing was changed");
    }

    async fn a_number_is_taken_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({ "mfa_phone_number": "+12025550101" })).await;
        let bob = app.newcomer(&organization, "bob@acme.example", json!({})).await;
        let same = json!({ "email_address": "eve@acme.example", "mfa_phone_number": "+12025550101" });
        assert_eq!(create(&app, &organization, same).await.refusal(), (400, "duplicate_member_phone_number"));
        let changed = app.change(&bob, json!({ "mfa_phone_number": "+12025550101" })).await;
        assert_eq!(changed.refusal(), (400, "duplicate_member_phone_number"));
    }

    async fn another_organization_is_another_world(app: TestApp) {
        let fields = json!({ "external_id": "crm-1", "mfa_phone_number": "+12025550101" });
        for _ in 0..2 {
            let organization = app.organization(json!({})).await;
            app.newcomer(&organization, "ada@acme.example", fields.clone()).await;
        }
    }

    async fn what_a_deleted_member_had_is_free_again(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let fields = json!({ "external_id": "crm-1", "mfa_phone_number": "+12025550101" });
        let ada = app.newcomer(&organization, "ada@acme.example", fields.clone()).await;
        app.change(&ada, json!({ "email_address": "countess@acme.example" })).await.ok();
        delete(&app, &ada, "").await.ok();
        let heir = app.newcomer(&organization, "ada@acme.example", fields).await;
        app.newcomer(&organization, "countess@acme.example", json!({})).await;
        assert_ne!(heir.member, ada.member);
    }

    async fn a_retired_address_is_closed_to_others(app: TestApp) {
        let jit =
            json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(jit).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let bob = app.newcomer(&organization, "bob@acme.example", json!({})).await;
        app.change(&ada, json!({ "email_address": "countess@acme.example" })).await.ok();
        let old = json!({ "organization_id": organization, "email_address": "ADA@acme.example",
                          "hash_type": "md_5", "hash": "9cc2ae8a1ba7a93da39b46fc1019c481" });
        for refused in [
            create(&app, &organization, old.clone()).await,
            app.post("/v1/b2b/passwords/migrate", old.clone()).await,
            app.post("/v1/b2b/magic_links/email/login_or_signup", old).await,
            app.change(&bob, json!({ "email_address": "ada@acme.example" })).await,
        ] {
            assert_eq!(refused.refusal(), (400, "retired_member_email"));
        }
    }

    async fn an_address_in_a_domain_that_others_claim_is_refused(app: TestApp) {
        app.organization(json!({ "claimed_email_domains": ["acme.example"] })).await;
        let jit =
            json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(jit).await;
        let bob = app.newcomer(&organization, "bob@sub.acme.example", json!({})).await;
        let claimed = json!({ "organization_id": organization, "email_address": "ada@ACME.example",
                              "hash_type": "md_5", "hash": "9cc2ae8a1ba7a93da39b46fc1019c481" });
        for refused in [
            create(&app, &organization, claimed.clone()).await,
            app.post("/v1/b2b/passwords/migrate", claimed.clone()).await,
            app.post("/v1/b2b/magic_links/email/login_or_signup", claimed).await,
            app.change(&bob, json!({ "email_address": "ada@acme.example" })).await,
        ] {
            assert_eq!(refused.refusal(), (400, "action_not_allowed_email_domain_is_claimed"));
        }
    }

    async fn a_claim_leaves_the_claimants_and_their_members_alone(app: TestApp) {
        let before = app.organization(json!({})).await;
        let ada = app.newcomer(&before, "ada@acme.example", json!({})).await;
        let claim = json!({ "claimed_email_domains": ["acme.example"] });
        for claimant in [app.organization(claim.clone()).await, app.organization(claim).await] {
            app.newcomer(&claimant, "ada@acme.example", json!({})).await;
        }
        app.link_login(&ada).await.ok();
    }
}
