//! Claims that callers add.

use super::{authenticate, parts, somebody};
use testkit::{Answer, TestApp, Value, json, on_both_databases};

/// What is answered to a session shown with more claims.
async fn add(app: &TestApp, token: &str, claims: Value) -> Answer {
    authenticate(app, json!({ "session_token": token, "session_custom_claims": claims })).await
}

on_both_databases! {
    async fn claims_of_a_login_stand_in_session_and_jwt(app: TestApp) {
        let ada = somebody(&app).await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let claims = json!({ "plan": { "seats": 3 }, "beta": true, "https://acme.example/tier": 7 });
        let inside = app.spend_link(&link, json!({ "session_custom_claims": claims })).await.ok();
        assert_eq!(inside["member_session"]["custom_claims"], claims);
        let [_, payload] = parts(&inside.text("session_jwt"));
        for (name, value) in claims.as_object().expect("an object") {
            assert_eq!(&payload[name], value, "{name}");
        }
    }

    async fn claims_merge_key_by_key_and_null_removes(app: TestApp) {
        let token = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        add(&app, &token, json!({ "a": 1, "b": { "x": 1, "y": 2 }, "c": 3 })).await.ok();
        let changed =
            add(&app, &token, json!({ "b": { "x": 9 }, "c": null, "d": [4], "e": null })).await.ok();
        let merged = json!({ "a": 1, "b": { "x": 9 }, "d": [4] });
        assert_eq!(changed["member_session"]["custom_claims"], merged);
        let kept = app.check(&token).await.ok();
        assert_eq!(kept["member_session"]["custom_claims"], merged);
        let [_, payload] = parts(&kept.text("session_jwt"));
        assert_eq!((&payload["a"], &payload["d"], payload.get("c")), (&json!(1), &json!([4]), None));
    }

    async fn the_claims_of_the_standard_cannot_be_taken(app: TestApp) {
        let ada = somebody(&app).await;
        let token = app.link_login(&ada).await.ok().text("session_token");
        let registered = json!({ "iss": "evil", "sub": "mallory", "aud": ["evil"], "exp": 9_999_999_999_i64,
                                 "nbf": 0, "iat": 0, "jti": "x", "kept": 1 });
        let changed = add(&app, &token, registered).await.ok();
        assert_eq!(changed["member_session"]["custom_claims"], json!({ "kept": 1 }));
        let [_, payload] = parts(&changed.text("session_jwt"));
        assert_eq!(payload["sub"], ada.member.as_str());
        assert_eq!((payload["iat"].as_i64(), payload.get("jti")), (Some(app.now().seconds()), None));
    }

    async fn our_own_namespace_is_refused(app: TestApp) {
        let token = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        for name in ["https://stytch.com/session", "https://stytch.com/organization", "https://stytch.com/x"]
        {
            for value in [json!({}), json!(null)] {
                let refused = add(&app, &token, json!({ "kept": 1, name: value })).await;
                assert_eq!(refused.refusal(), (400, "stytch_claims_in_custom_claims"), "{name}");
            }
        }
        assert_eq!(app.check(&token).await.ok()["member_session"]["custom_claims"], json!({}));
    }

    async fn claims_hold_4_kb_together(app: TestApp) {
        let token = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        let filling = "x".repeat(4096 - r#"{"a":""}"#.len());
        add(&app, &token, json!({ "a": filling })).await.ok();
        assert_eq!(add(&app, &token, json!({ "b": 1 })).await.refusal(), (400, "custom_claims_too_large"));
        add(&app, &token, json!({ "a": null, "b": 1 })).await.ok();
        let alone = add(&app, &token, json!({ "a": "x".repeat(4096) })).await;
        assert_eq!(alone.refusal(), (400, "custom_claims_too_large"));
        assert_eq!(app.check(&token).await.ok()["member_session"]["custom_claims"], json!({ "b": 1 }));
    }

    async fn claims_are_an_object(app: TestApp) {
        let token = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        for odd in [json!([1]), json!("text"), json!(1)] {
            assert_eq!(add(&app, &token, odd).await.refusal(), (400, "bad_request"));
        }
        assert_eq!(add(&app, &token, json!(null)).await.ok()["member_session"]["custom_claims"], json!({}));
    }

    async fn refused_claims_spend_nothing(app: TestApp) {
        let ada = somebody(&app).await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let claims = json!({ "session_custom_claims": { "a": "x".repeat(4096) } });
        assert_eq!(app.spend_link(&link, claims).await.refusal(), (400, "custom_claims_too_large"));
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn refused_claims_do_not_tell_a_right_password(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        for password in ["wrong", testkit::PASSWORD] {
            let more =
                json!({ "password": password, "session_custom_claims": { "https://stytch.com/x": 1 } });
            let refused = app.password_login_with(&ada, more).await;
            assert_eq!(refused.refusal(), (400, "stytch_claims_in_custom_claims"), "{password}");
        }
        app.password_login(&ada).await.ok();
    }
}
