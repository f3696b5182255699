//! `passwords/discovery/email/reset/start`: beside the password, a way in without.

use testkit::{Answer, TestApp, Value, json, on_both_databases};

const ADA: &str = "ada@acme.example";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

async fn start(app: &TestApp, more: Value) -> Answer {
    let mut body = json!({ "email_address": ADA });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/passwords/discovery/email/reset/start", body).await
}

/// The links in the newest mail: the one to set a password is first.
async fn mailed(app: &TestApp, more: Value) -> Vec<String> {
    let before = app.inbox.messages(Some(ADA)).len();
    start(app, more).await.ok();
    let text = app.letter(ADA, |all| all.get(before).map(|it| it.text.clone())).await;
    text.lines().filter(|it| it.contains("token=")).map(ToOwned::to_owned).collect()
}

async fn follow(app: &TestApp, link: &str, more: Value) -> Answer {
    let mut body = json!({ "discovery_magic_links_token": link.split("&token=").last() });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/magic_links/discovery/authenticate", body).await
}

on_both_databases! {
    async fn the_mail_holds_a_reset_and_a_way_in_without(app: TestApp) {
        app.set("passwords.cross_organization", "true").await;
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, ADA, json!({})).await;
        let links = mailed(&app, json!({})).await;
        assert_eq!(links.len(), 2);
        assert!(links.iter().all(|it| it.contains("stytch_token_type=discovery")), "{links:?}");
        let found = follow(&app, &links[1], json!({})).await.ok();
        assert_eq!(found["email_address"], ADA);
        assert_eq!(found["discovered_organizations"].as_array().map(Vec::len), Some(1));
        let again = follow(&app, &links[1], json!({})).await;
        assert_eq!(again.refusal(), (401, "unable_to_auth_magic_link"));
        let reset = follow(&app, &links[0], json!({})).await;
        assert_eq!(reset.refusal(), (404, "magic_link_not_found"), "that one is for the password");
    }

    async fn it_lives_and_is_bound_like_the_reset(app: TestApp) {
        app.set("passwords.cross_organization", "true").await;
        let fields = json!({ "pkce_code_challenge": CHALLENGE, "reset_password_expiration_minutes": 5 });
        let links = mailed(&app, fields.clone()).await;
        let bare = follow(&app, &links[1], json!({})).await;
        assert_eq!(bare.refusal(), (400, "pkce_expected_code_verifier"));
        follow(&app, &links[1], json!({ "pkce_code_verifier": VERIFIER })).await.ok();
        let links = mailed(&app, fields).await;
        app.advance(300);
        let late = follow(&app, &links[1], json!({ "pkce_code_verifier": VERIFIER })).await;
        assert_eq!(late.refusal(), (401, "unable_to_auth_magic_link"));
    }

    async fn it_leads_to_a_registered_url_for_discovery(app: TestApp) {
        app.set("passwords.cross_organization", "true").await;
        app.set("redirect_urls.discovery", "http://localhost:3000/discover,http://localhost:3000/other").await;
        let (url, links) = ("http://localhost:3000/other", mailed(&app, json!({})).await);
        assert!(links[1].starts_with("http://localhost:3000/discover?"), "{links:?}");
        let links = mailed(&app, json!({ "discovery_redirect_url": url })).await;
        assert!(links[1].starts_with("http://localhost:3000/other?"), "{links:?}");
        for (odd, refusal) in [
            ("nonsense", (400, "invalid_discovery_redirect_url")),
            ("https://evil.example/", (400, "no_match_for_provided_magic_link_url")),
        ] {
            assert_eq!(start(&app, json!({ "discovery_redirect_url": odd })).await.refusal(), refusal);
        }
    }

    async fn without_a_url_there_is_the_reset_alone(app: TestApp) {
        app.set("passwords.cross_organization", "true").await;
        app.set("redirect_urls.discovery", "").await;
        assert_eq!(mailed(&app, json!({})).await.len(), 1);
        let url = json!({ "discovery_redirect_url": "http://localhost:3000/authenticate" });
        assert_eq!(start(&app, url).await.refusal(), (400, "no_match_for_provided_magic_link_url"));
    }
}
