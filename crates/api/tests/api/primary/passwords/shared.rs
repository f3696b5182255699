//! One password for every organization of an address.

use testkit::{Answer, NEW_PASSWORD, PASSWORD, Person, TestApp, Value, json, on_both_databases};

/// Ada in two organizations of a project with shared passwords; the password is set in the first.
pub(super) async fn both(app: &TestApp) -> (Person, Person) {
    app.set("passwords.cross_organization", "true").await;
    let (one, two) = (app.organization(json!({})).await, app.organization(json!({})).await);
    let there = app.newcomer(&two, "ada@acme.example", json!({})).await;
    (app.person(&one, "ada@acme.example").await, there)
}

pub(super) async fn discover(app: &TestApp, password: &str) -> Answer {
    let body = json!({ "email_address": "Ada@acme.example", "password": password });
    app.post("/v1/b2b/passwords/discovery/authenticate", body).await
}

/// The token of a link that sets the password of an address.
async fn mail(app: &TestApp, more: Value) -> String {
    let mut body = json!({ "email_address": "ada@acme.example" });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.next_link("ada@acme.example", "/v1/b2b/passwords/discovery/email/reset/start", body).await
}

async fn set(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "password_reset_token": token, "password": password });
    app.post("/v1/b2b/passwords/discovery/email/reset", body).await
}

