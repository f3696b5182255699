//! Nothing crosses from one project into another.

use super::{create, get, update};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn another_project_does_not_see_an_organization(app: TestApp) {
        let names = json!({ "organization_slug": "acme-1", "organization_external_id": "crm-1" });
        let id = app.organization(names).await;
        let other = app.another_project().await;
        for name in [id.as_str(), "acme-1", "crm-1"] {
            let path = format!("/v1/b2b/organizations/{name}");
            assert_eq!(get(&other, name).await.refusal(), (404, "organization_not_found"));
            assert_eq!(update(&other, name, json!({})).await.refusal(), (404, "organization_not_found"));
            assert_eq!(other.delete(&path).await.refusal(), (404, "organization_not_found"));
        }
        get(&app, &id).await.ok();
    }

    async fn a_name_is_unique_in_its_project_only(app: TestApp) {
        let names = json!({ "organization_slug": "acme-1", "organization_external_id": "crm-1",
                            "claimed_email_domains": ["acme.example"] });
        let ours = app.organization(names.clone()).await;
        let other = app.another_project().await;
        let theirs = create(&other, names).await.ok();
        assert_ne!(theirs["organization"]["organization_id"], ours.as_str());
        other.newcomer("acme-1", "ada@acme.example", json!({})).await;
        assert_eq!(get(&app, "acme-1").await.ok()["organization"]["organization_id"], ours.as_str());
    }

    async fn a_claim_binds_its_own_project_only(app: TestApp) {
        app.organization(json!({ "claimed_email_domains": ["acme.example"] })).await;
        let other = app.another_project().await;
        let theirs = other.organization(json!({})).await;
        other.newcomer(&theirs, "ada@acme.example", json!({})).await;
    }

    async fn another_project_does_not_see_a_member_or_a_session(app: TestApp) {
        let id = app.organization(json!({})).await;
        let ada = app.newcomer(&id, "ada@acme.example", json!({})).await;
        let inside = app.link_login(&ada).await.ok();
        let other = app.another_project().await;
        let found = other.get(&format!("/v1/b2b/organizations/members/dangerously_get/{}", ada.member)).await;
        assert_eq!(found.refusal(), (404, "member_not_found"));
        let token = json!({ "session_token": inside["session_token"] });
        let checked = other.post("/v1/b2b/sessions/authenticate", token.clone()).await;
        assert_eq!(checked.refusal(), (404, "session_not_found"));
        for (selector, refusal) in [
            (token.clone(), "session_not_found"),
            (
                json!({ "member_session_id": inside["member_session"]["member_session_id"] }),
                "session_not_found",
            ),
            (json!({ "member_id": ada.member }), "member_not_found"),
        ] {
            let revoked = other.post("/v1/b2b/sessions/revoke", selector).await;
            assert_eq!(revoked.refusal(), (404, refusal));
        }
        app.post("/v1/b2b/sessions/authenticate", token).await.ok();
    }

    async fn another_project_cannot_spend_a_link(app: TestApp) {
        let id = app.organization(json!({})).await;
        let ada = app.newcomer(&id, "ada@acme.example", json!({})).await;
        let link = app.mail_link(&id, &ada.email, json!({})).await;
        let other = app.another_project().await;
        assert_eq!(other.spend_link(&link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        app.spend_link(&link, json!({})).await.ok();
    }
}
