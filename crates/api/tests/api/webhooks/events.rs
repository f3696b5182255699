//! What is told of which call.

use super::{only, types};
use testkit::{Backend, json, on_both_databases};

on_both_databases! {
    async fn an_organization_is_told_as_the_api_answers_it(app: TestApp) {
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        let made = app.post("/v1/b2b/organizations", json!({ "organization_name": "Acme" })).await.ok();
        app.dispatch().await;
        let told = backend.take();
        let told = &only(&told, "direct.organization.create").body;
        let id = &made["organization"]["organization_id"];
        assert_eq!(told["organization"], made["organization"]);
        assert_eq!(*told, json!({
            "project_id": testkit::PROJECT_ID, "event_id": told["event_id"], "action": "CREATE",
            "object_type": "organization", "source": "DIRECT", "id": id, "timestamp": "2023-11-15T12:00:00.000000Z",
            "vertical": "B2B", "organization": made["organization"],
        }));
        assert!(told["event_id"].as_str().unwrap().starts_with("webhook-event-test-"));
        app.delete(&format!("/v1/b2b/organizations/{}", id.as_str().unwrap())).await.ok();
        app.dispatch().await;
        let told = backend.take();
        assert_eq!(types(&told), ["direct.organization.delete"]);
        assert_eq!((&told[0].body["id"], told[0].body.get("organization")), (id, None));
    }

    async fn nothing_is_queued_where_nobody_is_told(app: TestApp) {
        app.organization(json!({})).await;
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        app.dispatch().await;
        assert_eq!(types(&backend.take()), Vec::<String>::new());
    }
}
