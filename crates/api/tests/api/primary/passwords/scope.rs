//! Whether one password serves every organization: the project's choice, while it has none.

use super::shared::both;
use domain::Refusal;
use testkit::{PASSWORD, PROJECT_ID, TestApp, json, on_both_databases};

/// What comes of the operator's change.
async fn toggle(app: &TestApp, value: &str) -> Result<(), String> {
    let id = PROJECT_ID.parse().expect("a project id");
    let change = [("passwords.cross_organization", value)];
    let luck = (app.now(), &mut (app.api.entropy)());
    let saved = flows::projects::change_settings(&app.api.app, (&id, &change), luck).await;
    saved.map(|_| ()).map_err(|error| error.to_string())
}

on_both_databases! {
    async fn the_scope_stands_while_there_are_passwords(app: TestApp) {
        let refused = Err(Refusal::CannotToggleCrossOrgPasswords.to_string());
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        assert_eq!(toggle(&app, "true").await, refused);
        let id = app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
        app.delete(&format!("/v1/b2b/organizations/{organization}/members/passwords/{id}")).await.ok();
        assert_eq!(toggle(&app, "true").await, Ok(()));
        app.person(&organization, "ada@acme.example").await;
        assert_eq!(toggle(&app, "false").await, refused);
        assert_eq!(toggle(&app, "true").await, Ok(()));
    }

    async fn a_password_and_a_change_of_scope_do_not_cross(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let mut race = tokio::task::JoinSet::new();
        for at in 0..6 {
            let (app, organization) = (app.clone(), organization.clone());
            race.spawn(async move {
                let body = json!({ "organization_id": organization, "email_address": format!("a{at}@acme.example"),
                                   "hash": "9cc2ae8a1ba7a93da39b46fc1019c481", "hash_type": "md_5" });
                let _ = app.post("/v1/b2b/passwords/migrate", body).await;
            });
        }
        let toggled = toggle(&app, "true").await.is_ok();
        race.join_all().await;
        let mut conn = app.api.app.db.read().await.expect("a connection");
        let project = PROJECT_ID.parse().expect("a project id");
        for at in 0..6 {
            let email = format!("a{at}@acme.example").parse().expect("an address");
            let shared = store::address_passwords::find(&mut conn, &project, &email).await.expect("no fault");
            assert!(shared.is_none() || toggled);
        }
    }

    async fn routes_of_the_other_scope_are_refused(app: TestApp) {
        let off = (400, "cross_org_passwords_not_enabled");
        let email = "ada@acme.example";
        for (route, body) in [
            ("email/require_reset", json!({ "email_address": email })),
            ("discovery/authenticate", json!({ "email_address": email, "password": PASSWORD })),
            ("discovery/email/reset/start", json!({ "email_address": email })),
            ("discovery/email/reset", json!({ "password_reset_token": "x", "password": PASSWORD })),
        ] {
            assert_eq!(app.post(&format!("/v1/b2b/passwords/{route}"), body).await.refusal(), off, "{route}");
        }
        let (here, _) = both(&app).await;
        let id = app.member(&here).await["member_password_id"].as_str().expect("an id").to_owned();
        let path = format!("/v1/b2b/organizations/{}/members/passwords/{id}", here.organization);
        assert_eq!(app.delete(&path).await.refusal(), (400, "cross_org_passwords_enabled"));
    }
}
