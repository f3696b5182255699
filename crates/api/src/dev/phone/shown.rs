//! What the pocket telephone shows; the page and its script read the same.

use super::{
    super::Dev,
    pieces::{Piece, is_link, pieces},
    words,
};
use askama::Template;
use delivery::{Channel, Message};
use domain::Timestamp;
use serde::Serialize;

#[derive(Serialize, Template)]
#[template(path = "phone.html")]
pub struct Shown {
    clock: Clock,
    provider: Provider,
    phones: Vec<Thread>,
    mailboxes: Vec<Thread>,
    authenticators: Vec<Authenticator>,
}

#[derive(Serialize)]
struct Clock {
    now: String,
    day: String,
    time: String,
    ahead: String,
}

#[derive(Serialize)]
struct Provider {
    down: bool,
    delay_seconds: u64,
    says: String,
}

/// The messages to one number or address, newest last.
#[derive(Default, Serialize)]
struct Thread {
    key: String,
    count: String,
    messages: Vec<Letter>,
}

/// One text or mail.
#[derive(Default, Serialize)]
struct Letter {
    key: String,
    subject: Option<String>,
    pieces: Vec<Piece>,
    code: Option<String>,
    link: Option<String>,
    sent_at: String,
    ago: String,
}

#[derive(Default, Serialize)]
struct Authenticator {
    key: String,
    email_address: String,
    organization_name: String,
    is_active: bool,
    is_spent: bool,
    code: String,
    next_code: String,
    seconds_left: i64,
}

impl Shown {
    /// # Errors
    /// When the authenticators cannot be read.
    pub async fn now(dev: &Dev) -> flows::Result<Self> {
        let now = (dev.api.clock)();
        let authenticators = flows::dev::authenticators(&dev.api.app, now).await?;
        let messages = dev.inbox.messages(None);
        Ok(Self {
            clock: clock(now, dev.clock.offset()),
            provider: provider(dev.inbox.is_down(), dev.inbox.delay().as_secs()),
            phones: threads(&messages, Channel::Sms, now),
            mailboxes: threads(&messages, Channel::Email, now),
            authenticators: authenticators.into_iter().map(authenticator).collect(),
        })
    }
}

fn clock(now: Timestamp, offset: i64) -> Clock {
    let text = now.to_string();
    let (day, time) = words::day_and_time(&text);
    Clock { day: day.to_owned(), time: time.to_owned(), ahead: words::ahead(offset), now: text }
}

fn provider(down: bool, delay_seconds: u64) -> Provider {
    let says = match (down, delay_seconds) {
        (true, _) => "Every send is refused.".to_owned(),
        (false, 0) => "Messages arrive at once.".to_owned(),
        (false, seconds) => format!("Messages arrive after {seconds} s."),
    };
    Provider { down, delay_seconds, says }
}

/// In the order in which each got its first message, so that none changes its place.
fn threads(messages: &[Message], channel: Channel, now: Timestamp) -> Vec<Thread> {
    let mut threads: Vec<Thread> = Vec::new();
    for message in messages.iter().filter(|it| it.channel == channel) {
        match threads.iter_mut().find(|it| it.key == message.to) {
            Some(thread) => thread.messages.push(letter(message, now)),
            None => threads.push(Thread {
                key: message.to.clone(),
                count: String::new(),
                messages: vec![letter(message, now)],
            }),
        }
    }
    let what = if channel == Channel::Sms { "text" } else { "mail" };
    for thread in &mut threads {
        thread.count = words::count(thread.messages.len(), what);
    }
    threads
}

fn letter(message: &Message, now: Timestamp) -> Letter {
    let ago = message.sent_at.parse().map(|at| words::ago(at, now));
    Letter {
        key: message.id.clone(),
        subject: message.subject.clone(),
        pieces: pieces(&message.text),
        code: message.code.clone(),
        link: message.link.clone().filter(|it| is_link(it)),
        ago: ago.unwrap_or_else(|_| message.sent_at.clone()),
        sent_at: message.sent_at.clone(),
    }
}

fn authenticator(it: flows::dev::Authenticator) -> Authenticator {
    Authenticator {
        key: it.registration.to_string(),
        email_address: it.email_address.to_string(),
        organization_name: it.organization_name,
        is_active: it.is_active,
        is_spent: it.is_spent,
        code: it.code.expose().to_owned(),
        next_code: it.next_code.expose().to_owned(),
        seconds_left: it.seconds_left,
    }
}
