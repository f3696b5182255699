use super::{PHONE, list, memberships, open_to_acme, proved};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn an_address_leads_to_its_memberships(app: TestApp) {
        let (ada, token) = proved(&app, "ada@acme.example").await;
        let (active, pending) = (app.organization(json!({})).await, app.organization(json!({})).await);
        app.advance(1);
        app.newcomer(&active, "Ada@Acme.example", json!({})).await;
        app.advance(1);
        app.newcomer(&pending, "ada@acme.example", json!({ "create_member_as_pending": true })).await;
        app.newcomer(&app.organization(json!({})).await, "bob@acme.example", json!({})).await;
        let listed = list(&app, &token).await.ok();
        let expected = [(ada.organization.clone(), "active_member"), (active, "active_member"), (pending, "pending_member")];
        assert_eq!(memberships(&listed), expected.map(|(id, kind)| (id, kind.to_owned())));
        assert_eq!(listed["email_address"], "ada@acme.example");
        assert_eq!(listed["organization_id_hint"], json!(ada.organization));
    }

    async fn a_deleted_member_or_organization_is_nowhere(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let (one, two) = (app.organization(json!({})).await, app.organization(json!({})).await);
        let gone = app.newcomer(&one, "ada@acme.example", json!({})).await;
        app.newcomer(&two, "ada@acme.example", json!({})).await;
        app.delete(&gone.path()).await.ok();
        app.delete(&format!("/v1/b2b/organizations/{two}")).await.ok();
        assert_eq!(memberships(&list(&app, &token).await.ok()).len(), 1, "the one the link was for");
    }

    async fn a_listed_domain_opens_an_organization_where_somebody_is_known_by_it(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let unknown = json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        app.organization(unknown).await;
        app.organization(json!({ "email_allowed_domains": ["acme.example"] })).await;
        let open = open_to_acme(&app, json!({})).await;
        let listed = list(&app, &token).await.ok();
        assert_eq!(memberships(&listed)[1..], [(open, "eligible_to_join_by_email_domain".to_owned())]);
        let eligible = &listed["discovered_organizations"][1]["membership"];
        assert_eq!((&eligible["member"], &eligible["details"]), (&Value::Null, &json!({ "domain": "acme.example" })));
    }

    async fn each_organization_says_what_it_would_still_ask(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        for settings in [json!({}), json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] })] {
            app.advance(1);
            app.newcomer(&app.organization(settings).await, "ada@acme.example", json!({})).await;
        }
        let listed = list(&app, &token).await.ok();
        let of = |at: usize| listed["discovered_organizations"][at].clone();
        assert_eq!(of(0)["mfa_required"], json!({ "member_options": null, "secondary_auth_initiated": null }));
        assert_eq!(of(1)["member_authenticated"], true);
        assert_eq!(of(2)["primary_required"], json!({ "allowed_auth_methods": ["password"] }));
        assert_eq!((of(0)["member_authenticated"].clone(), of(2)["member_authenticated"].clone()), (json!(false), json!(false)));
    }

    async fn listing_consumes_and_sends_nothing(app: TestApp) {
        let (ada, token) = proved(&app, "ada@acme.example").await;
        app.change(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        for _ in 0..2 {
            list(&app, &token).await.ok();
        }
        assert_eq!(app.texts(PHONE), 0);
    }

    async fn a_session_by_link_leads_to_memberships_and_nowhere_new(app: TestApp) {
        let ada = app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        open_to_acme(&app, json!({})).await;
        app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        let listed = app.post("/v1/b2b/discovery/organizations", json!({ "session_token": session })).await.ok();
        assert!(memberships(&listed).iter().all(|(_, kind)| kind == "active_member"));
        assert_eq!(memberships(&listed).len(), 2);
        assert_eq!(listed["organization_id_hint"], Value::Null);
    }

    async fn a_session_without_proof_of_its_address_leads_to_its_own_organization(app: TestApp) {
        let ada = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        app.newcomer(&app.organization(json!({})).await, "ada@acme.example", json!({})).await;
        let session = app.password_login(&ada).await.ok();
        for shown in ["session_token", "session_jwt"] {
            let shown = json!({ shown: session[shown] });
            let listed = app.post("/v1/b2b/discovery/organizations", shown).await.ok();
            assert_eq!(memberships(&listed), [(ada.organization.clone(), "active_member".to_owned())]);
        }
    }

    async fn what_counts_in_one_organization_alone_discovers_nothing(app: TestApp) {
        let ada = app.ada().await;
        let by_password = app.halfway(&ada).await;
        let refusal = (400, "invalid_intermediate_session_token_for_organization");
        assert_eq!(list(&app, &by_password).await.refusal(), refusal);
    }

    async fn exactly_one_credential_is_wanted(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let post = async |body| app.post("/v1/b2b/discovery/organizations", body).await;
        assert_eq!(post(json!({})).await.refusal(), (400, "no_session_arguments"));
        let two = json!({ "intermediate_session_token": token, "session_token": "x" });
        assert_eq!(post(two).await.refusal(), (400, "too_many_session_arguments"));
        assert_eq!(list(&app, "never").await.refusal(), (404, "intermediate_session_not_found"));
        assert_eq!(post(json!({ "session_token": "never" })).await.refusal(), (404, "session_not_found"));
    }

    async fn another_project_knows_nothing_of_it(app: TestApp) {
        let (_, token) = proved(&app, "ada@acme.example").await;
        let there = app.another_project().await;
        there.newcomer(&there.organization(json!({})).await, "ada@acme.example", json!({})).await;
        assert_eq!(list(&there, &token).await.refusal(), (404, "intermediate_session_not_found"));
        assert_eq!(memberships(&list(&app, &token).await.ok()).len(), 1);
    }
}
