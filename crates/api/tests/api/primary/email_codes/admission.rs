//! Who is mailed a code: members, and addresses that the organization admits.

use super::{ada, send};
use testkit::{TestApp, json, on_both_databases};

const JIT: (&str, &str) = ("email_jit_provisioning", "RESTRICTED");

async fn open_house(app: &TestApp) -> String {
    app.organization(json!({ JIT.0: JIT.1, "email_allowed_domains": ["acme.example"] })).await
}

/// Nobody has the address, and nothing was mailed to it.
async fn nothing_is_left(app: &TestApp, organization: &str, address: &str) {
    let path = format!("/v1/b2b/organizations/{organization}/member?email_address={address}");
    assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
    assert!(app.inbox.messages(Some(address)).is_empty());
}

on_both_databases! {
    async fn an_address_of_a_listed_domain_becomes_a_pending_member(app: TestApp) {
        let organization = open_house(&app).await;
        let sent = send(&app, &organization, json!({ "email_address": "Ada@ACME.example" })).await.ok();
        assert_eq!(sent["member_created"], true);
        assert_eq!(
            (&sent["member"]["status"], &sent["member"]["email_address_verified"]),
            (&json!("pending"), &json!(false))
        );
        assert!(sent.body.get("code").is_none());
        let again = send(&app, &organization, json!({})).await.ok();
        assert_eq!((&again["member_created"], &again["member_id"]), (&json!(false), &sent["member_id"]));
    }

    async fn a_stranger_is_refused_and_no_row_is_left(app: TestApp) {
        let closed = app.organization(json!({ "email_allowed_domains": ["acme.example"] })).await;
        let refused = send(&app, &closed, json!({})).await;
        assert_eq!(refused.refusal(), (403, "email_jit_provisioning_not_allowed"));
        nothing_is_left(&app, &closed, "ada@acme.example").await;
        let open = open_house(&app).await;
        for stranger in ["ada@elsewhere.example", "ada@sub.acme.example"] {
            let refused = send(&app, &open, json!({ "email_address": stranger })).await;
            assert_eq!(refused.refusal(), (400, "invalid_email_for_jit_provisioning"), "{stranger}");
            nothing_is_left(&app, &open, stranger).await;
        }
    }

    async fn no_refusal_leaves_a_row_behind(app: TestApp) {
        let open = open_house(&app).await;
        for (field, value, refusal) in [
            ("login_template_id", json!("template"), (404, "email_template_not_found")),
            ("signup_template_id", json!("template"), (404, "email_template_not_found")),
            ("signup_expiration_minutes", json!(16), (400, "invalid_expiration_otp")),
            ("locale", json!("tlh"), (400, "invalid_locale")),
            ("email_address", json!("nobody"), (400, "invalid_email")),
            ("organization_id", json!("nobody"), (404, "organization_not_found")),
        ] {
            let refused = send(&app, &open, json!({ field: value })).await;
            assert_eq!(refused.refusal(), refusal, "{field}");
            nothing_is_left(&app, &open, "ada@acme.example").await;
        }
    }

    async fn a_domain_claimed_elsewhere_admits_nobody(app: TestApp) {
        let open = open_house(&app).await;
        let body = json!({ "organization_name": "Claimer", "claimed_email_domains": ["acme.example"] });
        app.post("/v1/b2b/organizations", body).await.ok();
        let refused = send(&app, &open, json!({})).await;
        assert_eq!(refused.refusal(), (400, "action_not_allowed_email_domain_is_claimed"));
        nothing_is_left(&app, &open, "ada@acme.example").await;
    }

    async fn an_address_that_a_member_retired_signs_nobody_up(app: TestApp) {
        let open = open_house(&app).await;
        let ada = app.newcomer(&open, "ada@acme.example", json!({})).await;
        app.change(&ada, json!({ "email_address": "countess@acme.example" })).await.ok();
        assert_eq!(send(&app, &open, json!({})).await.refusal(), (400, "retired_member_email"));
    }

    async fn a_deleted_member_counts_as_unknown(app: TestApp) {
        let ada = ada(&app).await;
        app.delete(&ada.path()).await.ok();
        let refused = send(&app, &ada.organization, json!({})).await;
        assert_eq!(refused.refusal(), (403, "email_jit_provisioning_not_allowed"));
    }

    async fn a_method_that_is_not_allowed_is_not_sent(app: TestApp) {
        let links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"],
                            JIT.0: JIT.1, "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(links).await;
        let refusal = (403, "operation_restricted_by_organization_auth_methods");
        assert_eq!(send(&app, &organization, json!({})).await.refusal(), refusal);
        nothing_is_left(&app, &organization, "ada@acme.example").await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        assert_eq!(send(&app, &organization, json!({})).await.refusal(), refusal);
        app.newcomer(&organization, "eve@acme.example", json!({ "is_breakglass": true })).await;
        send(&app, &organization, json!({ "email_address": "eve@acme.example" })).await.ok();
    }

    async fn the_letter_names_the_organization_and_speaks_the_language_asked_for(app: TestApp) {
        let ada = ada(&app).await;
        let code = app.mail_code(&ada.organization, &ada.email, json!({ "locale": "fr" })).await;
        let letter = app.inbox.messages(Some(&ada.email)).pop().expect("a letter");
        assert!(letter.text.contains(&code) && letter.text.contains("Acme"), "{}", letter.text);
        assert!(letter.text.contains("code"), "{}", letter.text);
        let code = app.mail_code(&ada.organization, &ada.email, json!({ "locale": "es" })).await;
        let spanish = app.inbox.messages(Some(&ada.email)).pop().expect("a letter");
        assert!(spanish.text.contains(&code) && spanish.text.contains("código"), "{}", spanish.text);
    }
}
