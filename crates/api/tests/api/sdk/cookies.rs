//! Tokens in cookies that no script reads.

use super::log_in;
use axum::http::{Method, header};
use testkit::{Answer, Page, Person, TestApp, Value, json, on_both_databases};

/// The cookies that an answer leaves in the browser.
fn kept(answer: &Answer) -> String {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap());
    let pairs = lines.map(|it| it.split(';').next().unwrap());
    pairs.filter(|it| !it.ends_with('=')).collect::<Vec<_>>().join("; ")
}

async fn arranged(app: &TestApp) -> (Page, Person) {
    let organization = app.organization(json!({})).await;
    let who = app.person(&organization, "ada@acme.example").await;
    let page = app.page().await;
    app.set("sdk.cookie_domain", "example.com").await;
    (page, who)
}

on_both_databases! {
    async fn a_login_leaves_its_tokens_in_cookies_alone(app: TestApp) {
        let (page, ada) = arranged(&app).await;
        let login = log_in(&app, &page, &ada).await.ok();
        assert_eq!((login.text("session_token"), login.text("session_jwt")), (String::new(), String::new()));
        let lines: Vec<_> = login.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap()).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines.iter().all(|it| it.contains("Domain=example.com") && it.contains("HttpOnly; Secure; SameSite=Lax")));
        let page = Page { cookies: kept(&login), ..page };
        let poll = app.ask(&page, "sessions/authenticate", json!({})).await.ok();
        assert_eq!(poll["member"]["member_id"], ada.member.as_str());
        assert_eq!(poll.text("session_token"), "");
    }

    async fn a_cookie_counts_only_for_a_page_that_names_its_origin(app: TestApp) {
        let (page, ada) = arranged(&app).await;
        let cookies = kept(&log_in(&app, &page, &ada).await.ok());
        for origin in ["", "https://evil.example"] {
            let forged = Page { cookies: cookies.clone(), origin: origin.to_owned(), ..page.clone() };
            let answer = app.ask(&forged, "sessions/revoke", json!({})).await;
            assert_eq!(answer.refusal(), (403, "bad_domain_for_stytch_sdk"), "{origin}");
        }
        let page = Page { cookies, ..page };
        app.ask(&page, "sessions/authenticate", json!({})).await.ok();
    }

    async fn logging_out_lays_every_cookie_down(app: TestApp) {
        let (page, ada) = arranged(&app).await;
        let page = Page { cookies: kept(&log_in(&app, &page, &ada).await.ok()), ..page };
        let out = app.ask(&page, "sessions/revoke", json!({})).await.ok();
        let lines = out.headers.get_all(header::SET_COOKIE);
        assert_eq!(lines.iter().filter(|it| it.to_str().unwrap().contains("Max-Age=0")).count(), 3);
        assert_eq!(app.ask(&page, "sessions/authenticate", json!({})).await.refusal(), (404, "session_not_found"));
    }

    async fn without_a_domain_no_cookie_is_set_and_none_is_read(app: TestApp) {
        let (page, ada) = arranged(&app).await;
        let cookies = kept(&log_in(&app, &page, &ada).await.ok());
        app.set("sdk.cookie_domain", "").await;
        let page = Page { cookies, ..page };
        assert_eq!(app.ask(&page, "sessions/authenticate", json!({})).await.refusal(), (404, "session_not_found"));
        let me = app.from_page(&page, Method::GET, "/sdk/v1/b2b/organizations/me", Value::Null).await;
        assert_eq!(me.refusal(), (404, "session_not_found"));
        assert_eq!(kept(&log_in(&app, &page, &ada).await.ok()), "");
    }
}
