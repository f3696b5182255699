//! Finding a member.

use super::{dangerously_get, delete, find};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_member_is_found_by_id_external_id_and_address(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada =
            app.newcomer(&organization, "ada+1@acme.example", json!({ "external_id": "crm|ada" })).await;
        let id = &ada.member;
        for query in [
            &format!("member_id={id}"),
            "member_id=crm%7Cada",
            "email_address=ada%2B1@acme.example",
            "email_address=ADA%2B1@Acme.Example",
            &format!("member_id={id}&email_address=ada%2B1@acme.example"),
            "member_id=crm|ada&email_address=ada%2B1%40acme.example",
            &format!("member_id={id}&email_address="),
        ] {
            let found = find(&app, &organization, query).await.ok();
            assert_eq!(found["member_id"], id.as_str(), "{query}");
            assert_eq!(found["organization"]["organization_id"], organization.as_str());
        }
    }

    async fn a_look_up_names_one_member(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        app.newcomer(&organization, "bob@acme.example", json!({})).await;
        for query in ["", "member_id=", &format!("member_id={}&email_address=bob@acme.example", ada.member)] {
            let refused = find(&app, &organization, query).await;
            assert_eq!(refused.refusal(), (400, "invalid_member_get_fields"), "{query}");
        }
        let odd = find(&app, &organization, "email_address=bob").await;
        assert_eq!(odd.refusal(), (400, "invalid_email"));
    }

    async fn who_is_not_there_is_not_found(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for query in [
            "member_id=member-test-00000000-0000-4000-8000-00000000dead",
            "member_id=crm-1",
            "email_address=eve@acme.example",
            &format!("member_id={}&email_address=eve@acme.example", ada.member),
        ] {
            assert_eq!(
                find(&app, &organization, query).await.refusal(),
                (404, "member_not_found"),
                "{query}"
            );
        }
    }

    async fn a_member_of_another_organization_is_not_found(app: TestApp) {
        let (ours, theirs) = (app.organization(json!({})).await, app.organization(json!({})).await);
        let ada = app.newcomer(&theirs, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        for query in
            [&format!("member_id={}", ada.member), "member_id=crm-1", "email_address=ada@acme.example"]
        {
            assert_eq!(find(&app, &ours, query).await.refusal(), (404, "member_not_found"));
        }
        let elsewhere = testkit::Person { organization: ours, ..ada };
        assert_eq!(app.change(&elsewhere, json!({})).await.refusal(), (404, "member_not_found"));
        assert_eq!(delete(&app, &elsewhere, "").await.refusal(), (404, "member_not_found"));
    }

    async fn a_deleted_member_is_found_by_id_alone(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        delete(&app, &ada, "").await.ok();
        let found = find(&app, &organization, &format!("member_id={}", ada.member)).await.ok();
        assert_eq!(found["member"]["status"], "deleted");
        for query in ["member_id=crm-1", "email_address=ada@acme.example"] {
            assert_eq!(
                find(&app, &organization, query).await.refusal(),
                (404, "member_not_found"),
                "{query}"
            );
        }
    }

    async fn the_whole_project_is_searched_by_id(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        let found = dangerously_get(&app, &ada.member, "").await.ok();
        assert_eq!(found["member"]["email_address"], "ada@acme.example");
        assert_eq!(found["organization"]["organization_id"], organization.as_str());
        for other in ["crm-1", "ada@acme.example", "member-test-00000000-0000-4000-8000-00000000dead"] {
            assert_eq!(dangerously_get(&app, other, "").await.refusal(), (404, "member_not_found"));
        }
    }

    async fn the_whole_project_is_searched_for_deleted_members_if_asked(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        delete(&app, &ada, "").await.ok();
        for yes in ["true", "True", "TRUE", "1"] {
            let found = dangerously_get(&app, &ada.member, &format!("include_deleted={yes}")).await.ok();
            assert_eq!(found["member"]["status"], "deleted", "{yes}");
        }
        for no in
            ["", "include_deleted=false", "include_deleted=False", "include_deleted=0", "include_deleted="]
        {
            assert_eq!(
                dangerously_get(&app, &ada.member, no).await.refusal(),
                (404, "member_not_found"),
                "{no}"
            );
        }
        let odd = dangerously_get(&app, &ada.member, "include_deleted=perhaps").await;
        assert_eq!(odd.refusal(), (400, "bad_request"));
    }
}
