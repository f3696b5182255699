//! What must not outlive the proof it rests on.

use testkit::{code_of, json, on_both_databases};

on_both_databases! {
    async fn a_deleted_password_ends_what_was_begun_with_it(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.halfway(&ada).await;
        let password = app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
        let path = format!("/v1/b2b/organizations/{}/members/passwords/{password}", ada.organization);
        app.delete(&path).await.ok();
        let more = json!({ "mfa_phone_number": "+12025550101", "intermediate_session_token": ist });
        assert_eq!(app.send_sms(&ada, more).await.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn revoking_all_sessions_of_a_member_ends_what_is_halfway(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.halfway(&ada).await;
        app.post("/v1/b2b/sessions/revoke", json!({ "member_id": ada.member })).await.ok();
        let evidence = json!({ "code": code_of(&secret, app.now()), "intermediate_session_token": ist });
        let refused = app.complete(&ada, "totp", evidence).await;
        assert_eq!(refused.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn a_jwt_from_before_a_step_up_is_dead(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let secret = app.import_totp(&ada).await;
        let before = app.password_login(&ada).await.ok();
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": before["session_token"] });
        let after = app.complete(&ada, "totp", evidence).await.ok();
        let check = |jwt| app.post("/v1/b2b/sessions/authenticate", json!({ "session_jwt": jwt }));
        assert_eq!(check(before["session_jwt"].clone()).await.refusal(), (404, "session_not_found"));
        assert_eq!(check(after["session_jwt"].clone()).await.ok()["session_token"], after["session_token"]);
    }

    async fn a_removed_factor_takes_the_sessions_with_it_on_request(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, "+12025550101").await;
        let path = format!("/v1/b2b/organizations/{}/members/mfa_phone_numbers/{}", ada.organization, ada.member);
        app.delete(&format!("{path}?revoke_sessions=true")).await.ok();
        let checked = app.post("/v1/b2b/sessions/authenticate", json!({ "session_token": session })).await;
        assert_eq!(checked.refusal(), (404, "session_not_found"));
    }

    async fn no_key_smuggles_unchecked_json_past_the_reader(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let smuggled = json!({ "a": { "$serde_json::private::RawValue": "[[1]]" } });
        let path = format!("/v1/b2b/organizations/{organization}");
        let refused = app.put(&path, json!({ "trusted_metadata": smuggled })).await;
        assert_eq!(refused.refusal(), (400, "bad_request"));
    }
}
