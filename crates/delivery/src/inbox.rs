//! The dev inbox: messages are kept here instead of leaving.

use crate::{Accepted, DeliveryFault, Mail, TextMessage};
use domain::{Timestamp, time::Span};
use serde::Serialize;
use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time};

const CAPACITY: usize = 1000;
const LONGEST_DELAY: Duration = Duration::from_hours(1);

/// The last 1000 messages, in memory. Clones share them.
#[derive(Clone, Default)]
pub struct Inbox {
    shared: Arc<Shared>,
}

/// A message as the inbox shows it. `Debug` shows nothing of what it says.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub id: String,
    pub channel: Channel,
    pub to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// For e-mail the plain text.
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// RFC 3339. With a delay, when the message arrived.
    pub sent_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Sms,
    Email,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    arrivals: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    kept: VecDeque<Kept>,
    accepted: u64,
    down: bool,
    silent: bool,
    delay: Duration,
}

struct Kept {
    place: Place,
    message: Message,
}

/// Two messages of one millisecond keep the order they were accepted in,
/// whichever of their timers fires first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    sent_at: Timestamp,
    accepted: u64,
}

impl Inbox {
    /// Oldest first. `to` is compared whole, without regard to case.
    pub fn messages(&self, to: Option<&str>) -> Vec<Message> {
        let wanted = |message: &Message| to.is_none_or(|to| message.to.eq_ignore_ascii_case(to));
        self.state()
            .kept
            .iter()
            .map(|kept| &kept.message)
            .filter(|message| wanted(message))
            .cloned()
            .collect()
    }

    /// The messages, as soon as there is one; none when `at_most` has passed without.
    pub async fn wait(&self, to: Option<&str>, at_most: Duration) -> Vec<Message> {
        // Subscribed before the first look, so that an arrival between look and wait is not lost.
        let mut arrivals = self.shared.arrivals.subscribe();
        let arrival = async {
            loop {
                let found = self.messages(to);
                if !found.is_empty() || arrivals.changed().await.is_err() {
                    return found;
                }
            }
        };
        time::timeout(at_most, arrival).await.unwrap_or_default()
    }

    /// While down, every send is refused with `DeliveryFault::Down`.
    pub fn set_down(&self, down: bool) {
        self.state().down = down;
    }

    pub fn is_down(&self) -> bool {
        self.state().down
    }

    /// While silent, whoever hands a text over gets no answer, and the text is not taken; mails are.
    pub fn set_silent(&self, silent: bool) {
        self.state().silent = silent;
    }

    pub fn is_silent(&self) -> bool {
        self.state().silent
    }

    /// How long messages accepted from now on take to arrive; more than an hour counts as an hour.
    pub fn set_delay(&self, delay: Duration) {
        self.state().delay = delay.min(LONGEST_DELAY);
    }

    pub fn delay(&self) -> Duration {
        self.state().delay
    }

    pub(crate) async fn put_text(
        &self,
        message: &TextMessage,
        now: Timestamp,
    ) -> Result<Accepted, DeliveryFault> {
        if self.is_silent() {
            std::future::pending::<()>().await; // whoever calls has a limit
        }
        self.accept(now, |sent_at| Message {
            id: message.id.clone(),
            channel: Channel::Sms,
            to: message.to.as_str().to_owned(),
            subject: None,
            text: message.text.clone(),
            code: message.code.clone(),
            link: None,
            sent_at: sent_at.to_string(),
        })
    }

    pub(crate) fn put_mail(&self, mail: &Mail, now: Timestamp) -> Result<Accepted, DeliveryFault> {
        self.accept(now, |sent_at| Message {
            id: mail.id.clone(),
            channel: Channel::Email,
            to: mail.to.as_str().to_owned(),
            subject: Some(mail.subject.clone()),
            text: mail.text.clone(),
            code: mail.code.clone(),
            link: mail.link.clone(),
            sent_at: sent_at.to_string(),
        })
    }

    fn accept(
        &self,
        now: Timestamp,
        written: impl Fn(Timestamp) -> Message,
    ) -> Result<Accepted, DeliveryFault> {
        let (place, delay) = self.next_place(now)?;
        let kept = Kept { place, message: written(place.sent_at) };
        let accepted = Accepted::referred_to(Some(kept.message.id.clone()));
        if delay.is_zero() {
            self.keep(kept);
        } else {
            let inbox = self.clone();
            tokio::spawn(async move {
                time::sleep(delay).await;
                inbox.keep(kept);
            });
        }
        Ok(accepted)
    }

    fn next_place(&self, now: Timestamp) -> Result<(Place, Duration), DeliveryFault> {
        let mut state = self.state();
        if state.down {
            return Err(DeliveryFault::Down);
        }
        state.accepted += 1;
        let late = i64::try_from(state.delay.as_millis()).unwrap_or(i64::MAX);
        let sent_at = now.plus(Span::milliseconds(late));
        Ok((Place { sent_at, accepted: state.accepted }, state.delay))
    }

    fn keep(&self, message: Kept) {
        let mut state = self.state();
        let index = state.kept.partition_point(|kept| kept.place < message.place);
        state.kept.insert(index, message);
        if state.kept.len() > CAPACITY {
            state.kept.pop_front();
        }
        drop(state);
        self.shared.arrivals.send_replace(());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Inbox")
            .field("messages", &state.kept.len())
            .field("down", &state.down)
            .field("delay", &state.delay)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}
