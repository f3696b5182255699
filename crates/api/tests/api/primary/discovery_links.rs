//! `/v1/b2b/magic_links/discovery`: links that prove an address before an organization is chosen.

use testkit::{Answer, TestApp, Value, json, on_both_databases};

const SEND: &str = "/v1/b2b/magic_links/email/discovery/send";
const ADA: &str = "ada@acme.example";
const USED: (u16, &str) = (401, "unable_to_auth_magic_link");
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn to(email: &str, more: Value) -> Value {
    let mut body = json!({ "email_address": email });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

async fn link(app: &TestApp, more: Value) -> String {
    app.next_link(ADA, SEND, to(ADA, more)).await
}

async fn spend(app: &TestApp, token: &str, more: Value) -> Answer {
    let mut body = json!({ "discovery_magic_links_token": token });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/magic_links/discovery/authenticate", body).await
}

on_both_databases! {
    async fn a_link_proves_the_address_once_and_opens_no_session(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, ADA, json!({})).await;
        let token = app.next_link("Ada@acme.example", SEND, to("Ada@acme.example", json!({}))).await;
        let found = spend(&app, &token, json!({})).await.ok();
        assert_eq!(found["email_address"], "Ada@acme.example");
        assert_eq!(found["discovered_organizations"][0]["organization"]["organization_id"], json!(organization));
        assert!(found.body.get("session_token").is_none());
        assert_eq!(spend(&app, &token, json!({})).await.refusal(), USED);
        let ist = found.text("intermediate_session_token");
        let exchange = json!({ "intermediate_session_token": ist, "organization_id": organization });
        let inside = app.post("/v1/b2b/discovery/intermediate_sessions/exchange", exchange).await.ok();
        assert_eq!((&inside["member_authenticated"], &inside["member_id"]), (&json!(true), &json!(ada.member)));
    }

    async fn no_text_goes_out_and_the_second_factor_stays_due(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, "+12025550101").await;
        let texts = app.texts("+12025550101");
        let token = link(&app, json!({})).await;
        let found = spend(&app, &token, json!({})).await.ok();
        assert_eq!(found["discovered_organizations"][0]["member_authenticated"], false);
        assert_eq!(found["discovered_organizations"][0]["mfa_required"]["secondary_auth_initiated"], json!(null));
        assert_eq!(app.texts("+12025550101"), texts);
    }

    async fn every_address_gets_a_link_and_nobody_becomes_a_member(app: TestApp) {
        let open = json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(open).await;
        let token = link(&app, json!({})).await;
        let found = spend(&app, &token, json!({})).await.ok();
        assert_eq!(found["discovered_organizations"], json!([]), "nobody there has proved such an address");
        let path = format!("/v1/b2b/organizations/{organization}/member?email_address={ADA}");
        assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
    }

    async fn a_link_lives_an_hour_or_as_long_as_asked_for(app: TestApp) {
        let token = link(&app, json!({})).await;
        app.advance(3600);
        assert_eq!(spend(&app, &token, json!({})).await.refusal(), USED);
        let token = link(&app, json!({ "discovery_expiration_minutes": 10_080 })).await;
        app.advance(10_080 * 60 - 1);
        spend(&app, &token, json!({})).await.ok();
        for minutes in [4, 10_081] {
            let refused = app.post(SEND, to(ADA, json!({ "discovery_expiration_minutes": minutes }))).await;
            assert_eq!(refused.refusal(), (400, "invalid_expiration"));
        }
    }

    async fn several_links_live_side_by_side(app: TestApp) {
        let (first, second) = (link(&app, json!({})).await, link(&app, json!({})).await);
        spend(&app, &second, json!({})).await.ok();
        spend(&app, &first, json!({})).await.ok();
    }

    async fn a_challenge_makes_its_verifier_mandatory(app: TestApp) {
        let token = link(&app, json!({ "pkce_code_challenge": CHALLENGE })).await;
        for (given, refusal) in [
            (json!({}), (400, "pkce_expected_code_verifier")),
            (json!({ "pkce_code_verifier": VERIFIER.replace('d', "e") }), (401, "pkce_mismatch")),
        ] {
            assert_eq!(spend(&app, &token, given).await.refusal(), refusal);
        }
        spend(&app, &token, json!({ "pkce_code_verifier": VERIFIER })).await.ok();
        let token = link(&app, json!({})).await;
        let unasked = spend(&app, &token, json!({ "pkce_code_verifier": VERIFIER })).await;
        assert_eq!(unasked.refusal(), (400, "pkce_did_not_expect_code_verifier"));
        let odd = app.post(SEND, to(ADA, json!({ "pkce_code_challenge": "x" }))).await;
        assert_eq!(odd.refusal(), (400, "invalid_pkce_code_challenge"));
    }

    async fn a_token_of_one_kind_is_nothing_to_the_other_route(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, ADA, json!({})).await;
        let (of_address, of_member) = (link(&app, json!({})).await, app.mail_link(&organization, ADA, json!({})).await);
        let unknown = (404, "magic_link_not_found");
        assert_eq!(app.spend_link(&of_address, json!({})).await.refusal(), unknown);
        assert_eq!(spend(&app, &of_member, json!({})).await.refusal(), unknown);
        for odd in ["", "nobody", "discovery-link-"] {
            assert_eq!(spend(&app, odd, json!({})).await.refusal(), unknown, "{odd}");
        }
        spend(&app, &of_address, json!({})).await.ok();
        app.spend_link(&of_member, json!({})).await.ok();
    }

    async fn a_link_of_another_project_is_unknown(app: TestApp) {
        let token = link(&app, json!({})).await;
        let other = app.another_project().await;
        assert_eq!(spend(&other, &token, json!({})).await.refusal(), (404, "magic_link_not_found"));
        spend(&app, &token, json!({})).await.ok();
    }

    async fn a_link_leads_to_a_registered_url_and_says_what_it_is(app: TestApp) {
        let urls = "http://localhost:3000/discover,http://localhost:3000/other";
        app.set("redirect_urls.discovery", urls).await;
        link(&app, json!({})).await;
        let last = || app.inbox.messages(Some(ADA)).pop().and_then(|it| it.link).expect("a link");
        assert!(last().starts_with("http://localhost:3000/discover?stytch_token_type=discovery&token="), "{}", last());
        link(&app, json!({ "discovery_redirect_url": "http://localhost:3000/other" })).await;
        assert!(last().starts_with("http://localhost:3000/other?"), "{}", last());
    }

    async fn urls_and_other_fields_are_checked(app: TestApp) {
        let refused = async |more| app.post(SEND, to(ADA, more)).await;
        for (more, refusal) in [
            (json!({ "discovery_redirect_url": "nonsense" }), (400, "invalid_discovery_redirect_url")),
            (json!({ "discovery_redirect_url": "https://evil.example/" }), (400, "no_match_for_provided_magic_link_url")),
            (json!({ "login_template_id": "mine" }), (404, "email_template_not_found")),
            (json!({ "locale": "tlh" }), (400, "invalid_locale")),
            (json!({ "email_address": "nobody" }), (400, "invalid_email")),
        ] {
            assert_eq!(refused(more).await.refusal(), refusal);
        }
        app.set("redirect_urls.discovery", "").await;
        assert_eq!(refused(json!({})).await.refusal(), (400, "no_default_discovery_redirect_url_set"));
        assert!(app.inbox.messages(None).is_empty());
    }
}
