//! How long a session lives.

use super::{authenticate, somebody};
use testkit::{TestApp, Value, json, on_both_databases};

/// The answer to a session shown with a wish for its length; when it ends then.
async fn extended(app: &TestApp, token: &str, minutes: i64) -> Value {
    let body = json!({ "session_token": token, "session_duration_minutes": minutes });
    authenticate(app, body).await.ok()["member_session"]["expires_at"].clone()
}

on_both_databases! {
    async fn a_session_lasts_an_hour_unless_asked(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        assert_eq!(inside["member_session"]["started_at"], "2023-11-15T12:00:00Z");
        assert_eq!(inside["member_session"]["expires_at"], "2023-11-15T13:00:00Z");
    }

    async fn a_login_can_ask_for_another_length(app: TestApp) {
        let ada = somebody(&app).await;
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let inside = app.spend_link(&link, json!({ "session_duration_minutes": 5 })).await.ok();
        assert_eq!(inside["member_session"]["expires_at"], "2023-11-15T12:05:00Z");
    }

    async fn a_session_ends_on_the_second(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        let token = inside.text("session_token");
        app.advance(3599);
        app.check(&token).await.ok();
        app.advance(1);
        assert_eq!(app.check(&token).await.refusal(), (404, "session_not_found"));
        let late = json!({ "session_token": token, "session_duration_minutes": 60 });
        assert_eq!(authenticate(&app, late).await.refusal(), (404, "session_not_found"));
    }

    async fn a_check_alone_extends_nothing(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        app.advance(600);
        let shown = app.check(&inside.text("session_token")).await.ok();
        assert_eq!(shown["member_session"]["expires_at"], inside["member_session"]["expires_at"]);
        assert_eq!(shown["member_session"]["started_at"], inside["member_session"]["started_at"]);
        assert_eq!(shown["member_session"]["last_accessed_at"], "2023-11-15T12:10:00Z");
    }

    async fn a_wished_length_counts_from_now_and_may_shorten(app: TestApp) {
        let token = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        app.advance(600);
        assert_eq!(extended(&app, &token, 120).await, "2023-11-15T14:10:00Z");
        assert_eq!(extended(&app, &token, 5).await, "2023-11-15T12:15:00Z");
        app.advance(300);
        assert_eq!(app.check(&token).await.refusal(), (404, "session_not_found"));
    }

    async fn no_extension_carries_a_session_past_366_days(app: TestApp) {
        let token = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        assert_eq!(extended(&app, &token, 527_040).await, "2024-11-15T12:00:00Z");
        app.advance(300 * 24 * 3600);
        assert_eq!(extended(&app, &token, 527_040).await, "2024-11-15T12:00:00Z");
        app.advance(66 * 24 * 3600);
        assert_eq!(app.check(&token).await.refusal(), (404, "session_not_found"));
    }

    async fn a_length_has_bounds(app: TestApp) {
        let ada = somebody(&app).await;
        let token = app.link_login(&ada).await.ok().text("session_token");
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        for odd in [4, 0, -60, 527_041] {
            let wish = json!({ "session_token": token, "session_duration_minutes": odd });
            assert_eq!(
                authenticate(&app, wish).await.refusal(),
                (400, "invalid_session_duration_minutes"),
                "{odd}"
            );
            let login = app.spend_link(&link, json!({ "session_duration_minutes": odd })).await;
            assert_eq!(login.refusal(), (400, "invalid_session_duration_minutes"), "{odd}");
        }
        let text = json!({ "session_token": token, "session_duration_minutes": "60" });
        assert_eq!(authenticate(&app, text).await.refusal(), (400, "bad_request"));
        app.spend_link(&link, json!({})).await.ok();
    }
}
