//! Deleting an organization, totally and at once.

use super::{get, update};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_deleted_organization_is_found_by_no_name(app: TestApp) {
        let names = json!({ "organization_slug": "acme-1", "organization_external_id": "crm-1" });
        let id = app.organization(names).await;
        let deleted = app.delete("/v1/b2b/organizations/crm-1").await.ok();
        assert_eq!(deleted["organization_id"], id.as_str());
        for name in [id.as_str(), "acme-1", "crm-1"] {
            assert_eq!(get(&app, name).await.refusal(), (404, "organization_not_found"));
            assert_eq!(update(&app, name, json!({})).await.refusal(), (404, "organization_not_found"));
            let again = app.delete(&format!("/v1/b2b/organizations/{name}")).await;
            assert_eq!(again.refusal(), (404, "organization_not_found"));
        }
    }

    async fn its_names_and_claims_are_free_again(app: TestApp) {
        let names = json!({ "organization_slug": "acme-1", "organization_external_id": "crm-1",
                            "claimed_email_domains": ["acme.example"] });
        let first = app.organization(names.clone()).await;
        app.delete(&format!("/v1/b2b/organizations/{first}")).await.ok();
        let other = app.organization(json!({})).await;
        app.newcomer(&other, "ada@acme.example", json!({})).await;
        let second = app.organization(names).await;
        assert_eq!(get(&app, "acme-1").await.ok()["organization"]["organization_id"], second.as_str());
        assert_ne!(first, second);
    }

    async fn its_members_are_gone_for_every_route(app: TestApp) {
        let ada = app.ada().await;
        app.delete(&format!("/v1/b2b/organizations/{}", ada.organization)).await.ok();
        let id = &ada.member;
        for path in [
            format!("/v1/b2b/organizations/members/dangerously_get/{id}"),
            format!("/v1/b2b/organizations/members/dangerously_get/{id}?include_deleted=true"),
        ] {
            assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
        }
        let reactivated = app.put(&format!("{}/reactivate", ada.path()), json!({})).await;
        assert_eq!(reactivated.refusal(), (404, "organization_not_found"));
        let revoked = app.post("/v1/b2b/sessions/revoke", json!({ "member_id": id })).await;
        assert_eq!(revoked.refusal(), (404, "member_not_found"));
        assert_eq!(app.password_login(&ada).await.refusal(), (404, "organization_not_found"));
    }

    async fn its_sessions_die(app: TestApp) {
        let id = app.organization(json!({})).await;
        let ada = app.newcomer(&id, "ada@acme.example", json!({})).await;
        let inside = app.link_login(&ada).await.ok();
        app.delete(&format!("/v1/b2b/organizations/{id}")).await.ok();
        for shown in ["session_token", "session_jwt"] {
            let checked = app.post("/v1/b2b/sessions/authenticate", json!({ shown: inside[shown] })).await;
            assert_eq!(checked.refusal(), (404, "session_not_found"), "{shown}");
        }
    }

    async fn its_open_links_and_half_logins_die(app: TestApp) {
        let ada = app.ada().await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let ist = app.halfway(&ada).await;
        app.delete(&format!("/v1/b2b/organizations/{}", ada.organization)).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        let evidence = json!({ "code": "123456", "intermediate_session_token": ist });
        let completed = app.complete(&ada, "otps/sms", evidence).await;
        assert_eq!(completed.refusal(), (404, "organization_not_found"));
    }

    async fn other_organizations_stay(app: TestApp) {
        let (gone, stays) = (app.organization(json!({})).await, app.organization(json!({})).await);
        let ada = app.newcomer(&stays, "ada@acme.example", json!({})).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.newcomer(&gone, "ada@acme.example", json!({})).await;
        app.delete(&format!("/v1/b2b/organizations/{gone}")).await.ok();
        app.post("/v1/b2b/sessions/authenticate", json!({ "session_token": session })).await.ok();
        assert_eq!(app.member(&ada).await["status"], "active");
    }
}
