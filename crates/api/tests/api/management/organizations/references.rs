//! An organization answers to its id, its slug and its external id, everywhere.

use super::get;
use axum::http::Method;
use testkit::{Person, Value, json, on_both_databases};

/// One call of every route that names an organization, in an order in which each succeeds.
fn calls(organization: &str, who: &Person, password_id: &str) -> Vec<(Method, String, Value)> {
    let member = &who.member;
    let organizations = format!("/v1/b2b/organizations/{organization}");
    let members = format!("{organizations}/members");
    let email = |email: &str| json!({ "organization_id": organization, "email_address": email });
    let named = json!({ "organization_id": organization, "member_id": member });
    let sms =
        json!({ "organization_id": organization, "member_id": member, "mfa_phone_number": "+12025550101" });
    let login = json!({ "organization_id": organization, "email_address": who.email,
                        "password": "correct horse battery staple" });
    let hash = json!({ "organization_id": organization, "email_address": "eve@acme.example",
                       "hash_type": "md_5", "hash": "9cc2ae8a1ba7a93da39b46fc1019c481" });
    let secret = json!({ "organization_id": organization, "member_id": member,
                         "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" });
    vec![
        (Method::GET, organizations.clone(), json!({})),
        (Method::PUT, organizations.clone(), json!({})),
        (Method::POST, members.clone(), json!({ "email_address": "bob@acme.example" })),
        (Method::GET, format!("{organizations}/member?member_id={member}"), json!({})),
        (
            Method::GET,
            format!("/v1/b2b/sessions?organization_id={organization}&member_id={member}"),
            json!({}),
        ),
        (Method::PUT, format!("{members}/{member}"), json!({ "name": "Ada" })),
        (Method::POST, "/v1/b2b/magic_links/email/login_or_signup".to_owned(), email(&who.email)),
        (Method::POST, "/v1/b2b/passwords/authenticate".to_owned(), login),
        (Method::POST, "/v1/b2b/passwords/migrate".to_owned(), hash),
        (Method::POST, "/v1/b2b/otps/sms/send".to_owned(), sms),
        (Method::POST, "/v1/b2b/totp".to_owned(), named.clone()),
        (Method::DELETE, format!("{members}/{member}/totp"), json!({})),
        (Method::POST, "/v1/b2b/totp/migrate".to_owned(), secret),
        (Method::GET, format!("/v1/b2b/recovery_codes/{organization}/{member}"), json!({})),
        (Method::POST, "/v1/b2b/recovery_codes/rotate".to_owned(), named),
        (Method::DELETE, format!("{members}/mfa_phone_numbers/{member}"), json!({})),
        (Method::DELETE, format!("{members}/{member}/totp"), json!({})),
        (Method::DELETE, format!("{members}/passwords/{password_id}"), json!({})),
        (Method::DELETE, format!("{members}/{member}"), json!({})),
        (Method::PUT, format!("{members}/{member}/reactivate"), json!({})),
    ]
}

on_both_databases! {
    async fn every_route_takes_every_name_of_an_organization(app: TestApp) {
        for n in 0..3 {
            let (slug, external_id) = (format!("Acme-{n}"), format!("crm|{n}"));
            let names = json!({ "organization_slug": slug, "organization_external_id": external_id });
            let id = app.organization(names).await;
            let ada = app.person(&id, "ada@acme.example").await;
            let password_id =
                app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
            let name = [id.clone(), slug.to_uppercase(), external_id][n].clone();
            for (method, path, body) in calls(&name, &ada, &password_id) {
                let answer = app.call(method, &path.replace('|', "%7C"), Some(body)).await.ok();
                let shown = &answer["organization"]["organization_id"];
                assert!(shown.is_null() || shown == id.as_str(), "{path} answers the id, never another name");
            }
        }
    }

    async fn no_route_knows_an_organization_that_is_not_there(app: TestApp) {
        let ada = app.ada().await;
        let unknown = "organization-test-00000000-0000-4000-8000-00000000dead";
        let password_id = app.member(&ada).await["member_password_id"].as_str().expect("an id").to_owned();
        for name in [unknown, "elsewhere"] {
            for (method, path, body) in calls(name, &ada, &password_id) {
                let answer = app.call(method, &path, Some(body)).await;
                assert_eq!(answer.refusal(), (404, "organization_not_found"), "{path}");
            }
        }
    }

    async fn a_slug_comes_before_an_external_id(app: TestApp) {
        let by_external_id = app.organization(json!({ "organization_external_id": "shared" })).await;
        let by_slug = app.organization(json!({ "organization_slug": "shared" })).await;
        assert_eq!(get(&app, "shared").await.ok()["organization"]["organization_id"], by_slug.as_str());
        app.delete(&format!("/v1/b2b/organizations/{by_slug}")).await.ok();
        assert_eq!(
            get(&app, "shared").await.ok()["organization"]["organization_id"],
            by_external_id.as_str()
        );
    }

    async fn a_name_in_a_path_is_decoded(app: TestApp) {
        let id = app.organization(json!({ "organization_external_id": "crm|a.b_c-d" })).await;
        for path in ["crm%7Ca.b_c-d", "crm%7ca%2Eb%5Fc%2Dd"] {
            assert_eq!(get(&app, path).await.ok()["organization"]["organization_id"], id.as_str());
        }
        assert_eq!(get(&app, "crm%257Ca.b_c-d").await.refusal(), (404, "organization_not_found"));
    }
}
