//! Logging in with a password.

use super::{FOREIGN, import, login};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn a_right_password_lets_a_member_in(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let imported = import(&app, &organization, json!({})).await.ok();
        let inside = login(&app, &organization, FOREIGN).await.ok();
        assert_eq!(inside["member_authenticated"], true);
        assert_eq!(
            (&inside["member_id"], &inside["organization_id"]),
            (&imported["member_id"], &json!(organization))
        );
        assert_eq!((&inside["mfa_required"], &inside["primary_required"]), (&Value::Null, &Value::Null));
        assert_eq!(inside["intermediate_session_token"], "");
        assert_eq!(inside["intermediate_session_token_expires_at"], Value::Null);
        let factor = &inside["member_session"]["authentication_factors"][0];
        assert_eq!((&factor["type"], &factor["delivery_method"]), (&json!("password"), &json!("knowledge")));
        app.check(&inside.text("session_token")).await.ok();
    }

    async fn the_address_is_compared_without_case(app: TestApp) {
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({})).await.ok();
        let body = json!({ "organization_id": organization, "email_address": "ADA@Acme.Example",
                           "password": FOREIGN });
        app.post("/v1/b2b/passwords/authenticate", body).await.ok();
    }

    async fn each_wrong_part_is_told(app: TestApp) {
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({})).await.ok();
        app.newcomer(&organization, "bob@acme.example", json!({})).await;
        for (field, value, refusal) in [
            ("organization_id", "elsewhere", (404, "organization_not_found")),
            ("email_address", "eve@acme.example", (404, "email_not_found")),
            ("email_address", "bob@acme.example", (404, "member_password_not_found")),
            ("email_address", "ada", (400, "invalid_email")),
            ("password", "correct horse", (401, "unauthorized_credentials")),
            ("password", "", (400, "invalid_argument")),
            ("locale", "tlh", (400, "invalid_locale")),
        ] {
            let mut body = json!({ "organization_id": organization, "email_address": "ada@acme.example",
                                   "password": FOREIGN });
            body[field] = json!(value);
            let refused = app.post("/v1/b2b/passwords/authenticate", body).await;
            assert_eq!(refused.refusal(), refusal, "{field} {value}");
        }
    }

    async fn the_password_of_one_organization_opens_no_other(app: TestApp) {
        let (ours, theirs) = (app.organization(json!({})).await, app.organization(json!({})).await);
        import(&app, &ours, json!({})).await.ok();
        let hash = json!({ "hash": "9cc2ae8a1ba7a93da39b46fc1019c481" });
        import(&app, &theirs, hash).await.ok();
        assert_eq!(login(&app, &theirs, FOREIGN).await.refusal(), (401, "unauthorized_credentials"));
        login(&app, &theirs, testkit::PASSWORD).await.ok();
    }

    async fn a_method_that_is_not_allowed_is_refused_before_the_password_is_looked_at(app: TestApp) {
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({})).await.ok();
        let links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
        app.put(&format!("/v1/b2b/organizations/{organization}"), links).await.ok();
        for password in [FOREIGN, "wrong"] {
            let refused = login(&app, &organization, password).await;
            assert_eq!(refused.refusal(), (403, "operation_restricted_by_organization_auth_methods"));
        }
    }
}
