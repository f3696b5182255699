//! Budgets of single organizations, and numbers that many share.

use super::events;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::time::Span;
use testkit::{Answer, PROJECT_ID, TestApp, Value, json, on_both_databases};

const NUMBER: &str = "+12025550101";

pub async fn admin(app: &TestApp, method: Method, path: &str, body: Value) -> Answer {
    let luck = (app.now(), &mut (app.api.entropy)());
    let made = flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.unwrap();
    let bearer = format!("Bearer {}", made.0.expose());
    let path = format!("/admin/v1/projects/{PROJECT_ID}/{path}");
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, bearer);
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

on_both_databases! {
    under strict limits:

    async fn an_organization_can_have_a_budget_of_its_own(app: TestApp) {
        let ada = app.ada().await;
        let path = format!("organizations/{}/sms_budget", ada.organization);
        admin(&app, Method::PUT, &path, json!({ "day": "0.02", "month": "none" })).await.ok();
        app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
        app.advance(60);
        let refused = app.send_sms(&ada, json!({})).await;
        assert!(refused.text("error_message").contains("the organization's budget"), "{}", refused.body);
        let told = admin(&app, Method::GET, &path, json!({})).await.ok();
        assert_eq!(told["currency"], "USD");
        assert_eq!(told["budgets"][0], json!({ "budget": "organization_budget", "window": "day", "used": "0.0113", "limit": "0.02" }));
        assert_eq!(told["budgets"][1]["limit"], json!(null));
        admin(&app, Method::PUT, &path, json!({})).await.ok();
        app.send_sms(&ada, json!({})).await.ok();
    }

    async fn an_amount_that_is_none_is_refused(app: TestApp) {
        let path = format!("organizations/{}/sms_budget", app.organization(json!({})).await);
        for wrong in ["-1", "1,50", "a lot", "0.0000001"] {
            let refused = admin(&app, Method::PUT, &path, json!({ "day": wrong })).await;
            assert_eq!(refused.refusal(), (400, "invalid_argument"), "{wrong}");
        }
    }

    async fn a_number_of_many_members_is_put_on_record(app: TestApp) {
        app.set("sms.shared_number_members", "1").await;
        let mut people = Vec::new();
        for _ in 0..2 {
            let ada = app.ada().await;
            app.enrol_sms(&ada, NUMBER).await;
            app.advance(60);
            people.push(ada);
        }
        let told = events(&app, Some(&people[1].organization), "phone.shared").await;
        assert_eq!(told, [json!({ "members": 2 })]);
        assert!(events(&app, Some(&people[0].organization), "phone.shared").await.is_empty());
        let listed = admin(&app, Method::GET, "shared_numbers", json!({})).await.ok();
        assert_eq!(listed["numbers"], json!([{ "number": "+12…01", "members": 2 }]));
    }
}
