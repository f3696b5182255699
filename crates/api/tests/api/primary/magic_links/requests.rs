//! What may be asked of a mail.

use super::send;
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn every_language_of_the_wire_is_taken(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for locale in [
            "en", "es", "pt-br", "ptbr", "fr", "it", "de-DE", "deDE", "zh-Hans", "zhHans", "ca-ES", "caES",
            "ja", "ru", "nl", "pl", "tr", "fa", "vi", "cs", "",
        ] {
            send(&app, &organization, json!({ "locale": locale })).await.ok();
        }
    }

    async fn an_unknown_language_is_refused(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for locale in ["tlh", "EN", "pt", "de", "en-US"] {
            let refused = send(&app, &organization, json!({ "locale": locale })).await;
            assert_eq!(refused.refusal(), (400, "invalid_locale"), "{locale}");
        }
    }

    async fn a_link_lives_5_minutes_to_a_week(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for field in ["login_expiration_minutes", "signup_expiration_minutes"] {
            for fits in [5, 10_080] {
                send(&app, &organization, json!({ field: fits })).await.ok();
            }
            for odd in [4, 0, -5, 10_081] {
                let refused = send(&app, &organization, json!({ field: odd })).await;
                assert_eq!(refused.refusal(), (400, "invalid_expiration"), "{field} {odd}");
            }
        }
    }

    async fn there_are_no_templates_yet(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for field in ["login_template_id", "signup_template_id"] {
            let refused = send(&app, &organization, json!({ field: "email-template-1" })).await;
            assert_eq!(refused.refusal(), (404, "email_template_not_found"));
            send(&app, &organization, json!({ field: "" })).await.ok();
        }
    }

    async fn an_address_is_needed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for (address, error_type) in
            [(json!("ada"), "invalid_email"), (json!(""), "invalid_email"), (json!(null), "bad_request")]
        {
            let refused = send(&app, &organization, json!({ "email_address": address })).await;
            assert_eq!(refused.refusal(), (400, error_type));
        }
        assert_eq!(send(&app, "elsewhere", json!({})).await.refusal(), (404, "organization_not_found"));
    }
}
