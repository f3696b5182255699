//! Proof key for code exchange: who asked for a link spends it.

use super::send;
use testkit::{Person, TestApp, json, on_both_databases};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await
}

on_both_databases! {
    async fn the_verifier_of_the_challenge_spends_the_link(app: TestApp) {
        let ada = ada(&app).await;
        let challenge = json!({ "pkce_code_challenge": CHALLENGE });
        let link = app.mail_link(&ada.organization, &ada.email, challenge).await;
        app.spend_link(&link, json!({ "pkce_code_verifier": VERIFIER })).await.ok();
    }

    async fn a_wrong_or_missing_verifier_spends_nothing(app: TestApp) {
        let ada = ada(&app).await;
        let challenge = json!({ "pkce_code_challenge": CHALLENGE });
        let link = app.mail_link(&ada.organization, &ada.email, challenge).await;
        for (verifier, refusal) in [
            (json!(null), (400, "pkce_expected_code_verifier")),
            (json!(""), (400, "pkce_expected_code_verifier")),
            (json!("x".repeat(43)), (401, "pkce_mismatch")),
            (json!(CHALLENGE), (401, "pkce_mismatch")),
            (json!("x".repeat(42)), (400, "invalid_pkce_code_verifier")),
            (json!("x".repeat(129)), (400, "invalid_pkce_code_verifier")),
            (json!(format!("{VERIFIER}+")), (400, "invalid_pkce_code_verifier")),
        ] {
            let refused = app.spend_link(&link, json!({ "pkce_code_verifier": verifier })).await;
            assert_eq!(refused.refusal(), refusal, "{verifier}");
        }
        app.spend_link(&link, json!({ "pkce_code_verifier": VERIFIER })).await.ok();
    }

    async fn a_verifier_nobody_asked_for_is_refused(app: TestApp) {
        let ada = ada(&app).await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let refused = app.spend_link(&link, json!({ "pkce_code_verifier": VERIFIER })).await;
        assert_eq!(refused.refusal(), (400, "pkce_did_not_expect_code_verifier"));
        app.spend_link(&link, json!({})).await.ok();
    }

    async fn a_challenge_is_a_digest(app: TestApp) {
        let ada = ada(&app).await;
        for odd in
            ["x", VERIFIER.get(1..).expect("ASCII"), &format!("{CHALLENGE}="), &CHALLENGE.replace('-', "+")]
        {
            let refused = send(&app, &ada.organization, json!({ "pkce_code_challenge": odd })).await;
            assert_eq!(refused.refusal(), (400, "invalid_pkce_code_challenge"), "{odd}");
        }
        assert!(app.inbox.messages(None).is_empty());
    }
}
