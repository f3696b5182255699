//! Limits on texts: 1 in 30 seconds, 5 in an hour and 10 in a day to a member
//! and to a number; 50 in an hour to a block of numbers.

use testkit::{Answer, Person, TestApp, json, on_both_databases};

const NUMBER: &str = "+12025550101";

/// Somebody in an organization of their own.
async fn somebody(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await
}

async fn text(app: &TestApp, who: &Person, number: &str) -> Answer {
    app.send_sms(who, json!({ "mfa_phone_number": number })).await
}

/// So many texts to a member, each to another number, as soon after each other as may be.
async fn texts_to_a_member(app: &TestApp, who: &Person, count: usize) {
    for n in 0..count {
        text(app, who, &format!("+13105550{n:03}")).await.ok();
        app.advance(30);
    }
}

/// So many texts to the number, each for another member.
async fn texts_to_the_number(app: &TestApp, count: usize) {
    for _ in 0..count {
        text(app, &somebody(app).await, NUMBER).await.ok();
        app.advance(30);
    }
}

on_both_databases! { under strict limits:
    async fn a_member_is_texted_once_in_30_seconds(app: TestApp) {
        let ada = somebody(&app).await;
        text(&app, &ada, NUMBER).await.ok();
        assert_eq!(text(&app, &ada, NUMBER).await.refusal(), (429, "too_many_requests"));
        app.advance(30);
        text(&app, &ada, NUMBER).await.ok();
        assert_eq!(app.texts(NUMBER), 2);
    }

    async fn another_number_does_not_help_a_member(app: TestApp) {
        let ada = somebody(&app).await;
        text(&app, &ada, NUMBER).await.ok();
        assert_eq!(text(&app, &ada, "+13105550199").await.refusal(), (429, "too_many_requests"));
        assert_eq!(app.member(&ada).await["mfa_phone_number"], NUMBER, "the refusal changed nothing");
    }

    async fn another_member_does_not_help_a_number(app: TestApp) {
        text(&app, &somebody(&app).await, NUMBER).await.ok();
        let other = text(&app, &somebody(&app).await, NUMBER).await;
        assert_eq!(other.refusal(), (429, "too_many_requests"));
    }

    async fn a_member_is_texted_5_times_in_an_hour(app: TestApp) {
        let ada = somebody(&app).await;
        texts_to_a_member(&app, &ada, 5).await;
        assert_eq!(text(&app, &ada, NUMBER).await.refusal(), (429, "too_many_requests"));
        app.advance(3600);
        text(&app, &ada, NUMBER).await.ok();
    }

    async fn a_number_is_texted_5_times_in_an_hour(app: TestApp) {
        texts_to_the_number(&app, 5).await;
        let sixth = text(&app, &somebody(&app).await, NUMBER).await;
        assert_eq!(sixth.refusal(), (429, "too_many_requests"));
        app.advance(3600);
        texts_to_the_number(&app, 1).await;
    }

    async fn a_member_is_texted_10_times_in_a_day(app: TestApp) {
        let ada = somebody(&app).await;
        for _ in 0..2 {
            texts_to_a_member(&app, &ada, 5).await;
            app.advance(3600);
        }
        assert_eq!(text(&app, &ada, NUMBER).await.refusal(), (429, "too_many_requests"));
        app.advance(12 * 3600);
        text(&app, &ada, NUMBER).await.ok();
    }

    async fn a_number_is_texted_10_times_in_a_day(app: TestApp) {
        for _ in 0..2 {
            texts_to_the_number(&app, 5).await;
            app.advance(3600);
        }
        let eleventh = text(&app, &somebody(&app).await, NUMBER).await;
        assert_eq!(eleventh.refusal(), (429, "too_many_requests"));
        app.advance(12 * 3600);
        texts_to_the_number(&app, 1).await;
    }

    async fn a_block_of_numbers_is_texted_50_times_in_an_hour(app: TestApp) {
        app.set("sms.unverified_credit", "0").await;
        let organization = app.organization(json!({})).await;
        for n in 0..50 {
            let who = app.newcomer(&organization, &format!("member{n}@acme.example"), json!({})).await;
            text(&app, &who, &format!("+120255501{n:02}")).await.ok();
        }
        let who = app.newcomer(&organization, "member50@acme.example", json!({})).await;
        assert_eq!(text(&app, &who, "+12025550999").await.refusal(), (429, "too_many_requests"));
        text(&app, &who, "+12025551000").await.ok();
    }

    async fn a_login_goes_on_when_its_text_is_over_the_limit(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.advance(30);
        let texted = app.password_login(&ada).await.ok();
        assert_eq!(texted["mfa_required"]["secondary_auth_initiated"], "sms_otp");
        let silent = app.password_login(&ada).await.ok();
        assert_eq!(silent["mfa_required"]["secondary_auth_initiated"], json!(null));
        assert_eq!(silent["mfa_required"]["member_options"]["mfa_phone_number"], NUMBER);
        let ist = silent["intermediate_session_token"].clone();
        let evidence = json!({ "code": app.last_code(NUMBER).await, "intermediate_session_token": ist });
        app.complete(&ada, "otps/sms", evidence).await.ok();
        assert_eq!(app.texts(NUMBER), 2, "the code of the first text is still the one");
    }

    async fn automatic_texts_count_like_any_other(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.advance(30);
        let ist = app.halfway(&ada).await;
        let asked = app.send_sms(&ada, json!({ "intermediate_session_token": ist })).await;
        assert_eq!(asked.refusal(), (429, "too_many_requests"));
    }
}
