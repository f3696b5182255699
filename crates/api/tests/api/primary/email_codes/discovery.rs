//! `/v1/b2b/otps/email/discovery`.

use super::{DEAD, NOT_FOUND, ada};
use testkit::{another_code, json, on_both_databases};

const SEND: &str = "/v1/b2b/otps/email/discovery/send";

on_both_databases! {
    async fn a_code_proves_the_address_and_opens_no_session(app: TestApp) {
        let ada = ada(&app).await;
        let code = app.mail_discovery_code(&ada.email).await;
        let found = app.spend_discovery_code(&ada.email, &code).await.ok();
        assert_eq!(found["email_address"], json!(ada.email));
        assert_eq!(found["discovered_organizations"].as_array().map(Vec::len), Some(1));
        assert!(found.body.get("session_token").is_none());
        assert_eq!(app.spend_discovery_code(&ada.email, &code).await.refusal(), DEAD);
        let token = found.text("intermediate_session_token");
        let exchange = json!({ "intermediate_session_token": token, "organization_id": ada.organization });
        let inside = app.post("/v1/b2b/discovery/intermediate_sessions/exchange", exchange).await.ok();
        assert_eq!((&inside["member_authenticated"], &inside["member_id"]), (&json!(true), &json!(ada.member)));
        assert_eq!(inside["member_session"]["authentication_factors"][0]["type"], "email_otp");
    }

    async fn every_address_gets_a_code_and_the_same_answer(app: TestApp) {
        let ada = ada(&app).await;
        let shape = |answer: testkit::Answer| {
            let fields = answer.ok().body.as_object().expect("an object").clone();
            fields.keys().cloned().collect::<Vec<_>>()
        };
        let known = app.post(SEND, json!({ "email_address": ada.email })).await;
        let unknown = app.post(SEND, json!({ "email_address": "somebody@acme.example" })).await;
        assert_eq!(shape(known), shape(unknown));
        let code = app.mail_discovery_code("nobody@acme.example").await;
        let found = app.spend_discovery_code("nobody@acme.example", &code).await.ok();
        assert_eq!(found["discovered_organizations"], json!([]));
    }

    async fn a_code_lives_ten_minutes_or_as_long_as_asked_for(app: TestApp) {
        let code = app.mail_discovery_code("ada@acme.example").await;
        app.advance(600);
        assert_eq!(app.spend_discovery_code("ada@acme.example", &code).await.refusal(), DEAD);
        let body = json!({ "email_address": "ada@acme.example", "discovery_expiration_minutes": 15 });
        let code = app.next_code("ada@acme.example", SEND, body).await;
        app.advance(899);
        app.spend_discovery_code("ada@acme.example", &code).await.ok();
        for minutes in [1, 16] {
            let body = json!({ "email_address": "ada@acme.example", "discovery_expiration_minutes": minutes });
            assert_eq!(app.post(SEND, body).await.refusal(), (400, "invalid_expiration_otp"));
        }
    }

    async fn five_wrong_guesses_burn_a_discovery_code(app: TestApp) {
        let code = app.mail_discovery_code("ada@acme.example").await;
        for _ in 0..5 {
            let wrong = app.spend_discovery_code("ada@acme.example", &another_code(&code)).await;
            assert_eq!(wrong.refusal(), NOT_FOUND);
        }
        assert_eq!(app.spend_discovery_code("ada@acme.example", &code).await.refusal(), DEAD);
    }

    async fn what_is_malformed_is_refused(app: TestApp) {
        for (field, value, refusal) in [
            ("email_address", "nobody", (400, "invalid_email")),
            ("login_template_id", "mine", (404, "email_template_not_found")),
            ("locale", "tlh", (400, "invalid_locale")),
        ] {
            let mut body = json!({ "email_address": "ada@acme.example" });
            body[field] = json!(value);
            assert_eq!(app.post(SEND, body).await.refusal(), refusal, "{field}");
        }
        assert!(app.inbox.messages(None).is_empty());
        let refused = app.spend_discovery_code("ada@acme.example", "x").await;
        assert_eq!(refused.refusal(), (400, "invalid_code"));
    }
}
