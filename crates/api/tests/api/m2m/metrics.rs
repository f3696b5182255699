//! Figures of a project.

use super::path;
use testkit::{TestApp, Value, json, on_both_databases};

async fn figures(app: &TestApp) -> Value {
    app.get("/v1/projects/metrics").await.ok()["metrics"].clone()
}

fn of(organizations: u32, members: u32, clients: u32) -> Value {
    json!([
        { "metric_type": "USER_COUNT", "count": 0 },
        { "metric_type": "ORGANIZATION_COUNT", "count": organizations },
        { "metric_type": "MEMBER_COUNT", "count": members },
        { "metric_type": "M2M_CLIENT_COUNT", "count": clients },
    ])
}

on_both_databases! {
    async fn what_was_deleted_does_not_count(app: TestApp) {
        assert_eq!(figures(&app).await, of(0, 0, 0));
        let (acme, other) = (app.organization(json!({})).await, app.organization(json!({})).await);
        let (ada, _) = (app.newcomer(&acme, "ada@acme.example", json!({})).await, app.newcomer(&acme, "bob@acme.example", json!({})).await);
        app.newcomer(&other, "eve@acme.example", json!({})).await;
        let client = app.m2m_client(json!({})).await;
        assert_eq!(figures(&app).await, of(2, 3, 1));
        app.delete(&ada.path()).await.ok();
        app.delete(&format!("/v1/b2b/organizations/{other}")).await.ok();
        app.delete(&path(&client)).await.ok();
        assert_eq!(figures(&app).await, of(1, 1, 0));
    }

    async fn each_project_has_its_own(app: TestApp) {
        app.organization(json!({})).await;
        app.m2m_client(json!({})).await;
        assert_eq!(figures(&app.another_project().await).await, of(0, 0, 0));
    }
}
