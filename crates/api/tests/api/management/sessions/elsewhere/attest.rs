//! Trading a trusted token.

use super::{Issuer, claims};
use crate::{contract::errors::assert_refused, management::sessions::somebody};
use testkit::{Answer, TestApp, Value, json, on_both_databases};

const INVALID: (u16, &str) = (401, "invalid_trusted_auth_token");

async fn attest(app: &TestApp, issuer: &Issuer, token: &str, more: Value) -> Answer {
    let mut body = json!({ "profile_id": issuer.profile_id, "token": token });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/sessions/attest", body).await
}

on_both_databases! {
    async fn a_trusted_token_opens_a_whole_session_once(app: TestApp) {
        let (ada, issuer) = (app.ada().await, Issuer::trusted(&app, json!({})).await);
        let token = issuer.token(&app, &ada, json!({ "jti": "one" }));
        let opened = attest(&app, &issuer, &token, json!({})).await.ok();
        assert_eq!(opened["member_id"], json!(ada.member));
        let factor = &opened["member_session"]["authentication_factors"][0];
        assert_eq!(
            (&factor["type"], &factor["delivery_method"], &factor["trusted_auth_token_factor"]["token_id"]),
            (&json!("trusted_auth_token"), &json!("trusted_token_exchange"), &json!("one"))
        );
        assert_refused(&attest(&app, &issuer, &token, json!({})).await, INVALID);
        let same_id = issuer.token(&app, &ada, json!({ "jti": "one", "extra": 1 }));
        assert_refused(&attest(&app, &issuer, &same_id, json!({})).await, INVALID);
    }

    async fn of_many_at_once_one_trades_a_trusted_token(app: TestApp) {
        let (ada, issuer) = (somebody(&app).await, Issuer::trusted(&app, json!({})).await);
        let body = json!({ "profile_id": issuer.profile_id, "token": issuer.token(&app, &ada, json!({ "jti": null })) });
        let tries: Vec<_> = (0..16)
            .map(|_| {
                let (app, body) = (app.clone(), body.clone());
                tokio::spawn(async move { app.post("/v1/b2b/sessions/attest", body).await.status.is_success() })
            })
            .collect();
        let mut opened = 0;
        for one in tries {
            opened += usize::from(one.await.expect("an answer"));
        }
        assert_eq!(opened, 1);
    }

    async fn a_token_that_is_not_for_us_is_refused(app: TestApp) {
        let (ada, issuer) = (somebody(&app).await, Issuer::trusted(&app, json!({})).await);
        let now = app.now().seconds();
        for change in [
            json!({ "exp": now }), json!({ "exp": null }), json!({ "exp": "9999999999" }), json!({ "nbf": now + 90 }),
            json!({ "iss": "https://other.example" }), json!({ "aud": "other" }), json!({ "email": "nobody" }),
            json!({ "email_verified": false }),
        ] {
            let token = issuer.token(&app, &ada, change.clone());
            let answer = attest(&app, &issuer, &token, json!({})).await;
            assert_refused(&answer, INVALID);
        }
        let stranger = Issuer::trusted(&app, json!({})).await;
        let theirs = stranger.token(&app, &ada, json!({}));
        for token in [theirs.as_str(), "", "a.b.c", "x"] {
            assert_refused(&attest(&app, &issuer, token, json!({})).await, INVALID);
        }
        for alg in ["none", "HS256", "RS256"] {
            let token = issuer.signed(&json!({ "alg": alg }), &claims(&app, &ada, json!({})));
            assert_refused(&attest(&app, &issuer, &token, json!({})).await, INVALID);
        }
    }

    async fn a_token_from_before_a_restore_is_not_traded_again(app: TestApp) {
        let (ada, issuer) = (app.ada().await, Issuer::trusted(&app, json!({})).await);
        let hour = json!(app.now().seconds() + 3600);
        let dated = issuer.token(&app, &ada, json!({ "exp": hour }));
        let undated = issuer.token(&app, &ada, json!({ "exp": hour, "iat": null }));
        let file = app.backup().await;
        for token in [&dated, &undated] {
            attest(&app, &issuer, token, json!({})).await.ok();
        }
        let restored = app.restored(testkit::sqlite().await, &file, false).await;
        for wait in [0, 61] {
            app.advance(wait);
            for token in [&dated, &undated] {
                assert_refused(&attest(&restored, &issuer, token, json!({})).await, INVALID);
            }
        }
        let later = issuer.token(&app, &ada, json!({ "exp": hour }));
        attest(&restored, &issuer, &later, json!({})).await.ok();
    }

    async fn a_profile_is_one_projects(app: TestApp) {
        let (ada, issuer) = (somebody(&app).await, Issuer::trusted(&app, json!({})).await);
        let token = issuer.token(&app, &ada, json!({}));
        let unknown = (404, "trusted_token_profile_not_found");
        assert_refused(&attest(&app.another_project().await, &issuer, &token, json!({})).await, unknown);
        for id in ["", "x", "trusted-token-profile-test-00000000-0000-4000-8000-000000000000"] {
            let body = json!({ "profile_id": id, "token": token });
            assert_refused(&app.post("/v1/b2b/sessions/attest", body).await, unknown);
        }
        attest(&app, &issuer, &token, json!({})).await.ok();
    }

    async fn the_organization_is_the_tokens_or_else_the_callers(app: TestApp) {
        let (ada, issuer) = (somebody(&app).await, Issuer::trusted(&app, json!({})).await);
        let there = app.organization(json!({})).await;
        let nameless = || issuer.token(&app, &ada, json!({ "organization_id": null }));
        let named = json!({ "organization_id": ada.organization });
        attest(&app, &issuer, &nameless(), named.clone()).await.ok();
        attest(&app, &issuer, &issuer.token(&app, &ada, json!({})), named).await.ok();
        let missing = (400, "token_missing_organization_id_claim");
        assert_refused(&attest(&app, &issuer, &nameless(), json!({})).await, missing);
        let invalid = (400, "invalid_token_organization_id_claim");
        for claim in [json!("nowhere"), json!(7), json!(there)] {
            let token = issuer.token(&app, &ada, json!({ "organization_id": claim }));
            let named = json!({ "organization_id": ada.organization });
            assert_refused(&attest(&app, &issuer, &token, named).await, invalid);
        }
        let token = issuer.token(&app, &ada, json!({ "organization_id": there }));
        assert_refused(&attest(&app, &issuer, &token, json!({})).await, (404, "member_not_found"));
    }

    async fn a_profile_can_make_members_in_the_organization_the_token_names(app: TestApp) {
        let ada = somebody(&app).await;
        let issuer = Issuer::trusted(&app, json!({ "can_jit_provision": true })).await;
        let token = issuer.token(&app, &ada, json!({ "email": "bob@acme.example" }));
        let opened = attest(&app, &issuer, &token, json!({})).await.ok();
        assert_eq!(opened["member"]["email_address"], json!("bob@acme.example"));
        assert_eq!((&opened["member"]["status"], &opened["member"]["email_address_verified"]), (&json!("active"), &json!(false)));
        let nameless = issuer.token(&app, &ada, json!({ "organization_id": null }));
        let named = json!({ "organization_id": ada.organization });
        let missing = (400, "token_missing_organization_id_claim");
        assert_refused(&attest(&app, &issuer, &nameless, named).await, missing);
        let strict = Issuer::trusted(&app, json!({})).await;
        let unknown = strict.token(&app, &ada, json!({ "email": "eve@acme.example" }));
        assert_refused(&attest(&app, &strict, &unknown, json!({})).await, (404, "member_not_found"));
    }

    async fn a_session_sent_along_gains_the_factor_and_time(app: TestApp) {
        let (ada, issuer) = (somebody(&app).await, Issuer::trusted(&app, json!({})).await);
        let before = app.link_login(&ada).await.ok();
        app.advance(30 * 60);
        let token = issuer.token(&app, &ada, json!({}));
        let shown = json!({ "session_token": before["session_token"] });
        let after = attest(&app, &issuer, &token, shown.clone()).await.ok();
        let id = |it: &Answer| it["member_session"]["member_session_id"].clone();
        assert_eq!(id(&after), id(&before));
        assert_eq!(after["member_session"]["authentication_factors"].as_array().map(Vec::len), Some(2));
        let hour = app.now().plus(domain::time::Span::minutes(60)).to_string();
        assert_eq!(after["member_session"]["expires_at"], json!(hour));
        assert_refused(&app.post("/v1/b2b/sessions/authenticate", shown).await, (404, "session_not_found"));
    }

    async fn an_issuer_that_is_not_trusted_with_second_factors_needs_one_beside(app: TestApp) {
        let ada = app.ada().await;
        let issuer = Issuer::trusted(&app, json!({ "requires_second_factor": true })).await;
        let token = issuer.token(&app, &ada, json!({}));
        let refused = attest(&app, &issuer, &token, json!({})).await;
        assert_eq!(refused.refusal().1, "insufficient_factors");
        let session = app.enrol_sms(&ada, "+12025550123").await;
        attest(&app, &issuer, &token, json!({ "session_token": session })).await.ok();
    }

    async fn a_trusted_token_is_no_second_factor(app: TestApp) {
        let (ada, issuer) = (app.ada().await, Issuer::trusted(&app, json!({})).await);
        let token = issuer.token(&app, &ada, json!({}));
        let session = attest(&app, &issuer, &token, json!({})).await.ok().text("session_token");
        let login = app.password_login_with(&ada, json!({ "session_token": session })).await.ok();
        assert_eq!(login["member_authenticated"], json!(false));
    }

    async fn a_locked_member_is_not_let_in_by_a_token(app: TestApp) {
        let (ada, issuer) = (somebody(&app).await, Issuer::trusted(&app, json!({})).await);
        app.set("lock.threshold", "1").await;
        app.import_totp(&ada).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.complete(&ada, "totp", json!({ "code": "000000", "session_token": session })).await;
        let token = issuer.token(&app, &ada, json!({}));
        assert_refused(&attest(&app, &issuer, &token, json!({})).await, (429, "user_lock_limit_reached"));
    }
}
