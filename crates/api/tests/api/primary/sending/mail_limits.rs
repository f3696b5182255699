//! Limits on mail: 1 in 30 seconds and 6 in an hour to an address.

use testkit::{Answer, TestApp, json, on_both_databases};

async fn send(app: &TestApp, organization: &str, email: &str) -> Answer {
    let body = json!({ "organization_id": organization, "email_address": email });
    app.post("/v1/b2b/magic_links/email/login_or_signup", body).await
}

on_both_databases! { under strict limits:
    async fn an_address_is_mailed_once_in_30_seconds(app: TestApp) {
        let (one, two) = (app.organization(json!({})).await, app.organization(json!({})).await);
        app.newcomer(&one, "ada@acme.example", json!({})).await;
        app.newcomer(&two, "ADA@acme.example", json!({})).await;
        send(&app, &one, "ada@acme.example").await.ok();
        for again in [&one, &two] {
            let refused = send(&app, again, "ada@acme.example").await;
            assert_eq!(refused.refusal(), (429, "too_many_requests"), "by whichever organization");
        }
        app.advance(30);
        send(&app, &one, "ada@acme.example").await.ok();
    }

    async fn an_address_is_mailed_6_times_in_an_hour(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        for _ in 0..6 {
            send(&app, &organization, "ada@acme.example").await.ok();
            app.advance(30);
        }
        assert_eq!(send(&app, &organization, "ada@acme.example").await.refusal(), (429, "too_many_requests"));
        app.advance(3600);
        send(&app, &organization, "ada@acme.example").await.ok();
    }

    async fn another_address_has_a_count_of_its_own(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for email in ["ada@acme.example", "bob@acme.example"] {
            app.newcomer(&organization, email, json!({})).await;
            send(&app, &organization, email).await.ok();
        }
    }

    async fn another_project_has_a_count_of_its_own(app: TestApp) {
        for project in [app.another_project().await, app] {
            let organization = project.organization(json!({})).await;
            project.newcomer(&organization, "ada@acme.example", json!({})).await;
            send(&project, &organization, "ada@acme.example").await.ok();
        }
    }

    async fn what_is_not_mailed_does_not_count_and_leaves_nobody(app: TestApp) {
        let jit =
            json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(jit.clone()).await;
        let elsewhere = json!({ "organization_id": organization, "email_address": "ada@acme.example",
                                "signup_redirect_url": "https://evil.example/" });
        let refused = app.post("/v1/b2b/magic_links/email/login_or_signup", elsewhere).await;
        assert_eq!(refused.refusal(), (400, "no_match_for_provided_magic_link_url"));
        send(&app, &organization, "ada@acme.example").await.ok();
        let other = app.organization(jit).await;
        assert_eq!(send(&app, &other, "ada@acme.example").await.refusal(), (429, "too_many_requests"));
        let path = format!("/v1/b2b/organizations/{other}/member?email_address=ada@acme.example");
        assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
    }
}
