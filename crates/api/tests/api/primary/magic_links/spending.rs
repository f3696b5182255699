//! Trading a link for a login: once, in time, each for itself.

use super::open_house;
use domain::members::Status;
use flows::{Call, Caller, members::create::Newcomer};
use testkit::{PROJECT_ID, Person, TestApp, json, on_both_databases};

/// A member as an invitation will make one; no route invites yet.
async fn invited(app: &TestApp, organization: &str) -> Person {
    let project = PROJECT_ID.parse().expect("a project id");
    let found =
        store::projects::find(&mut app.api.app.db.read().await.expect("a connection"), &project).await;
    let project = found.expect("no fault").expect("the project");
    let (caller, now) = (Caller::Project, app.now());
    let mut call = Call { app: app.api.app.clone(), project, caller, now, rng: (app.api.entropy)() };
    let ada = Newcomer::of("ada@acme.example".parse().expect("an address"), Status::Invited);
    let (_, member) = flows::members::create::create(&mut call, organization, ada).await.expect("a member");
    Person {
        organization: organization.to_owned(),
        member: member.member_id.to_string(),
        email: member.email_address.to_string(),
    }
}

on_both_databases! {
    async fn a_link_is_good_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        let inside = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(
            (&inside["member_authenticated"], &inside["reset_sessions"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
    }

    async fn an_unknown_token_is_told_from_a_spent_one(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        for odd in ["unknown", "", &link[1..], &format!("{link} "), &link.to_lowercase()] {
            assert_eq!(
                app.spend_link(odd, json!({})).await.refusal(),
                (404, "magic_link_not_found"),
                "{odd}"
            );
        }
        let none = app.post("/v1/b2b/magic_links/authenticate", json!({})).await;
        assert_eq!(none.refusal(), (400, "bad_request"));
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn a_link_expires_on_the_second(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let wishes = json!({ "login_expiration_minutes": 5, "signup_expiration_minutes": 10 });
        let (one, two) = (
            app.mail_link(&organization, &ada.email, wishes.clone()).await,
            app.mail_link(&organization, &ada.email, wishes).await,
        );
        app.advance(299);
        app.spend_link(&one, json!({})).await.ok();
        app.advance(1);
        assert_eq!(app.spend_link(&two, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
    }

    async fn a_signup_link_expires_by_its_own_length(app: TestApp) {
        let organization = open_house(&app).await;
        let wishes = json!({ "login_expiration_minutes": 5, "signup_expiration_minutes": 10 });
        let link = app.mail_link(&organization, "new@acme.example", wishes).await;
        app.advance(599);
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn links_live_side_by_side(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let mut links = Vec::new();
        for _ in 0..3 {
            links.push(app.mail_link(&organization, &ada.email, json!({})).await);
        }
        for link in [&links[1], &links[0], &links[2]] {
            app.spend_link(link, json!({})).await.ok();
        }
    }

    async fn the_first_login_activates_a_member_and_verifies_the_address(app: TestApp) {
        let organization = open_house(&app).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "pending@acme.example", pending).await;
        for who in [ada, invited(&app, &organization).await] {
            assert_ne!(app.member(&who).await["status"], "active");
            let inside = app.link_login(&who).await.ok();
            assert_eq!(inside["member_authenticated"], true);
            assert_eq!(inside["member"]["status"], "active");
            assert_eq!(inside["member"]["email_address_verified"], true);
        }
    }

    async fn an_invited_member_stays_invited_until_the_login(app: TestApp) {
        let organization = open_house(&app).await;
        let ada = invited(&app, &organization).await;
        let body = json!({ "organization_id": organization, "email_address": ada.email });
        let sent = app.post("/v1/b2b/magic_links/email/login_or_signup", body).await.ok();
        assert_eq!((&sent["member_created"], &sent["member"]["status"]), (&json!(false), &json!("invited")));
        let mail = app.letter(&ada.email, |all| all.first().cloned()).await;
        assert_eq!(mail.subject.as_deref(), Some("Sign up for Acme"));
    }

    async fn a_second_factor_that_is_due_still_activates(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let stopped = app.link_login(&ada).await.ok();
        assert_eq!(
            (&stopped["member_authenticated"], &stopped["member"]["status"]),
            (&json!(false), &json!("active"))
        );
    }

    async fn a_link_of_a_method_no_longer_allowed_lets_nobody_in_and_activates_nobody(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        let passwords = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
        app.put(&format!("/v1/b2b/organizations/{organization}"), passwords).await.ok();
        let stopped = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(
            (&stopped["member_authenticated"], &stopped["session_token"]),
            (&json!(false), &json!(""))
        );
        assert_eq!(stopped["primary_required"]["allowed_auth_methods"], json!(["password"]));
        assert_eq!(app.member(&ada).await["status"], "pending");
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
    }
}
