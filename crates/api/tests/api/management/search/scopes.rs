//! Which organizations a search looks through.

use super::{MEMBERS, local_parts, members, operand, organizations, query};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn organizations_are_named_by_any_alias_once_or_twice(app: TestApp) {
        let names = json!({ "organization_slug": "acme", "organization_external_id": "crm|1" });
        let organization = app.organization(names).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let asked = json!({ "organization_ids": ["ACME", "crm|1", organization] });
        let answer = app.post(MEMBERS, asked).await.ok();
        assert_eq!(local_parts(&answer), ["ada"]);
        assert_eq!(answer["results_metadata"]["total"], json!(1));
    }

    async fn a_search_names_organizations_that_are_there(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for none in [json!({}), json!({ "organization_ids": null }), json!({ "organization_ids": [] })] {
            assert_eq!(app.post(MEMBERS, none).await.refusal(), (400, "member_search_organization_ids_empty"));
        }
        let there = app.another_project().await;
        let theirs = there.organization(json!({ "organization_slug": "theirs" })).await;
        let gone = app.organization(json!({})).await;
        app.delete(&format!("/v1/b2b/organizations/{gone}")).await.ok();
        for unknown in [theirs.as_str(), "theirs", &gone, "nobody", ""] {
            let asked = json!({ "organization_ids": [organization, unknown] });
            assert_eq!(app.post(MEMBERS, asked).await.refusal(), (404, "organization_not_found"), "{unknown}");
        }
        let many = json!({ "organization_ids": vec![organization; 101] });
        assert_eq!(app.post(MEMBERS, many).await.refusal(), (400, "invalid_argument"));
    }

    async fn only_organizations_that_members_were_found_in_are_shown(app: TestApp) {
        let (one, other) = (app.organization(json!({})).await, app.organization(json!({})).await);
        app.newcomer(&one, "ada@acme.example", json!({})).await;
        let answer = app.post(MEMBERS, json!({ "organization_ids": [one, other] })).await.ok();
        let shown: Vec<&String> = answer["organizations"].as_object().expect("a map").keys().collect();
        assert_eq!(shown, [&one]);
        assert_eq!(answer["organizations"][&one]["organization_id"], json!(one));
        let nobody = members(&app, &one, query("AND", &[operand("member_emails", ["x@y.example"])])).await.ok();
        assert_eq!((&nobody["members"], &nobody["organizations"]), (&json!([]), &json!({})));
    }

    async fn members_of_other_organizations_and_projects_are_never_found(app: TestApp) {
        let here = app.organization(json!({})).await;
        let neighbour = app.organization(json!({})).await;
        let there = app.another_project().await;
        let theirs = there.organization(json!({})).await;
        let member = app.newcomer(&neighbour, "ada@acme.example", json!({ "external_id": "hr|1" })).await.member;
        let stranger = there.newcomer(&theirs, "ada@acme.example", json!({ "external_id": "hr|1" })).await.member;
        for operand in [operand("member_emails", ["ada@acme.example"]), operand("member_ids", [member, stranger]),
                        operand("member_ids", ["hr|1"]), operand("member_email_fuzzy", "ada")] {
            for operator in ["AND", "OR"] {
                let answer = members(&app, &here, query(operator, std::slice::from_ref(&operand))).await.ok();
                assert_eq!(answer["results_metadata"]["total"], json!(0), "{operand}");
            }
        }
        let named = |name: &str, value: Value| query("AND", &[operand(name, value)]);
        assert_eq!(organizations(&app, named("organization_ids", json!([theirs]))).await, [""; 0]);
        assert_eq!(organizations(&there, named("member_emails", json!(["ada@acme.example"]))).await, ["Acme"]);
        assert_eq!(organizations(&app, Value::Null).await.len(), 2);
    }
}
