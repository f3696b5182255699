//! `/v1/b2b/magic_links/email/invite`.

mod refusals;

use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

const PATH: &str = "/v1/b2b/magic_links/email/invite";
const ADA: &str = "ada@acme.example";
const USED: (u16, &str) = (401, "unable_to_auth_magic_link");

fn to(organization: &str, fields: Value) -> Value {
    let mut body = json!({ "organization_id": organization, "email_address": ADA });
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    body
}

async fn invite(app: &TestApp, organization: &str, fields: Value) -> Answer {
    app.post(PATH, to(organization, fields)).await
}

/// Ada, invited, and the token of her link.
async fn invited(app: &TestApp, organization: &str, fields: Value) -> (Person, String) {
    let link = app.next_link(ADA, PATH, to(organization, fields)).await;
    let path = format!("/v1/b2b/organizations/{organization}/member?email_address={ADA}");
    let member = app.get(&path).await.ok().text("member_id");
    (Person { organization: organization.to_owned(), member, email: ADA.to_owned() }, link)
}

on_both_databases! {
    async fn an_invitation_makes_a_member_who_is_active_by_following_it(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let wishes = json!({ "name": "Ada", "trusted_metadata": { "plan": "pro" },
                             "untrusted_metadata": { "theme": "dark" }, "roles": ["stytch_admin"] });
        let (ada, link) = invited(&app, &organization, wishes).await;
        let member = app.member(&ada).await;
        assert_eq!((&member["status"], &member["name"]), (&json!("invited"), &json!("Ada")));
        assert_eq!((&member["is_admin"], &member["email_address_verified"]), (&json!(true), &json!(false)));
        assert_eq!(member["trusted_metadata"], json!({ "plan": "pro" }));
        assert_eq!(member["untrusted_metadata"], json!({ "theme": "dark" }));
        let inside = app.spend_link(&link, json!({})).await.ok();
        assert_eq!((&inside["member"]["status"], &inside["member_authenticated"]), (&json!("active"), &json!(true)));
        assert_eq!(inside["member"]["email_address_verified"], true);
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), USED);
    }

    async fn an_invitation_leaves_the_second_factor_due(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let (_, link) = invited(&app, &organization, json!({})).await;
        let halfway = app.spend_link(&link, json!({})).await.ok();
        assert_eq!((&halfway["member_authenticated"], halfway.text("session_token")), (&json!(false), String::new()));
        assert!(halfway["mfa_required"].is_object());
    }

    async fn a_link_that_is_no_accepted_method_activates_nobody(app: TestApp) {
        let passwords = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"],
                                "email_invites": "ALL_ALLOWED" });
        let organization = app.organization(passwords).await;
        let (ada, link) = invited(&app, &organization, json!({})).await;
        let answer = app.spend_link(&link, json!({})).await.ok();
        assert_eq!(answer["primary_required"]["allowed_auth_methods"], json!(["password"]));
        assert_eq!(app.member(&ada).await["status"], "invited");
    }

    async fn inviting_again_leaves_older_links_and_overwrites_what_is_named(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let first = json!({ "name": "A", "trusted_metadata": { "a": 1 }, "untrusted_metadata": { "u": 1 },
                            "roles": ["stytch_admin"] });
        let (ada, first) = invited(&app, &organization, first).await;
        let again = json!({ "name": "Ada", "trusted_metadata": { "b": 2 } });
        let again = invite(&app, &organization, again).await.ok();
        assert_eq!((&again["member_id"], &again["member"]["status"]), (&json!(ada.member), &json!("invited")));
        assert_eq!((&again["member"]["name"], &again["member"]["is_admin"]), (&json!("Ada"), &json!(true)));
        assert_eq!(again["member"]["trusted_metadata"], json!({ "b": 2 }));
        assert_eq!(again["member"]["untrusted_metadata"], json!({ "u": 1 }));
        let plain = invite(&app, &organization, json!({ "roles": [] })).await.ok();
        assert_eq!(plain["member"]["is_admin"], false);
        app.spend_link(&first, json!({})).await.ok();
        assert_eq!(invite(&app, &organization, json!({})).await.refusal(), (400, "duplicate_member_email"));
    }

    async fn a_pending_member_is_invited_and_keeps_what_they_have(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true, "name": "Ada", "external_id": "ada" });
        let ada = app.newcomer(&organization, ADA, pending).await;
        let member = &invite(&app, &organization, json!({})).await.ok()["member"];
        assert_eq!((&member["status"], &member["member_id"]), (&json!("invited"), &json!(ada.member)));
        assert_eq!((&member["name"], &member["external_id"]), (&json!("Ada"), &json!("ada")));
        assert_eq!(app.member(&ada).await["status"], "invited");
    }

    async fn deleting_the_member_kills_every_invitation(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let (ada, first) = invited(&app, &organization, json!({})).await;
        let (_, second) = invited(&app, &organization, json!({})).await;
        app.delete(&ada.path()).await.ok();
        for link in [&first, &second] {
            assert_eq!(app.spend_link(link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        }
        let (again, third) = invited(&app, &organization, json!({})).await;
        assert_ne!(again.member, ada.member);
        assert_eq!(app.spend_link(&first, json!({})).await.refusal(), (404, "magic_link_not_found"));
        app.spend_link(&third, json!({})).await.ok();
    }

    async fn an_invitation_lives_five_minutes_to_a_week(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for odd in [4, 10_081, 0, -1] {
            let answer = invite(&app, &organization, json!({ "invite_expiration_minutes": odd })).await;
            assert_eq!(answer.refusal(), (400, "invalid_expiration"));
        }
        let (_, week) = invited(&app, &organization, json!({})).await;
        let (_, short) = invited(&app, &organization, json!({ "invite_expiration_minutes": 5 })).await;
        app.advance(5 * 60);
        assert_eq!(app.spend_link(&short, json!({})).await.refusal(), USED);
        app.advance((10_080 - 5) * 60 - 1);
        app.spend_link(&week, json!({})).await.ok();
        let other = app.organization(json!({})).await;
        let (_, week) = invited(&app, &other, json!({})).await;
        app.advance(10_080 * 60);
        assert_eq!(app.spend_link(&week, json!({})).await.refusal(), USED);
    }

    async fn a_member_invites_under_their_own_name(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let eve = app.newcomer(&organization, "eve@acme.example", json!({ "external_id": "eve" })).await;
        for inviter in [eve.member.as_str(), "eve"] {
            invite(&app, &organization, json!({ "invited_by_member_id": inviter })).await.ok();
        }
        app.delete(&eve.path()).await.ok();
        let refused = invite(&app, &organization, json!({ "invited_by_member_id": eve.member })).await;
        assert_eq!(refused.refusal(), (404, "member_not_found"));
    }

    async fn the_letter_leads_to_the_registered_url(app: TestApp) {
        app.set("redirect_urls.invite", "http://localhost:3000/join,http://localhost:3000/other").await;
        let organization = app.organization(json!({})).await;
        let last = || app.inbox.messages(Some(ADA)).pop().and_then(|it| it.link).expect("a link");
        invited(&app, &organization, json!({ "locale": "es" })).await;
        assert!(last().starts_with("http://localhost:3000/join?stytch_token_type=multi_tenant_magic_links&token="));
        invited(&app, &organization, json!({ "invite_redirect_url": "http://localhost:3000/other" })).await;
        assert!(last().starts_with("http://localhost:3000/other?"));
    }
}
