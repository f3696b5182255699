//! The admin API: who may, what is read back, what an edit must name.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::time::Span;
use testkit::{Answer, PROJECT_ID, SECRET, TestApp, Value, json, on_both_databases};

const PROJECTS: &str = "/admin/v1/projects";

async fn token(app: &TestApp) -> (String, String) {
    let luck = (app.now(), &mut (app.api.entropy)());
    let made = flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.unwrap();
    (format!("Bearer {}", made.0.expose()), made.1.id)
}

async fn call(
    app: &TestApp,
    (method, path): (Method, &str),
    headers: &[(header::HeaderName, &str)],
    body: Value,
) -> Answer {
    let request =
        headers.iter().fold(Request::builder().method(method).uri(path), |request, (name, value)| {
            request.header(name, *value)
        });
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn document() -> String {
    format!("{PROJECTS}/{PROJECT_ID}/document")
}

async fn read(app: &TestApp, token: &str) -> (String, Value) {
    let answer =
        call(app, (Method::GET, &document()), &[(header::AUTHORIZATION, token)], json!({})).await.ok();
    let tag = answer.headers[header::ETAG].to_str().unwrap().to_owned();
    (tag, answer["document"].clone())
}

async fn put(app: &TestApp, token: &str, tag: &str, sections: Value) -> Answer {
    let headers = [(header::AUTHORIZATION, token), (header::IF_MATCH, tag)];
    call(app, (Method::PUT, &document()), &headers, json!({ "document": sections })).await
}

on_both_databases! {
    async fn only_an_admin_token_opens_it_and_it_opens_nothing_else(app: TestApp) {
        let (token, id) = token(&app).await;
        let secret = format!("Bearer {SECRET}");
        let unknown = format!("Bearer vestibule-admin-{}", "A".repeat(43));
        let basic = format!("Basic {}", &token["Bearer ".len()..]);
        for wrong in [app.authorization(), &secret, &unknown, &basic, "Bearer", "Bearer ", ""] {
            for (method, path) in [
                (Method::GET, PROJECTS), (Method::POST, PROJECTS), (Method::GET, &document()), (Method::PUT, &document()),
                (Method::GET, &format!("{PROJECTS}/nothing")),
            ] {
                let answer = call(&app, (method, path), &[(header::AUTHORIZATION, wrong)], json!({})).await;
                assert_eq!(answer.refusal(), (401, "unauthorized_credentials"), "{wrong}");
            }
        }
        let whoami = call(&app, (Method::GET, "/v1/debug/whoami"), &[(header::AUTHORIZATION, &token)], json!({})).await;
        assert_eq!(whoami.refusal(), (401, "unauthorized_credentials"));
        let luck = (app.now(), &mut (app.api.entropy)());
        flows::admin_tokens::revoke(&app.api.app, &id, luck).await.unwrap();
        let revoked = call(&app, (Method::GET, PROJECTS), &[(header::AUTHORIZATION, &token)], json!({})).await;
        assert_eq!(revoked.refusal(), (401, "unauthorized_credentials"));
    }

    async fn a_members_session_beside_an_admin_token_is_refused(app: TestApp) {
        let (token, _) = token(&app).await;
        let session = header::HeaderName::from_static("x-stytch-member-session");
        for (path, headers) in [
            (PROJECTS.to_owned(), vec![(header::AUTHORIZATION, token.as_str()), (session, "x")]),
            (format!("{PROJECTS}?X-Stytch-Member-Session=x"), vec![(header::AUTHORIZATION, token.as_str())]),
        ] {
            let refused = call(&app, (Method::GET, &path), &headers, json!({})).await;
            assert_eq!(refused.refusal(), (403, "session_authorization_error"), "{path}");
        }
    }

    async fn a_token_that_is_not_one_is_not_repeated(app: TestApp) {
        let luck = (app.now(), &mut (app.api.entropy)());
        let refused = flows::admin_tokens::revoke(&app.api.app, "vestibule-admin-x", luck).await.unwrap_err();
        assert!(!refused.to_string().contains("vestibule-admin-x"));
    }

    async fn tokens_come_and_go_on_the_record_of_every_project(app: TestApp) {
        let (_, id) = token(&app).await;
        let luck = (app.now(), &mut (app.api.entropy)());
        flows::admin_tokens::revoke(&app.api.app, &id, luck).await.unwrap();
        let stored = app.everything_stored().await;
        for action in ["admin_token.created", "admin_token.revoked"] {
            assert!(stored.windows(action.len()).any(|it| it == action.as_bytes()), "{action}");
        }
    }

    async fn a_token_ends_and_only_its_digest_is_kept(app: TestApp) {
        let (token, _) = token(&app).await;
        let stored = app.everything_stored().await;
        let secret = &token.as_bytes()["Bearer vestibule-admin-".len()..];
        assert!(!stored.windows(secret.len()).any(|it| it == secret));
        app.advance(24 * 3600 + 1);
        let ended = call(&app, (Method::GET, PROJECTS), &[(header::AUTHORIZATION, &token)], json!({})).await;
        assert_eq!(ended.refusal(), (401, "unauthorized_credentials"));
    }

    async fn a_project_is_created_with_a_secret_that_opens_it(app: TestApp) {
        let (token, _) = token(&app).await;
        let body = json!({ "name": "New", "environment": "live" });
        let made = call(&app, (Method::POST, PROJECTS), &[(header::AUTHORIZATION, &token)], body).await.ok();
        let id = made["project"]["project_id"].as_str().unwrap().to_owned();
        let one = call(&app, (Method::GET, &format!("{PROJECTS}/{id}")), &[(header::AUTHORIZATION, &token)], json!({})).await;
        assert_eq!(one.ok()["project"], made["project"]);
        let all = call(&app, (Method::GET, PROJECTS), &[(header::AUTHORIZATION, &token)], json!({})).await.ok();
        assert!(all["projects"].as_array().unwrap().contains(&made["project"]));
        assert!(!all.body.to_string().contains(made["secret"].as_str().unwrap()));
        for wrong in [json!({}), json!({ "name": " ", "environment": "test" }), json!({ "name": "a", "environment": "x" })] {
            let refused = call(&app, (Method::POST, PROJECTS), &[(header::AUTHORIZATION, &token)], wrong).await;
            assert_eq!(refused.status, 400);
        }
    }

    async fn what_is_read_back_and_applied_changes_nothing(app: TestApp) {
        let (token, _) = token(&app).await;
        let (tag, whole) = read(&app, &token).await;
        let again = put(&app, &token, &tag, whole.clone()).await.ok();
        assert_eq!((&again["changes"], &again["document"]), (&json!([]), &whole));
        assert_eq!(read(&app, &token).await, (tag, whole));
    }

    async fn an_edit_of_what_was_changed_meanwhile_is_refused(app: TestApp) {
        let (token, _) = token(&app).await;
        let (tag, _) = read(&app, &token).await;
        let first = put(&app, &token, &tag, json!({ "lock": { "threshold": 3, "minutes": 15 } })).await.ok();
        assert_eq!(first["changes"], json!([
            { "path": "lock.minutes", "before": 60, "after": 15 },
            { "path": "lock.threshold", "before": 10, "after": 3 },
        ]));
        let late = put(&app, &token, &tag, json!({ "recovery_codes": { "readable": false } })).await;
        assert_eq!(late.refusal(), (412, "precondition_failed"));
        assert_eq!(read(&app, &token).await.1["recovery_codes"], json!({ "readable": true }));
        let headers = [(header::AUTHORIZATION, token.as_str())];
        let blind = call(&app, (Method::PUT, &document()), &headers, json!({ "document": {} })).await;
        assert_eq!(blind.refusal(), (428, "precondition_required"));
        put(&app, &token, "*", json!({ "recovery_codes": { "readable": false } })).await.ok();
    }

    async fn of_two_edits_at_once_one_is_refused(app: TestApp) {
        let (token, _) = token(&app).await;
        let (tag, _) = read(&app, &token).await;
        let edits = tokio::join!(
            put(&app, &token, &tag, json!({ "lock": { "threshold": 3 } })),
            put(&app, &token, &tag, json!({ "lock": { "threshold": 4 } })),
        );
        let mut statuses = [edits.0.status.as_u16(), edits.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }

    async fn a_dry_run_tells_and_changes_nothing(app: TestApp) {
        let (token, _) = token(&app).await;
        let before = read(&app, &token).await;
        let headers = [(header::AUTHORIZATION, token.as_str())];
        let body = json!({ "document": { "sms": { "countries": ["CH"] } } });
        let told = call(&app, (Method::PUT, &format!("{}?dry_run=true", document())), &headers, body).await.ok();
        assert_eq!(told["changes"], json!([{ "path": "sms.countries", "before": ["*"], "after": ["CH"] }]));
        assert_eq!(read(&app, &token).await, before);
    }

    async fn a_document_that_cannot_be_taken_changes_nothing_and_says_why(app: TestApp) {
        let (token, _) = token(&app).await;
        let before = read(&app, &token).await;
        for (sections, word) in [
            (json!({ "lock": { "threshold": 0 }, "recovery_codes": { "readable": false } }), "lock.threshold"),
            (json!({ "redirect_urls": { "login": ["http://acme.example/"] } }), "redirect_urls.login"),
            (json!({ "locks": {} }), "document"),
            (json!({ "lock": { "treshold": 3 } }), "document"),
        ] {
            let refused = put(&app, &token, "*", sections).await;
            assert_eq!(refused.refusal(), (400, "bad_request"));
            assert!(refused.text("error_message").contains(word), "{}", refused.body);
        }
        assert_eq!(read(&app, &token).await, before);
        let path = format!("{PROJECTS}/project-test-00000000-0000-4000-8000-00000000ffff/document");
        let nobody = call(&app, (Method::GET, &path), &[(header::AUTHORIZATION, &token)], json!({})).await;
        assert_eq!(nobody.refusal(), (404, "project_not_found"));
    }

    async fn a_change_is_on_record_once_with_the_token_that_made_it(app: TestApp) {
        let (token, id) = token(&app).await;
        for _ in 0..2 {
            put(&app, &token, "*", json!({ "lock": { "threshold": 3 } })).await.ok();
        }
        let stored = String::from_utf8_lossy(&app.everything_stored().await).into_owned();
        assert_eq!(stored.matches("lock.threshold").count(), 1);
        assert!(stored.contains(&id) && stored.contains("administrator"));
    }

    async fn roles_are_set_with_the_rest_and_a_wrong_one_undoes_it_all(app: TestApp) {
        let (token, _) = token(&app).await;
        let editor = json!({
            "roles": [{ "role_id": "editor", "permissions": [{ "resource_id": "document", "actions": ["read"] }] }],
            "resources": [{ "resource_id": "document", "actions": ["read", "write"] }],
        });
        let set = put(&app, &token, "*", json!({ "rbac": editor })).await.ok();
        assert!(set["changes"].to_string().contains("rbac.roles.editor"), "{}", set.body);
        let (tag, whole) = read(&app, &token).await;
        assert_eq!(put(&app, &token, &tag, whole.clone()).await.ok()["changes"], json!([]));
        let lost = json!({ "lock": { "threshold": 3 },
                           "rbac": { "roles": [{ "role_id": "x", "permissions": [{ "resource_id": "y", "actions": ["*"] }] }] } });
        assert_eq!(put(&app, &token, "*", lost).await.status, 400);
        assert_eq!(read(&app, &token).await, (tag, whole));
    }

    async fn templates_and_endpoints_are_set_with_the_rest_and_a_secret_is_told_once(app: TestApp) {
        let (token, _) = token(&app).await;
        let looks = json!({ "template_id": "looks", "is_default": true,
                            "content": { "type": "prebuilt", "accent_color": "#1f4fd8", "background_color": "#f3f4f6" } });
        let endpoint = |description: &str, enabled: bool| {
            json!({ "url": "https://hooks.acme.example/Marked-path", "description": description, "events": ["direct.*"], "enabled": enabled })
        };
        let sections = |endpoints: &[Value]| {
            json!({ "templates": { "mails": [looks] }, "webhooks": { "endpoints": endpoints } })
        };
        let two = sections(&[endpoint("one", true), endpoint("two", true)]);
        let set = put(&app, &token, "*", two.clone()).await.ok();
        assert_eq!(set["webhook_secrets"].as_array().unwrap().len(), 2, "{}", set.body);
        let again = put(&app, &token, "*", two).await.ok();
        assert_eq!((&again["changes"], &again["webhook_secrets"]), (&json!([]), &json!([])));

        let fewer = put(&app, &token, "*", sections(&[endpoint("one", false)])).await.ok();
        let left = &fewer["document"]["webhooks"]["endpoints"];
        assert_eq!((left, &fewer["webhook_secrets"]), (&json!([endpoint("one", false)]), &json!([])));
        let path = format!("{PROJECTS}/{PROJECT_ID}/audit_events");
        let recorded = call(&app, (Method::GET, &path), &[(header::AUTHORIZATION, &token)], json!({})).await.ok();
        let recorded = recorded.body.to_string();
        for (action, times) in [("webhook_endpoint.created", 2), ("webhook_endpoint.updated", 1), ("webhook_endpoint.deleted", 1), ("mail_template.saved", 1)] {
            assert_eq!(recorded.matches(action).count(), times, "{action}: {recorded}");
        }
        assert!(!recorded.contains("Marked-path"), "a URL may hold a secret: {recorded}");
    }

    async fn a_wrong_template_or_endpoint_undoes_the_whole_document(app: TestApp) {
        let (token, _) = token(&app).await;
        let before = read(&app, &token).await;
        for (sections, word) in [
            (json!({ "webhooks": { "endpoints": [{ "url": "https://10.0.0.1/" }] } }), "may not call it"),
            (json!({ "webhooks": { "endpoints": [{ "url": "https://[::ffff:169.254.169.254]/" }] } }), "may not call it"),
            (json!({ "webhooks": { "endpoints": [{ "url": "https://a.example/", "secret": "x" }] } }), "document.webhooks.endpoints[0].secret"),
            (json!({ "templates": { "mails": [{ "template_id": "x", "content": { "type": "prebuilt", "kind": "login" } }] } }), "document.templates.mails[0].content"),
            (json!({ "templates": { "words": [] } }), "document.templates.words"),
        ] {
            let mut whole = sections;
            whole["lock"] = json!({ "threshold": 3 });
            let refused = put(&app, &token, "*", whole).await;
            assert_eq!(refused.refusal(), (400, "bad_request"));
            assert!(refused.text("error_message").contains(word), "{}", refused.body);
        }
        assert_eq!(read(&app, &token).await, before);
    }

    async fn a_new_password_policy_holds_at_the_next_call(app: TestApp) {
        let (token, _) = token(&app).await;
        put(&app, &token, "*", json!({ "passwords": { "policy": "luds", "minimum_length": 12, "minimum_complexity": 3 } }))
            .await
            .ok();
        let rated = app.post("/v1/b2b/passwords/strength_check", json!({ "password": "Abcdefg1" })).await.ok();
        assert_eq!((&rated["strength_policy"], &rated["valid_password"]), (&json!("luds"), &json!(false)));
    }
}
