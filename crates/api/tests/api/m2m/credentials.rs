//! How a client shows who it is.

use super::{FORM, INVALID_CLIENT, JSON, basic, id, path, secret, told, with_secret};
use axum::http::header;
use testkit::{PROJECT_ID, SECRET, TestApp, Value, json, on_both_databases};

const GRANT: &str = "grant_type=client_credentials";

async fn named(app: &TestApp) -> Value {
    app.m2m_client(json!({ "client_id": "crm|7", "client_secret": "a+b %41&k3#Qz9" })).await
}

on_both_databases! {
    async fn a_secret_comes_in_the_body_or_in_the_header(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let header = basic(id(&client), secret(&client));
        let in_form = format!("{GRANT}&client_id={}&client_secret={}", id(&client), secret(&client));
        app.oauth("token", (None, FORM), in_form).await.ok();
        app.oauth("token", (Some(&header), FORM), GRANT).await.ok();
        app.oauth("token", (Some(&header), FORM), format!("{GRANT}&client_id={}", id(&client))).await.ok();
        let in_json = json!({ "grant_type": "client_credentials", "client_id": null, "client_secret": null });
        app.oauth("token", (Some(&header), JSON), in_json.to_string()).await.ok();
    }

    async fn the_header_is_read_as_it_stands_and_as_the_standard_says(app: TestApp) {
        let client = named(&app).await;
        for header in [basic("crm|7", secret(&client)), basic("crm%7C7", "a%2Bb+%2541%26k3%23Qz9")] {
            app.oauth("token", (Some(&header), FORM), GRANT).await.ok();
        }
    }

    async fn the_projects_credentials_beside_a_clients_count_for_nothing(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let body = json!({ "grant_type": "client_credentials", "client_id": id(&client), "client_secret": secret(&client) });
        for header in [app.authorization().to_owned(), basic(PROJECT_ID, "wrong"), "Bearer x".to_owned()] {
            app.oauth("token", (Some(&header), JSON), body.to_string()).await.ok();
            let without = json!({ "grant_type": "client_credentials", "client_id": id(&client) });
            let refused = app.oauth("token", (Some(&header), JSON), without.to_string()).await;
            assert_eq!(refused.refusal(), INVALID_CLIENT);
        }
        let wrong = json!({ "grant_type": "client_credentials", "client_id": id(&client), "client_secret": SECRET });
        let refused = app.oauth("token", (Some(app.authorization()), JSON), wrong.to_string()).await;
        assert_eq!(refused.refusal(), INVALID_CLIENT);
    }

    async fn one_call_has_one_clients_credentials_once(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let header = basic(id(&client), secret(&client));
        for more in ["client_id=other".to_owned(), format!("client_secret={}", secret(&client))] {
            let refused = app.oauth("token", (Some(&header), FORM), format!("{GRANT}&{more}")).await;
            assert_eq!(refused.refusal(), (400, "invalid_request"), "{more}");
        }
    }

    async fn a_secret_in_the_url_counts_for_nothing(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let query = format!("token?{GRANT}&client_id={}&client_secret={}", id(&client), secret(&client));
        assert_eq!(app.oauth(&query, (None, FORM), "").await.refusal(), (400, "invalid_request"));
        assert_eq!(app.oauth(&query, (None, FORM), GRANT).await.refusal(), INVALID_CLIENT);
    }

    async fn unknown_inactive_and_wrong_look_alike(app: TestApp) {
        let (client, inactive) = (app.m2m_client(json!({})).await, app.m2m_client(json!({})).await);
        app.put(&path(&inactive), json!({ "status": "inactive" })).await.ok();
        let wrong = with_secret(&client, "not the secret");
        let unknown = json!({ "client_id": "nobody", "client_secret": secret(&client) });
        let no_name = json!({ "client_id": "no name at all", "client_secret": secret(&client) });
        let expected = app.m2m_token(&wrong, json!({})).await;
        assert_eq!(expected.refusal(), INVALID_CLIENT);
        assert_eq!(expected.headers[header::WWW_AUTHENTICATE], "Basic realm=\"oauth2\"");
        for other in [inactive, unknown, no_name] {
            assert_eq!(told(&app.m2m_token(&other, json!({})).await), told(&expected));
        }
    }

    async fn a_secret_is_exact(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let right = secret(&client);
        for wrong in [format!("{right} "), format!(" {right}"), right.to_uppercase(), right[1..].to_owned(), String::new()] {
            let refused = app.m2m_token(&with_secret(&client, wrong), json!({})).await;
            assert_eq!(refused.refusal(), INVALID_CLIENT);
        }
    }

    async fn a_client_is_nobody_in_another_project(app: TestApp) {
        let there = app.another_project().await;
        let theirs = there.m2m_client(json!({})).await;
        assert_eq!(app.m2m_token(&theirs, json!({})).await.refusal(), INVALID_CLIENT);
        // Not even where a client of ours has the same name.
        let ours = app.m2m_client(json!({ "client_id": theirs["client_id"] })).await;
        assert_eq!(app.m2m_token(&theirs, json!({})).await.refusal(), INVALID_CLIENT);
        app.m2m_token(&ours, json!({})).await.ok();
    }

    async fn an_unknown_project_is_told_in_the_words_of_oauth(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let body = json!({ "grant_type": "client_credentials", "client_id": id(&client), "client_secret": secret(&client) });
        for project in ["project-test-00000000-0000-4000-8000-00000000000f", "x"] {
            for endpoint in ["token", "introspect"] {
                let uri = format!("/v1/public/{project}/oauth2/{endpoint}");
                let answer = app.post(&uri, body.clone()).await;
                assert_eq!(answer.refusal(), (404, "project_not_found"));
                assert_eq!(answer.body.get("error_type"), None);
            }
        }
    }
}
