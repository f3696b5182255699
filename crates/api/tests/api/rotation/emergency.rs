//! A signing key is revoked: what it signed is dead at once, sessions live on.

use super::{fresh_jwt, kid, project, published, show_jwt, somebody, stages};
use domain::{audit::Action, signing_keys::Handover};
use flows::keys;
use testkit::{TestApp, json, on_both_databases};

/// The id of the key that signs from now on.
async fn revoke(app: &TestApp, key_id: &str) -> Result<String, flows::Error> {
    keys::revoke(&app.api.app, &project(), key_id, (app.now(), &mut (app.api.entropy)())).await
}

async fn rotate(app: &TestApp) {
    let luck = (app.now(), &mut (app.api.entropy)());
    keys::rotate(&app.api.app, &project(), Handover::default(), luck).await.expect("rotated");
}

on_both_databases! {
    async fn what_a_revoked_key_signed_is_refused_at_once_on_every_node(app: TestApp) {
        let other = app.another_node();
        let session = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        let jwt = fresh_jwt(&other, &session).await;
        show_jwt(&other, &jwt).await.ok();
        let new = revoke(&app, &kid(&jwt)).await.expect("revoked");
        for node in [&app, &other] {
            assert_eq!(show_jwt(node, &jwt).await.refusal(), (401, "unable_to_parse_session_jwt"));
            node.check(&session).await.ok();
            assert_eq!(published(node).await, std::slice::from_ref(&new));
        }
    }

    async fn another_key_signs_at_once_where_it_was_revoked_and_within_seconds_elsewhere(app: TestApp) {
        let other = app.another_node();
        let session = app.link_login(&somebody(&app).await).await.ok().text("session_token");
        let old = kid(&fresh_jwt(&other, &session).await);
        let new = revoke(&app, &old).await.expect("revoked");
        let jwt = fresh_jwt(&app, &session).await;
        assert_eq!(kid(&jwt), new);
        show_jwt(&other, &jwt).await.ok();
        app.advance(5);
        assert_eq!(kid(&fresh_jwt(&other, &session).await), new);
    }

    async fn the_key_that_waits_takes_over(app: TestApp) {
        rotate(&app).await;
        let [waiting, signing] = <[String; 2]>::try_from(published(&app).await).expect("two keys");
        assert_eq!(revoke(&app, &signing).await.expect("revoked"), waiting);
        assert_eq!(stages(&app).await, [json!([waiting, "signing"])]);
    }

    async fn revoking_the_key_that_waits_lets_the_other_go_on(app: TestApp) {
        rotate(&app).await;
        let [waiting, signing] = <[String; 2]>::try_from(published(&app).await).expect("two keys");
        assert_eq!(revoke(&app, &waiting).await.expect("revoked"), signing);
        app.advance(40 * 24 * 60 * 60);
        assert_eq!(stages(&app).await, [json!([signing, "signing"])]);
    }

    async fn a_retired_key_can_be_revoked_too(app: TestApp) {
        rotate(&app).await;
        let [new, old] = <[String; 2]>::try_from(published(&app).await).expect("two keys");
        app.advance(20 * 60);
        assert_eq!(revoke(&app, &old).await.expect("revoked"), new);
        assert_eq!(stages(&app).await, [json!([new, "signing"])]);
    }

    async fn a_key_of_another_project_cannot_be_revoked(app: TestApp) {
        let other = app.another_project().await;
        let id = other.get("/v1/debug/whoami").await.ok().text("project_id");
        let theirs = other.get(&format!("/v1/b2b/sessions/jwks/{id}")).await.ok();
        let theirs = theirs["keys"][0]["kid"].as_str().expect("a kid").to_owned();
        let before = published(&app).await;
        assert!(matches!(revoke(&app, &theirs).await, Err(flows::Error::Operator(_))));
        assert_eq!(published(&app).await, before);
    }

    async fn an_emergency_is_on_record(app: TestApp) {
        let [key] = <[String; 1]>::try_from(published(&app).await).expect("one key");
        revoke(&app, &key).await.expect("revoked");
        let stored = String::from_utf8_lossy(&app.everything_stored().await).into_owned();
        assert!(stored.contains(&Action::SigningKeyRevoked.to_string()));
    }
}
