use crate::samples::{MOMENT, NOW, PATIENCE, mail, provider, referred_to, text};
use delivery::{Accepted, CALL_LIMIT, Carrier, DeliveryFault, Inbox, Mailer, Message};
use domain::{Timestamp, time::Span};
use serde_json::json;
use std::time::Duration;

async fn send_text(inbox: &Inbox, id: &str, now: Timestamp) -> Result<Accepted, DeliveryFault> {
    provider(Carrier::Inbox(inbox.clone())).send(&text(id), now, CALL_LIMIT).await
}

async fn send_mail(inbox: &Inbox, id: &str) -> Result<Accepted, DeliveryFault> {
    Mailer::Inbox(inbox.clone()).send(&mail(id), NOW).await
}

fn ids(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.id.as_str()).collect()
}

#[tokio::test]
async fn a_text_message_is_kept_with_its_code() {
    let inbox = Inbox::default();
    assert_eq!(send_text(&inbox, "text-1", NOW).await, Ok(referred_to("text-1")));
    assert_eq!(
        serde_json::to_value(inbox.messages(None)).unwrap(),
        json!([{
            "id": "text-1",
            "channel": "sms",
            "to": "+12025550123",
            "text": "Your code is 493027 & nothing else",
            "code": "493027",
            "sent_at": "2023-11-14T22:13:20.25Z",
        }])
    );
}

#[tokio::test]
async fn a_mail_is_kept_with_its_link_and_plain_text() {
    let inbox = Inbox::default();
    assert_eq!(send_mail(&inbox, "mail-1").await, Ok(referred_to("mail-1")));
    assert_eq!(
        serde_json::to_value(inbox.messages(None)).unwrap(),
        json!([{
            "id": "mail-1",
            "channel": "email",
            "to": "Ada@acme.com",
            "subject": "Sign in to Acme",
            "text": "Open https://acme.com/in?token=t0ken",
            "code": "493027",
            "link": "https://acme.com/in?token=t0ken",
            "sent_at": "2023-11-14T22:13:20.25Z",
        }])
    );
}

#[tokio::test]
async fn messages_are_found_by_recipient_whatever_the_case() {
    let inbox = Inbox::default();
    send_text(&inbox, "text-1", NOW).await.unwrap();
    send_mail(&inbox, "mail-1").await.unwrap();
    assert_eq!(ids(&inbox.messages(None)), ["text-1", "mail-1"]);
    assert_eq!(ids(&inbox.messages(Some("aDA@ACME.com"))), ["mail-1"]);
    assert_eq!(ids(&inbox.messages(Some("+12025550123"))), ["text-1"]);
    assert!(inbox.messages(Some("ada")).is_empty());
}

#[tokio::test]
async fn only_the_last_thousand_messages_are_kept() {
    let inbox = Inbox::default();
    for number in 0..1002 {
        send_text(&inbox, &number.to_string(), NOW).await.unwrap();
    }
    let kept = inbox.messages(None);
    assert_eq!((kept.len(), kept[0].id.as_str(), kept[999].id.as_str()), (1000, "2", "1001"));
}

#[tokio::test]
async fn waiting_ends_when_a_message_arrives() {
    let inbox = Inbox::default();
    let waiting = tokio::spawn({
        let inbox = inbox.clone();
        async move { inbox.wait(Some("ada@acme.com"), PATIENCE).await }
    });
    tokio::task::yield_now().await;
    send_text(&inbox, "text-1", NOW).await.unwrap();
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    send_mail(&inbox, "mail-1").await.unwrap();
    assert_eq!(ids(&waiting.await.unwrap()), ["mail-1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_arrival_is_lost_on_the_way_to_waiting() {
    for _ in 0..2_000 {
        let inbox = Inbox::default();
        let sender = inbox.clone();
        let sending = tokio::spawn(async move { send_text(&sender, "text-1", NOW).await });
        let waiting = tokio::spawn(async move { inbox.wait(None, PATIENCE).await });
        assert_eq!(waiting.await.unwrap().len(), 1);
        assert_eq!(sending.await.unwrap(), Ok(referred_to("text-1")));
    }
}

#[tokio::test]
async fn waiting_for_what_is_there_takes_no_time() {
    let inbox = Inbox::default();
    send_text(&inbox, "text-1", NOW).await.unwrap();
    assert_eq!(ids(&inbox.wait(None, Duration::ZERO).await), ["text-1"]);
}

#[tokio::test]
async fn waiting_in_vain_ends_with_nothing() {
    let inbox = Inbox::default();
    send_text(&inbox, "text-1", NOW).await.unwrap();
    assert!(inbox.wait(Some("ada@acme.com"), MOMENT).await.is_empty());
}

#[tokio::test]
async fn a_message_while_the_inbox_is_down_is_refused() {
    let inbox = Inbox::default();
    inbox.clone().set_down(true);
    assert!(inbox.is_down());
    assert_eq!(send_text(&inbox, "text-1", NOW).await, Err(DeliveryFault::Down));
    assert_eq!(send_mail(&inbox, "mail-1").await, Err(DeliveryFault::Down));
    inbox.set_down(false);
    assert_eq!(send_mail(&inbox, "mail-2").await, Ok(referred_to("mail-2")));
    assert_eq!(ids(&inbox.messages(None)), ["mail-2"]);
}

#[tokio::test]
async fn a_delayed_message_is_accepted_at_once_and_arrives_later() {
    let inbox = Inbox::default();
    inbox.set_delay(MOMENT);
    assert_eq!(send_text(&inbox, "text-1", NOW).await, Ok(referred_to("text-1")));
    assert!(inbox.messages(None).is_empty());
    let arrived = inbox.wait(None, PATIENCE).await;
    assert_eq!((ids(&arrived), arrived[0].sent_at.as_str()), (vec!["text-1"], "2023-11-14T22:13:20.3Z"));
}

#[tokio::test]
async fn messages_are_in_the_order_of_their_sending() {
    let inbox = Inbox::default();
    send_text(&inbox, "second", NOW.plus(Span::seconds(1))).await.unwrap();
    send_text(&inbox, "first", NOW).await.unwrap();
    send_text(&inbox, "third", NOW.plus(Span::seconds(1))).await.unwrap();
    assert_eq!(ids(&inbox.messages(None)), ["first", "second", "third"]);
}

#[test]
fn a_delay_is_an_hour_at_most() {
    let inbox = Inbox::default();
    inbox.set_delay(Duration::MAX);
    assert_eq!(inbox.delay(), Duration::from_hours(1));
}
