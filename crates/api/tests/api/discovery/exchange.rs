use super::{PHONE, exchange, factors, proved};
use testkit::{Value, json, on_both_databases};
use tokio::task::JoinSet;

const FOREIGN: (u16, &str) = (400, "invalid_intermediate_session_token_for_organization");

on_both_databases! {
    async fn a_proved_address_enters_where_it_is_a_members(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        let inside = exchange(&app, &token, &there.organization).await.ok();
        assert_eq!(inside["member_id"], json!(there.member));
        assert_eq!((&inside["member_authenticated"], &inside["intermediate_session_token"]), (&json!(true), &json!("")));
        assert_eq!(factors(&inside), ["email"]);
        app.check(&inside.text("session_token")).await.ok();
        let again = exchange(&app, &token, &there.organization).await;
        assert_eq!(again.refusal(), (404, "intermediate_session_not_found"), "it is consumed");
    }

    async fn the_session_names_the_members_own_address(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.newcomer(&app.organization(json!({})).await, "Ada@acme.example", json!({})).await;
        let inside = exchange(&app, &token, &there.organization).await.ok();
        let factor = &inside["member_session"]["authentication_factors"][0]["email_factor"];
        assert_eq!(factor["email_address"], "Ada@acme.example");
        assert_eq!(factor["email_id"], json!(app.row(&there).await.email_id));
    }

    async fn a_pending_member_becomes_active_and_verified(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let pending = json!({ "create_member_as_pending": true });
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", pending).await;
        let member = exchange(&app, &token, &there.organization).await.ok()["member"].clone();
        assert_eq!((&member["status"], &member["email_address_verified"]), (&json!("active"), &json!(true)));
    }

    async fn the_second_factor_of_the_other_organization_is_due(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.ada().await;
        app.enrol_sms(&there, PHONE).await;
        let waiting = exchange(&app, &token, &there.organization).await.ok();
        assert_eq!(waiting.text("intermediate_session_token"), token, "the same one");
        assert_eq!(waiting["mfa_required"]["secondary_auth_initiated"], "sms_otp");
        assert_eq!((&waiting["session_token"], &waiting["member_session"]), (&json!(""), &Value::Null));
        let evidence = json!({ "code": app.last_code(PHONE).await, "intermediate_session_token": token });
        let inside = app.complete(&there, "otps/sms", evidence).await.ok();
        assert_eq!(factors(&inside), ["email", "sms"]);
    }

    async fn an_organization_that_wants_another_method_says_so(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let settings = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
        let there = app.person(&app.organization(settings).await, "ada@acme.example").await;
        let waiting = exchange(&app, &token, &there.organization).await.ok();
        assert_eq!(waiting["primary_required"]["allowed_auth_methods"], json!(["password"]));
        let inside = app.password_login_with(&there, json!({ "intermediate_session_token": token })).await.ok();
        assert_eq!(factors(&inside), ["email", "knowledge"]);
    }

    async fn a_password_of_one_organization_is_worth_nothing_in_another(app: TestApp) {
        let (here, there) = (app.ada().await, app.ada().await);
        let by_password = app.halfway(&here).await;
        assert_eq!(exchange(&app, &by_password, &there.organization).await.refusal(), FOREIGN);
    }

    async fn what_stays_behind_is_not_in_the_new_session(app: TestApp) {
        let here = app.ada().await;
        let by_password = app.halfway(&here).await;
        let link = app.mail_link(&here.organization, &here.email, json!({})).await;
        app.spend_link(&link, json!({ "intermediate_session_token": by_password })).await.ok();
        let there = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let inside = exchange(&app, &by_password, &there.organization).await.ok();
        assert_eq!(factors(&inside), ["email"]);
    }

    async fn an_address_enters_as_nobody_else(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let bob = app.person(&app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await, "bob@acme.example").await;
        assert_eq!(exchange(&app, &token, &bob.organization).await.refusal(), (403, "email_jit_provisioning_not_allowed"));
        let carried = app.password_login_with(&bob, json!({ "intermediate_session_token": token })).await;
        assert_eq!(carried.refusal(), FOREIGN);
        let evidence = json!({ "code": "123456", "intermediate_session_token": token });
        assert_eq!(app.complete(&bob, "otps/sms", evidence).await.refusal(), FOREIGN);
    }

    async fn one_of_sixty_four_exchanges_wins(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        let mut trying = JoinSet::new();
        for _ in 0..64 {
            let (app, token, organization) = (app.clone(), token.clone(), there.organization.clone());
            trying.spawn(async move { exchange(&app, &token, &organization).await });
        }
        let answers = trying.join_all().await;
        assert_eq!(answers.iter().filter(|it| it.status == 200).count(), 1);
        assert!(answers.iter().all(|it| it.status == 200 || it.refusal() == (404, "intermediate_session_not_found")));
    }

    async fn a_locked_member_is_refused(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.ada().await;
        app.set("lock.threshold", "1").await;
        app.import_totp(&there).await;
        let halfway = app.halfway(&there).await;
        app.complete(&there, "totp", json!({ "code": "000001", "intermediate_session_token": halfway })).await;
        assert_eq!(exchange(&app, &token, &there.organization).await.refusal(), (429, "user_lock_limit_reached"));
    }

    async fn it_is_over_after_ten_minutes_and_foreign_to_other_projects(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        let other = app.another_project().await;
        let theirs = other.organization(json!({})).await;
        assert_eq!(exchange(&app, &token, &theirs).await.refusal(), (404, "organization_not_found"));
        assert_eq!(exchange(&other, &token, &theirs).await.refusal(), (404, "intermediate_session_not_found"));
        app.advance(600);
        let late = exchange(&app, &token, &there.organization).await;
        assert_eq!(late.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn duration_and_claims_apply_to_the_new_session(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        let body = json!({ "intermediate_session_token": token, "organization_id": there.organization,
                           "session_duration_minutes": 5, "session_custom_claims": { "plan": "pro" } });
        let inside = app.post("/v1/b2b/discovery/intermediate_sessions/exchange", body).await.ok();
        assert_eq!(inside["member_session"]["custom_claims"], json!({ "plan": "pro" }));
        app.advance(300);
        assert_eq!(app.check(&inside.text("session_token")).await.refusal(), (404, "session_not_found"));
    }

    async fn what_rests_on_a_deleted_member_is_over(app: TestApp) {
        let (ada, token) = proved(&app, "ada@acme.example").await;
        let there = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        app.delete(&ada.path()).await.ok();
        let answer = exchange(&app, &token, &there.organization).await;
        assert_eq!(answer.refusal(), (404, "intermediate_session_not_found"));
    }
}
