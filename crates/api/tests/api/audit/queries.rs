//! Asking for events over the admin API.

use super::{chain_of, extend};
use axum::{
    body::Body,
    http::{Request, header},
};
use domain::time::Span;
use testkit::{Answer, PROJECT_ID, TestApp, Value, on_both_databases};

async fn token(app: &TestApp) -> String {
    let luck = (app.now(), &mut (app.api.entropy)());
    let made = flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.unwrap();
    format!("Bearer {}", made.0.expose())
}

async fn get(app: &TestApp, token: &str, path: &str) -> Answer {
    let request = Request::builder().uri(path).header(header::AUTHORIZATION, token);
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn events(app: &TestApp, token: &str, query: &str) -> Answer {
    get(app, token, &format!("/admin/v1/projects/{PROJECT_ID}/audit_events?{query}")).await
}

fn sequences(answer: &Answer) -> Vec<i64> {
    answer["audit_events"].as_array().unwrap().iter().map(|it| it["sequence"].as_i64().unwrap()).collect()
}

on_both_databases! {
    async fn pages_follow_one_another_in_either_order(app: TestApp) {
        let (token, organization) = (token(&app).await, chain_of(&app, 3).await);
        for _ in 0..2 {
            app.advance(60);
            extend(&app, &organization).await;
        }
        let query = format!("organization={organization}&order=oldest_first");
        let all = events(&app, &token, &query).await.ok();
        let ids = |answer: &Answer| -> Vec<Value> {
            answer["audit_events"].as_array().unwrap().iter().map(|it| it["audit_event_id"].clone()).collect()
        };
        let first = events(&app, &token, &format!("{query}&limit=3")).await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = events(&app, &token, &format!("{query}&limit=3&cursor={cursor}")).await.ok();
        assert_eq!([ids(&first), ids(&second)].concat(), ids(&all));
        assert_eq!(second["next_cursor"], Value::Null);
        let newest = events(&app, &token, &format!("organization={organization}&limit=2")).await.ok();
        assert_eq!(sequences(&newest), [5, 4]);
        assert_eq!((&all["chain"]["length"], &all["chain"]["signed_length"]), (&5.into(), &0.into()));
    }

    async fn filters_narrow(app: TestApp) {
        let (token, organization) = (token(&app).await, chain_of(&app, 2).await);
        let other = chain_of(&app, 1).await;
        let from = app.now().plus(Span::seconds(30));
        app.advance(60);
        extend(&app, &organization).await;
        for (query, count) in [
            (format!("organization={organization}"), 3),
            (format!("organization={other}"), 1),
            (format!("organization={organization}&from={from}"), 1),
            (format!("organization={organization}&to={from}"), 2),
            (format!("organization={organization}&action=session.revoked,password.set"), 0),
            (format!("organization={organization}&action=session.created"), 3),
            (format!("organization={organization}&actor=project"), 0),
            ("action=session.created&actor=member".to_owned(), 4),
            (format!("member_id=member-test-{}", &organization.as_str()[18..]), 0),
        ] {
            assert_eq!(sequences(&events(&app, &token, &query).await.ok()).len(), count, "{query}");
        }
    }

    async fn what_is_no_filter_is_refused(app: TestApp) {
        let token = token(&app).await;
        for query in ["limit=0", "limit=1001", "action=nothing", "actor=me", "from=noon", "cursor=x", "order=up", "member_id=x"] {
            assert_eq!(events(&app, &token, query).await.refusal().0, 400, "{query}");
        }
        assert_eq!(events(&app, &token, "organization=nobody").await.refusal(), (404, "organization_not_found"));
        let unknown = get(&app, &token, "/admin/v1/projects/project-test-00000000-0000-4000-8000-00000000000f/audit_events").await;
        assert_eq!(unknown.refusal().0, 404);
        assert_eq!(events(&app, app.authorization(), "").await.refusal(), (401, "unauthorized_credentials"));
    }

    async fn signed_heads_are_served_with_what_checks_them(app: TestApp) {
        let (token, organization) = (token(&app).await, chain_of(&app, 2).await);
        flows::audit::signing::sign_moved(&app.api.app.db, app.now()).await.unwrap();
        let answer = get(&app, &token, "/admin/v1/audit_heads").await.ok();
        assert!(answer["audit_heads"][0]["document"].as_str().unwrap().contains(organization.as_str()));
        assert!(answer["public_keys"][0].as_str().unwrap().starts_with("v1:"));
        let listed = events(&app, &token, &format!("organization={organization}")).await.ok();
        assert_eq!((&listed["chain"]["signed_length"], &listed["chain"]["signed_in"]), (&2.into(), &1.into()));
        let after = get(&app, &token, "/admin/v1/audit_heads?after=1").await.ok();
        assert_eq!(after["audit_heads"].as_array().unwrap().len(), 0);
    }
}
