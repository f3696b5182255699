//! What somebody learns who has proved nothing: the same, whoever was named.

use super::{inside, log_in};
use testkit::{Answer, Person, json, on_both_databases};

/// Status and body, without the id that differs anyway.
fn seen(answer: &Answer) -> (u16, String) {
    let mut body = answer.body.clone();
    body.as_object_mut().unwrap().remove("request_id");
    (answer.status.as_u16(), body.to_string())
}

on_both_databases! {
    async fn a_wrong_password_and_an_unknown_address_are_one(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        let ask = async |email: &str| {
            let body = json!({ "organization_id": ada.organization, "email_address": email, "password": "wrong one" });
            seen(&app.ask(&page, "passwords/authenticate", body).await)
        };
        let known = ask(&ada.email).await;
        assert_eq!(known, ask("nobody@acme.example").await);
        assert_eq!(known.0, 401);
    }

    async fn a_locked_member_looks_like_any_other(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        let wrong = json!({ "organization_id": ada.organization, "email_address": ada.email, "password": "wrong one" });
        let first = seen(&app.ask(&page, "passwords/authenticate", wrong.clone()).await);
        for _ in 0..10 {
            app.ask(&page, "passwords/authenticate", wrong.clone()).await;
        }
        assert_eq!(log_in(&app, &page, &ada).await.refusal(), (401, "unauthorized_credentials"));
        assert_eq!(first, seen(&app.ask(&page, "passwords/authenticate", wrong).await));
    }

    async fn whether_anything_was_mailed_is_not_told(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        for path in ["magic_links/email/login_or_signup", "otps/email/login_or_signup", "passwords/email/reset/start"] {
            let ask = async |email: &str| {
                let body = json!({ "organization_id": ada.organization, "email_address": email });
                seen(&app.ask(&page, path, body).await.ok())
            };
            assert_eq!(ask(&ada.email).await, ask("nobody@acme.example").await, "{path}");
        }
    }

    async fn a_url_that_is_not_registered_is_refused_for_everybody(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        let urls = [
            ("magic_links/email/login_or_signup", "login_redirect_url"),
            ("magic_links/email/login_or_signup", "signup_redirect_url"),
            ("passwords/email/reset/start", "reset_password_redirect_url"),
        ];
        for (path, field) in urls {
            let ask = async |email: &str| {
                let body = json!({ "organization_id": ada.organization, "email_address": email, field: "http://localhost:4000/" });
                seen(&app.ask(&page, path, body).await)
            };
            let known = ask(&ada.email).await;
            assert_eq!(known, ask("nobody@acme.example").await, "{field}");
            assert_eq!(known.0, 400, "{field}: {}", known.1);
        }
    }

    async fn a_code_for_nobody_is_a_wrong_code(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        app.ask(&page, "otps/email/login_or_signup", json!({ "organization_id": ada.organization, "email_address": ada.email })).await.ok();
        let ask = async |email: &str| {
            let body = json!({ "organization_id": ada.organization, "email_address": email, "code": "000001" });
            seen(&app.ask(&page, "otps/email/authenticate", body).await)
        };
        assert_eq!(ask(&ada.email).await, ask("nobody@acme.example").await);
    }

    async fn whether_an_address_is_known_is_told_where_the_operator_lets_it(app: TestApp) {
        let (ada, page) = (app.ada().await, app.page().await);
        let ask = async |who: &Person, email: &str| {
            let body = json!({ "organization_id": who.organization, "email_address": email });
            app.ask(&page, "organizations/members/search", body).await
        };
        let known = ask(&ada, &ada.email).await.ok();
        assert_eq!(known["member"], json!({ "status": "active", "name": "", "member_password_id": "" }));
        assert!(ask(&ada, "nobody@acme.example").await.ok()["member"].is_null());
        app.set("sdk.looks_up_members", "false").await;
        assert_eq!(ask(&ada, &ada.email).await.refusal(), (403, "endpoint_not_authorized_for_sdk"));
    }

    async fn what_only_backends_say_is_not_heard(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let body = json!({ "organization_id": ada.organization, "email_address": ada.email, "password": testkit::PASSWORD,
                           "session_custom_claims": { "role": "owner" }, "session_token": page.session });
        let login = app.ask(&page, "passwords/authenticate", body).await.ok();
        assert_eq!(login["member_session"]["custom_claims"], json!({}));
    }

    async fn trusted_metadata_stays_with_the_backend(app: TestApp) {
        let organization = app.organization(json!({ "trusted_metadata": { "plan": "of-backends" } })).await;
        let who = app.person_with(&organization, "ada@acme.example", json!({ "trusted_metadata": { "crm": "of-backends" } })).await;
        let page = app.page().await;
        let login = log_in(&app, &page, &who).await.ok();
        assert!(!login.body.to_string().contains("of-backends"), "{}", login.body);
    }
}
