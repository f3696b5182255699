//! Which pages may call.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use testkit::{Answer, ORIGIN, Page, TestApp, json, on_both_databases};

async fn preflight(app: &TestApp, origin: &str, path: &str) -> Answer {
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri(path)
        .header(header::ORIGIN, origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            "authorization,content-type,x-sdk-client,x-sdk-parent-host",
        );
    app.send(request.body(Body::empty()).unwrap()).await
}

fn header_of(answer: &Answer, name: header::HeaderName) -> String {
    answer.headers.get(name).map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default()
}

on_both_databases! {
    async fn a_listed_origin_may_ask_before_it_says_who_it_is(app: TestApp) {
        app.page().await;
        for path in ["/sdk/v1/b2b/passwords/authenticate", "/sdk/v1/b2b/nowhere", "/sdk/v1/events"] {
            let answer = preflight(&app, ORIGIN, path).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.status);
            assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), ORIGIN, "{path}");
            assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "true");
            let allowed = header_of(&answer, header::ACCESS_CONTROL_ALLOW_HEADERS);
            assert!(allowed.contains("x-sdk-parent-host") && allowed.contains("authorization"), "{allowed}");
            assert!(header_of(&answer, header::VARY).to_lowercase().contains("origin"));
        }
    }

    async fn another_origin_is_granted_nothing(app: TestApp) {
        let page = Page { origin: "https://evil.example".to_owned(), ..app.page().await };
        let asked = preflight(&app, &page.origin, "/sdk/v1/b2b/passwords/authenticate").await;
        assert_eq!(header_of(&asked, header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
        let answer = app.ask(&page, "organizations/search", json!({ "organization_slug": "acme" })).await;
        assert_eq!(answer.refusal(), (403, "bad_domain_for_stytch_sdk"));
        assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
    }

    async fn errors_can_be_read_by_the_page(app: TestApp) {
        let page = app.page().await;
        for (path, refusal) in [("nowhere", (404, "route_not_found")), ("sessions/authenticate", (404, "session_not_found"))] {
            let answer = app.ask(&page, path, json!({})).await;
            assert_eq!(answer.refusal(), refusal);
            assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), ORIGIN, "{path}");
        }
        let wrong = Page { public_token: "public-token-test-0".to_owned(), ..page };
        let answer = app.ask(&wrong, "sessions/authenticate", json!({})).await;
        assert_eq!(answer.refusal(), (401, "unauthorized_credentials"));
        assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), ORIGIN);
    }

    async fn a_project_whose_pages_are_off_answers_none(app: TestApp) {
        let page = app.page().await;
        app.set("sdk.enabled", "false").await;
        let answer = app.ask(&page, "organizations/search", json!({ "organization_slug": "acme" })).await;
        assert_eq!(answer.refusal(), (403, "endpoint_not_authorized_for_sdk"));
    }

    async fn telemetry_is_taken_and_dropped(app: TestApp) {
        let request = Request::builder().method(Method::POST).uri("/sdk/v1/events");
        let answer = app.send(request.body(Body::from("[not json")).unwrap()).await.ok();
        assert!(answer.body.is_object());
    }
}
