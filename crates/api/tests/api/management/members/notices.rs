//! What members are told when somebody changes how they log in.

use super::{delete, delete_phone};
use testkit::{TestApp, json, on_both_databases};

/// The one notice mailed to an address: nothing in it to click or to type.
async fn notice(app: &TestApp, address: &str) -> String {
    let mail = app.letter(address, |all| all.iter().find(|it| it.link.is_none()).cloned()).await;
    assert_eq!(mail.subject.as_deref(), Some("Your sign-in security changed"));
    assert_eq!((mail.link, mail.code), (None, None));
    assert!(
        !mail.text.contains("http") && !mail.text.contains(|c: char| c.is_ascii_digit()),
        "{}",
        mail.text
    );
    mail.text
}

on_both_databases! {
    async fn a_member_hears_that_their_password_was_removed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let id = app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
        app.delete(&format!("/v1/b2b/organizations/{organization}/members/passwords/{id}")).await.ok();
        assert!(notice(&app, &ada.email).await.starts_with("Your password was removed."));
    }

    async fn a_member_hears_that_their_number_was_removed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let number = json!({ "mfa_phone_number": "+12025550101" });
        let ada = app.newcomer(&organization, "ada@acme.example", number).await;
        delete_phone(&app, &ada).await.ok();
        assert!(notice(&app, &ada.email).await.starts_with("The phone number used to confirm your logins"));
    }

    async fn a_member_hears_that_their_app_was_added(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.import_totp(&ada).await;
        assert!(
            notice(&app, &ada.email)
                .await
                .starts_with("An authenticator app to confirm your logins was added")
        );
    }

    async fn a_member_hears_that_their_app_was_removed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.import_totp(&ada).await;
        notice(&app, &ada.email).await;
        delete(&app, &ada, "/totp").await.ok();
        let removed =
            |text: &str| text.starts_with("The authenticator app used to confirm your logins was removed");
        app.letter(&ada.email, |all| all.iter().find(|it| removed(&it.text)).cloned()).await;
    }

    async fn the_old_address_hears_that_it_was_replaced_and_so_does_the_new(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.change(&ada, json!({ "email_address": "countess@acme.example" })).await.ok();
        assert!(
            notice(&app, &ada.email).await.starts_with("The e-mail address of your account was changed.")
        );
        assert!(notice(&app, "countess@acme.example").await.contains("was changed"), "and the new one, too");
    }
}
