//! Who is mailed a link: members, and addresses that the organization admits.

use super::{open_house, send};
use testkit::{TestApp, json, on_both_databases};

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
        let again = send(&app, &organization, json!({})).await.ok();
        assert_eq!((&again["member_created"], &again["member_id"]), (&json!(false), &sent["member_id"]));
    }

    async fn a_stranger_is_refused_and_no_row_is_left(app: TestApp) {
        let closed = app
            .organization(
                json!({ "email_allowed_domains": ["acme.example"], "email_invites": "ALL_ALLOWED" }),
            )
            .await;
        assert_eq!(
            send(&app, &closed, json!({})).await.refusal(),
            (403, "email_jit_provisioning_not_allowed")
        );
        nothing_is_left(&app, &closed, "ada@acme.example").await;
        let open = open_house(&app).await;
        for stranger in ["ada@elsewhere.example", "ada@sub.acme.example", "ada@acme.example.evil.example"] {
            let refused = send(&app, &open, json!({ "email_address": stranger })).await;
            assert_eq!(refused.refusal(), (400, "invalid_email_for_jit_provisioning"), "{stranger}");
            nothing_is_left(&app, &open, stranger).await;
        }
    }

    async fn no_refusal_leaves_a_row_behind(app: TestApp) {
        let open = open_house(&app).await;
        for (field, value) in [
            ("signup_redirect_url", json!("https://evil.example/")),
            ("login_redirect_url", json!("nonsense")),
            ("signup_template_id", json!("template")),
            ("signup_expiration_minutes", json!(4)),
            ("locale", json!("tlh")),
            ("pkce_code_challenge", json!("x")),
        ] {
            assert!(!send(&app, &open, json!({ field: value })).await.status.is_success(), "{field}");
            nothing_is_left(&app, &open, "ada@acme.example").await;
        }
    }

    async fn members_are_mailed_whatever_their_domain(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "eve@elsewhere.example", json!({})).await;
        send(&app, &organization, json!({ "email_address": "eve@elsewhere.example" })).await.ok();
    }

    async fn an_organization_without_links_sends_none(app: TestApp) {
        let settings = json!({ "email_jit_provisioning": "RESTRICTED",
                               "email_allowed_domains": ["acme.example"], "auth_methods": "RESTRICTED",
                               "allowed_auth_methods": ["password"] });
        let organization = app.organization(settings).await;
        app.newcomer(&organization, "bob@acme.example", json!({})).await;
        for address in ["ada@acme.example", "bob@acme.example"] {
            let refused = send(&app, &organization, json!({ "email_address": address })).await;
            assert_eq!(refused.refusal(), (403, "operation_restricted_by_organization_auth_methods"));
        }
        nothing_is_left(&app, &organization, "ada@acme.example").await;
        app.newcomer(&organization, "glass@acme.example", json!({ "is_breakglass": true })).await;
        send(&app, &organization, json!({ "email_address": "glass@acme.example" })).await.ok();
    }

    async fn the_admitted_member_is_the_one_the_link_lets_in(app: TestApp) {
        let organization = open_house(&app).await;
        let link = app.mail_link(&organization, "ada@acme.example", json!({})).await;
        let inside = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(inside["member"]["email_address"], "ada@acme.example");
        assert_eq!(
            (&inside["member"]["status"], &inside["member_authenticated"]),
            (&json!("active"), &json!(true))
        );
    }

    async fn a_member_admitted_before_the_door_was_shut_is_still_let_in(app: TestApp) {
        let organization = open_house(&app).await;
        let link = app.mail_link(&organization, "ada@acme.example", json!({})).await;
        let shut = json!({ "email_jit_provisioning": "NOT_ALLOWED" });
        app.put(&format!("/v1/b2b/organizations/{organization}"), shut).await.ok();
        app.spend_link(&link, json!({})).await.ok();
    }
}
