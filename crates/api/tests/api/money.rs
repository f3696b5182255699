//! What texts may cost, and what is said when it is used up.

mod administration;
mod bill;
mod doors;
mod fickle;
mod hold;
mod pumping;
mod storm;

use serde_json::Value;
use testkit::{TestApp, json, on_both_databases};

const NUMBER: &str = "+12025550101";
/// What a text to the United States costs by the built-in table.
pub const PRICE: i64 = 11_300;

/// The events of the project with this action, whatever organization they are of.
async fn events(app: &TestApp, organization: Option<&str>, action: &str) -> Vec<Value> {
    let project = testkit::PROJECT_ID.parse().unwrap();
    let mut conn = app.api.app.db.read().await.unwrap();
    let found = match organization {
        Some(it) => store::audit::of_organization(&mut conn, &project, &it.parse().unwrap(), 10_000).await,
        None => store::audit::of_the_project(&mut conn, &project, 10_000).await,
    };
    let found = found.unwrap().into_iter().filter(|it| it.action.to_string() == action);
    found.map(|it| Value::Object(it.details.0)).collect()
}

on_both_databases! {
    under strict limits:

    async fn a_new_project_texts_nowhere(app: TestApp) {
        app.set("sms.countries", "").await;
        let ada = app.ada().await;
        let refused = app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await;
        assert_eq!(refused.refusal(), (400, "invalid_phone_number_country_code"));
    }

    async fn a_budget_that_is_used_up_is_told_and_named(app: TestApp) {
        app.set("sms.budget.day", "0.02").await;
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
        let refused = app.send_sms(&bob, json!({ "mfa_phone_number": "+12025550102" })).await;
        assert_eq!(refused.refusal(), (429, "too_many_requests"));
        let told = refused.text("error_message");
        assert!(told.contains("the project's budget") && told.contains("other second factors"), "{told}");
        assert_eq!(app.member(&bob).await["mfa_phone_number"], "", "nothing was changed");
        app.advance(24 * 60 * 60);
        app.send_sms(&bob, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
    }

    async fn a_login_goes_on_without_its_text_when_the_budget_is_used_up(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.import_totp(&ada).await;
        app.set("sms.budget.day", "0.01").await;
        app.advance(60);
        let stopped = app.password_login(&ada).await.ok();
        assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!(null));
        assert_ne!(stopped["mfa_required"]["member_options"]["totp_registration_id"], "", "{}", stopped.body);
        assert_eq!(app.texts(NUMBER), 1);
    }

    async fn at_80_per_cent_the_operator_is_told_once(app: TestApp) {
        app.set("sms.budget.organization_day", "0.05").await; // four texts and a bit
        let ada = app.ada().await;
        for seconds in [0, 60, 60, 60] {
            app.advance(seconds);
            app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
        }
        let told = events(&app, Some(&ada.organization), "sms.budget_warning").await;
        assert_eq!(told, [json!({ "budget": "organization_budget", "window": "day", "limit": 50_000 })]);
        app.advance(60);
        assert_eq!(app.send_sms(&ada, json!({})).await.refusal().0, 429);
        assert_eq!(events(&app, Some(&ada.organization), "sms.budget_warning").await.len(), 1);
    }

    async fn codes_that_nobody_enters_use_up_the_credit_of_a_country(app: TestApp) {
        app.set("sms.unverified_credit", "2").await;
        let ada = app.ada().await;
        for _ in 0..2 {
            app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
            app.advance(60);
        }
        let refused = app.send_sms(&ada, json!({})).await;
        assert!(refused.text("error_message").contains("whose codes nobody entered"), "{}", refused.body);
        app.send_sms(&ada, json!({ "mfa_phone_number": "+41791234567" })).await.ok();
        app.advance(60 * 60);
        app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
    }

    async fn a_code_that_is_entered_gives_its_credit_back(app: TestApp) {
        app.set("sms.unverified_credit", "1").await;
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.advance(60);
        assert_eq!(app.password_login(&ada).await.ok()["mfa_required"]["secondary_auth_initiated"], "sms_otp");
    }

    async fn a_login_whose_text_the_budget_refuses_uses_up_nothing_else(app: TestApp) {
        app.set("sms.unverified_credit", "2").await;
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.set("sms.budget.day", "0.01").await;
        for _ in 0..6 {
            app.advance(60);
            let stopped = app.password_login(&ada).await.ok();
            assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!(null));
        }
        app.set("sms.budget.day", "none").await;
        app.advance(60);
        let again = app.password_login(&ada).await.ok();
        assert_eq!(again["mfa_required"]["secondary_auth_initiated"], "sms_otp");
    }

    async fn a_text_that_is_refused_uses_up_nothing(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.set("sms.most.project_day", "1").await;
        app.send_sms(&bob, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
        for _ in 0..10 {
            assert_eq!(app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.refusal().0, 429);
        }
        app.set("sms.most.project_day", "10").await;
        app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
    }

    async fn premium_and_satellite_numbers_are_refused(app: TestApp) {
        let ada = app.ada().await;
        for number in ["+19002345678", "+881612345678", "+447012345678"] {
            let refused = app.send_sms(&ada, json!({ "mfa_phone_number": number })).await;
            assert_eq!(refused.refusal(), (400, "invalid_phone_number"), "{number}");
            assert!(refused.text("error_message").contains("satellite"), "{number}");
        }
    }
}
