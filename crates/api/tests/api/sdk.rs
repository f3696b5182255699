//! Pages, by the routes of their SDK.

mod bootstrap;
mod cookies;
mod journeys;
mod management;
mod origins;
mod strangers;

use testkit::{Answer, PASSWORD, Page, Person, TestApp, json};

const PHONE: &str = "+12025550163";

/// Logs a member in by password, as the pre-built form does.
async fn log_in(app: &TestApp, page: &Page, who: &Person) -> Answer {
    let body = json!({ "organization_id": who.organization, "email_address": who.email, "password": PASSWORD,
                       "session_duration_minutes": 60 });
    app.ask(page, "passwords/authenticate", body).await
}

/// A page in which the member is logged in; the organization asks for one factor only.
async fn inside(app: &TestApp) -> (Page, Person) {
    let organization = app.organization(json!({})).await;
    let who = app.person(&organization, "ada@acme.example").await;
    let page = app.page().await;
    let session = log_in(app, &page, &who).await.ok().text("session_token");
    (Page { session, ..page }, who)
}
