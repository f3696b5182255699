//! Calls on behalf of a member are refused where they cannot be, never run with the project's authority.

use super::{
    calls::{Call, Stage, percent_encoded},
    errors::assert_refused,
    scenarios::{ready, somebody},
    specification::{Route, served},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use testkit::{Answer, TestApp, json, on_both_databases};

const REFUSAL: (u16, &str) = (403, "session_authorization_error");
const HEADERS: [&str; 3] =
    ["X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT", "x-stytch-member-session"];
/// As the Ruby client puts them into the query, and other spellings.
const QUERY_TWINS: [&str; 4] = [
    "X-Stytch-Member-Session",
    "X-Stytch-Member-SessionJWT",
    "x-stytch-member-session",
    "x_stytch_member_session",
];

on_both_databases! {
    async fn a_call_with_a_members_session_is_refused_and_changes_nothing(app: TestApp) {
        let ada = somebody(&app, json!({})).await;
        let session = app.link_login(&ada).await.ok();
        for route in served().iter().filter(|it| it.operation != "sessions.getJWKS" && !it.is_for_members()) {
            let call = ready(&app, &route.operation).await;
            for shown in [session.text("session_token"), session.text("session_jwt"), "x".to_owned(), String::new()] {
                let refusal = if route.is_oauth() { (403, "access_denied") } else { REFUSAL };
                for header in HEADERS {
                    assert_refused(&with_header(&app, &call, (header, &shown)).await, refusal);
                }
                for parameter in QUERY_TWINS {
                    assert_refused(&with_query(&app, &call, (parameter, &shown)).await, refusal);
                }
            }
            // Nothing was spent, deleted or made: the call itself still succeeds.
            call.send(&app).await.ok();
        }
        app.check(&session.text("session_token")).await.ok();
    }

    async fn who_calls_is_asked_before_on_whose_behalf(app: TestApp) {
        let asked = |it: &&&Route| it.operation != "sessions.getJWKS" && !it.is_oauth();
        for route in served().iter().filter(asked) {
            let request = Request::builder().method(route.method()).uri(&route.path).header(HEADERS[0], "x");
            let answer = app.send(request.body(Body::empty()).expect("a request")).await;
            assert_refused(&answer, (401, "unauthorized_credentials"));
        }
    }

    async fn a_check_that_cannot_be_read_is_no_check(app: TestApp) {
        let mut stage = Stage::set(&app, "sessions.authenticate").await;
        let part = json!({ "organization_id": "o", "resource_id": "r" });
        for check in [part, json!({}), json!([]), json!(["o", "r", "a"]), json!("x"), json!(false)] {
            let answer = stage.send(|call| call.with("authorization_check", check)).await;
            assert_refused(&answer, (400, "bad_request"));
        }
        stage.send(|call| call.with("authorization_check", json!(null))).await.ok();
    }
}

pub async fn with_header(app: &TestApp, call: &Call, (name, value): (&str, &str)) -> Answer {
    let request = Request::builder().method(call.route().method()).uri(call.uri());
    let request = request.header(header::AUTHORIZATION, app.authorization()).header(name, value);
    app.send(request.body(Body::from(call.body().to_string())).expect("a request")).await
}

pub async fn with_query(app: &TestApp, call: &Call, (name, value): (&str, &str)) -> Answer {
    let uri = call.uri();
    let separator = if uri.contains('?') { '&' } else { '?' };
    let uri = format!("{uri}{separator}{name}={}", percent_encoded(value));
    call.send_raw(app, &uri, call.body().to_string()).await
}
