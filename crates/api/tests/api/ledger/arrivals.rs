//! What receipts say moves the order of the providers.

use domain::messages::ReceiptKind;
use store::messages::{News, Received, apply};
use testkit::{Backend, Person, TestApp, gateways, json, on_both_databases};

async fn text(app: &TestApp, who: &Person, number: usize) {
    app.send_sms(who, json!({ "mfa_phone_number": format!("+1202555{:04}", 1000 + number) })).await.ok();
}

async fn lose(app: &TestApp, reference: &str) {
    let (kind, at) = (ReceiptKind::Failed, app.now());
    let received = Received { provider: "a", reference, message: None, kind, code: None, at };
    let mut tx = app.api.app.db.write().await.unwrap();
    assert!(matches!(apply(&mut tx, &received).await, Ok(News::Kept)));
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn one_whose_texts_do_not_arrive_goes_behind(app: TestApp) {
        let (a, b) = (Backend::start().await, Backend::start().await);
        let app = app.texting_by(gateways(&[&a.url, &b.url]));
        let organization = app.organization(json!({})).await;
        for number in 0..20 {
            let who = app.newcomer(&organization, &format!("m{number}@acme.example"), json!({})).await;
            text(&app, &who, number).await;
        }
        assert_eq!((a.received().len(), b.received().len()), (20, 0));
        for (reference, _) in a.texted() {
            lose(&app, &reference).await;
        }
        flows::sending::receipts::learn(&app.api.app, app.now()).await.unwrap();
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        text(&app, &ada, 20).await;
        assert_eq!((a.received().len(), b.received().len()), (20, 1));
    }
}
