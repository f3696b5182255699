use super::{PHONE, factors, open_to_acme};
use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

async fn exchange(app: &TestApp, session: &Answer, organization: &str) -> Answer {
    let body = json!({ "session_token": session["session_token"], "organization_id": organization });
    app.post("/v1/b2b/sessions/exchange", body).await
}

/// The same person, in an organization without demands.
async fn ada_of(app: &TestApp, settings: Value) -> Person {
    app.person(&app.organization(settings).await, "ada@acme.example").await
}

on_both_databases! {
    async fn a_session_by_link_opens_one_in_another_organization(app: TestApp) {
        let (here, there) = (ada_of(&app, json!({})).await, ada_of(&app, json!({})).await);
        let session = app.link_login(&here).await.ok();
        let inside = exchange(&app, &session, &there.organization).await.ok();
        assert_eq!((&inside["member_id"], factors(&inside)), (&json!(there.member), vec!["email".to_owned()]));
        let both = [session.text("session_token"), inside.text("session_token")];
        for token in both {
            app.check(&token).await.ok();
        }
    }

    async fn by_its_jwt_too_but_not_by_both(app: TestApp) {
        let (here, there) = (ada_of(&app, json!({})).await, ada_of(&app, json!({})).await);
        let session = app.link_login(&here).await.ok();
        let post = async |mut body: Value| {
            body["organization_id"] = json!(there.organization);
            app.post("/v1/b2b/sessions/exchange", body).await
        };
        post(json!({ "session_jwt": session["session_jwt"] })).await.ok();
        let both = json!({ "session_jwt": session["session_jwt"], "session_token": session["session_token"] });
        assert_eq!(post(both).await.refusal(), (400, "too_many_session_arguments"));
        assert_eq!(post(json!({})).await.refusal(), (400, "no_session_arguments"));
        assert_eq!(post(json!({ "session_token": "never" })).await.refusal(), (404, "session_not_found"));
    }

    async fn a_password_carries_nowhere(app: TestApp) {
        let (here, there) = (ada_of(&app, json!({})).await, ada_of(&app, json!({})).await);
        let session = app.password_login(&here).await.ok();
        let refused = exchange(&app, &session, &there.organization).await;
        assert_eq!(refused.refusal(), (400, "insufficient_factors_for_session_exchange"));
    }

    async fn nobody_joins_by_exchange(app: TestApp) {
        let here = ada_of(&app, json!({})).await;
        let session = app.link_login(&here).await.ok();
        let open = open_to_acme(&app, json!({})).await;
        let refused = exchange(&app, &session, &open).await;
        assert_eq!(refused.refusal(), (404, "member_does_not_exist_in_organization"));
    }

    async fn an_invitation_is_accepted_by_exchange(app: TestApp) {
        let here = ada_of(&app, json!({})).await;
        let session = app.link_login(&here).await.ok();
        let pending = json!({ "create_member_as_pending": true });
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", pending).await;
        let member = exchange(&app, &session, &there.organization).await.ok()["member"].clone();
        assert_eq!(member["status"], "active");
    }

    async fn a_text_counts_where_the_number_is_the_same_and_verified(app: TestApp) {
        let (here, there) = (app.ada().await, app.ada().await);
        let other = app.ada().await;
        app.enrol_sms(&there, PHONE).await;
        app.enrol_sms(&other, "+12025550148").await;
        app.enrol_sms(&here, PHONE).await;
        app.advance(60);
        let halfway = app.between(&here).await;
        let evidence = json!({ "code": app.last_code(PHONE).await, "intermediate_session_token": halfway });
        let session = app.complete(&here, "otps/sms", evidence).await.ok();
        let inside = exchange(&app, &session, &there.organization).await.ok();
        assert_eq!(factors(&inside), ["email", "sms"]);
        let waiting = exchange(&app, &session, &other.organization).await.ok();
        assert_eq!((&waiting["member_authenticated"], &waiting["mfa_required"]["secondary_auth_initiated"]), (&json!(false), &json!("sms_otp")));
        assert_eq!(waiting["session_token"], "");
    }

    async fn an_authenticator_app_carries_nowhere(app: TestApp) {
        let (here, there) = (app.ada().await, app.ada().await);
        let secret = app.import_totp(&here).await;
        app.import_totp(&there).await;
        let halfway = app.between(&here).await;
        let code = testkit::code_of(&secret, app.now());
        let evidence = json!({ "code": code, "intermediate_session_token": halfway });
        let session = app.complete(&here, "totp", evidence).await.ok();
        let waiting = exchange(&app, &session, &there.organization).await.ok();
        assert_eq!(waiting["member_authenticated"], false);
        assert_ne!(waiting["mfa_required"]["member_options"]["totp_registration_id"], "");
    }

    async fn the_new_session_has_claims_and_an_end_of_its_own(app: TestApp) {
        let (here, there) = (ada_of(&app, json!({})).await, ada_of(&app, json!({})).await);
        let token = app.mail_link(&here.organization, &here.email, json!({})).await;
        let session = app.spend_link(&token, json!({ "session_custom_claims": { "a": 1 } })).await.ok();
        let inside = exchange(&app, &session, &there.organization).await.ok();
        assert_eq!(inside["member_session"]["custom_claims"], json!({}));
        assert_ne!(inside["member_session"]["member_session_id"], session["member_session"]["member_session_id"]);
    }

    async fn a_proof_of_an_old_address_is_none_of_the_new_one(app: TestApp) {
        let here = ada_of(&app, json!({})).await;
        let victim = app.person(&app.organization(json!({})).await, "bob@acme.example").await;
        let session = app.link_login(&here).await.ok();
        app.change(&here, json!({ "email_address": "bob@acme.example" })).await.ok();
        let refused = exchange(&app, &session, &victim.organization).await;
        assert_eq!(refused.refusal(), (400, "insufficient_factors_for_session_exchange"));
    }
}
