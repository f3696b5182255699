//! How many sessions a member has, and how long one lasts.

use super::{authenticate, somebody};
use crate::contract::errors::assert_refused;
use domain::time::Span;
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn the_oldest_session_ends_for_one_too_many(app: TestApp) {
        app.set("sessions.limit_per_member", "2").await;
        let ada = somebody(&app).await;
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(app.link_login(&ada).await.ok().text("session_token"));
            app.advance(60);
        }
        let oldest = authenticate(&app, json!({ "session_token": tokens[0] })).await;
        assert_refused(&oldest, (404, "session_not_found"));
        for token in &tokens[1..] {
            authenticate(&app, json!({ "session_token": token })).await.ok();
        }
        let (project, organization) = (app.project().await.project_id, ada.organization.parse().expect("an id"));
        let mut conn = app.api.app.db.read().await.expect("a connection");
        let events = store::audit::of_organization(&mut conn, &project, &organization, 100).await.expect("events");
        let ended = events.iter().filter(|it| it.details.0.get("reason") == Some(&json!("limit_per_member")));
        assert_eq!(ended.count(), 1);
    }

    async fn sessions_that_are_over_and_impersonations_take_no_room(app: TestApp) {
        app.set("sessions.limit_per_member", "1").await;
        let ada = somebody(&app).await;
        app.link_login(&ada).await.ok();
        app.advance(60 * 60);
        let own = app.link_login(&ada).await.ok().text("session_token");
        app.impersonate(&ada).await.ok();
        authenticate(&app, json!({ "session_token": own })).await.ok();
    }

    async fn another_members_sessions_are_not_counted(app: TestApp) {
        app.set("sessions.limit_per_member", "1").await;
        let ada = somebody(&app).await;
        let bob = app.newcomer(&ada.organization, "bob@acme.example", json!({})).await;
        let token = app.link_login(&ada).await.ok().text("session_token");
        app.link_login(&bob).await.ok();
        authenticate(&app, json!({ "session_token": token })).await.ok();
    }

    async fn a_project_can_shorten_every_session(app: TestApp) {
        app.set("sessions.longest_minutes", "30").await;
        let began = app.now();
        let login = app.link_login(&somebody(&app).await).await.ok();
        let latest = json!(began.plus(Span::minutes(30)).to_string());
        assert_eq!(login["member_session"]["expires_at"], latest);
        app.advance(20 * 60);
        let body = json!({ "session_token": login["session_token"], "session_duration_minutes": 60 });
        assert_eq!(authenticate(&app, body).await.ok()["member_session"]["expires_at"], latest);
        app.advance(10 * 60);
        let late = authenticate(&app, json!({ "session_token": login["session_token"] })).await;
        assert_refused(&late, (404, "session_not_found"));
    }
}
