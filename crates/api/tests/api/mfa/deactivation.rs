//! A member who is deleted is out at once; a factor that is removed counts no more.

use super::{PHONE, REQUIRED, WRONG, delete_phone, delete_totp, enter_by_totp, restrict, with_ist};
use testkit::{Person, TestApp, Value, code_of, json, on_both_databases};

/// Everything that could let a member in.
struct Keys {
    session: String,
    jwt: String,
    ist: String,
    link: String,
    code: String,
    pending: String,
}

/// A member with one of each, and a number that is not confirmed.
async fn ada_with_keys(app: &TestApp) -> (Person, Keys) {
    let organization = app.organization(json!({})).await;
    let ada = app.person(&organization, "ada@acme.example").await;
    let inside = app.link_login(&ada).await.ok();
    restrict(app, &ada, json!({ "mfa_policy": REQUIRED })).await;
    app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
    let pending = app.create_totp(&ada, json!({})).await.ok().text("secret");
    let keys = Keys {
        session: inside.text("session_token"),
        jwt: inside.text("session_jwt"),
        ist: app.between(&ada).await,
        link: app.mail_link(&ada.organization, &ada.email, json!({})).await,
        code: app.last_code(PHONE).await,
        pending,
    };
    (ada, keys)
}

async fn revive(app: &TestApp, who: &Person) {
    app.put(&format!("{}/reactivate", who.path()), json!({})).await.ok();
}

on_both_databases! {
    async fn deleting_a_member_ends_everything_at_once(app: TestApp) {
        let (ada, keys) = ada_with_keys(&app).await;
        app.delete(&ada.path()).await.ok();
        let gone = (404, "session_not_found");
        assert_eq!(app.check(&keys.session).await.refusal(), gone);
        let by_jwt = app.post("/v1/b2b/sessions/authenticate", json!({ "session_jwt": keys.jwt })).await;
        assert_eq!(by_jwt.refusal(), gone);
        let evidence = with_ist(&keys.ist, &keys.code);
        assert_eq!(app.complete(&ada, "otps/sms", evidence).await.refusal(), (404, "member_not_found"));
        assert_eq!(app.spend_link(&keys.link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        assert_eq!(app.password_login(&ada).await.refusal(), (404, "email_not_found"));
        assert_eq!(app.send_sms(&ada, json!({})).await.refusal(), (404, "member_not_found"));
        assert_eq!(app.create_totp(&ada, json!({})).await.refusal(), (404, "member_not_found"));
    }

    async fn reactivating_a_member_revives_no_way_in(app: TestApp) {
        let (ada, keys) = ada_with_keys(&app).await;
        app.delete(&ada.path()).await.ok();
        revive(&app, &ada).await;
        assert_eq!(app.check(&keys.session).await.refusal(), (404, "session_not_found"));
        assert_eq!(app.spend_link(&keys.link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
        let old = app.complete(&ada, "otps/sms", with_ist(&keys.ist, &keys.code)).await;
        assert_eq!(old.refusal(), (404, "intermediate_session_not_found"));
        let ist = app.between(&ada).await;
        let by_text = app.complete(&ada, "otps/sms", with_ist(&ist, &keys.code)).await;
        assert_eq!(by_text.refusal(), (404, "otp_code_not_found"));
        let shown = code_of(&keys.pending, app.now());
        let by_app = app.complete(&ada, "totp", with_ist(&ist, &shown)).await;
        assert_eq!(by_app.refusal(), (404, "totp_not_found"));
    }

    async fn a_confirmed_factor_is_still_due_after_a_return(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        app.delete(&ada.path()).await.ok();
        revive(&app, &ada).await;
        let login = app.link_login(&ada).await.ok();
        assert_ne!(login["mfa_required"]["member_options"]["totp_registration_id"], json!(""));
        enter_by_totp(&app, &ada, &secret).await;
    }

    async fn a_lock_outlasts_deletion_and_return(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        for _ in 0..10 {
            app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        }
        app.delete(&ada.path()).await.ok();
        revive(&app, &ada).await;
        assert_eq!(app.password_login(&ada).await.refusal(), (429, "user_lock_limit_reached"));
    }

    async fn a_removed_number_keeps_sessions_and_counts_no_more(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        delete_phone(&app, &ada).await;
        app.check(&session).await.ok();
        let carried = json!({ "session_token": session });
        let login = app.password_login_with(&ada, carried.clone()).await.ok();
        assert_eq!(login["member_authenticated"], json!(false));
        assert_eq!(login["mfa_required"]["member_options"], Value::Null);

        app.enrol_sms(&ada, PHONE).await; // the same digits, another registration
        let login = app.password_login_with(&ada, carried.clone()).await.ok();
        assert_eq!(login["member_authenticated"], json!(false));
        assert_eq!(app.create_totp(&ada, carried).await.refusal(), (401, "insufficient_factors"));
    }

    async fn a_removed_app_keeps_sessions_and_counts_no_more(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let session = enter_by_totp(&app, &ada, &secret).await;
        delete_totp(&app, &ada).await;
        app.check(&session).await.ok();
        app.import_totp(&ada).await; // the same secret, another registration
        let carried = json!({ "session_token": session });
        let login = app.password_login_with(&ada, carried.clone()).await.ok();
        assert_eq!(login["member_authenticated"], json!(false));
        let named = json!({ "session_token": session, "mfa_phone_number": PHONE });
        assert_eq!(app.send_sms(&ada, named).await.refusal(), (401, "insufficient_factors"));
    }

    async fn deleting_an_organization_ends_everything_in_it(app: TestApp) {
        let (ada, keys) = ada_with_keys(&app).await;
        app.delete(&format!("/v1/b2b/organizations/{}", ada.organization)).await.ok();
        assert_eq!(app.check(&keys.session).await.refusal(), (404, "session_not_found"));
        assert_eq!(app.spend_link(&keys.link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        let completed = app.complete(&ada, "otps/sms", with_ist(&keys.ist, &keys.code)).await;
        assert_eq!(completed.refusal(), (404, "organization_not_found"));
    }

    async fn removals_are_told_to_the_member(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.import_totp(&ada).await;
        delete_phone(&app, &ada).await;
        delete_totp(&app, &ada).await;
        for words in [
            "phone number",
            "app used to confirm your logins was removed",
            "app to confirm your logins was added",
        ] {
            app.letter(&ada.email, |all| all.iter().any(|it| it.text.contains(words)).then_some(())).await;
        }
    }
}
