//! A code is good at its address, for its purpose, in its organization and project.

use super::{NOT_FOUND, ada, code_to};
use testkit::{Person, json, on_both_databases};

on_both_databases! {
    async fn a_newer_code_voids_the_one_before_whatever_either_was_for(app: TestApp) {
        let ada = ada(&app).await;
        let first = code_to(&app, &ada).await;
        let second = app.mail_discovery_code(&ada.email).await;
        for old in [&first, &second] {
            assert_eq!(app.spend_code(&ada, old, json!({})).await.refusal(), NOT_FOUND, "not for this");
        }
        let third = code_to(&app, &ada).await;
        assert_eq!(app.spend_discovery_code(&ada.email, &second).await.refusal(), NOT_FOUND);
        app.spend_code(&ada, &third, json!({})).await.ok();
    }

    async fn a_newer_code_of_the_same_kind_voids_the_one_before(app: TestApp) {
        let ada = ada(&app).await;
        let (first, second) = (code_to(&app, &ada).await, code_to(&app, &ada).await);
        assert_eq!(app.spend_code(&ada, &first, json!({})).await.refusal(), NOT_FOUND);
        app.spend_code(&ada, &second, json!({})).await.ok();
        let (first, second) =
            (app.mail_discovery_code(&ada.email).await, app.mail_discovery_code(&ada.email).await);
        assert_eq!(app.spend_discovery_code(&ada.email, &first).await.refusal(), NOT_FOUND);
        app.spend_discovery_code(&ada.email, &second).await.ok();
    }

    async fn a_login_code_is_no_discovery_code(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        assert_eq!(app.spend_discovery_code(&ada.email, &code).await.refusal(), NOT_FOUND);
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn a_code_of_one_organization_is_nothing_in_another(app: TestApp) {
        let here = ada(&app).await;
        let there = ada(&app).await;
        let code = code_to(&app, &here).await;
        assert_eq!(app.spend_code(&there, &code, json!({})).await.refusal(), NOT_FOUND);
        app.spend_code(&here, &code, json!({})).await.ok();
    }

    async fn a_code_of_one_address_is_nothing_at_another(app: TestApp) {
        let ada = ada(&app).await;
        let bob = app.newcomer(&ada.organization, "bob@acme.example", json!({})).await;
        let (code, other) = (code_to(&app, &ada).await, code_to(&app, &bob).await);
        assert_ne!(code, other);
        assert_eq!(app.spend_code(&bob, &code, json!({})).await.refusal(), NOT_FOUND);
        let nobody = Person { email: "nobody@acme.example".to_owned(), ..ada.clone() };
        assert_eq!(app.spend_code(&nobody, &code, json!({})).await.refusal(), (404, "email_not_found"));
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn a_code_of_one_project_is_nothing_in_another(app: TestApp) {
        let other = app.another_project().await;
        let (here, there) = (ada(&app).await, ada(&other).await);
        let (code, theirs) = (code_to(&app, &here).await, code_to(&other, &there).await);
        assert_ne!(code, theirs);
        assert_eq!(other.spend_code(&there, &code, json!({})).await.refusal(), NOT_FOUND);
        let foreign = other.spend_code(&here, &code, json!({})).await;
        assert_eq!(foreign.refusal(), (404, "organization_not_found"));
        assert_eq!(other.spend_discovery_code(&here.email, &code).await.refusal(), NOT_FOUND);
        app.spend_code(&here, &code, json!({})).await.ok();
    }
}
