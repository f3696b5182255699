//! Where links land: registered URLs only.

use super::{open_house, send};
use testkit::{TestApp, Value, json, on_both_databases};

const LOGIN: &str = "https://app.acme.example/login";
const SIGNUP: &str = "https://app.acme.example/signup?from=mail";

/// Two registered URLs of each kind; and an organization with ada in it.
async fn registered(app: &TestApp) -> String {
    app.set("redirect_urls.login", &format!("{LOGIN},https://other.acme.example/in")).await;
    app.set("redirect_urls.signup", &format!("{SIGNUP},https://other.acme.example/up")).await;
    let organization = open_house(app).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await;
    organization
}

/// The link that is mailed to an address.
async fn link(app: &TestApp, organization: &str, address: &str, fields: Value) -> String {
    let before = app.inbox.messages(Some(address)).len();
    let mut fields = fields;
    fields["email_address"] = json!(address);
    send(app, organization, fields).await.ok();
    app.letter(address, |all| all.get(before).and_then(|it| it.link.clone())).await
}

on_both_databases! {
    async fn the_first_url_of_its_kind_is_the_default(app: TestApp) {
        let organization = registered(&app).await;
        let login = link(&app, &organization, "ada@acme.example", json!({})).await;
        assert!(login.starts_with(&format!("{LOGIN}?stytch_token_type=")), "{login}");
        for _ in 0..2 {
            let signup = link(&app, &organization, "new@acme.example", json!({})).await;
            assert!(
                signup.starts_with(&format!("{SIGNUP}&stytch_token_type=")),
                "new, then pending: {signup}"
            );
        }
    }

    async fn any_registered_url_of_the_kind_can_be_named(app: TestApp) {
        let organization = registered(&app).await;
        let both = json!({ "login_redirect_url": "https://other.acme.example/in",
                           "signup_redirect_url": "https://other.acme.example/up" });
        let login = link(&app, &organization, "ada@acme.example", both.clone()).await;
        assert!(login.starts_with("https://other.acme.example/in?"), "{login}");
        let signup = link(&app, &organization, "new@acme.example", both).await;
        assert!(signup.starts_with("https://other.acme.example/up?"), "{signup}");
    }

    async fn a_url_is_compared_to_the_letter(app: TestApp) {
        let organization = registered(&app).await;
        for near in [
            "https://app.acme.example/login/",
            "https://app.acme.example/login?",
            "https://app.acme.example/LOGIN",
            "https://APP.acme.example/login",
            "https://app.acme.example:443/login",
            "https://app.acme.example/login?next=1",
            "https://app.acme.example/../login",
            "https://app.acme.example.evil.example/login",
            "https://evil.example/login",
            SIGNUP,
        ] {
            let refused = send(&app, &organization, json!({ "login_redirect_url": near })).await;
            assert_eq!(refused.refusal(), (400, "no_match_for_provided_magic_link_url"), "{near}");
        }
    }

    async fn what_is_no_url_is_refused_by_its_kind(app: TestApp) {
        let organization = registered(&app).await;
        for odd in [
            "login",
            "//app.acme.example/login",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://app.acme.example@evil.example/login",
            "https://app.acme.example/login#x",
            "https://*.acme.example/login",
            "http://app.acme.example/login",
            "https://app.acme.example/\\evil",
            "https://app.acme.example/login\n",
        ] {
            for (field, error_type) in [
                ("login_redirect_url", "invalid_login_redirect_url"),
                ("signup_redirect_url", "invalid_signup_redirect_url"),
            ] {
                let refused = send(&app, &organization, json!({ field: odd })).await;
                assert_eq!(refused.refusal(), (400, error_type), "{odd}");
            }
        }
    }

    async fn the_url_of_the_other_kind_is_checked_too(app: TestApp) {
        let organization = registered(&app).await;
        let elsewhere = "https://evil.example/x";
        for (address, field) in
            [("ada@acme.example", "signup_redirect_url"), ("new@acme.example", "login_redirect_url")]
        {
            let refused =
                send(&app, &organization, json!({ "email_address": address, field: elsewhere })).await;
            assert_eq!(refused.refusal(), (400, "no_match_for_provided_magic_link_url"), "{field}");
        }
    }

    async fn without_a_registered_url_there_is_no_link(app: TestApp) {
        let organization = registered(&app).await;
        app.set("redirect_urls.login", "").await;
        let login = send(&app, &organization, json!({})).await;
        assert_eq!(login.refusal(), (400, "no_default_login_redirect_url_set"));
        let new = json!({ "email_address": "new@acme.example" });
        send(&app, &organization, new.clone()).await.ok();
        app.set("redirect_urls.signup", "").await;
        assert_eq!(
            send(&app, &organization, new).await.refusal(),
            (400, "no_default_signup_redirect_url_set")
        );
        let named = json!({ "login_redirect_url": LOGIN });
        assert_eq!(
            send(&app, &organization, named).await.refusal(),
            (400, "no_match_for_provided_magic_link_url")
        );
    }
}
