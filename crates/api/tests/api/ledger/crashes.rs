//! A node dies between the commit and the hand-over.

use super::{ask, enter, story, told};
use domain::messages::{Outcome, State};
use std::time::Duration;
use testkit::{Backend, Behaviour, gateways, on_both_databases};

on_both_databases! {
    async fn another_node_sends_it_once_when_the_claim_is_over(app: TestApp) {
        let (a, b) = (Backend::start().await, Backend::start().await);
        a.behave(Behaviour::Hang);
        let (dying, ada) = (app.texting_by(gateways(&[&a.url])), app.ada().await);
        let asking = tokio::spawn({
            let (dying, ada) = (dying.clone(), ada.clone());
            async move { ask(&dying, &ada).await }
        });
        while a.received().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        asking.abort();
        let (one, two) = (app.texting_by(gateways(&[&b.url])), app.texting_by(gateways(&[&b.url])));
        app.advance(29);
        one.outbox_turn().await;
        assert_eq!(b.received().len(), 0, "it may live still");
        app.advance(2);
        tokio::join!(one.outbox_turn(), two.outbox_turn());
        let sent = b.texted();
        assert_eq!(sent, a.texted(), "once, and the same");
        let text = app.ledger().await.remove(0);
        assert_eq!(story(&app, &text).await, told(&[("a", Outcome::Started), ("a", Outcome::Accepted)]));
        assert_eq!((text.state, text.attempts), (State::Accepted, 2));
        let token = app.halfway(&ada).await;
        enter(&app, &ada, &token, &sent[0].1).await.ok();
    }
}
