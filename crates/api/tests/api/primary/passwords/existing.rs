//! Changing a password by the one before.

use testkit::{Answer, NEW_PASSWORD, PASSWORD, Person, TestApp, Value, json, on_both_databases};

async fn change(app: &TestApp, who: &Person, more: Value) -> Answer {
    let mut body = json!({ "organization_id": who.organization, "email_address": who.email,
                           "existing_password": PASSWORD, "new_password": NEW_PASSWORD });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/passwords/existing_password/reset", body).await
}

async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.person(&organization, "ada@acme.example").await
}

on_both_databases! {
    async fn a_known_password_is_changed_and_sessions_end(app: TestApp) {
        let ada = ada(&app).await;
        let before = app.link_login(&ada).await.ok().text("session_token");
        let inside = change(&app, &ada, json!({})).await.ok();
        assert_eq!(inside["member_authenticated"], json!(true));
        assert_eq!(app.check(&before).await.refusal(), (404, "session_not_found"));
        assert_eq!(app.password_login(&ada).await.refusal(), (401, "unauthorized_credentials"));
        app.password_login_with(&ada, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn an_own_session_is_kept_under_a_new_token(app: TestApp) {
        let ada = ada(&app).await;
        let own = app.link_login(&ada).await.ok();
        let inside = change(&app, &ada, json!({ "session_token": own.text("session_token") })).await.ok();
        let id = |it: &Answer| it["member_session"]["member_session_id"].clone();
        assert_eq!(id(&inside), id(&own));
    }

    async fn guesses_are_counted_and_lock(app: TestApp) {
        app.set("lock.threshold", "2").await;
        let ada = ada(&app).await;
        for _ in 0..2 {
            let wrong = change(&app, &ada, json!({ "existing_password": "wrong" })).await;
            assert_eq!(wrong.refusal(), (401, "unauthorized_credentials"));
        }
        assert_eq!(change(&app, &ada, json!({})).await.refusal(), (429, "user_lock_limit_reached"));
        assert_eq!(app.password_login(&ada).await.refusal(), (429, "user_lock_limit_reached"));
    }

    async fn what_is_said_of_the_new_one_tells_nothing_of_the_old(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let ada = ada(&app).await;
        for existing in [PASSWORD, "wrong"] {
            for new in ["password1", existing] {
                let fields = json!({ "existing_password": existing, "new_password": new });
                assert_eq!(change(&app, &ada, fields).await.refusal(), (400, "weak_password"), "{existing} {new}");
            }
        }
        change(&app, &ada, json!({})).await.ok();
    }

    async fn who_has_no_password_changes_none(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        assert_eq!(change(&app, &ada, json!({})).await.refusal(), (404, "member_password_not_found"));
        let nobody = json!({ "email_address": "bob@acme.example" });
        assert_eq!(change(&app, &ada, nobody).await.refusal(), (404, "email_not_found"));
    }
}
