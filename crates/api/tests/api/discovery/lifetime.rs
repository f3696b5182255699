use testkit::{TestApp, json, on_both_databases};

async fn exchange(app: &TestApp, session: &str, organization: &str) -> testkit::Answer {
    let body =
        json!({ "session_token": session, "organization_id": organization, "session_duration_minutes": 60 });
    app.post("/v1/b2b/sessions/exchange", body).await
}

on_both_databases! {
    async fn no_exchange_outlives_what_was_proved(app: TestApp) {
        app.set("sessions.longest_minutes", "60").await;
        let here = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let there = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let session = app.link_login(&here).await.ok().text("session_token");
        app.advance(50 * 60);
        let carried = exchange(&app, &session, &there.organization).await.ok();
        app.advance(11 * 60);
        let over = app.check(&carried.text("session_token")).await;
        assert_eq!(over.refusal(), (404, "session_not_found"));
    }

    async fn in_its_own_organization_a_session_goes_on_as_itself(app: TestApp) {
        let here = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let before = app.link_login(&here).await.ok();
        app.advance(60);
        let after = exchange(&app, &before.text("session_token"), &here.organization).await.ok();
        for field in ["member_session_id", "started_at"] {
            assert_eq!(after["member_session"][field], before["member_session"][field]);
        }
        let old = app.check(&before.text("session_token")).await;
        assert_eq!(old.refusal(), (404, "session_not_found"), "one session, one token");
    }

    async fn a_revoked_session_is_exchanged_nowhere(app: TestApp) {
        let here = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let there = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let session = app.link_login(&here).await.ok().text("session_token");
        app.post("/v1/b2b/sessions/revoke", json!({ "member_id": here.member })).await.ok();
        let refused = exchange(&app, &session, &there.organization).await;
        assert_eq!(refused.refusal(), (404, "session_not_found"));
    }
}
