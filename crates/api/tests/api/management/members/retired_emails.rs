//! `unlink_retired_email`.

use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

const OLD: &str = "ada@acme.example";
const NEW: &str = "countess@acme.example";
const NOT_FOUND: (u16, &str) = (404, "email_not_found");

/// Ada, who had another address before, and how that one is called.
async fn ada(app: &TestApp) -> (Person, Value) {
    let organization = app.organization(json!({})).await;
    let ada = app.verified(&organization, OLD).await;
    let moved = app.change(&ada, json!({ "email_address": NEW })).await.ok();
    let retired = moved["member"]["retired_email_addresses"][0].clone();
    (Person { email: NEW.to_owned(), ..ada }, retired)
}

async fn unlink(app: &TestApp, who: &Person, fields: Value) -> Answer {
    app.post(&format!("{}/unlink_retired_email", who.path()), fields).await
}

on_both_databases! {
    async fn a_retired_address_is_unlinked_by_either_name_or_both(app: TestApp) {
        for names in [vec!["email_id"], vec!["email_address"], vec!["email_id", "email_address"]] {
            let (ada, retired) = ada(&app).await;
            let which: serde_json::Map<_, _> =
                names.iter().map(|it| ((*it).to_owned(), retired[*it].clone())).collect();
            let unlinked = unlink(&app, &ada, Value::Object(which)).await.ok();
            assert_eq!(unlinked["member"]["retired_email_addresses"], json!([]), "{names:?}");
            assert_eq!(unlinked["member"]["email_address"], NEW);
            assert_eq!(app.member(&ada).await["retired_email_addresses"], json!([]));
        }
    }

    async fn the_address_is_free_afterwards(app: TestApp) {
        let (ada, retired) = ada(&app).await;
        let members = format!("/v1/b2b/organizations/{}/members", ada.organization);
        let closed = app.post(&members, json!({ "email_address": OLD })).await;
        assert_eq!(closed.refusal(), (400, "retired_member_email"));
        unlink(&app, &ada, retired.clone()).await.ok();
        assert_eq!(unlink(&app, &ada, retired).await.refusal(), NOT_FOUND, "it is unlinked once");
        let namesake = app.verified(&ada.organization, OLD).await;
        assert_ne!(namesake.member, ada.member);
        let log = app.audit_log(&ada.organization).await;
        assert!(log.iter().any(|it| it.action.to_string() == "member.email_unlinked"));
    }

    async fn any_spelling_of_the_address_names_it(app: TestApp) {
        let (ada, _) = ada(&app).await;
        unlink(&app, &ada, json!({ "email_address": "ADA@Acme.example" })).await.ok();
    }

    async fn one_name_at_least_is_needed(app: TestApp) {
        let (ada, _) = ada(&app).await;
        let missing = (400, "retired_email_missing_email_identifiers");
        for nothing in [json!({}), json!({ "email_id": null, "email_address": null }), json!({ "email_id": "", "email_address": "" })] {
            assert_eq!(unlink(&app, &ada, nothing).await.refusal(), missing);
        }
    }

    async fn both_names_must_denote_one_retired_address(app: TestApp) {
        let (ada, retired) = ada(&app).await;
        let id = &retired["email_id"];
        for odd in [
            json!({ "email_address": "nobody@acme.example" }),
            json!({ "email_id": "email-test-00000000-0000-4000-8000-000000000009" }),
            json!({ "email_id": id, "email_address": "nobody@acme.example" }),
            json!({ "email_id": id, "email_address": NEW }),
            json!({ "email_id": "email-test-00000000-0000-4000-8000-000000000009", "email_address": OLD }),
            json!({ "email_id": "x" }),
        ] {
            assert_eq!(unlink(&app, &ada, odd.clone()).await.refusal(), NOT_FOUND, "{odd}");
        }
        let malformed = unlink(&app, &ada, json!({ "email_address": "nobody" })).await;
        assert_eq!(malformed.refusal(), (400, "invalid_email"));
        assert_eq!(app.member(&ada).await["retired_email_addresses"], json!([retired]));
    }

    async fn the_address_in_use_is_not_unlinked(app: TestApp) {
        let (ada, _) = ada(&app).await;
        let id = app.link_login(&ada).await.ok()["method_id"].clone();
        for in_use in [json!({ "email_address": NEW }), json!({ "email_id": id })] {
            assert_eq!(unlink(&app, &ada, in_use).await.refusal(), (400, "cannot_delete_email"));
        }
        app.link_login(&ada).await.ok();
    }

    async fn one_members_address_is_not_anothers_to_unlink(app: TestApp) {
        let (ada, retired) = ada(&app).await;
        let bob = app.newcomer(&ada.organization, "bob@acme.example", json!({})).await;
        assert_eq!(unlink(&app, &bob, retired.clone()).await.refusal(), NOT_FOUND);
        let elsewhere = Person { organization: app.organization(json!({})).await, ..ada.clone() };
        assert_eq!(unlink(&app, &elsewhere, retired.clone()).await.refusal(), (404, "member_not_found"));
        let other = app.another_project().await;
        assert_eq!(unlink(&other, &ada, retired.clone()).await.refusal(), (404, "organization_not_found"));
        app.delete(&ada.path()).await.ok();
        assert_eq!(unlink(&app, &ada, retired).await.refusal(), (404, "member_not_found"));
    }
}
