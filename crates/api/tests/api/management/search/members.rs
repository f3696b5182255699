//! Each filter of members.

use super::{found, local_parts, members, operand, query};
use testkit::{Person, TestApp, json, on_both_databases};

/// Ada, Bob and Cyd, each of a kind, and Dan who was deleted.
async fn four(app: &TestApp) -> (String, [Person; 4]) {
    let organization = app.organization(json!({})).await;
    let ada = app.person_with(&organization, "ada@acme.example", json!({ "external_id": "hr|1" })).await;
    app.change(&ada, json!({ "roles": ["stytch_admin"], "is_breakglass": true })).await.ok();
    app.advance(1);
    let more = json!({ "create_member_as_pending": true, "external_id": "hr|2" });
    let bob = app.newcomer(&organization, "Bob@Acme.example", more).await;
    app.advance(1);
    let cyd =
        app.newcomer(&organization, "cyd@other.example", json!({ "mfa_phone_number": "+12025550123" })).await;
    app.import_totp(&cyd).await;
    app.advance(1);
    let dan = app.newcomer(&organization, "dan@acme.example", json!({ "external_id": "hr|4" })).await;
    app.delete(&dan.path()).await.ok();
    (organization, [ada, bob, cyd, dan])
}

on_both_databases! {
    async fn without_a_filter_everybody_but_the_deleted_is_found(app: TestApp) {
        let (organization, _) = four(&app).await;
        for query in [json!(null), json!({ "operator": "AND" }), query("OR", &[]), json!({ "operator": "or", "operands": null })] {
            let answer = members(&app, &organization, query).await.ok();
            assert_eq!(local_parts(&answer), ["ada", "Bob", "cyd"]);
            assert_eq!(answer["results_metadata"], json!({ "total": 3, "next_cursor": null }));
        }
    }

    async fn members_are_found_by_id_and_by_external_id_but_not_by_both(app: TestApp) {
        let (organization, [ada, bob, _, dan]) = four(&app).await;
        assert_eq!(found(&app, &organization, "member_ids", [ada.member.as_str(), &dan.member]).await, ["ada"]);
        assert_eq!(found(&app, &organization, "member_ids", ["hr|2", "hr|4", "nobody"]).await, ["Bob"]);
        let mixed = query("AND", &[operand("member_ids", [bob.member.as_str(), "hr|1"])]);
        let refusal = (400, "member_search_cannot_mix_internal_and_external_member_ids");
        assert_eq!(members(&app, &organization, mixed).await.refusal(), refusal);
    }

    async fn members_are_found_by_address_in_any_case(app: TestApp) {
        let (organization, _) = four(&app).await;
        let some = ["BOB@acme.example", "cyd@OTHER.example", "dan@acme.example", "not an address"];
        assert_eq!(found(&app, &organization, "member_emails", some).await, ["Bob", "cyd"]);
        assert_eq!(found(&app, &organization, "member_email_fuzzy", "CME.ex").await, ["ada", "Bob"]);
        assert_eq!(found(&app, &organization, "member_email_fuzzy", "nobody").await, [""; 0]);
    }

    async fn a_changed_address_is_found_and_the_one_before_is_not(app: TestApp) {
        let (organization, [ada, ..]) = four(&app).await;
        app.change(&ada, json!({ "email_address": "Lovelace@new.example" })).await.ok();
        assert_eq!(found(&app, &organization, "member_emails", ["lovelace@new.example"]).await, ["Lovelace"]);
        assert_eq!(found(&app, &organization, "member_emails", ["ada@acme.example"]).await, [""; 0]);
        assert_eq!(found(&app, &organization, "member_email_fuzzy", "@new.").await, ["Lovelace"]);
    }

    async fn members_are_found_by_number_under_either_name(app: TestApp) {
        let (organization, _) = four(&app).await;
        for name in ["member_mfa_phone_numbers", "member_phone_numbers"] {
            assert_eq!(found(&app, &organization, name, ["+12025550123", "+12025550199"]).await, ["cyd"]);
        }
        for name in ["member_mfa_phone_number_fuzzy", "member_phone_number_fuzzy"] {
            assert_eq!(found(&app, &organization, name, "5550").await, ["cyd"]);
        }
    }

    async fn members_are_found_by_status_and_deleted_ones_by_that_alone(app: TestApp) {
        let (organization, _) = four(&app).await;
        assert_eq!(found(&app, &organization, "statuses", ["pending"]).await, ["Bob"]);
        assert_eq!(found(&app, &organization, "status", "active").await, ["ada", "cyd"]);
        assert_eq!(found(&app, &organization, "statuses", ["invited"]).await, [""; 0]);
        assert_eq!(found(&app, &organization, "statuses", ["pending", "active"]).await, ["ada", "Bob", "cyd"]);
        assert_eq!(found(&app, &organization, "statuses", ["deleted"]).await, ["dan"]);
        assert_eq!(found(&app, &organization, "statuses", ["deleted", "pending"]).await, ["Bob", "dan"]);
        let every = ["pending", "invited", "active", "deleted"];
        assert_eq!(found(&app, &organization, "statuses", every).await, ["ada", "Bob", "cyd", "dan"]);
        for unknown in ["Active", "banned", ""] {
            let asked = query("AND", &[operand("statuses", [unknown])]);
            assert_eq!(members(&app, &organization, asked).await.refusal(), (400, "search_invalid_status_filter"));
        }
    }

    async fn a_deleted_member_is_found_by_address_and_external_id_when_asked_for(app: TestApp) {
        let (organization, _) = four(&app).await;
        for by in [operand("member_emails", ["dan@acme.example"]), operand("member_ids", ["hr|4"])] {
            let asked = query("AND", &[operand("statuses", ["deleted"]), by]);
            assert_eq!(local_parts(&members(&app, &organization, asked).await.ok()), ["dan"]);
        }
    }

    async fn members_are_found_by_what_they_have_and_have_not(app: TestApp) {
        let (organization, _) = four(&app).await;
        for (name, having, lacking) in [
            ("member_is_breakglass", vec!["ada"], vec!["Bob", "cyd"]),
            ("member_password_exists", vec!["ada"], vec!["Bob", "cyd"]),
            ("member_totp_exists", vec!["cyd"], vec!["ada", "Bob"]),
        ] {
            assert_eq!(found(&app, &organization, name, true).await, having, "{name}");
            assert_eq!(found(&app, &organization, name, false).await, lacking, "{name}");
        }
    }

    async fn members_are_found_by_roles_assigned_given_by_domain_and_everybodys(app: TestApp) {
        let (organization, [ada, ..]) = four(&app).await;
        assert_eq!(found(&app, &organization, "member_roles", ["stytch_admin"]).await, ["ada"]);
        assert_eq!(found(&app, &organization, "member_roles", ["stytch_member"]).await, ["ada", "Bob", "cyd"]);
        assert_eq!(found(&app, &organization, "member_roles", ["no such role"]).await, [""; 0]);
        let implicit = json!([{ "domain": "other.example", "role_id": "stytch_admin" }]);
        let path = format!("/v1/b2b/organizations/{organization}");
        app.put(&path, json!({ "rbac_email_implicit_role_assignments": implicit })).await.ok();
        assert_eq!(found(&app, &organization, "member_roles", ["stytch_admin"]).await, ["ada", "cyd"]);
        app.change(&ada, json!({ "roles": [] })).await.ok();
        assert_eq!(found(&app, &organization, "member_roles", ["stytch_admin"]).await, ["cyd"]);
    }

    async fn filters_of_the_organization_hold_for_all_its_members(app: TestApp) {
        let organization = app.organization(json!({ "organization_slug": "acme-one", "organization_external_id": "crm|1" })).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for (name, value) in [
            ("organization_id", organization.as_str()),
            ("organization_id", "ACME-one"),
            ("organization_id", "crm|1"),
            ("organization_slug", "Acme-One"),
            ("organization_slug_fuzzy", "ME-o"),
        ] {
            assert_eq!(found(&app, &organization, name, value).await, ["ada"], "{name} {value}");
        }
        for name in ["organization_id", "organization_slug", "organization_slug_fuzzy"] {
            assert_eq!(found(&app, &organization, name, "acme-two").await, [""; 0], "{name}");
        }
    }
}
