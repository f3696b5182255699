//! Revoking sessions.

use super::{authenticate, revoke, somebody};
use testkit::{Answer, Person, TestApp, json, on_both_databases};

/// Two sessions of one member.
async fn twice_inside(app: &TestApp) -> (Person, Answer, Answer) {
    let ada = somebody(app).await;
    let (one, other) = (app.link_login(&ada).await.ok(), app.link_login(&ada).await.ok());
    (ada, one, other)
}

on_both_databases! {
    async fn one_session_ends_by_id_token_or_jwt_and_others_go_on(app: TestApp) {
        let (ada, _, other) = twice_inside(&app).await;
        for selector in ["member_session_id", "session_token", "session_jwt"] {
            let one = app.link_login(&ada).await.ok();
            let value = if selector == "member_session_id" {
                &one["member_session"][selector]
            } else {
                &one[selector]
            };
            revoke(&app, json!({ selector: value })).await.ok();
            let token = one.text("session_token");
            assert_eq!(app.check(&token).await.refusal(), (404, "session_not_found"), "{selector}");
            let jwt = authenticate(&app, json!({ "session_jwt": one["session_jwt"] })).await;
            assert_eq!(jwt.refusal(), (404, "session_not_found"), "{selector}");
            app.check(&other.text("session_token")).await.ok();
            let again = revoke(&app, json!({ selector: value })).await;
            assert_eq!(again.refusal(), (404, "session_not_found"), "{selector}");
        }
    }

    async fn all_sessions_of_a_member_end_at_once(app: TestApp) {
        let (ada, one, other) = twice_inside(&app).await;
        let eve = app.newcomer(&ada.organization, "eve@acme.example", json!({})).await;
        let hers = app.link_login(&eve).await.ok().text("session_token");
        revoke(&app, json!({ "member_id": ada.member })).await.ok();
        for ended in [one, other] {
            assert_eq!(app.check(&ended.text("session_token")).await.refusal(), (404, "session_not_found"));
        }
        app.check(&hers).await.ok();
        revoke(&app, json!({ "member_id": ada.member })).await.ok();
    }

    async fn exactly_one_selector_is_taken(app: TestApp) {
        let (ada, one, _) = twice_inside(&app).await;
        let selectors = [
            ("member_session_id", one["member_session"]["member_session_id"].clone()),
            ("session_token", one["session_token"].clone()),
            ("session_jwt", one["session_jwt"].clone()),
            ("member_id", json!(ada.member)),
        ];
        for none in [json!({}), json!({ "session_token": "", "member_id": null })] {
            assert_eq!(revoke(&app, none).await.refusal(), (400, "no_session_revoke_arguments"));
        }
        for (n, (name, value)) in selectors.iter().enumerate() {
            for (another, second) in &selectors[n + 1..] {
                let both = revoke(&app, json!({ *name: value, *another: second })).await;
                assert_eq!(
                    both.refusal(),
                    (400, "too_many_session_revoke_arguments"),
                    "{name} and {another}"
                );
            }
        }
        app.check(&one.text("session_token")).await.ok();
    }

    async fn what_names_no_session_is_not_found(app: TestApp) {
        let ada = somebody(&app).await;
        app.change(&ada, json!({ "external_id": "crm-1" })).await.ok();
        for (selector, value, refusal) in [
            (
                "member_session_id",
                "session-test-00000000-0000-4000-8000-00000000dead",
                (404, "session_not_found"),
            ),
            ("member_session_id", "session", (404, "session_not_found")),
            ("session_token", "unknown", (404, "session_not_found")),
            ("session_jwt", "a.b.c", (401, "unable_to_parse_session_jwt")),
            ("member_id", "member-test-00000000-0000-4000-8000-00000000dead", (404, "member_not_found")),
            ("member_id", "crm-1", (404, "member_not_found")),
        ] {
            assert_eq!(
                revoke(&app, json!({ selector: value })).await.refusal(),
                refusal,
                "{selector} {value}"
            );
        }
    }

    async fn an_expired_session_is_gone_and_an_expired_jwt_still_names_its_own(app: TestApp) {
        let (_, one, other) = twice_inside(&app).await;
        app.advance(600);
        revoke(&app, json!({ "session_jwt": one["session_jwt"] })).await.ok();
        assert_eq!(app.check(&one.text("session_token")).await.refusal(), (404, "session_not_found"));
        app.advance(3000);
        let late = revoke(&app, json!({ "session_token": other["session_token"] })).await;
        assert_eq!(late.refusal(), (404, "session_not_found"));
    }
}
