//! A page of the project's customers, as its browser calls.

use crate::{Answer, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

/// The origin that the test project lists once pages are on.
pub const ORIGIN: &str = "https://app.example.com";

/// What a browser holds for a page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub public_token: String,
    pub origin: String,
    /// The readable session cookie; empty for none.
    pub session: String,
    /// The cookies that no script reads, as the browser sends them.
    pub cookies: String,
}

impl TestApp {
    /// A page that may call; whatever is switched off stays so.
    pub async fn page(&self) -> Page {
        self.set("sdk.enabled", "true").await;
        self.set("sdk.origins", ORIGIN).await;
        let public_token = self.project().await.public_token.to_string();
        Page { public_token, origin: ORIGIN.to_owned(), ..Page::default() }
    }

    /// A call of the page; the answer is unwrapped where it went well.
    pub async fn from_page(&self, page: &Page, method: Method, path: &str, body: Value) -> Answer {
        let password = if page.session.is_empty() { &page.public_token } else { &page.session };
        let basic = STANDARD.encode(format!("{}:{password}", page.public_token));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Basic {basic}"))
            .header(header::CONTENT_TYPE, "application/json");
        if !page.origin.is_empty() {
            request = request.header(header::ORIGIN, &page.origin);
        }
        if !page.cookies.is_empty() {
            request = request.header(header::COOKIE, &page.cookies);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let mut answer = self.send(request.body(body).expect("a request")).await;
        if answer.status.is_success() {
            answer.body = answer.body["data"].take();
        }
        answer
    }

    /// A POST of the page to a path below `/sdk/v1/b2b/`.
    pub async fn ask(&self, page: &Page, path: &str, body: Value) -> Answer {
        self.from_page(page, Method::POST, &format!("/sdk/v1/b2b/{path}"), body).await
    }
}
