//! A new primary address.

use super::delete;
use testkit::{json, on_both_databases};

const NEW: &str = "countess@acme.example";

on_both_databases! {
    async fn a_new_address_is_unverified_and_the_old_one_retired(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        assert_eq!(app.member(&ada).await["email_address_verified"], true);
        let changed = app.change(&ada, json!({ "email_address": NEW })).await.ok();
        assert_eq!(changed["member"]["email_address"], NEW);
        assert_eq!(changed["member"]["email_address_verified"], false);
        let retired = changed["member"]["retired_email_addresses"].as_array().expect("a list");
        assert_eq!(retired.len(), 1);
        assert_eq!(retired[0]["email_address"], "ada@acme.example");
        assert!(retired[0]["email_id"].as_str().expect("an id").starts_with("email-test-"));
    }

    async fn the_password_goes_with_the_old_address(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let changed = app.change(&ada, json!({ "email_address": NEW })).await.ok();
        assert_eq!(changed["member"]["member_password_id"], "");
        assert_eq!(app.password_login(&ada).await.refusal(), (404, "email_not_found"));
        let countess = testkit::Person { email: NEW.to_owned(), ..ada };
        assert_eq!(app.password_login(&countess).await.refusal(), (404, "member_password_not_found"));
        app.person(&organization, NEW).await;
        app.password_login(&countess).await.ok();
    }

    async fn links_to_the_old_address_die(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        app.change(&ada, json!({ "email_address": NEW })).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
        app.change(&ada, json!({ "email_address": ada.email })).await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
    }

    async fn a_link_to_the_new_address_verifies_it(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.change(&ada, json!({ "email_address": NEW })).await.ok();
        let link = app.mail_link(&organization, NEW, json!({})).await;
        let inside = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(inside["member_id"], ada.member.as_str());
        assert_eq!(inside["member"]["email_address_verified"], true);
    }

    async fn a_session_outlives_the_address(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.change(&ada, json!({ "email_address": NEW })).await.ok();
        assert_eq!(app.check(&session).await.ok()["member"]["email_address"], NEW);
    }

    async fn a_member_may_return_to_a_retired_address(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let away = app.change(&ada, json!({ "email_address": NEW })).await.ok();
        let back = app.change(&ada, json!({ "email_address": "Ada@acme.example" })).await.ok();
        assert_eq!(back["member"]["email_address"], "Ada@acme.example");
        let retired = &back["member"]["retired_email_addresses"];
        assert_eq!((retired.as_array().map(Vec::len), &retired[0]["email_address"]), (Some(1), &json!(NEW)));
        let login =
            app.link_login(&testkit::Person { email: "Ada@acme.example".to_owned(), ..ada }).await.ok();
        assert_eq!(login["method_id"], away["member"]["retired_email_addresses"][0]["email_id"]);
    }

    async fn an_unlinked_address_is_dropped_and_free_for_others(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let changed = app.change(&ada, json!({ "email_address": NEW, "unlink_email": true })).await.ok();
        assert_eq!(changed["member"]["retired_email_addresses"], json!([]));
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
    }

    async fn another_members_address_stays_theirs(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        app.newcomer(&organization, "bob@acme.example", json!({})).await;
        let before = app.member(&ada).await;
        for theirs in ["bob@acme.example", "BOB@acme.example"] {
            let refused = app.change(&ada, json!({ "email_address": theirs, "name": "Bob" })).await;
            assert_eq!(refused.refusal(), (400, "duplicate_member_email"));
        }
        assert_eq!(app.member(&ada).await, before);
        app.password_login(&ada).await.ok();
    }

    async fn another_spelling_of_an_address_changes_nothing_else(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        let before = app.member(&ada).await;
        for spelling in ["ADA@acme.example", "ada@acme.example"] {
            let after = app.change(&ada, json!({ "email_address": spelling })).await.ok();
            assert_eq!(after["member"]["email_address"], spelling);
            assert_eq!(after["member"]["member_password_id"], before["member_password_id"]);
            assert_eq!(after["member"]["email_address_verified"], true);
            assert_eq!(after["member"]["retired_email_addresses"], json!([]));
        }
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn several_addresses_retire_one_after_the_other(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "one@acme.example", json!({})).await;
        for next in ["two@acme.example", "three@acme.example"] {
            app.change(&ada, json!({ "email_address": next })).await.ok();
        }
        let member = app.member(&ada).await;
        let retired = member["retired_email_addresses"].as_array().expect("a list");
        let addresses: Vec<_> = retired.iter().map(|it| &it["email_address"]).collect();
        assert_eq!(addresses, ["one@acme.example", "two@acme.example"]);
        delete(&app, &ada, "").await.ok();
        for free in ["one@acme.example", "two@acme.example", "three@acme.example"] {
            app.newcomer(&organization, free, json!({})).await;
        }
    }
}
