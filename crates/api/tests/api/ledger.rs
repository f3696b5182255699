//! The delivery ledger: what is sent is written down, arrives, and tells nothing.

mod arrivals;
mod crashes;
mod failing_over;
mod outbox;
mod queues;
mod rows;
mod waiting;

use domain::messages::{Outcome, State};
use std::time::Duration;
use store::messages::Message;
use testkit::{Answer, Person, TestApp, json};

const NUMBER: &str = "+12025550101";

/// The ledger, as soon as nothing is on its way.
async fn settled(app: &TestApp) -> Vec<Message> {
    for _ in 0..1000 {
        let found = app.ledger().await;
        if found.iter().all(|it| it.state != State::Waiting) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("a message waits still");
}

/// Where each attempt went and how it ended.
async fn story(app: &TestApp, message: &Message) -> Vec<(String, Outcome)> {
    app.attempts(message).await.into_iter().map(|it| (it.provider, it.outcome)).collect()
}

fn told(story: &[(&str, Outcome)]) -> Vec<(String, Outcome)> {
    story.iter().map(|&(provider, outcome)| (provider.to_owned(), outcome)).collect()
}

/// A text to ada between the doors; the token it was asked with, and the answer.
async fn ask(app: &TestApp, ada: &Person) -> (String, Answer) {
    let token = app.halfway(ada).await;
    let body = json!({ "mfa_phone_number": NUMBER, "intermediate_session_token": token });
    let answer = app.send_sms(ada, body).await;
    (token, answer)
}

async fn enter(app: &TestApp, ada: &Person, token: &str, code: &str) -> Answer {
    app.complete(ada, "otps/sms", json!({ "code": code, "intermediate_session_token": token })).await
}
