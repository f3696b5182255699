//! Forms, as strictly read as JSON.

use super::{FORM, id, secret};
use crate::contract::errors::assert_refused;
use testkit::{TestApp, Value, json, on_both_databases};

const REFUSED: (u16, &str) = (400, "invalid_request");

async fn form(app: &TestApp) -> (Value, String) {
    let client = app.m2m_client(json!({})).await;
    let form =
        format!("grant_type=client_credentials&client_id={}&client_secret={}", id(&client), secret(&client));
    (client, form)
}

on_both_databases! {
    async fn a_form_says_everything_that_json_can(app: TestApp) {
        let (_, form) = form(&app).await;
        for more in ["", "&scope=read%3Ausers+write%3Ausers", "&scope=", "&a_newer_field=1", "&"] {
            app.oauth("token", (None, FORM), format!("{form}{more}")).await.ok();
        }
        app.oauth("token", (None, "application/x-www-form-urlencoded; charset=utf-8"), form).await.ok();
    }

    async fn an_unclear_form_is_refused(app: TestApp) {
        let (client, form) = form(&app).await;
        for more in [
            "&client_id=other".to_owned(),
            "&grant_type=client_credentials".to_owned(),
            format!("&client%5Fid={}", id(&client)),
            "&x=%00".to_owned(),
            "&x=%ff".to_owned(),
            "&x=1&x=1".to_owned(),
            "&scopes=read:users".to_owned(),
            format!("&x={}", "x".repeat(64 * 1024)),
        ] {
            let answer = app.oauth("token", (None, FORM), format!("{form}{more}")).await;
            assert_refused(&answer, REFUSED);
        }
    }

    async fn json_that_says_it_is_a_form_is_none_and_the_other_way_round(app: TestApp) {
        let (client, form) = form(&app).await;
        let json = json!({ "grant_type": "client_credentials", "client_id": id(&client), "client_secret": secret(&client) });
        assert_refused(&app.oauth("token", (None, FORM), json.to_string()).await, REFUSED);
        assert_refused(&app.oauth("token", (None, "application/json"), form.clone()).await, REFUSED);
        assert_refused(&app.oauth("token", (None, "text/plain"), form).await, REFUSED);
    }

    async fn other_routes_read_no_forms(app: TestApp) {
        let request = axum::http::Request::post("/v1/m2m/clients")
            .header("authorization", app.authorization())
            .header("content-type", FORM);
        let answer = app.send(request.body("client_name=x".into()).expect("a request")).await;
        assert_refused(&answer, (400, "bad_request"));
    }
}
