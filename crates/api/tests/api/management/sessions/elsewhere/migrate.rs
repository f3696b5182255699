//! Trading a session of the system that the project came from.

use super::{answering, serving};
use crate::{contract::errors::assert_refused, management::sessions::somebody};
use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use testkit::{Answer, Person, TestApp, json, on_both_databases};

const UNEXPECTED: (u16, &str) = (400, "migrate_from_external_unexpected_response");
const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

async fn migrate(app: &TestApp, who: &Person, token: &str) -> Answer {
    let body = json!({ "session_token": token, "organization_id": who.organization });
    app.post("/v1/b2b/sessions/migrate", body).await
}

async fn trusting(app: &TestApp, url: &str) {
    app.set("sessions.migration_userinfo_url", url).await;
}

on_both_databases! {
    async fn a_session_of_the_old_system_opens_one_of_ours(app: TestApp) {
        let ada = app.ada().await;
        let email = ada.email.clone();
        let whose = move |headers: HeaderMap| async move {
            match headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok()) {
                Some("Bearer hers") => {
                    (JSON, json!({ "email": email, "email_verified": true, "sub": "7" }).to_string()).into_response()
                }
                _ => StatusCode::UNAUTHORIZED.into_response(),
            }
        };
        trusting(&app, &serving(Router::new().fallback(get(whose))).await).await;
        let opened = migrate(&app, &ada, "hers").await.ok();
        let session = &opened["member_session"];
        let factor = &session["authentication_factors"][0];
        assert_eq!((&factor["type"], &factor["delivery_method"]), (&json!("imported"), &json!("imported_auth0")));
        let hour = app.now().plus(domain::time::Span::minutes(60)).to_string();
        assert_eq!(session["expires_at"], json!(hour));
        app.post("/v1/b2b/sessions/authenticate", json!({ "session_token": opened["session_token"] })).await.ok();
        for token in ["his", "", "her s", "h\u{e9}rs", "hers\r\nX: y"] {
            assert_refused(&migrate(&app, &ada, token).await, UNEXPECTED);
        }
    }

    async fn without_a_url_nothing_is_migrated(app: TestApp) {
        let ada = somebody(&app).await;
        let missing = (400, "migrate_from_external_missing_userinfo");
        assert_refused(&migrate(&app, &ada, "x").await, missing);
        let nowhere = Person { organization: "nowhere".to_owned(), ..ada };
        assert_refused(&migrate(&app, &nowhere, "x").await, (404, "organization_not_found"));
    }

    async fn an_address_without_a_member_makes_none(app: TestApp) {
        let ada = somebody(&app).await;
        let unknown = (400, "migrate_from_external_email_does_not_exist");
        trusting(&app, &answering(json!({ "email": "eve@acme.example", "email_verified": true }).to_string()).await).await;
        assert_refused(&migrate(&app, &ada, "x").await, unknown);
        trusting(&app, &answering(json!({ "email": ada.email, "email_verified": true }).to_string()).await).await;
        app.delete(&ada.path()).await.ok();
        assert_refused(&migrate(&app, &ada, "x").await, unknown);
    }

    async fn an_answer_that_is_not_a_verified_address_is_refused(app: TestApp) {
        let ada = somebody(&app).await;
        for body in [
            json!({ "email": ada.email }), json!({ "email": ada.email, "email_verified": false }),
            json!({ "email": ada.email, "email_verified": "true" }), json!({ "email_verified": true }),
            json!({ "email": [ada.email], "email_verified": true }), json!({ "email": "nobody", "email_verified": true }),
            json!([]), json!("x"),
        ] {
            trusting(&app, &answering(body.to_string()).await).await;
            assert_refused(&migrate(&app, &ada, "x").await, UNEXPECTED);
        }
    }

    async fn a_server_that_misbehaves_opens_nothing(app: TestApp) {
        let ada = somebody(&app).await;
        let good = json!({ "email": ada.email, "email_verified": true }).to_string();
        let there = answering(good.clone()).await;
        let redirect = move || async move { (StatusCode::FOUND, [(header::LOCATION, there)]) };
        trusting(&app, &serving(Router::new().fallback(get(redirect.clone()))).await).await;
        assert_refused(&migrate(&app, &ada, "x").await, UNEXPECTED);
        let long = format!("{}{}", " ".repeat(1 << 20), good);
        trusting(&app, &answering(long).await).await;
        assert_refused(&migrate(&app, &ada, "x").await, UNEXPECTED);
        let page = move || async move { ([(header::CONTENT_TYPE, "text/html")], good) };
        trusting(&app, &serving(Router::new().fallback(get(page))).await).await;
        assert_refused(&migrate(&app, &ada, "x").await, UNEXPECTED);
        trusting(&app, "http://127.0.0.1:1/nobody-listens").await;
        assert_refused(&migrate(&app, &ada, "x").await, UNEXPECTED);
    }

    async fn a_server_that_does_not_finish_is_left_after_five_seconds(app: TestApp) {
        let ada = somebody(&app).await;
        let never = || async { std::future::pending::<Response>().await };
        trusting(&app, &serving(Router::new().fallback(get(never))).await).await;
        let began = std::time::Instant::now();
        assert_refused(&migrate(&app, &ada, "x").await, UNEXPECTED);
        assert!(began.elapsed().as_secs() < 8);
    }
}
