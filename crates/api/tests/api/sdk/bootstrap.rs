//! What a page learns of its project before anybody logs in.

use axum::http::Method;
use testkit::{Page, Value, json, on_both_databases};

on_both_databases! {
    async fn every_field_that_the_sdk_reads_is_there(app: TestApp) {
        let page = app.page().await;
        let path = format!("/sdk/v1/projects/bootstrap/{}", page.public_token);
        let answer = app.from_page(&page, Method::GET, &path, Value::Null).await.ok();
        assert_eq!(answer["captcha_settings"], json!({ "enabled": false }));
        for field in ["password_config", "email_domains", "cname_domain", "slug_pattern", "rbac_policy",
                      "create_organization_enabled", "disable_sdk_watermark", "pkce_required_for_email_magic_links",
                      "pkce_required_for_password_resets", "pkce_required_for_oauth", "pkce_required_for_sso"] {
            assert!(answer.body.get(field).is_some(), "{field}");
        }
        assert!(answer["email_domains"].is_array());
        assert!(answer["rbac_policy"]["roles"].is_array());
    }

    async fn a_token_of_no_project_is_told_nothing(app: TestApp) {
        let page = app.page().await;
        let public_token = "public-token-test-99999999-9999-4999-8999-999999999999".to_owned();
        let path = format!("/sdk/v1/projects/bootstrap/{public_token}");
        let mine = app.from_page(&page, Method::GET, &path, Value::Null).await;
        assert_eq!(mine.refusal(), (401, "unauthorized_credentials"));
        let stranger = Page { public_token, ..page };
        let theirs = app.from_page(&stranger, Method::GET, &path, Value::Null).await;
        assert_eq!(theirs.refusal(), (401, "unauthorized_credentials"));
    }

    async fn an_organization_is_greeted_by_its_slug_and_keeps_its_secrets(app: TestApp) {
        let page = app.page().await;
        app.organization(json!({ "organization_slug": "acme", "trusted_metadata": { "plan": "gold" } })).await;
        let found = app.ask(&page, "organizations/search", json!({ "organization_slug": "acme" })).await.ok();
        assert_eq!(found["organization"]["organization_name"], "Acme");
        assert!(!found.body.to_string().contains("gold"));
        let none = app.ask(&page, "organizations/search", json!({ "organization_slug": "nobody" })).await.ok();
        assert_eq!(none["organization"], Value::Null);
    }

    async fn the_secret_of_the_project_opens_no_page(app: TestApp) {
        app.page().await;
        let answer = app.post("/sdk/v1/b2b/organizations/search", json!({ "organization_slug": "acme" })).await;
        assert_eq!(answer.refusal(), (401, "unauthorized_credentials"));
    }

    async fn a_public_token_opens_nothing_else(app: TestApp) {
        let page = app.page().await;
        let answer = app.from_page(&page, Method::POST, "/v1/b2b/organizations", json!({ "organization_name": "x" })).await;
        assert_eq!(answer.refusal(), (401, "unauthorized_credentials"));
    }
}
