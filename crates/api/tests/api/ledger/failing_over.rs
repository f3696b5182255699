//! A provider fails in one way or another: the next one takes the message.

use super::{NUMBER, ask, enter, story, told};
use domain::messages::{Outcome, State};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use testkit::{Backend, Behaviour, TestApp, gateways, json, on_both_databases};
use tokio::net::TcpListener;

/// Somebody who hangs up as soon as the request is there.
async fn closing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.readable().await.ok();
        }
    });
    url
}

async fn taken_over(app: TestApp, a: &str, first: Outcome) -> Instant {
    let b = Backend::start().await;
    let app = app.texting_by(gateways(&[a, &b.url]));
    let (ada, since) = (app.ada().await, Instant::now());
    let (token, sent) = ask(&app, &ada).await;
    sent.ok();
    let text = app.ledger().await.remove(0);
    assert_eq!(story(&app, &text).await, told(&[("a", first), ("b", Outcome::Accepted)]));
    assert_eq!((text.state, text.provider.as_deref(), text.attempts), (State::Accepted, Some("b"), 2));
    let (id, code) = b.texted().remove(0);
    assert_eq!(id, text.message_id.to_string());
    enter(&app, &ada, &token, &code).await.ok();
    since
}

on_both_databases! {
    async fn one_that_refuses(app: TestApp) {
        let a = Backend::start().await;
        a.behave(Behaviour::Status(400));
        taken_over(app, &a.url, Outcome::Refused).await;
        assert_eq!(a.texted().len(), 1);
    }

    async fn one_that_stumbles(app: TestApp) {
        let a = Backend::start().await;
        a.behave(Behaviour::Status(500));
        taken_over(app, &a.url, Outcome::Unknown).await;
    }

    async fn one_that_hangs_up(app: TestApp) {
        let a = closing().await;
        taken_over(app, &a, Outcome::Unknown).await;
    }

    async fn one_that_says_nothing(app: TestApp) {
        let a = Backend::start().await;
        a.behave(Behaviour::Hang);
        let since = taken_over(app, &a.url, Outcome::Unknown).await;
        assert!(since.elapsed() >= Duration::from_secs(2));
    }

    async fn with_all_down_the_outbox_sends_the_same_code(app: TestApp) {
        let (a, b) = (Backend::start().await, Backend::start().await);
        a.behave(Behaviour::Status(400));
        b.behave(Behaviour::Status(503));
        let app = app.texting_by(gateways(&[&a.url, &b.url]));
        let ada = app.ada().await;
        let (token, refused) = ask(&app, &ada).await;
        assert_eq!(refused.status, 502, "{}", refused.body);
        let text = app.ledger().await.remove(0);
        assert_eq!((text.state, text.sealed_body.is_some()), (State::Waiting, true));
        assert_eq!(app.outbox_turn().await, 0, "its pause is not over");
        b.behave(Behaviour::Status(200));
        app.advance(5);
        assert_eq!(app.outbox_turn().await, 1);
        let codes = b.texted();
        assert_eq!((codes.len(), &codes[0]), (2, &codes[1]));
        let text = app.ledger().await.remove(0);
        assert_eq!((text.state, text.sealed_body), (State::Accepted, None));
        enter(&app, &ada, &token, &codes[1].1).await.ok();
    }

    async fn a_login_is_not_stopped_by_providers_that_are_down(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, NUMBER).await;
        app.advance(60);
        app.inbox.set_down(true);
        let stopped = app.password_login(&ada).await.ok();
        assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!(null));
        app.inbox.set_down(false);
        let secret = app.import_totp(&ada).await;
        app.inbox.set_down(true);
        let token = app.halfway(&ada).await;
        let code = testkit::code_of(&secret, app.now());
        let evidence = json!({ "code": code, "intermediate_session_token": token });
        app.complete(&ada, "totp", evidence).await.ok();
    }

    async fn without_a_provider_nothing_is_tried_again(app: TestApp) {
        let app = app.texting_by(delivery::Texts::nowhere());
        let ada = app.ada().await;
        assert_eq!(ask(&app, &ada).await.1.status, 502);
        let text = app.ledger().await.remove(0);
        assert_eq!((text.state, text.sealed_body), (State::Failed, None));
        app.advance(20);
        assert_eq!(app.outbox_turn().await, 0);
    }

    async fn the_share_of_codes_that_arrive_within_ten_seconds(app: TestApp) {
        let (a, b) = (Backend::start().await, Backend::start().await);
        a.behave(Behaviour::Hang);
        let app = Arc::new(app.texting_by(gateways(&[&a.url, &b.url])));
        let organization = app.organization(json!({})).await;
        let (mut in_time, mut longest) = (0, Duration::ZERO);
        for round in 0..20 {
            let mut sending = tokio::task::JoinSet::new();
            for number in 0..10 {
                let (app, name) = (app.clone(), round * 10 + number);
                let who = app.newcomer(&organization, &format!("m{name}@acme.example"), json!({})).await;
                sending.spawn(async move {
                    let since = Instant::now();
                    let body = json!({ "mfa_phone_number": format!("+1202555{:04}", 1000 + name) });
                    (app.send_sms(&who, body).await.status, since.elapsed())
                });
            }
            while let Some(sent) = sending.join_next().await {
                let (status, took) = sent.unwrap();
                in_time += usize::from(status == 200 && took < Duration::from_secs(10));
                longest = longest.max(took);
            }
            app.advance(5);
        }
        println!("{in_time} of 200 within 10 s, the longest took {longest:?}; the dead one was asked {} times",
                 a.received().len());
        assert!(in_time >= 190);
    }
}

mod priced {
    use super::*;

    on_both_databases! {
        under strict limits:

        async fn a_refusal_costs_nothing_and_silence_may(app: TestApp) {
            let (a, b) = (Backend::start().await, Backend::start().await);
            let app = app.texting_by(gateways(&[&a.url, &b.url]));
            app.set("sms.budget.day", "0.02").await; // one text, not two
            let ada = app.ada().await;
            a.behave(Behaviour::Status(500));
            assert_eq!(ask(&app, &ada).await.1.status, 502, "the first may have been sent: no money is left");
            assert_eq!(b.received().len(), 0);
            app.advance(24 * 60 * 60);
            a.behave(Behaviour::Status(400));
            ask(&app, &ada).await.1.ok();
            assert_eq!(b.received().len(), 1);
        }
    }
}
