//! What holds back nothing else, and what is not sent after all.

use super::{NUMBER, ask, settled};
use delivery::{Mailer, Outcome as Told, Receipt, Security, Smtp, SmtpConfig};
use domain::{
    email::EmailAddress,
    messages::{Channel, Outcome, Purpose, State},
};
use flows::sending::arrivals;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use store::messages::{Ended, Message, finish};
use testkit::{Backend, Behaviour, TestApp, gateways, json, on_both_databases};
use tokio::net::TcpListener;

/// A mail server that takes connections and says nothing; how many it took.
async fn hanging() -> (Mailer, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: listener.local_addr().unwrap().port(),
        security: Security::None,
        credentials: None,
        from_name: String::new(),
        from_address: EmailAddress::parse("door@vestibule.example").unwrap(),
        trusted: None,
        dkim: Vec::new(),
    };
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            kept.push(stream);
        }
    });
    let smtp = Smtp::new(&config).unwrap().within(Duration::from_millis(50));
    (Mailer::Smtp(Box::new(smtp)), calls)
}

async fn invite(app: &TestApp, organization: &str, number: usize) {
    let email = format!("m{number}@acme.example");
    let body = json!({ "organization_id": organization, "email_address": email });
    app.post("/v1/b2b/magic_links/email/invite", body).await.ok();
}

async fn waiting(app: &TestApp, purpose: Purpose) -> usize {
    app.ledger().await.iter().filter(|it| it.purpose == purpose && it.state == State::Waiting).count()
}

