//! What could not leave at once: newer codes, time that is over, and order.

use super::{NUMBER, ask, enter, settled};
use domain::messages::State;
use testkit::{TestApp, json, on_both_databases};

async fn states(app: &TestApp) -> Vec<State> {
    app.ledger().await.into_iter().map(|it| it.state).collect()
}

on_both_databases! {
    async fn a_newer_code_takes_the_place_of_one_that_waits(app: TestApp) {
        let ada = app.ada().await;
        app.inbox.set_down(true);
        ask(&app, &ada).await;
        app.inbox.set_down(false);
        app.advance(1);
        let (token, sent) = ask(&app, &ada).await;
        sent.ok();
        assert_eq!(states(&app).await, [State::Superseded, State::Accepted]);
        app.advance(20);
        app.outbox_turn().await;
        assert_eq!(app.texts(NUMBER), 1);
        let code = app.last_code(NUMBER).await;
        enter(&app, &ada, &token, &code).await.ok();
    }

    async fn a_code_whose_time_is_over_is_never_sent(app: TestApp) {
        let ada = app.ada().await;
        app.inbox.set_down(true);
        ask(&app, &ada).await;
        app.inbox.set_down(false);
        app.advance(91); // of the 120 seconds that it lives
        app.outbox_turn().await;
        let text = app.ledger().await.remove(0);
        assert_eq!((text.state, text.sealed_body), (State::Expired, None));
        app.outbox_turn().await;
        assert_eq!(app.texts(NUMBER), 0);
    }

    async fn a_mail_that_failed_once_holds_back_no_other(app: TestApp) {
        let ada = app.ada().await;
        app.inbox.set_down(true);
        let body = json!({ "organization_id": ada.organization, "email_address": ada.email });
        app.post("/v1/b2b/magic_links/email/login_or_signup", body.clone()).await.ok();
        let failed = async { while app.ledger().await[0].claimed_until > app.now() { tokio::task::yield_now().await } };
        failed.await;
        app.advance(1);
        app.inbox.set_down(false);
        app.post("/v1/b2b/otps/email/login_or_signup", body).await.ok();
        app.letter(&ada.email, |all| all.iter().find_map(|it| it.code.clone())).await;
        assert_eq!(app.ledger().await[0].state, State::Waiting);
        app.advance(5);
        app.outbox_turn().await;
        assert!(settled(&app).await.iter().all(|it| it.state == State::Accepted));
    }
}