on_both_databases! {
    async fn the_password_opens_every_organization_of_the_address(app: TestApp) {
        let (here, there) = both(&app).await;
        app.password_login(&there).await.ok();
        app.password_login(&here).await.ok();
        let id = |it: &Value| it["member_password_id"].clone();
        assert_ne!(id(&app.member(&here).await), json!(""));
        assert_eq!(id(&app.member(&here).await), id(&app.member(&there).await));
        let third = app.organization(json!({})).await;
        let newcomer = app.newcomer(&third, "ADA@acme.example", json!({})).await;
        app.password_login(&newcomer).await.ok();
        let bob = app.newcomer(&third, "bob@acme.example", json!({})).await;
        assert_eq!(app.password_login(&bob).await.refusal(), (404, "member_password_not_found"));
    }

    async fn guesses_are_counted_by_address(app: TestApp) {
        app.set("lock.threshold", "3").await;
        let (here, there) = both(&app).await;
        for who in [&here, &there] {
            let wrong = app.password_login_with(who, json!({ "password": "wrong" })).await;
            assert_eq!(wrong.refusal(), (401, "unauthorized_credentials"));
        }
        assert_eq!(discover(&app, "wrong").await.refusal(), (401, "unauthorized_credentials"));
        let locked = (429, "user_lock_limit_reached");
        assert_eq!(app.password_login(&here).await.refusal(), locked);
        assert_eq!(app.password_login(&there).await.refusal(), locked);
        assert_eq!(discover(&app, PASSWORD).await.refusal(), locked);
        app.advance(60 * 60 + 1);
        app.password_login(&there).await.ok();
    }

    async fn a_reset_in_one_organization_ends_the_sessions_of_all(app: TestApp) {
        let (here, there) = both(&app).await;
        let session = app.link_login(&there).await.ok().text("session_token");
        let token = app.mail_reset(&here.organization, &here.email, json!({})).await;
        app.spend_reset(&token, json!({})).await.ok();
        assert_eq!(app.check(&session).await.refusal(), (404, "session_not_found"));
        app.password_login_with(&there, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn a_known_password_leads_to_the_organizations_of_the_address(app: TestApp) {
        let (here, there) = both(&app).await;
        let found = discover(&app, PASSWORD).await.ok();
        assert_eq!(found["email_address"], json!("Ada@acme.example"));
        assert_eq!(found["discovered_organizations"].as_array().map(Vec::len), Some(2));
        let exchange = json!({ "organization_id": there.organization,
                               "intermediate_session_token": found["intermediate_session_token"] });
        let inside = app.post("/v1/b2b/discovery/intermediate_sessions/exchange", exchange).await.ok();
        assert_eq!(inside["member_id"], json!(there.member));
        assert_eq!(inside["member_authenticated"], json!(true));
        assert_eq!(discover(&app, "wrong").await.refusal(), (401, "unauthorized_credentials"));
        let nobody = json!({ "email_address": "bob@acme.example", "password": PASSWORD });
        let refused = app.post("/v1/b2b/passwords/discovery/authenticate", nobody).await;
        assert_eq!(refused.refusal(), (404, "email_not_found"));
        app.newcomer(&here.organization, "bob@acme.example", json!({})).await;
        let nothing = json!({ "email_address": "bob@acme.example", "password": PASSWORD });
        let refused = app.post("/v1/b2b/passwords/discovery/authenticate", nothing).await;
        assert_eq!(refused.refusal(), (404, "member_password_not_found"));
    }

    async fn a_mailed_link_sets_the_password_of_the_address(app: TestApp) {
        let (here, there) = both(&app).await;
        let session = app.link_login(&there).await.ok().text("session_token");
        let halfway = discover(&app, PASSWORD).await.ok().text("intermediate_session_token");
        let token = mail(&app, json!({})).await;
        assert_eq!(set(&app, &token, "password1").await.refusal(), (400, "weak_password"));
        let found = set(&app, &token, NEW_PASSWORD).await.ok();
        assert_eq!(found["discovered_organizations"].as_array().map(Vec::len), Some(2));
        let gone = (401, "unable_to_auth_password_reset_token");
        assert_eq!(set(&app, &token, NEW_PASSWORD).await.refusal(), gone);
        assert_eq!(app.check(&session).await.refusal(), (404, "session_not_found"));
        let exchange = json!({ "organization_id": here.organization, "intermediate_session_token": halfway });
        let refused = app.post("/v1/b2b/discovery/intermediate_sessions/exchange", exchange).await;
        assert_eq!(refused.refusal(), (404, "intermediate_session_not_found"));
        app.password_login_with(&here, json!({ "password": NEW_PASSWORD })).await.ok();
        let token = mail(&app, json!({ "reset_password_expiration_minutes": 5 })).await;
        app.advance(5 * 60);
        assert_eq!(set(&app, &token, NEW_PASSWORD).await.refusal(), gone);
    }

    async fn a_session_that_one_organization_could_arrange_sets_no_password(app: TestApp) {
        let (here, _) = both(&app).await;
        app.change(&here, json!({ "mfa_phone_number": "+12025550123" })).await.ok();
        let session = app.link_login(&here).await.ok().text("session_token");
        app.advance(4 * 60);
        app.send_sms(&here, json!({ "session_token": session })).await.ok();
        let evidence = json!({ "code": app.last_code("+12025550123").await, "session_token": session });
        let raised = app.complete(&here, "otps/sms", evidence).await.ok().text("session_token");
        app.advance(2 * 60);
        let body = json!({ "organization_id": here.organization, "password": NEW_PASSWORD, "session_token": raised });
        let refused = app.post("/v1/b2b/passwords/session/reset", body.clone()).await;
        assert_eq!(refused.refusal(), (401, "session_too_old_to_reset_password"));
    }

    async fn a_new_address_comes_with_its_own_password(app: TestApp) {
        let (here, there) = both(&app).await;
        app.change(&here, json!({ "email_address": "ada@new.example" })).await.ok();
        assert_eq!(app.member(&here).await["member_password_id"], json!(""));
        let moved = Person { email: "ada@new.example".to_owned(), ..here };
        assert_eq!(app.password_login(&moved).await.refusal(), (404, "member_password_not_found"));
        app.password_login(&there).await.ok();
    }

    async fn a_hash_can_be_imported_for_each_organization_and_replaces_nothing(app: TestApp) {
        let (_, there) = both(&app).await;
        app.person(&there.organization, &there.email).await;
        let body = json!({ "organization_id": there.organization, "email_address": there.email,
                           "hash": "5f4dcc3b5aa765d61d8327deb882cf99", "hash_type": "md_5" });
        let refused = app.post("/v1/b2b/passwords/migrate", body).await;
        assert_eq!(refused.refusal(), (400, "password_already_exists"));
        app.password_login(&there).await.ok();
    }
}
