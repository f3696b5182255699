//! What waits: behind a budget, behind a backlog, and never in front of a login by app.

use super::{NUMBER, settled};
use domain::{
    digest::Digest,
    messages::{Hindrance, State},
    time::Span,
};
use std::{iter, time::Duration};
use store::messages::{Message, record};
use testkit::{Backend, Behaviour, TestApp, code_of, gateways, json, on_both_databases};

/// A text to ada that the provider did not take, after which another used today's budget up.
async fn waiting_without_money(app: TestApp) -> (TestApp, Backend) {
    let provider = Backend::start().await;
    provider.behave(Behaviour::Status(429));
    let app = app.texting_by(gateways(&[&provider.url]));
    app.set("sms.budget.day", "0.02").await; // one text, not two
    let ada = app.ada().await;
    let bob = app.person(&ada.organization, "bob@acme.example").await;
    assert_eq!(app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.status, 502);
    provider.behave(Behaviour::Status(200));
    app.send_sms(&bob, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
    (app, provider)
}

/// As many as these that wait, to numbers of their own, and whose time is over.
async fn expired(app: &TestApp, like: &Message, count: u32) {
    let mut tx = app.api.app.db.write().await.unwrap();
    for number in 0..count {
        let message_id = format!("message-test-00000000-0000-4000-8000-{number:012}").parse().unwrap();
        let recipient_digest = Digest::of(&number.to_be_bytes());
        let deadline = app.now().minus(Span::seconds(1));
        let message = Message {
            message_id,
            recipient_digest,
            deadline,
            claimed_until: app.now(),
            carries: None,
            state: State::Waiting,
            sealed_body: None,
            ..like.clone()
        };
        record(&mut tx, &message).await.unwrap();
    }
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn a_backlog_whose_time_is_over_is_dropped_a_part_at_a_time_and_stops_no_code(app: TestApp) {
        let provider = Backend::start().await;
        let app = app.texting_by(gateways(&[&provider.url]));
        let ada = app.ada().await;
        app.send_sms(&ada, json!({ "mfa_phone_number": NUMBER })).await.ok();
        expired(&app, &app.ledger().await[0], 2500).await;
        provider.behave(Behaviour::Status(429));
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.send_sms(&bob, json!({ "mfa_phone_number": "+12025550102" })).await;
        provider.behave(Behaviour::Status(200));
        app.advance(5);
        provider.take();
        let mut turns = Vec::new();
        for _ in 0..4 {
            turns.push((app.outbox_turn().await, provider.received().len()));
        }
        assert_eq!(turns, [(1001, 1), (1000, 1), (500, 1), (0, 1)]);
    }

    async fn a_login_by_app_needs_no_courier_no_provider_and_no_outbox(app: TestApp) {
        let provider = Backend::start().await;
        provider.behave(Behaviour::Hang);
        let app = app.texting_by(gateways(&[&provider.url]));
        let (ada, bob) = (app.ada().await, app.ada().await);
        let secret = app.import_totp(&ada).await;
        let out: Vec<_> = iter::from_fn(|| app.api.app.couriers.at_once(domain::messages::Channel::Sms)).collect();
        app.send_sms(&bob, json!({ "mfa_phone_number": NUMBER })).await.ok(); // it waits for a courier
        let outbox = tokio::spawn({ let app = app.clone(); async move { app.outbox_turn().await } });
        let login = async {
            let token = app.halfway(&ada).await;
            let evidence = json!({ "code": code_of(&secret, app.now()), "intermediate_session_token": token });
            app.complete(&ada, "totp", evidence).await.ok();
        };
        tokio::time::timeout(Duration::from_secs(5), login).await.expect("nobody stands in its way");
        assert!(!outbox.is_finished() && provider.received().is_empty() && out.len() > 100);
        outbox.abort();
    }
}

mod without_money {
    use super::*;

    on_both_databases! {
        under strict limits:

        async fn a_text_is_given_up_with_the_reason_when_today_outlasts_it(app: TestApp) {
            let (app, provider) = waiting_without_money(app).await;
            app.advance(5);
            app.outbox_turn().await;
            let text = settled(&app).await.remove(0);
            assert_eq!((text.state, text.hindrance, text.sealed_body), (State::Failed, Some(Hindrance::ProjectBudget), None));
            assert_eq!(provider.received().len(), 2, "ada's, which was not taken, and bob's");
        }

        async fn a_text_waits_for_midnight_when_that_is_soon(app: TestApp) {
            app.advance(12 * 60 * 60 - 40); // it is 23:59:20
            let (app, provider) = waiting_without_money(app).await;
            app.advance(5);
            app.outbox_turn().await;
            assert_eq!(app.ledger().await[0].state, State::Waiting);
            app.advance(34);
            assert_eq!(app.outbox_turn().await, 0, "not before there is money again");
            app.advance(1);
            app.outbox_turn().await;
            let text = settled(&app).await.remove(0);
            assert_eq!((text.state, text.hindrance, provider.received().len()), (State::Accepted, None, 3));
        }
    }
}
