//! Codes of the wrong shape: refused as such, and never counted.

use super::{recovery, with_ist};
use testkit::{json, on_both_databases};

const NOT_SIX_DIGITS: [&str; 9] =
    ["", "12345", "1234567", " 123456", "123456 ", "12 345", "１２３４５６", "12345a", "+12345"];

on_both_databases! {
    async fn only_six_ascii_digits_are_a_code(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        for odd in NOT_SIX_DIGITS {
            for (route, refusal) in [("otps/sms", "invalid_code"), ("totp", "invalid_totp_code")] {
                let refused = app.complete(&ada, route, with_ist(&ist, odd)).await;
                assert_eq!(refused.refusal(), (400, refusal), "{odd:?}");
            }
        }
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn a_code_of_the_wrong_kind_is_told_where_it_belongs(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let (ist, codes) = (app.between(&ada).await, app.recovery_codes(&ada).await);
        let to_totp = app.complete(&ada, "totp", with_ist(&ist, &codes[0])).await;
        assert_eq!(to_totp.refusal(), (400, "recovery_code_used_as_totp_code"));
        let to_recovery = app.complete(&ada, "recovery_codes", recovery(&ist, "123456")).await;
        assert_eq!(to_recovery.refusal(), (400, "totp_code_used_as_recovery_code"));
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn a_recovery_code_has_letters_digits_and_dashes(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        let long = "a".repeat(65);
        for odd in
            ["", "1234567", "abcd ef01 2345", " abcd-ef01-2345", "abcd-ef01-234é", "abcd_ef01_2345", &long]
        {
            let refused = app.complete(&ada, "recovery_codes", recovery(&ist, odd)).await;
            assert_eq!(refused.refusal(), (400, "invalid_recovery_code"), "{odd:?}");
        }
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn a_code_is_text(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        for odd in [json!(123_456), json!(["123456"]), json!(null)] {
            for route in ["otps/sms", "totp"] {
                let evidence = json!({ "code": odd, "intermediate_session_token": ist });
                assert_eq!(app.complete(&ada, route, evidence).await.refusal(), (400, "bad_request"));
            }
        }
    }
}
