//! Setting a password by a fresh session.

use testkit::{Answer, NEW_PASSWORD, Person, TestApp, Value, json, on_both_databases};

async fn set(app: &TestApp, who: &Person, more: Value) -> Answer {
    let mut body = json!({ "organization_id": who.organization, "password": NEW_PASSWORD });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/passwords/session/reset", body).await
}

async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await
}

on_both_databases! {
    async fn a_fresh_session_sets_a_first_password_and_goes_on_alone(app: TestApp) {
        let ada = ada(&app).await;
        let other = app.link_login(&ada).await.ok().text("session_token");
        let own = app.link_login(&ada).await.ok();
        let inside = set(&app, &ada, json!({ "session_token": own.text("session_token") })).await.ok();
        assert_eq!(inside["member_session"]["member_session_id"], own["member_session"]["member_session_id"]);
        assert_eq!(inside["intermediate_session_token"], json!(""));
        let factors = inside["member_session"]["authentication_factors"].as_array().expect("factors");
        assert_eq!(factors.len(), 2);
        for dead in [&other, &own.text("session_token")] {
            assert_eq!(app.check(dead).await.refusal(), (404, "session_not_found"));
        }
        app.password_login_with(&ada, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn a_session_jwt_will_do(app: TestApp) {
        let ada = ada(&app).await;
        let jwt = app.link_login(&ada).await.ok().text("session_jwt");
        set(&app, &ada, json!({ "session_jwt": jwt })).await.ok();
    }

    async fn five_minutes_are_the_limit(app: TestApp) {
        let ada = ada(&app).await;
        let own = app.link_login(&ada).await.ok().text("session_token");
        app.advance(5 * 60 + 1);
        let refused = set(&app, &ada, json!({ "session_token": own })).await;
        assert_eq!(refused.refusal(), (401, "session_too_old_to_reset_password"));
        let own = app.link_login(&ada).await.ok().text("session_token");
        app.advance(5 * 60);
        set(&app, &ada, json!({ "session_token": own })).await.ok();
    }

    async fn one_session_of_the_organization_is_shown(app: TestApp) {
        let ada = ada(&app).await;
        let own = app.link_login(&ada).await.ok();
        assert_eq!(set(&app, &ada, json!({})).await.refusal(), (400, "no_session_arguments"));
        let both = json!({ "session_token": own["session_token"], "session_jwt": own["session_jwt"] });
        assert_eq!(set(&app, &ada, both).await.refusal(), (400, "too_many_session_arguments"));
        let unknown = set(&app, &ada, json!({ "session_token": "unknown" })).await;
        assert_eq!(unknown.refusal(), (404, "session_not_found"));
        let elsewhere = Person { organization: app.organization(json!({})).await, ..ada.clone() };
        let foreign = set(&app, &elsewhere, json!({ "session_token": own["session_token"] })).await;
        assert_eq!(foreign.refusal(), (404, "session_not_found"));
    }

    async fn a_weak_password_or_one_not_accepted_is_refused(app: TestApp) {
        let ada = ada(&app).await;
        let own = app.link_login(&ada).await.ok().text("session_token");
        let weak = set(&app, &ada, json!({ "session_token": own, "password": "password1" })).await;
        assert_eq!(weak.refusal(), (400, "weak_password"));
        let path = format!("/v1/b2b/organizations/{}", ada.organization);
        let links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
        app.put(&path, links).await.ok();
        let refused = set(&app, &ada, json!({ "session_token": own })).await;
        assert_eq!(refused.refusal(), (403, "operation_restricted_by_organization_auth_methods"));
    }
}
