//! Setting a password by a mailed link.

use testkit::{NEW_PASSWORD, PASSWORD, Person, TestApp, json, on_both_databases};

const GONE: (u16, &str) = (401, "unable_to_auth_password_reset_token");

async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.person(&organization, "ada@acme.example").await
}

on_both_databases! {
    async fn the_new_password_takes_the_place_of_the_old_one(app: TestApp) {
        let ada = ada(&app).await;
        let email_id = app.row(&ada).await.email_id.to_string();
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let inside = app.spend_reset(&token, json!({})).await.ok();
        assert_eq!(inside["member_authenticated"], json!(true));
        assert_eq!(inside.text("member_email_id"), email_id);
        let factor = &inside["member_session"]["authentication_factors"][0];
        assert_eq!((&factor["type"], &factor["delivery_method"]), (&json!("password"), &json!("knowledge")));
        assert_eq!(app.password_login(&ada).await.refusal(), (401, "unauthorized_credentials"));
        app.password_login_with(&ada, json!({ "password": NEW_PASSWORD })).await.ok();
        let mails = app.letter(&ada.email, |all| (all.len() > 1).then(|| all.to_vec())).await;
        assert!(mails[1].text.contains("Your password was changed"), "{}", mails[1].text);
    }

    async fn a_token_is_good_once_and_in_time(app: TestApp) {
        let ada = ada(&app).await;
        let one = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let two = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        app.spend_reset(&one, json!({})).await.ok();
        assert_eq!(app.spend_reset(&one, json!({})).await.refusal(), GONE);
        assert_eq!(app.spend_reset(&two, json!({})).await.refusal(), GONE, "a reset ends the others");

        let three = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        app.advance(30 * 60);
        assert_eq!(app.spend_reset(&three, json!({})).await.refusal(), GONE);
        let four =
            app.mail_reset(&ada.organization, &ada.email, json!({ "reset_password_expiration_minutes": 5 })).await;
        app.advance(5 * 60 - 1);
        app.spend_reset(&four, json!({})).await.ok();
    }

    async fn a_token_is_taken_exactly(app: TestApp) {
        let ada = ada(&app).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        for odd in ["unknown", "", &token[1..], &format!("{token} "), &token.to_lowercase()] {
            assert_eq!(app.spend_reset(odd, json!({})).await.refusal(), GONE, "{odd}");
        }
        let mut link = app.sent_to(&ada.email).await.remove(0).text;
        link = link.lines().find(|it| it.contains("magic_links")).expect("a link").to_owned();
        let magic = link.split("token=").last().expect("a token");
        assert_eq!(app.spend_reset(magic, json!({})).await.refusal(), GONE, "a link to log in sets nothing");
        assert_eq!(app.spend_link(&token, json!({})).await.refusal(), (404, "magic_link_not_found"));
        assert_eq!(app.another_project().await.spend_reset(&token, json!({})).await.refusal(), GONE);
        app.spend_reset(&token, json!({})).await.ok();
    }

    async fn a_weak_password_spends_nothing(app: TestApp) {
        let ada = ada(&app).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let local = ada.email.clone();
        for (weak, refused) in [("password1", (400, "weak_password")), (local.as_str(), (400, "weak_password")),
                                ("", (400, "invalid_argument"))] {
            let answer = app.spend_reset(&token, json!({ "password": weak })).await;
            assert_eq!(answer.refusal(), refused, "{weak}");
        }
        let long = app.spend_reset(&token, json!({ "password": "é".repeat(513) })).await;
        assert_eq!(long.refusal(), (400, "invalid_argument"));
        app.spend_reset(&token, json!({})).await.ok();
    }

    async fn the_verifier_answers_the_challenge(app: TestApp) {
        let ada = ada(&app).await;
        let challenge = json!({ "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" });
        let token = app.mail_reset(&ada.organization, &ada.email, challenge).await;
        let right = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let refused = app.spend_reset(&token, json!({})).await;
        assert_eq!(refused.refusal(), (400, "pkce_expected_code_verifier"));
        let refused = app.spend_reset(&token, json!({ "code_verifier": right.replace('d', "e") })).await;
        assert_eq!(refused.refusal(), (401, "pkce_mismatch"));
        app.spend_reset(&token, json!({ "code_verifier": right })).await.ok();
        let plain = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let refused = app.spend_reset(&plain, json!({ "code_verifier": right })).await;
        assert_eq!(refused.refusal(), (400, "pkce_did_not_expect_code_verifier"));
    }

    async fn a_token_dies_with_its_address_and_its_member(app: TestApp) {
        let ada = ada(&app).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        app.change(&ada, json!({ "email_address": "ada@new.example" })).await.ok();
        assert_eq!(app.spend_reset(&token, json!({})).await.refusal(), GONE);
        let token = app.mail_reset(&ada.organization, "ada@new.example", json!({})).await;
        app.delete(&ada.path()).await.ok();
        assert_eq!(app.spend_reset(&token, json!({})).await.refusal(), GONE);
        app.put(&format!("{}/reactivate", ada.path()), json!({})).await;
        assert_eq!(app.spend_reset(&token, json!({})).await.refusal(), GONE);
    }

    async fn passwords_must_be_accepted_still(app: TestApp) {
        let ada = ada(&app).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let path = format!("/v1/b2b/organizations/{}", ada.organization);
        let links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
        app.put(&path, links).await.ok();
        let refusal = (403, "operation_restricted_by_organization_auth_methods");
        assert_eq!(app.spend_reset(&token, json!({})).await.refusal(), refusal);
    }

    async fn a_reset_lifts_the_lock_of_the_password(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let ada = ada(&app).await;
        app.password_login_with(&ada, json!({ "password": "wrong" })).await;
        assert_eq!(app.password_login(&ada).await.refusal(), (429, "user_lock_limit_reached"));
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let inside = app.spend_reset(&token, json!({})).await.ok();
        assert_eq!(inside["member"]["is_locked"], json!(false));
        app.password_login_with(&ada, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn a_first_password_can_be_set(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        assert_eq!(app.password_login(&ada).await.refusal(), (404, "member_password_not_found"));
        let token = app.mail_reset(&organization, &ada.email, json!({})).await;
        app.spend_reset(&token, json!({ "password": PASSWORD })).await.ok();
        app.password_login(&ada).await.ok();
    }
}
