//! The proof comes back.

use super::{NEW, OLD, USED, ada, code, link, path, start, there};
use testkit::{Answer, json, on_both_databases};

#[track_caller]
fn assert_moved(answer: &Answer) {
    let member = &answer["member"];
    assert_eq!((&member["email_address"], &member["email_address_verified"]), (&json!(NEW), &json!(true)));
    assert_eq!(member["retired_email_addresses"].as_array().map(Vec::len), Some(1));
    assert_eq!(member["retired_email_addresses"][0]["email_address"], OLD);
    assert_eq!(answer["member_authenticated"], true);
}

on_both_databases! {
    async fn a_link_to_the_new_address_makes_it_the_members(app: TestApp) {
        let ada = ada(&app).await;
        let link = link(&app, &ada).await;
        let moved = app.spend_link(&link, json!({})).await.ok();
        assert_moved(&moved);
        assert_eq!(moved["member_id"], json!(ada.member));
        let factor = &moved["member_session"]["authentication_factors"][0]["email_factor"];
        assert_eq!((&factor["email_address"], &factor["email_id"]), (&json!(NEW), &moved["method_id"]));
        assert_eq!(app.member(&ada).await["email_address"], NEW);
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), USED);
        app.link_login(&there(&ada)).await.ok();
    }

    async fn a_code_to_the_new_address_makes_it_the_members(app: TestApp) {
        let ada = ada(&app).await;
        let code = code(&app, &ada).await;
        let moved = app.spend_code(&there(&ada), &code, json!({})).await.ok();
        assert_moved(&moved);
        let again = app.spend_code(&there(&ada), &code, json!({})).await;
        assert_eq!(again.refusal(), (401, "unable_to_auth_otp_code"));
        assert_eq!(app.link_login(&there(&ada)).await.ok()["method_id"], moved["method_id"]);
    }

    async fn a_code_to_the_new_address_is_nothing_at_the_old_one_or_in_discovery(app: TestApp) {
        let ada = ada(&app).await;
        app.mail_code(&ada.organization, OLD, json!({})).await;
        let code = code(&app, &ada).await;
        let not_found = (404, "otp_code_not_found");
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), not_found);
        assert_eq!(app.spend_discovery_code(NEW, &code).await.refusal(), not_found);
        app.spend_code(&there(&ada), &code, json!({})).await.ok();
    }

    async fn what_rested_on_the_old_address_ends_and_sessions_go_on(app: TestApp) {
        let ada = ada(&app).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        let old_link = app.mail_link(&ada.organization, OLD, json!({})).await;
        let old_code = app.mail_code(&ada.organization, OLD, json!({})).await;
        let reset = app.mail_reset(&ada.organization, OLD, json!({})).await;
        let link = link(&app, &ada).await;
        app.spend_link(&link, json!({})).await.ok();
        assert_eq!(app.spend_link(&old_link, json!({})).await.refusal(), USED);
        assert_eq!(app.spend_code(&ada, &old_code, json!({})).await.refusal(), (404, "email_not_found"));
        let refused = app.spend_reset(&reset, json!({})).await;
        assert_eq!(refused.refusal(), (401, "unable_to_auth_password_reset_token"));
        app.check(&session).await.ok();
        app.change(&there(&ada), json!({ "email_address": OLD })).await.ok();
        assert_eq!(app.spend_link(&old_link, json!({})).await.refusal(), USED, "nor after a return");
        let refused = app.spend_code(&ada, &old_code, json!({})).await;
        assert_eq!(refused.refusal(), (401, "unable_to_auth_otp_code"));
    }

    async fn a_password_of_the_organization_stays_behind(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, OLD).await;
        let link = link(&app, &ada).await;
        let moved = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(moved["member"]["member_password_id"], "");
        let refused = app.password_login(&there(&ada)).await;
        assert_eq!(refused.refusal(), (404, "member_password_not_found"));
    }

    async fn a_password_that_serves_every_organization_comes_with_its_address(app: TestApp) {
        app.set("passwords.cross_organization", "true").await;
        let (here, elsewhere) = (app.organization(json!({})).await, app.organization(json!({})).await);
        let ada = app.verified(&here, OLD).await;
        app.person(&elsewhere, NEW).await;
        let link = link(&app, &ada).await;
        app.spend_link(&link, json!({})).await.ok();
        app.password_login(&there(&ada)).await.ok();
    }

    async fn the_old_address_is_told_and_the_new_one(app: TestApp) {
        for by_code in [false, true] {
            let ada = ada(&app).await;
            if by_code {
                let code = code(&app, &ada).await;
                app.spend_code(&there(&ada), &code, json!({})).await.ok();
            } else {
                let link = link(&app, &ada).await;
                app.spend_link(&link, json!({})).await.ok();
            }
            let told = |all: &[_]| {
                let mut all = all.iter().filter(|it: &&_| is_notice(it));
                all.nth(usize::from(by_code)).map(|_| ())
            };
            app.letter(OLD, told).await;
            app.letter(NEW, told).await;
        }
    }

    async fn the_second_factor_stays_due(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.verified(&organization, OLD).await;
        app.import_totp(&ada).await;
        app.change(&ada, json!({ "mfa_enrolled": true })).await.ok();
        let link = link(&app, &ada).await;
        let halfway = app.spend_link(&link, json!({})).await.ok();
        assert_eq!((&halfway["member_authenticated"], halfway.text("session_token")), (&json!(false), String::new()));
        assert_ne!(halfway["mfa_required"], json!(null));
        assert_eq!(halfway["member"]["email_address"], NEW, "the address was proved all the same");
    }

    async fn an_intermediate_session_of_the_old_address_ends(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let ada = app.person(&organization, OLD).await;
        let ist = app.between(&ada).await;
        let link = link(&app, &ada).await;
        let halfway = app.spend_link(&link, json!({ "intermediate_session_token": ist })).await.ok();
        assert_ne!(halfway.text("intermediate_session_token"), ist);
        let secret = app.import_totp(&ada).await;
        let evidence = json!({ "code": testkit::code_of(&secret, app.now()), "intermediate_session_token": ist });
        let refused = app.complete(&ada, "totp", evidence).await;
        assert_eq!(refused.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn a_member_returns_to_a_retired_address_which_keeps_its_id(app: TestApp) {
        let ada = ada(&app).await;
        let first = app.link_login(&ada).await.ok()["method_id"].clone();
        app.change(&ada, json!({ "email_address": NEW })).await.ok();
        app.link_login(&there(&ada)).await.ok();
        let back = app.next_link(OLD, &path(&ada), json!({ "email_address": OLD })).await;
        let back = app.spend_link(&back, json!({})).await.ok();
        assert_eq!((&back["member"]["email_address"], &back["method_id"]), (&json!(OLD), &first));
        let retired = &back["member"]["retired_email_addresses"];
        assert_eq!((retired.as_array().map(Vec::len), &retired[0]["email_address"]), (Some(1), &json!(NEW)));
    }

    async fn the_proof_lives_five_minutes(app: TestApp) {
        let ada = ada(&app).await;
        let (link, code) = (link(&app, &ada).await, code(&app, &ada).await);
        app.advance(300);
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), USED);
        let refused = app.spend_code(&there(&ada), &code, json!({})).await;
        assert_eq!(refused.refusal(), (404, "email_not_found"), "the address is released");
        let code = super::code(&app, &ada).await;
        app.advance(299);
        app.spend_code(&there(&ada), &code, json!({})).await.ok();
    }

    async fn a_newer_wish_replaces_the_one_before(app: TestApp) {
        let ada = ada(&app).await;
        let first = link(&app, &ada).await;
        let other = json!({ "email_address": "lovelace@acme.example" });
        let second = app.next_link("lovelace@acme.example", &path(&ada), other).await;
        assert_eq!(app.spend_link(&first, json!({})).await.refusal(), USED);
        app.newcomer(&ada.organization, NEW, json!({})).await;
        let moved = app.spend_link(&second, json!({})).await.ok();
        assert_eq!(moved["member"]["email_address"], "lovelace@acme.example");
        assert_eq!(start(&app, &ada, json!({})).await.refusal(), (400, "duplicate_member_email"));
    }
}

fn is_notice(it: &delivery::Message) -> bool {
    it.text.contains("e-mail address of your account was changed")
}
