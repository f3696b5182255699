//! `/v1/debug/whoami`: whose credentials these are.

use axum::{body::Body, http::Request};
use testkit::{PROJECT_ID, json, on_both_databases};

on_both_databases! {
    async fn credentials_name_their_project(app: TestApp) {
        let ours = app.get("/v1/debug/whoami").await.ok();
        assert_eq!(ours["project_id"], PROJECT_ID);
        assert_eq!(ours["name"], "Test project");
        let theirs = app.another_project().await.get("/v1/debug/whoami").await.ok();
        assert_ne!(theirs["project_id"], PROJECT_ID);
    }

    async fn wrong_credentials_name_nobody(app: TestApp) {
        let unknown = Request::get("/v1/debug/whoami").body(Body::empty()).expect("a request");
        assert_eq!(app.send(unknown).await.refusal(), (401, "unauthorized_credentials"));
        let wrong = Request::get("/v1/debug/whoami").header("Authorization", "Basic cHJvamVjdDpzZWNyZXQ=");
        let wrong = wrong.body(Body::empty()).expect("a request");
        assert_eq!(app.send(wrong).await.refusal(), (401, "unauthorized_credentials"));
        assert_eq!(app.get("/v1/debug/whoami").await.ok()["status_code"], json!(200));
    }
}
