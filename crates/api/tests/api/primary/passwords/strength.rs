//! How strong a password is, by the project's policy.

use testkit::{Answer, TestApp, Value, json, on_both_databases};

async fn check(app: &TestApp, body: Value) -> Answer {
    app.post("/v1/b2b/passwords/strength_check", body).await
}

on_both_databases! {
    async fn a_score_of_3_passes(app: TestApp) {
        for (password, score) in [("password", 0), ("acme9911", 2), ("correct horse battery staple", 4)] {
            let checked = check(&app, json!({ "password": password })).await.ok();
            assert_eq!(checked["score"], score, "{password}");
            assert_eq!(checked["valid_password"], score >= 3, "{password}");
        }
    }

    async fn a_weak_password_comes_with_advice(app: TestApp) {
        let checked = check(&app, json!({ "password": "password" })).await.ok();
        assert_eq!(checked["strength_policy"], "zxcvbn");
        assert_eq!(checked["zxcvbn_feedback"]["warning"], "This is a top-10 common password.");
        assert_ne!(checked["zxcvbn_feedback"]["suggestions"], json!([]));
        assert_eq!(checked["luds_feedback"], json!(null));
        let strong = check(&app, json!({ "password": testkit::PASSWORD })).await.ok();
        assert_eq!(strong["zxcvbn_feedback"], json!({ "warning": "", "suggestions": [] }));
    }

    async fn the_address_is_easy_to_guess(app: TestApp) {
        let (password, email) = ("kwxqzv.jpfhgt", "kwxqzv.jpfhgt@bvnmrtx.example");
        assert_eq!(check(&app, json!({ "password": password })).await.ok()["valid_password"], true);
        let beside = check(&app, json!({ "password": password, "email_address": email })).await.ok();
        assert_eq!(beside["valid_password"], false);
        let odd = check(&app, json!({ "password": password, "email_address": "ada" })).await;
        assert_eq!(odd.refusal(), (400, "invalid_email"));
    }

    async fn under_luds_classes_and_characters_are_counted(app: TestApp) {
        app.set("password.policy", "luds").await;
        app.set("password.luds.minimum_length", "10").await;
        app.set("password.luds.minimum_complexity", "3").await;
        let checked = check(&app, json!({ "password": "abcD" })).await.ok();
        assert_eq!((&checked["valid_password"], &checked["score"]), (&json!(false), &json!(0)));
        assert_eq!(
            (&checked["strength_policy"], &checked["zxcvbn_feedback"]),
            (&json!("luds"), &json!(null))
        );
        let feedback = json!({ "has_lower_case": true, "has_upper_case": true, "has_digit": false,
                               "has_symbol": false, "missing_complexity": 1, "missing_characters": 6 });
        assert_eq!(checked["luds_feedback"], feedback);
        for (password, valid) in
            [("password1!", true), ("password1", false), ("passwordpassword", false), ("pässwörd12", true)]
        {
            let checked = check(&app, json!({ "password": password })).await.ok();
            assert_eq!(checked["valid_password"], valid, "{password}");
        }
    }

    async fn breaches_are_not_looked_up(app: TestApp) {
        let checked = check(&app, json!({ "password": "password" })).await.ok();
        assert_eq!(checked["breached_password"], false);
        assert_eq!(checked["breach_detection_on_create"], false);
    }

    async fn a_password_to_rate_has_1_to_1024_bytes(app: TestApp) {
        for odd in [String::new(), "a".repeat(1025)] {
            assert_eq!(check(&app, json!({ "password": odd })).await.refusal(), (400, "invalid_argument"));
        }
        assert_eq!(check(&app, json!({})).await.refusal(), (400, "bad_request"));
        check(&app, json!({ "password": "a".repeat(1024) })).await.ok();
    }
}
