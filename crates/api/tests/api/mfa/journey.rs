//! The main journey: stopped between the doors, then in.

use testkit::{Value, code_of, json, on_both_databases};

on_both_databases! {
    async fn a_texted_code_completes_a_login_once(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, "+12025550101").await;

        let stopped = app.password_login(&ada).await.ok();
        assert_eq!(stopped["member_authenticated"], json!(false));
        assert_eq!((&stopped["session_token"], &stopped["member_session"]), (&json!(""), &Value::Null));
        assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!("sms_otp"));

        let code = app.last_code("+12025550101").await;
        let evidence =
            json!({ "code": code, "intermediate_session_token": stopped["intermediate_session_token"] });
        let inside = app.complete(&ada, "otps/sms", evidence.clone()).await.ok();
        assert_ne!(inside["session_token"], json!(""));

        let again = app.complete(&ada, "otps/sms", evidence).await;
        assert_eq!(again.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn an_authenticator_code_is_good_once(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let (first, second) = (app.halfway(&ada).await, app.halfway(&ada).await);
        let code = code_of(&secret, app.now());
        let evidence = |ist: &str| json!({ "code": code, "intermediate_session_token": ist });
        app.complete(&ada, "totp", evidence(&first)).await.ok();
        let replayed = app.complete(&ada, "totp", evidence(&second)).await;
        assert_eq!(replayed.refusal(), (400, "totp_code_already_authenticated"));
    }
}
