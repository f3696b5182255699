//! Who is not invited, and by whom.

use super::{ADA, invite};
use testkit::{TestApp, json, on_both_databases};

/// Nobody has the address, and nothing was mailed.
async fn nothing_is_left(app: &TestApp, organization: &str) {
    let path = format!("/v1/b2b/organizations/{organization}/member?email_address={ADA}");
    assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
    assert!(app.inbox.messages(Some(ADA)).is_empty());
}

on_both_databases! {
    async fn the_setting_for_invitations_holds(app: TestApp) {
        let refusal = (400, "invalid_email_for_invites");
        let nobody = app.organization(json!({ "email_invites": "NOT_ALLOWED" })).await;
        assert_eq!(invite(&app, &nobody, json!({})).await.refusal(), refusal);
        nothing_is_left(&app, &nobody).await;
        let listed = json!({ "email_invites": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let listed = app.organization(listed).await;
        for other in ["eve@sub.acme.example", "eve@elsewhere.example"] {
            let refused = invite(&app, &listed, json!({ "email_address": other })).await;
            assert_eq!(refused.refusal(), refusal, "{other}");
        }
        invite(&app, &listed, json!({ "email_address": "Ada@ACME.example" })).await.ok();
        let all = app.organization(json!({ "email_invites": "ALL_ALLOWED" })).await;
        invite(&app, &all, json!({ "email_address": "eve@elsewhere.example" })).await.ok();
    }

    async fn urls_inviters_and_other_fields_are_checked(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let other = app.organization(json!({})).await;
        let stranger = app.newcomer(&other, "eve@acme.example", json!({})).await;
        for (fields, refusal) in [
            (json!({ "invite_redirect_url": "javascript:1" }), (400, "invalid_invite_redirect_url")),
            (json!({ "invite_redirect_url": "http://localhost:1/" }), (400, "no_match_for_provided_magic_link_url")),
            (json!({ "invited_by_member_id": "nobody" }), (404, "member_not_found")),
            (json!({ "invited_by_member_id": stranger.member }), (404, "member_not_found")),
            (json!({ "roles": ["no_such_role"] }), (400, "invalid_rbac_role_id")),
            (json!({ "invite_template_id": "mine" }), (404, "email_template_not_found")),
            (json!({ "organization_id": "nobody" }), (404, "organization_not_found")),
            (json!({ "locale": "tlh" }), (400, "invalid_locale")),
            (json!({ "email_address": "nobody" }), (400, "invalid_email")),
            (json!({ "trusted_metadata": [] }), (400, "metadata_invalid_format")),
        ] {
            assert_eq!(invite(&app, &organization, fields).await.refusal(), refusal);
            nothing_is_left(&app, &organization).await;
        }
        app.set("redirect_urls.invite", "").await;
        assert_eq!(invite(&app, &organization, json!({})).await.refusal(), (400, "no_invite_redirect_url"));
    }

    async fn an_active_member_is_not_invited_and_stays_as_they_are(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, ADA, json!({ "name": "Ada" })).await;
        let before = app.member(&ada).await;
        let refused = invite(&app, &organization, json!({ "name": "Eve", "roles": ["stytch_admin"] })).await;
        assert_eq!(refused.refusal(), (400, "duplicate_member_email"));
        assert_eq!(app.member(&ada).await, before);
        assert!(app.inbox.messages(Some(ADA)).is_empty());
    }

    async fn an_address_that_is_spoken_for_is_not_invited(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let eve = app.verified(&organization, "eve@acme.example").await;
        let start = json!({ "email_address": ADA, "delivery_method": "EMAIL_OTP" });
        app.next_code(ADA, &format!("{}/start_email_update", eve.path()), start).await;
        let refused = invite(&app, &organization, json!({})).await;
        assert_eq!(refused.refusal(), (400, "desired_email_updating_for_different_member"));
        app.change(&eve, json!({ "email_address": "countess@acme.example" })).await.ok();
        let retired = invite(&app, &organization, json!({ "email_address": "eve@acme.example" })).await;
        assert_eq!(retired.refusal(), (400, "retired_member_email"));
        let claim = json!({ "organization_name": "Claimer", "claimed_email_domains": ["acme.example"] });
        app.post("/v1/b2b/organizations", claim).await.ok();
        let claimed = invite(&app, &organization, json!({})).await;
        assert_eq!(claimed.refusal(), (400, "action_not_allowed_email_domain_is_claimed"));
    }

    async fn another_projects_organization_is_unknown(app: TestApp) {
        let other = app.another_project().await;
        let theirs = other.organization(json!({})).await;
        assert_eq!(invite(&app, &theirs, json!({})).await.refusal(), (404, "organization_not_found"));
        let here = app.organization(json!({})).await;
        let inviter = other.newcomer(&theirs, "eve@acme.example", json!({})).await;
        let refused = invite(&app, &here, json!({ "invited_by_member_id": inviter.member })).await;
        assert_eq!(refused.refusal(), (404, "member_not_found"));
    }
}