async fn write_as(app: &TestApp, text: &Message, outcome: Outcome, reference: Option<String>) {
    let ended = Ended { outcome, status: None, code: None, reference, at: app.now() };
    let mut tx = app.api.app.db.write().await.unwrap();
    finish(&mut tx, (&text.project_id, &text.message_id, 1), &ended).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn a_mail_server_that_hangs_is_asked_by_one_mail_while_texts_leave_and_codes_go_first(app: TestApp) {
        let (mailer, calls) = hanging().await;
        let (hung, ada) = (app.mailing_by(mailer), app.ada().await);
        for number in 0..3 {
            invite(&hung, &ada.organization, number).await;
        }
        while hung.api.app.mailer.admits(app.now()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for number in 3..100 {
            invite(&hung, &ada.organization, number).await;
        }
        let body = json!({ "organization_id": ada.organization, "email_address": ada.email });
        hung.post("/v1/b2b/otps/email/login_or_signup", body).await.ok();
        assert_eq!(calls.load(Ordering::SeqCst), 3, "the others wait, and hold nobody");
        assert_eq!(hung.departures(Channel::Email).await.count, 0);
        app.advance(10);
        assert_eq!(hung.departures(Channel::Email).await.count, 1, "one finds out");
        assert_eq!(hung.departures(Channel::Email).await.count, 0);
        ask(&hung, &ada).await.1.ok();
        app.advance(40); // whoever found out is forgotten, too
        let departed = app.departures(Channel::Email).await;
        for round in departed.rounds {
            round.await.unwrap();
        }
        assert_eq!(departed.count, 32);
        assert_eq!((waiting(&app, Purpose::EmailCode).await, waiting(&app, Purpose::Invite).await), (0, 69));
    }

    async fn with_every_courier_of_mail_on_the_way_texts_leave(app: TestApp) {
        let ada = app.ada().await;
        let couriers = &app.api.app.couriers;
        let gone: Vec<_> = std::iter::from_fn(|| couriers.at_once(Channel::Email)).collect();
        assert!(gone.len() > 1);
        app.inbox.set_down(true);
        ask(&app, &ada).await;
        app.inbox.set_down(false);
        app.advance(5);
        assert_eq!(app.departures(Channel::Sms).await.count, 1, "of the outbox");
        assert_eq!(settled(&app).await[0].state, State::Accepted);
    }

    async fn a_code_of_a_member_who_is_gone_is_not_sent(app: TestApp) {
        let ada = app.ada().await;
        app.inbox.set_down(true);
        ask(&app, &ada).await;
        let body = json!({ "organization_id": ada.organization, "email_address": ada.email });
        app.post("/v1/b2b/magic_links/email/login_or_signup", body).await.ok();
        while app.ledger().await.iter().any(|it| it.claimed_until > app.now()) {
            tokio::task::yield_now().await;
        }
        app.delete(&ada.path()).await.ok();
        app.inbox.set_down(false);
        app.advance(20);
        app.outbox_turn().await;
        let told = app.ledger().await.into_iter().map(|it| (it.state, it.sealed_body));
        assert_eq!(told.collect::<Vec<_>>(), [(State::Superseded, None), (State::Superseded, None)]);
        assert_eq!(app.texts(NUMBER), 0);
    }

    async fn a_link_that_was_revoked_is_not_sent(app: TestApp) {
        let ada = app.ada().await;
        app.inbox.set_down(true);
        invite(&app, &ada.organization, 1).await;
        while app.ledger().await[0].claimed_until > app.now() {
            tokio::task::yield_now().await;
        }
        let carried = app.ledger().await.remove(0);
        let (mut conn, organization) = (app.api.app.db.read().await.unwrap(), carried.organization_id.unwrap());
        let tenant = store::tenant::by_id(&mut conn, &carried.project_id, &organization).await.unwrap().unwrap();
        drop(conn);
        let mut tx = app.api.app.db.write().await.unwrap();
        store::magic_links::end_all_of(&mut tx, &tenant, &carried.member_id.unwrap(), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.inbox.set_down(false);
        app.advance(20);
        app.outbox_turn().await;
        assert_eq!(app.ledger().await[0].state, State::Superseded);
        assert!(app.inbox.messages(Some("m1@acme.example")).is_empty());
    }

    async fn a_receipt_before_the_reference_is_written_down_is_kept_a_little_later(app: TestApp) {
        let a = Backend::start().await;
        let app = app.texting_by(gateways(&[&a.url]));
        let ada = app.ada().await;
        ask(&app, &ada).await.1.ok();
        let text = app.ledger().await.remove(0);
        let reference = text.message_id.to_string();
        write_as(&app, &text, Outcome::Started, None).await;
        let (outcome, at) = (Told::Delivered, app.now());
        let receipt = Receipt { reference: reference.clone(), message_id: None, outcome, price: None, at };
        let flows = &app.api.app;
        assert_eq!(arrivals::apply(flows, "a", &[receipt], app.now()).await.unwrap(), 0);
        write_as(&app, &text, Outcome::Accepted, Some(reference)).await;
        arrivals::again(flows, app.now()).await.unwrap();
        assert_eq!(app.ledger().await[0].state, State::Accepted, "not yet");
        app.advance(5);
        arrivals::again(flows, app.now()).await.unwrap();
        assert_eq!(app.ledger().await[0].state, State::Delivered);
    }

    async fn what_every_provider_refuses_for_good_is_not_tried_again(app: TestApp) {
        let (a, b) = (Backend::start().await, Backend::start().await);
        a.behave(Behaviour::Status(400));
        b.behave(Behaviour::Status(422));
        let app = app.texting_by(gateways(&[&a.url, &b.url]));
        let ada = app.ada().await;
        assert_eq!(ask(&app, &ada).await.1.status, 502);
        assert_eq!(app.ledger().await[0].state, State::Failed);
        assert_eq!((a.received().len(), b.received().len()), (1, 1));
    }
}

mod priced {
    use super::*;

    on_both_databases! {
        under strict limits:

        async fn an_automatic_text_that_no_budget_holds_takes_back_none_that_waits(app: TestApp) {
            let ada = app.ada().await;
            app.enrol_sms(&ada, NUMBER).await;
            app.advance(2 * 24 * 60 * 60);
            app.set("sms.budget.day", "0.02").await; // one text, not two
            let a = Backend::start().await;
            a.behave(Behaviour::Status(500));
            let app = app.texting_by(gateways(&[&a.url]));
            app.password_login(&ada).await.ok();
            app.advance(31);
            app.password_login(&ada).await.ok();
            let ledger = app.ledger().await;
            let texts = ledger.iter().filter(|it| it.purpose == Purpose::Passcode && it.state != State::Verified);
            assert_eq!(texts.map(|it| it.state).collect::<Vec<_>>(), [State::Waiting]);
        }
    }
}
