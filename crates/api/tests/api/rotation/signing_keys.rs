//! Planned rotation: published, signing, retired, gone.

use super::{fresh_jwt, kid, project, published, show_jwt, somebody, stages};
use domain::{
    audit::Action,
    signing_keys::{Handover, LEAST_OVERLAP, NOTICE},
};
use flows::keys::{self, Rotated};
use testkit::{TestApp, Value, json, on_both_databases};

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// The ids of the new key.
async fn rotate(app: &TestApp) -> String {
    match keys::rotate(&app.api.app, &project(), Handover::default(), (app.now(), &mut (app.api.entropy)()))
        .await
    {
        Ok(Rotated::Follows { key_id, .. }) => key_id,
        other => panic!("{other:?}"),
    }
}

/// A session that outlives every overlap.
async fn long_session(app: &TestApp) -> String {
    let inside = app.link_login(&somebody(app).await).await.ok().text("session_token");
    let body = json!({ "session_token": inside, "session_duration_minutes": 100_000 });
    app.post("/v1/b2b/sessions/authenticate", body).await.ok().text("session_token")
}

on_both_databases! {
    async fn a_new_key_is_published_at_once_and_signs_after_the_notice(app: TestApp) {
        let session = long_session(&app).await;
        let old = kid(&fresh_jwt(&app, &session).await);
        let new = rotate(&app).await;
        assert_eq!(published(&app).await, [new.clone(), old.clone()]);
        app.advance(15 * MINUTE - 1);
        assert_eq!(kid(&fresh_jwt(&app, &session).await), old);
        app.advance(1);
        assert_eq!(kid(&fresh_jwt(&app, &session).await), new, "a JWT signed a second ago is not handed out again");
        assert_eq!(stages(&app).await, [json!([new, "signing"]), json!([old, "retired"])]);
    }

    async fn the_old_key_stays_for_the_overlap_and_then_is_gone(app: TestApp) {
        let session = long_session(&app).await;
        let jwt = fresh_jwt(&app, &session).await;
        let new = rotate(&app).await;
        app.advance(15 * MINUTE + 30 * DAY - 1);
        show_jwt(&app, &jwt).await.ok();
        app.advance(1);
        assert_eq!(published(&app).await, [new]);
        assert_eq!(show_jwt(&app, &jwt).await.refusal(), (401, "unable_to_parse_session_jwt"));
        app.check(&session).await.ok();
    }

    async fn every_jwt_verifies_while_keys_follow_one_another_under_load(app: TestApp) {
        let other = app.another_node();
        let session = long_session(&app).await;
        let mut seen: Vec<String> = Vec::new();
        let mut jwts: Vec<String> = Vec::new();
        for step in 0..24 {
            if step == 4 || step == 14 {
                rotate(if step == 4 { &app } else { &other }).await;
            }
            let (one, two) = tokio::join!(fresh_jwt(&app, &session), fresh_jwt(&other, &session));
            for jwt in [one, two] {
                assert!(published(&other).await.contains(&kid(&jwt)), "published before use");
                if !seen.contains(&kid(&jwt)) {
                    seen.push(kid(&jwt));
                }
                jwts.push(jwt);
            }
            for jwt in jwts.iter().rev().take(6) {
                let (here, there) = tokio::join!(show_jwt(&app, jwt), show_jwt(&other, jwt));
                for answer in [here, there] {
                    answer.ok();
                }
            }
            app.advance(2 * MINUTE);
        }
        assert_eq!(seen.len(), 3, "the first key and two that followed: {seen:?}");
        for jwt in jwts.iter().step_by(5) {
            show_jwt(&other, jwt).await.ok();
        }
    }

    async fn nodes_take_a_new_key_up_within_five_seconds(app: TestApp) {
        let other = app.another_node();
        let session = long_session(&app).await;
        fresh_jwt(&other, &session).await;
        let new = rotate(&app).await;
        app.advance(15 * MINUTE);
        assert_eq!(kid(&fresh_jwt(&other, &session).await), new);
    }

    async fn one_rotation_at_a_time(app: TestApp) {
        let new = rotate(&app).await;
        let luck = (app.now(), &mut (app.api.entropy)());
        let again = keys::rotate(&app.api.app, &project(), Handover::default(), luck).await.expect("no fault");
        assert_eq!(again, Rotated::Waits { key_id: new, activates_at: app.now().plus(NOTICE) });
        assert_eq!(published(&app).await.len(), 2);
    }

    async fn two_nodes_that_rotate_at_once_make_one_key(app: TestApp) {
        let other = app.another_node();
        let (now, plan, project) = (app.now(), Handover::default(), project());
        let (mut luck, mut bad_luck) = ((app.api.entropy)(), (other.api.entropy)());
        let (one, two) = tokio::join!(
            keys::rotate(&app.api.app, &project, plan, (now, &mut luck)),
            keys::rotate(&other.api.app, &project, plan, (now, &mut bad_luck)),
        );
        let follows = [one, two].into_iter().filter(|it| matches!(it, Ok(Rotated::Follows { .. }))).count();
        assert_eq!((follows, published(&app).await.len()), (1, 2));
    }

    async fn a_clock_that_goes_back_still_finds_a_key_that_signs(app: TestApp) {
        let session = long_session(&app).await;
        rotate(&app).await;
        app.advance(15 * MINUTE);
        let new = kid(&fresh_jwt(&app, &session).await);
        app.advance(-10 * MINUTE);
        let jwt = fresh_jwt(&app, &session).await;
        assert_ne!(kid(&jwt), new, "its time has not come on this clock");
        show_jwt(&app, &jwt).await.ok();
    }

    async fn a_key_is_due_after_half_a_year_until_another_follows(app: TestApp) {
        let due = async || keys::due(&app.api.app, app.now()).await.expect("no fault").len();
        app.advance(181 * DAY);
        assert_eq!(due().await, 0);
        app.advance(DAY);
        assert_eq!(due().await, 1);
        rotate(&app).await;
        assert_eq!(due().await, 0);
    }

    async fn a_rotation_is_on_record_without_the_key(app: TestApp) {
        let new = rotate(&app).await;
        let stored = String::from_utf8_lossy(&app.everything_stored().await).into_owned();
        assert!(stored.contains(&Action::SigningKeyRotated.to_string()) && stored.contains(&new));
    }

    async fn what_is_gone_is_swept(app: TestApp) {
        rotate(&app).await;
        app.advance(40 * DAY);
        for kind in store::janitor::kinds() {
            store::janitor::sweep(&app.api.app.db, kind, app.now()).await.expect("swept");
        }
        assert_eq!(stages(&app).await.len(), 1);
        let stage = |it: &Value| it[1].clone();
        assert_eq!(stages(&app).await.iter().map(stage).collect::<Vec<_>>(), [json!("signing")]);
    }
}

#[test]
fn the_least_overlap_outlives_every_token() {
    assert!(LEAST_OVERLAP > domain::jwt_claims::LIFETIME);
}
