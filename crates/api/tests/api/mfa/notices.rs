//! Which action tells the member what, and at which address.

use super::{PHONE, WRONG, delete_phone, enter_by_totp, recovery, with_ist};
use testkit::{TestApp, code_of, json, on_both_databases};

/// Waits for a mail to the address that says so.
async fn hears(app: &TestApp, address: &str, words: &str) {
    app.letter(address, |all| all.iter().find(|it| it.text.contains(words)).cloned()).await;
}

on_both_databases! {
    async fn a_member_hears_of_a_number_they_confirmed_themselves(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        hears(&app, &ada.email, "A phone number to confirm your logins was added.").await;
    }

    async fn a_member_hears_of_an_app_they_confirmed_themselves_and_not_of_one_they_did_not(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        let made = app.create_totp(&ada, json!({ "intermediate_session_token": ist })).await.ok();
        let before = app.inbox.messages(Some(&ada.email)).len();
        let code = code_of(made["secret"].as_str().unwrap(), app.now());
        app.complete(&ada, "totp", with_ist(&ist, &code)).await.ok();
        hears(&app, &ada.email, "An authenticator app to confirm your logins was added.").await;
        assert_eq!(app.inbox.messages(Some(&ada.email)).len(), before + 1);
    }

    async fn a_login_by_the_same_app_tells_nothing(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        hears(&app, &ada.email, "An authenticator app").await;
        let before = app.inbox.messages(Some(&ada.email)).len();
        enter_by_totp(&app, &ada, &secret).await;
        app.api.app.last_mail().await;
        let notices = app.inbox.messages(Some(&ada.email)).iter().filter(|it| it.text.contains("added")).count();
        assert!(notices <= before, "{notices}");
    }

    async fn a_recovery_code_that_was_used_is_told_with_how_many_are_left(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let codes = app.recovery_codes(&ada).await;
        let ist = app.between(&ada).await;
        app.complete(&ada, "recovery_codes", recovery(&ist, &codes[0])).await.ok();
        hears(&app, &ada.email, "Codes left: 9.").await;
    }

    async fn a_lock_is_told_once_it_holds(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        for _ in 0..10 {
            app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        }
        hears(&app, &ada.email, "Confirming logins is locked for a while.").await;
    }

    async fn an_address_given_up_of_late_hears_of_factors_and_no_longer_after_a_month(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.change(&ada, json!({ "email_address": "mallory@acme.example" })).await.ok();
        hears(&app, "mallory@acme.example", "The e-mail address of your account was changed.").await;
        hears(&app, &ada.email, "The e-mail address of your account was changed.").await;
        delete_phone(&app, &ada).await.ok();
        hears(&app, &ada.email, "was removed").await;
        hears(&app, "mallory@acme.example", "was removed").await;
        app.advance(31 * 24 * 3600);
        app.import_totp(&ada).await;
        hears(&app, "mallory@acme.example", "An authenticator app").await;
        let late = app.inbox.messages(Some(&ada.email));
        assert!(!late.iter().any(|it| it.text.contains("An authenticator app")));
    }

    async fn a_notice_is_in_the_projects_language(app: TestApp) {
        let ada = app.ada().await;
        app.set("mail.locale", "cs").await;
        app.import_totp(&ada).await;
        hears(&app, &ada.email, "Byla přidána ověřovací aplikace").await;
    }

    async fn a_text_ends_with_the_line_that_browsers_read(app: TestApp) {
        let ada = app.ada().await;
        app.set("sms.webotp_host", "login.acme.example").await;
        app.enrol_sms(&ada, PHONE).await;
        let text = app.inbox.messages(Some(PHONE)).first().unwrap().text.clone();
        let code = text.rsplit_once('#').unwrap().1;
        assert!(text.ends_with(&format!("\n\n@login.acme.example #{code}")) && code.len() == 6, "{text}");
    }
}
