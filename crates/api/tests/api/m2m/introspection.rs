//! What is told of a token, and to whom.

use super::{FORM, INVALID_CLIENT, JSON, access_token, basic, claims, id, path, secret};
use axum::http::Request;
use testkit::{Answer, PROJECT_ID, TestApp, Value, json, on_both_databases};

async fn by_client(app: &TestApp, client: &Value, token: &str) -> Answer {
    let form = format!("token={token}&client_id={}&client_secret={}", id(client), secret(client));
    app.oauth("introspect", (None, FORM), form).await
}

#[track_caller]
fn assert_inactive(answer: Answer, why: &str) {
    let answer = answer.ok();
    let fields: Vec<&String> = answer.body.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["status_code", "request_id", "active"], "{why}");
    assert_eq!(answer["active"], json!(false), "{why}");
}

on_both_databases! {
    async fn an_active_token_is_told_in_the_form_that_clients_need(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        let mut told = by_client(&app, &client, &token).await.ok().body;
        told["request_id"].take();
        let said = claims(&token);
        let expected = json!({
            "status_code": 200, "request_id": null, "active": true, "sub": id(&client), "client_id": id(&client),
            "scope": "read:users write:users", "aud": [PROJECT_ID], "iss": format!("stytch.com/{PROJECT_ID}"),
            "exp": said["exp"], "iat": said["iat"], "nbf": said["nbf"], "token_type": "access_token",
            "https://stytch.com/organization": { "organization_id": "", "slug": "" },
        });
        assert_eq!(told, expected);
    }

    async fn a_token_from_before_a_restore_is_not_good(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        let restored = app.restored(testkit::sqlite().await, &app.backup().await, false).await;
        assert_inactive(restored.introspect(&token).await, "the client's secret may have been taken away since");
        app.advance(1);
        let token = access_token(&restored, &client).await;
        assert_eq!(restored.introspect(&token).await.ok()["active"], json!(true));
    }

    async fn a_client_asks_in_every_way_it_gets_its_tokens(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        let header = basic(id(&client), secret(&client));
        let form = format!("token={token}");
        let json = json!({ "token": token, "client_id": id(&client), "client_secret": secret(&client),
                           "token_type_hint": "refresh_token" });
        for answer in [
            app.oauth("introspect", (Some(&header), FORM), form).await,
            app.oauth("introspect", (None, JSON), json.to_string()).await,
            app.oauth("introspect", (Some(app.authorization()), JSON), json.to_string()).await,
        ] {
            assert_eq!(answer.ok()["active"], json!(true));
        }
    }

    async fn the_projects_secret_asks_about_every_token(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        assert_eq!(app.introspect(&token).await.ok()["active"], json!(true));
        let ask = async |id: &str| {
            let form = format!("token={token}&client_id={id}&token_type_hint=access_token");
            app.oauth("introspect", (Some(app.authorization()), FORM), form).await
        };
        assert_eq!(ask(id(&client)).await.ok()["active"], json!(true));
        assert_inactive(ask("another").await, "the token of another client");
    }

    async fn the_ruby_client_asks_at_a_path_without_the_project(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        let body = json!({ "token": token, "client_id": id(&client), "client_secret": secret(&client) });
        assert_eq!(app.post("/v1/oauth2/introspect", body.clone()).await.ok()["active"], json!(true));
        assert_inactive(app.another_project().await.post("/v1/oauth2/introspect", json!({ "token": token })).await, "theirs");
        let nobody = Request::post("/v1/oauth2/introspect").body(body.to_string().into()).expect("a request");
        assert_eq!(app.send(nobody).await.refusal(), (404, "project_not_found"));
    }

    async fn who_proves_nothing_learns_nothing(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        let named = format!("token={token}&client_id={}", id(&client));
        let other = app.another_project().await;
        for (header, form) in [
            (None, format!("token={token}")),
            (None, named.clone()),
            (None, format!("{named}&client_secret=wrong")),
            (Some(basic(PROJECT_ID, "wrong")), named.clone()),
            (Some(other.authorization().to_owned()), named.clone()),
            (Some(app.authorization().to_owned()), format!("{named}&client_secret=wrong")),
            (Some(basic(id(&client), "wrong")), named),
        ] {
            let answer = app.oauth("introspect", (header.as_deref(), FORM), form).await;
            assert_eq!(answer.refusal(), INVALID_CLIENT, "{header:?}");
        }
    }

    async fn a_client_learns_nothing_of_anothers_token(app: TestApp) {
        let (one, other) = (app.m2m_client(json!({})).await, app.m2m_client(json!({})).await);
        assert_inactive(by_client(&app, &one, &access_token(&app, &other).await).await, "another client's");
    }

    async fn a_token_is_active_for_an_hour(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        app.advance(3599);
        assert_eq!(app.introspect(&token).await.ok()["active"], json!(true));
        app.advance(1);
        assert_inactive(app.introspect(&token).await, "expired");
        app.advance(-3601);
        assert_inactive(app.introspect(&token).await, "not yet begun");
    }

    async fn a_token_is_worth_nothing_while_its_client_is_inactive(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let token = access_token(&app, &client).await;
        app.put(&path(&client), json!({ "status": "inactive" })).await.ok();
        assert_inactive(app.introspect(&token).await, "inactive");
        app.put(&path(&client), json!({ "status": "active" })).await.ok();
        assert_eq!(app.introspect(&token).await.ok()["active"], json!(true));
    }

    async fn a_token_is_worth_nothing_after_its_client(app: TestApp) {
        let client = app.m2m_client(json!({ "client_id": "billing" })).await;
        let token = access_token(&app, &client).await;
        app.delete(&path(&client)).await.ok();
        assert_inactive(app.introspect(&token).await, "deleted");
        app.advance(1);
        let namesake = app.m2m_client(json!({ "client_id": "billing" })).await;
        assert_inactive(app.introspect(&token).await, "of an earlier client of the name");
        let own = access_token(&app, &namesake).await;
        assert_eq!(app.introspect(&own).await.ok()["active"], json!(true));
    }

    async fn a_token_of_another_project_is_not_active(app: TestApp) {
        let there = app.another_project().await;
        let client = there.m2m_client(json!({})).await;
        let uri = "/v1/public/project-test-00000000-0000-4000-8000-000000000002/oauth2/token";
        let body = json!({ "grant_type": "client_credentials", "client_id": id(&client), "client_secret": secret(&client) });
        let theirs = app.post(uri, body).await.ok().text("access_token");
        assert_inactive(app.introspect(&theirs).await, "theirs");
    }
}
