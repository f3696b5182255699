//! The policies that the clients keep.

use super::{member_with, role, set_roles, with_documents};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn the_policy_of_a_project_has_what_is_built_in_and_what_the_operator_added(app: TestApp) {
        let ids = |it: &testkit::Value, key: &str| -> Vec<String> {
            it.as_array().expect("a list").iter().map(|it| it[key].as_str().expect("an id").to_owned()).collect()
        };
        let before = app.get("/v1/b2b/rbac/policy").await.ok();
        assert_eq!(ids(&before["policy"]["roles"], "role_id"), ["stytch_member", "stytch_admin"]);
        assert_eq!(before["policy"]["scopes"], json!([]));
        with_documents(&app).await;
        let after = app.get("/v1/b2b/rbac/policy").await.ok();
        assert_eq!(ids(&after["policy"]["roles"], "role_id"), ["stytch_member", "stytch_admin", "editor"]);
        assert!(ids(&after["policy"]["resources"], "resource_id").contains(&"document".to_owned()));
    }

    async fn an_organization_without_roles_of_its_own_has_an_empty_policy(app: TestApp) {
        let acme = app.organization(json!({ "organization_slug": "acme" })).await;
        for name in ["acme", acme.as_str()] {
            let answer = app.get(&format!("/v1/b2b/rbac/organizations/{name}")).await.ok();
            assert_eq!(answer["org_policy"], json!({ "roles": [] }));
        }
        let nobody = app.get("/v1/b2b/rbac/organizations/nobody").await;
        assert_eq!(nobody.refusal(), (404, "organization_not_found"));
    }

    async fn the_roles_of_an_organization_are_replaced_whole_and_shown_with_it(app: TestApp) {
        with_documents(&app).await;
        let acme = app.organization(json!({})).await;
        for roles in [json!([role("owner", "document", &["*"]), role("reader", "document", &["read"])]),
                      json!([role("reader", "document", &["read", "share"])]), json!([])] {
            assert_eq!(set_roles(&app, &acme, roles.clone()).await.ok()["org_policy"]["roles"], roles);
            let shown = app.get(&format!("/v1/b2b/organizations/{acme}")).await.ok();
            assert_eq!(shown["organization"]["custom_roles"], roles);
        }
    }

    async fn whoever_holds_a_dropped_role_loses_it_for_good(app: TestApp) {
        with_documents(&app).await;
        let acme = app.organization(json!({})).await;
        let owner = json!([role("owner", "document", &["*"])]);
        set_roles(&app, &acme, owner.clone()).await.ok();
        let (ada, _) = member_with(&app, &acme, "ada@acme.example", json!(["owner", "editor"])).await;
        set_roles(&app, &acme, json!([])).await.ok();
        set_roles(&app, &acme, owner).await.ok();
        assert_eq!(app.row(&ada).await.roles.0.len(), 1, "a later role of that name is nobody's");
    }

    async fn a_role_that_cannot_be_is_refused_by_name(app: TestApp) {
        with_documents(&app).await;
        let acme = app.organization(json!({})).await;
        let long = "x".repeat(129);
        for (role, refusal) in [
            (role("", "document", &["read"]), "empty_rbac_role_id"),
            (role(&long, "document", &["read"]), "rbac_role_id_too_long"),
            (role("editor", "document", &["read"]), "rbac_role_duplicate"),
            (role("stytch_admin", "document", &["read"]), "invalid_rbac_stytch_role_edit"),
            (role("stytch_owner", "document", &["read"]), "rbac_org_custom_roles_only"),
            (role("owner", "image", &["read"]), "invalid_permission_resource"),
            (role("owner", "document", &["print"]), "invalid_permission_action"),
            (role("owner", "document", &[]), "rbac_permission_missing_actions"),
            (role("owner", "document", &["*", "read"]), "cannot_specify_wildcard_with_other_actions"),
            (json!({ "role_id": "owner" }), "rbac_role_missing_permissions"),
        ] {
            assert_eq!(set_roles(&app, &acme, json!([role])).await.refusal(), (400, refusal));
        }
        let none = app.put(&format!("/v1/b2b/rbac/organizations/{acme}"), json!({ "org_policy": {} })).await;
        assert_eq!(none.refusal(), (400, "invalid_rbac_custom_role"));
    }
}
