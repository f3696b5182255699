//! Recovery codes.

use super::{delete_totp, enter_by_totp, factors, recovery, with_ist};
use testkit::{Answer, Person, TestApp, code_of, json, on_both_databases};

async fn recover(app: &TestApp, who: &Person, code: &str) -> Answer {
    let ist = app.between(who).await;
    app.complete(who, "recovery_codes", recovery(&ist, code)).await
}

const WRONG_CODE: (u16, &str) = (401, "unable_to_authenticate_recovery_code");

on_both_databases! {
    async fn a_recovery_code_is_good_once_in_either_case(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let codes = app.recovery_codes(&ada).await;
        for (code, left) in [(codes[3].clone(), 9), (codes[0].to_uppercase(), 8)] {
            let inside = recover(&app, &ada, &code).await.ok();
            assert_eq!(inside["recovery_codes_remaining"], json!(left));
            assert_eq!(factors(&inside["member_session"]), ["email", "recovery_code"]);
            assert_eq!(recover(&app, &ada, &code).await.refusal(), WRONG_CODE);
        }
        assert_eq!(app.recovery_codes(&ada).await.len(), 8);
        assert!(!app.recovery_codes(&ada).await.contains(&codes[3]));
    }

    async fn the_last_code_leaves_none_and_the_app(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        for (left, code) in app.recovery_codes(&ada).await.iter().rev().enumerate() {
            assert_eq!(recover(&app, &ada, code).await.ok()["recovery_codes_remaining"], json!(9 - left));
        }
        assert_eq!(recover(&app, &ada, "abcd-ef01-2345").await.refusal(), WRONG_CODE);
        enter_by_totp(&app, &ada, &secret).await;
    }

    async fn rotating_voids_every_code(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let old = app.recovery_codes(&ada).await;
        let body = json!({ "organization_id": ada.organization, "member_id": ada.member });
        let new = app.post("/v1/b2b/recovery_codes/rotate", body).await.ok();
        assert_eq!(new["recovery_codes"], json!(app.recovery_codes(&ada).await));
        assert_eq!(new["recovery_codes"].as_array().map(Vec::len), Some(10));
        assert_eq!(recover(&app, &ada, &old[0]).await.refusal(), WRONG_CODE);
        recover(&app, &ada, new["recovery_codes"][0].as_str().expect("a code")).await.ok();
    }

    async fn without_an_app_there_is_nothing_to_recover(app: TestApp) {
        let ada = app.ada().await;
        let refused = (400, "no_active_recovery_code_backed_factor");
        assert_eq!(recover(&app, &ada, "abcd-ef01-2345").await.refusal(), refused);
        let body = json!({ "organization_id": ada.organization, "member_id": ada.member });
        assert_eq!(app.post("/v1/b2b/recovery_codes/rotate", body).await.refusal(), refused);
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn codes_go_with_their_app(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let codes = app.recovery_codes(&ada).await;
        delete_totp(&app, &ada).await;
        let gone = recover(&app, &ada, &codes[0]).await;
        assert_eq!(gone.refusal(), (400, "no_active_recovery_code_backed_factor"));
        app.import_totp(&ada).await;
        assert_eq!(recover(&app, &ada, &codes[0]).await.refusal(), WRONG_CODE);
    }

    async fn codes_that_cannot_be_read_back_still_work(app: TestApp) {
        app.set("recovery_codes.readable", "false").await;
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        let shown = app.create_totp(&ada, json!({ "intermediate_session_token": ist })).await.ok();
        let code = code_of(&shown.text("secret"), app.now());
        app.complete(&ada, "totp", with_ist(&ist, &code)).await.ok();
        let path = format!("/v1/b2b/recovery_codes/{}/{}", ada.organization, ada.member);
        assert_eq!(app.get(&path).await.refusal(), (404, "recovery_codes_not_found"));
        recover(&app, &ada, shown["recovery_codes"][7].as_str().expect("a code")).await.ok();
    }

    async fn imported_codes_are_kept_in_place_of_fresh_ones(app: TestApp) {
        let ada = app.ada().await;
        let import = |codes: &[&str]| {
            json!({ "organization_id": ada.organization, "member_id": ada.member,
                    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "recovery_codes": codes })
        };
        let twice = app.post("/v1/b2b/totp/migrate", import(&["OLD-CODE-1", "old-code-1"])).await;
        assert_eq!(twice.refusal(), (400, "recovery_codes_already_exist"));
        app.post("/v1/b2b/totp/migrate", import(&["OLD-CODE-1", "old-code-2"])).await.ok();
        assert_eq!(app.recovery_codes(&ada).await, ["old-code-1", "old-code-2"]);
        assert_eq!(recover(&app, &ada, "old-code-1").await.ok()["recovery_codes_remaining"], json!(1));
    }
}
