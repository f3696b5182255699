//! An organization's data over the admin API: taken along, or erased.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::{audit::Action, time::Span};
use testkit::{Answer, PROJECT_ID, TestApp, Value, json, on_both_databases};

async fn admin(app: &TestApp, method: Method, path: &str, body: Value) -> Answer {
    let luck = (app.now(), &mut (app.api.entropy)());
    let made = flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.unwrap();
    let path = format!("/admin/v1/projects/{PROJECT_ID}/organizations/{path}");
    let bearer = format!("Bearer {}", made.0.expose());
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, bearer);
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn export(app: &TestApp, organization: &str) -> Answer {
    admin(app, Method::GET, &format!("{organization}/export"), json!({})).await
}

async fn try_to_erase(app: &TestApp, organization: &str, body: Value) -> Answer {
    admin(app, Method::POST, &format!("{organization}/erase"), body).await
}

async fn slug(app: &TestApp, organization: &str) -> String {
    let answer = app.get(&format!("/v1/b2b/organizations/{organization}")).await.ok();
    answer.body["organization"]["organization_slug"].as_str().unwrap().to_owned()
}

/// Erases an organization, confirmed as it has to be.
pub async fn erase(app: &TestApp, organization: &str) -> Answer {
    let confirm = slug(app, organization).await;
    try_to_erase(app, organization, json!({ "confirm": confirm })).await.ok()
}

/// The actors and details of an action on the project's own record.
async fn recorded(app: &TestApp, action: Action) -> Vec<(String, Value)> {
    let conn = &mut app.api.app.db.read().await.unwrap();
    let log = store::audit::of_the_project(conn, &PROJECT_ID.parse().unwrap(), 100).await.unwrap();
    let found = log.into_iter().filter(|it| it.action == action);
    found.map(|it| (it.actor.to_string(), json!(it.details))).collect()
}

on_both_databases! {
    async fn an_export_over_http_is_that_of_the_command_line_without_secrets(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let told = export(&app, &ada.organization).await.ok().text("export");
        let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((&lines[0]["vestibule_export"], &lines[0]["with_secrets"]), (&json!(1), &json!(false)));
        assert_eq!(lines.last().unwrap()["rows"]["members"], json!(1));
        assert!(told.contains(&ada.email) && !told.contains(&secret) && !told.contains("sealed_"));
        assert!(!told.contains("\"hash\"") && !told.contains("code_digest"));
        let (actor, details) = recorded(&app, Action::OrganizationExported).await.remove(0);
        assert_eq!((actor.as_str(), &details["organization_id"]), ("administrator", &json!(ada.organization)));
    }

    async fn an_erasure_over_http_wants_the_slug_once_more(app: TestApp) {
        let (ada, other) = (app.ada().await, app.organization(json!({})).await);
        for body in [json!({ "confirm": "" }), json!({ "confirm": "yes" }), json!({ "confirm": slug(&app, &other).await })] {
            let refused = try_to_erase(&app, &ada.organization, body.clone()).await;
            assert_eq!(refused.refusal(), (400, "invalid_argument"), "{body}");
        }
        assert_eq!(try_to_erase(&app, &ada.organization, json!({})).await.status, 400);
        app.member(&ada).await;
        assert!(recorded(&app, Action::OrganizationErased).await.is_empty());
    }

    async fn an_erasure_over_http_is_certified_recorded_and_done_once(app: TestApp) {
        let ada = app.ada().await;
        let confirm = json!({ "confirm": slug(&app, &ada.organization).await });
        let first = try_to_erase(&app, &ada.organization, confirm.clone()).await.ok();
        let read = |answer: &Answer| -> Value {
            serde_json::from_str(answer["certificate"]["document"].as_str().unwrap()).unwrap()
        };
        assert_eq!(read(&first)["rows"]["members"], json!(1));
        assert_eq!(app.get(&format!("/v1/b2b/organizations/{}", ada.organization)).await.status, 404);
        app.advance(60);
        let again = try_to_erase(&app, &ada.organization, confirm).await.ok();
        assert_eq!(read(&again)["rows"], json!({}));
        assert_eq!(read(&again)["erased_at"], read(&first)["erased_at"]);
        let recorded = recorded(&app, Action::OrganizationErased).await;
        assert_eq!((recorded.len(), recorded[0].0.as_str()), (1, "administrator"));
        assert!(recorded[0].1["admin_token"].is_string());
    }

    async fn an_organization_that_is_not_the_projects_is_not_found(app: TestApp) {
        let unknown = "organization-test-00000000-0000-4000-8000-000000000000";
        assert_eq!(export(&app, unknown).await.refusal(), (404, "organization_not_found"));
        let refused = try_to_erase(&app, unknown, json!({ "confirm": "acme" })).await;
        assert_eq!(refused.refusal(), (404, "organization_not_found"));
        let theirs = app.another_project().await.organization(json!({})).await;
        assert_eq!(export(&app, &theirs).await.refusal(), (404, "organization_not_found"));
        let refused = try_to_erase(&app, &theirs, json!({ "confirm": "acme" })).await;
        assert_eq!(refused.refusal(), (404, "organization_not_found"));
    }
}
