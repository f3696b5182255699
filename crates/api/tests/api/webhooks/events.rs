//! What is told of which call.

use super::{only, types};
use testkit::{Backend, json, on_both_databases};

on_both_databases! {
    async fn an_organization_is_told_as_the_api_answers_it(app: TestApp) {
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        let made = app.post("/v1/b2b/organizations", json!({ "organization_name": "Acme" })).await.ok();
        app.dispatch().await;
        let told = backend.take();
        let told = &only(&told, "direct.organization.create").body;
        let id = &made["organization"]["organization_id"];
        assert_eq!(told["organization"], made["organization"]);
        assert_eq!(*told, json!({
            "project_id": testkit::PROJECT_ID, "event_id": told["event_id"], "action": "CREATE",
            "object_type": "organization", "source": "DIRECT", "id": id, "timestamp": "2023-11-15T12:00:00.000000Z",
            "vertical": "B2B", "organization": made["organization"],
        }));
        assert!(told["event_id"].as_str().unwrap().starts_with("webhook-event-test-"));
        app.delete(&format!("/v1/b2b/organizations/{}", id.as_str().unwrap())).await.ok();
        app.dispatch().await;
        let told = backend.take();
        assert_eq!(types(&told), ["direct.organization.delete"]);
        assert_eq!((&told[0].body["id"], told[0].body.get("organization")), (id, None));
    }

    async fn nothing_is_queued_where_nobody_is_told(app: TestApp) {
        app.organization(json!({})).await;
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        app.dispatch().await;
        assert_eq!(types(&backend.take()), Vec::<String>::new());
    }

    async fn a_member_is_told_as_the_api_answers_it(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        let who = app.newcomer(&organization, "ada@acme.example", json!({ "name": "Ada" })).await;
        app.dispatch().await;
        let told = backend.take();
        assert_eq!(only(&told, "direct.member.create").body["member"], app.member(&who).await);
        app.advance(60);
        let changed = app.change(&who, json!({ "name": "Ada L." })).await.ok();
        app.dispatch().await;
        let told = backend.take();
        let told = &only(&told, "direct.member.update").body;
        assert_eq!((&told["member"], &told["id"]), (&changed["member"], &json!(who.member)));
        app.delete(&format!("/v1/b2b/organizations/{organization}/members/{}", who.member)).await.ok();
        app.dispatch().await;
        let told = backend.take();
        let told = &only(&told, "direct.member.delete").body;
        assert_eq!((&told["id"], told.get("member")), (&json!(who.member), None));
    }

    async fn a_session_is_told_to_whoever_asks_for_names_of_our_own(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let who = app.person(&organization, "ada@acme.example").await;
        let (all, ours) = (Backend::start().await, Backend::start().await);
        app.hook(&all, &[]).await;
        app.hook(&ours, &["vestibule.session.*"]).await;
        let session = app.link_login(&who).await.ok();
        app.dispatch().await;
        assert!(!types(&all.take()).iter().any(|it| it.starts_with("vestibule.")));
        let told = ours.take();
        let told = &only(&told, "vestibule.session.create").body;
        assert_eq!(told["session"], session["member_session"]);
        assert_eq!(told["id"], session["member_session"]["member_session_id"]);
        let token = session["session_token"].as_str().unwrap();
        app.post("/v1/b2b/sessions/revoke", json!({ "session_token": token })).await.ok();
        app.dispatch().await;
        let ended = ours.take();
        assert_eq!(only(&ended, "vestibule.session.delete").body["id"], told["id"]);
    }

    async fn sessions_that_something_else_ends_are_told_as_ended(app: TestApp) {
        let backend = Backend::start().await;
        app.hook(&backend, &["vestibule.session.delete", "vestibule.member_sessions.delete"]).await;
        let organization = app.organization(json!({})).await;
        let ended = async |times: usize, event_type: &str| {
            app.dispatch().await;
            let told = backend.take();
            assert_eq!(types(&told), vec![event_type; times], "{told:?}");
            told.iter().map(|it| it.body["id"].clone()).collect::<Vec<_>>()
        };
        let (ours, theirs) = ("vestibule.member_sessions.delete", "vestibule.session.delete");

        let ada = app.person(&organization, "ada@acme.example").await;
        app.link_login(&ada).await.ok();
        app.delete(&ada.path()).await.ok();
        assert_eq!(ended(1, ours).await, [json!(ada.member)], "deleted");

        let bob = app.person(&organization, "bob@acme.example").await;
        app.link_login(&bob).await.ok();
        let token = app.mail_reset(&organization, &bob.email, json!({})).await;
        let reset = json!({ "password_reset_token": token, "password": testkit::NEW_PASSWORD });
        app.post("/v1/b2b/passwords/email/reset", reset).await.ok();
        assert_eq!(ended(1, ours).await, [json!(bob.member)], "a password was reset");

        let eve = app.person(&organization, "eve@acme.example").await;
        let first = app.link_login(&eve).await.ok();
        let own = app.link_login(&eve).await.ok().text("session_token");
        let set = json!({ "organization_id": organization, "password": testkit::NEW_PASSWORD, "session_token": own });
        app.post("/v1/b2b/passwords/session/reset", set).await.ok();
        let first = first["member_session"]["member_session_id"].clone();
        assert_eq!(ended(1, theirs).await, [first], "by a session, which stays");

        let dan = app.person(&organization, "dan@acme.example").await;
        app.set("sessions.limit_per_member", "1").await;
        let first = app.link_login(&dan).await.ok()["member_session"]["member_session_id"].clone();
        app.link_login(&dan).await.ok();
        assert_eq!(ended(1, theirs).await, [first], "for want of room");

        app.import_totp(&dan).await;
        app.delete(&format!("/v1/b2b/organizations/{organization}/members/{}/totp?revoke_sessions=true", dan.member)).await.ok();
        assert_eq!(ended(1, ours).await, [json!(dan.member)], "with a factor");
    }

    async fn a_factor_is_told_without_what_it_consists_of(app: TestApp) {
        let who = app.ada().await;
        let backend = Backend::start().await;
        app.hook(&backend, &["vestibule.*"]).await;
        app.enrol_sms(&who, "+41791234567").await;
        let secret = app.import_totp(&who).await;
        app.dispatch().await;
        let told = backend.take();
        for (event_type, factor) in [("vestibule.sms_otp.create", "sms_otp"), ("vestibule.totp.create", "totp")] {
            let told = &only(&told, event_type).body;
            assert_eq!((&told["id"], &told[factor]["member_id"]), (&json!(who.member), &json!(who.member)));
            assert_eq!(told[factor]["organization_id"], json!(who.organization));
        }
        for it in told.iter().filter(|it| !it.event_type().contains("session")) {
            let text = it.body.to_string();
            assert!(!text.contains(&secret) && !text.contains("1234567"), "{text}");
        }
    }
}
