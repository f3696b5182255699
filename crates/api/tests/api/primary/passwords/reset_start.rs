//! Mailing a link that sets a password.

use testkit::{Answer, TestApp, Value, json, on_both_databases};

async fn start(app: &TestApp, organization: &str, more: Value) -> Answer {
    let mut body = json!({ "organization_id": organization, "email_address": "ada@acme.example" });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    app.post("/v1/b2b/passwords/email/reset/start", body).await
}

on_both_databases! {
    async fn the_mail_holds_a_reset_and_a_login(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let answer = start(&app, &organization, json!({})).await.ok();
        let email_id = app.row(&ada).await.email_id.to_string();
        assert_eq!((answer.text("member_id"), answer.text("member_email_id")), (ada.member.clone(), email_id));
        let mail = app.sent_to(&ada.email).await.remove(0);
        let reset = mail.link.expect("a link");
        for part in ["stytch_token_type=multi_tenant_passwords", "public_token=public-token-test-", "&token="] {
            assert!(reset.contains(part), "{reset}");
        }
        assert!(mail.text.contains(&reset), "{}", mail.text);
        let login = mail.text.lines().find(|it| it.contains("stytch_token_type=multi_tenant_magic_links"));
        let token = login.expect("a login link").split("token=").last().expect("a token");
        app.spend_link(token, json!({})).await.ok();
    }

    async fn the_password_goes_on_until_the_link_is_followed(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        start(&app, &organization, json!({})).await.ok();
        app.password_login(&ada).await.ok();
    }

    async fn no_login_link_is_mailed_where_links_are_not_accepted(app: TestApp) {
        let settings = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
        let organization = app.organization(settings).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        start(&app, &organization, json!({})).await.ok();
        let mail = app.sent_to(&ada.email).await.remove(0);
        assert!(!mail.text.contains("multi_tenant_magic_links"), "{}", mail.text);
    }

    async fn an_unknown_address_signs_up_where_its_domain_is_admitted(app: TestApp) {
        let closed = app.organization(json!({})).await;
        let refusal = (403, "email_jit_provisioning_not_allowed");
        assert_eq!(start(&app, &closed, json!({})).await.refusal(), refusal);

        let open = json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(open).await;
        let answer = start(&app, &organization, json!({})).await.ok();
        assert_eq!(answer["member"]["status"], json!("pending"));
        let token = app.last_link_token("ada@acme.example").await;
        let inside = app.spend_reset(&token, json!({})).await.ok();
        assert_eq!(inside["member_authenticated"], json!(true));
        assert_eq!(inside["member"]["status"], json!("active"));
        assert_eq!(inside["member"]["email_address_verified"], json!(true));
    }

    async fn passwords_must_be_accepted(app: TestApp) {
        let settings = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
        let organization = app.organization(settings).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let refusal = (403, "operation_restricted_by_organization_auth_methods");
        assert_eq!(start(&app, &organization, json!({})).await.refusal(), refusal);
    }

    async fn redirect_urls_are_registered_ones(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for (field, url, refused) in [
            ("reset_password_redirect_url", "no url", "invalid_password_reset_redirect_url"),
            ("reset_password_redirect_url", "http://localhost:3000/elsewhere", "no_match_for_provided_magic_link_url"),
            ("login_redirect_url", "no url", "invalid_login_redirect_url"),
            ("login_redirect_url", "http://localhost:3000/elsewhere", "no_match_for_provided_magic_link_url"),
        ] {
            assert_eq!(start(&app, &organization, json!({ field: url })).await.refusal(), (400, refused), "{url}");
        }
        app.set("redirect_urls.login", "").await;
        let refused = start(&app, &organization, json!({})).await;
        assert_eq!(refused.refusal(), (400, "no_login_redirect_url"));
        app.set("redirect_urls.reset_password", "").await;
        let refused = start(&app, &organization, json!({})).await;
        assert_eq!(refused.refusal(), (400, "no_password_reset_redirect_url"));
    }

    async fn what_is_out_of_range_is_refused(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for (more, refused) in [
            (json!({ "reset_password_expiration_minutes": 4 }), (400, "invalid_expiration")),
            (json!({ "reset_password_expiration_minutes": 10_081 }), (400, "invalid_expiration")),
            (json!({ "code_challenge": "short" }), (400, "invalid_pkce_code_challenge")),
            (json!({ "locale": "klingon" }), (400, "invalid_locale")),
            (json!({ "reset_password_template_id": "x" }), (404, "email_template_not_found")),
            (json!({ "verify_email_template_id": "x" }), (404, "email_template_not_found")),
            (json!({ "organization_id": "organization-test-00000000-0000-4000-8000-00000000dead" }),
             (404, "organization_not_found")),
            (json!({ "email_address": "nobody" }), (400, "invalid_email")),
        ] {
            assert_eq!(start(&app, &organization, more.clone()).await.refusal(), refused, "{more}");
        }
        for minutes in [5, 10_080] {
            start(&app, &organization, json!({ "reset_password_expiration_minutes": minutes })).await.ok();
        }
    }
}
