//! Making an address reset its password.

use super::shared::{both, discover};
use testkit::{Answer, NEW_PASSWORD, PASSWORD, TestApp, Value, json, on_both_databases};

async fn require(app: &TestApp, more: Value) -> Answer {
    let mut body = json!({ "email_address": "ada@acme.example" });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/passwords/email/require_reset", body).await
}

on_both_databases! {
    async fn the_password_is_good_for_nothing_until_a_reset(app: TestApp) {
        let (here, there) = both(&app).await;
        let answer = require(&app, json!({ "organization_id": there.organization, "member_id": there.member }));
        let answer = answer.await.ok();
        assert_eq!(answer["member_id"], json!(there.member));
        let due = (400, "member_reset_password");
        assert_eq!(app.password_login(&here).await.refusal(), due);
        assert_eq!(app.password_login(&there).await.refusal(), due);
        assert_eq!(discover(&app, PASSWORD).await.refusal(), due);
        let session = app.link_login(&here).await.ok().text("session_token");
        let body = json!({ "organization_id": here.organization, "password": NEW_PASSWORD, "session_token": session });
        assert_eq!(app.post("/v1/b2b/passwords/session/reset", body).await.refusal(), due);
        let token = app.mail_reset(&here.organization, &here.email, json!({})).await;
        app.spend_reset(&token, json!({})).await.ok();
        app.password_login_with(&there, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn a_password_that_one_active_member_has_is_deleted(app: TestApp) {
        let (here, there) = both(&app).await;
        app.delete(&there.path()).await.ok();
        require(&app, json!({})).await.ok();
        assert_eq!(app.password_login(&here).await.refusal(), (404, "member_password_not_found"));
        assert_eq!(app.member(&here).await["member_password_id"], json!(""));
        assert_eq!(require(&app, json!({})).await.refusal(), (404, "member_password_not_found"));
    }

    async fn who_is_named_must_have_the_address(app: TestApp) {
        let (here, there) = both(&app).await;
        let bob = app.newcomer(&here.organization, "bob@acme.example", json!({})).await;
        let wrong = json!({ "organization_id": here.organization, "member_id": there.member });
        assert_eq!(require(&app, wrong).await.refusal(), (404, "member_not_found"));
        assert_eq!(require(&app, json!({ "member_id": bob.member })).await.refusal(), (404, "member_not_found"));
        let nowhere = json!({ "organization_id": "nowhere" });
        assert_eq!(require(&app, nowhere).await.refusal(), (404, "organization_not_found"));
        app.password_login(&here).await.ok();
    }
}
