//! The live sessions of a member.

use super::{revoke, somebody};
use testkit::{Answer, TestApp, json, on_both_databases};

async fn listed(app: &TestApp, organization: &str, member: &str) -> Answer {
    app.get(&format!("/v1/b2b/sessions?organization_id={organization}&member_id={member}")).await
}

on_both_databases! {
    async fn live_sessions_are_listed_oldest_first_and_without_tokens(app: TestApp) {
        let ada = somebody(&app).await;
        assert_eq!(listed(&app, &ada.organization, &ada.member).await.ok()["member_sessions"], json!([]));
        let one = app.link_login(&ada).await.ok();
        app.advance(60);
        let two = app.link_login(&ada).await.ok();
        let found = listed(&app, &ada.organization, &ada.member).await.ok();
        assert_eq!(found["member_sessions"], json!([one["member_session"], two["member_session"]]));
        assert!(!found.body.to_string().contains(&one.text("session_token")));
    }

    async fn only_live_sessions_are_listed(app: TestApp) {
        let ada = somebody(&app).await;
        let revoked = app.link_login(&ada).await.ok();
        revoke(&app, json!({ "session_token": revoked["session_token"] })).await.ok();
        app.link_login(&ada).await.ok();
        app.advance(1800);
        let live = app.link_login(&ada).await.ok();
        app.advance(1800);
        let found = listed(&app, &ada.organization, &ada.member).await.ok();
        assert_eq!(found["member_sessions"], json!([live["member_session"]]));
    }

    async fn only_the_members_own_are_listed(app: TestApp) {
        let ada = somebody(&app).await;
        let eve =
            app.newcomer(&ada.organization, "eve@acme.example", json!({ "external_id": "crm|eve" })).await;
        app.link_login(&ada).await.ok();
        let hers = app.link_login(&eve).await.ok();
        let found = listed(&app, "ACME", "crm%7Ceve").await.ok();
        assert_eq!(found["member_sessions"], json!([hers["member_session"]]));
    }

    async fn both_names_are_needed_and_must_fit(app: TestApp) {
        let ada = somebody(&app).await;
        let elsewhere = app.organization(json!({})).await;
        for (organization, member) in
            [(elsewhere.as_str(), ada.member.as_str()), (&ada.organization, "crm-1")]
        {
            assert_eq!(listed(&app, organization, member).await.refusal(), (404, "member_not_found"));
        }
        for query in
            [format!("organization_id={elsewhere}"), format!("member_id={}", ada.member), String::new()]
        {
            let refused = app.get(&format!("/v1/b2b/sessions?{query}")).await;
            assert_eq!(refused.refusal(), (400, "bad_request"), "{query}");
        }
    }
}
