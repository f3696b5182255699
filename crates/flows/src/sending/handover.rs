//! Handing a message over: to one provider, and to the next when that fails.
//!
//! The message keeps its id and its code, so whichever copy arrives is the
//! right one. Every attempt is in the ledger before it is made.

use super::{
    admission,
    body::Body,
    ledger::{CLAIM, Job},
};
use crate::{App, Error, Result, allowance};
use delivery::{Accepted, CALL_LIMIT, DeliveryFault};
use domain::{
    Timestamp,
    messages::{Channel, Outcome, pause_after},
    money::Micros,
    time::Span,
};
use rand_chacha::ChaCha20Rng;
use std::time::Duration;
use store::messages::{self, Attempt, Ended};
use tokio::time::Instant;

/// What one round over the providers takes, at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a provider gets of it while another could still take over.
const FIRST_TURN: Duration = Duration::from_secs(2);

/// A point in time that moves on with the machine.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    at: Timestamp,
    since: Instant,
}

impl Moment {
    pub fn of(at: Timestamp) -> Self {
        Self { at, since: Instant::now() }
    }

    pub fn now(self) -> Timestamp {
        let passed = i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.at.plus(Span::milliseconds(passed))
    }

    fn left(self) -> Duration {
        PATIENCE.saturating_sub(self.since.elapsed())
    }
}

/// Tries the provider of the job's attempt and, while there is time, the
/// others of its route. `Ok(Err(…))` says why nobody took it; the outbox tries
/// again if that can help.
///
/// # Errors
/// When the database fails. The message may have left.
pub async fn round(app: &App, job: Job, moment: Moment) -> Result<std::result::Result<(), DeliveryFault>> {
    let Job { message, mut attempt, body, mut rng, _permit } = job;
    let mut tried = vec![attempt.provider.clone()];
    let mut hope = false;
    loop {
        let next = next_provider(app, &body, &tried, moment);
        let limit =
            if next.is_some() { FIRST_TURN.min(moment.left()) } else { CALL_LIMIT.min(moment.left()) };
        let fault = match send(app, (&attempt, &body), limit).await {
            Ok(accepted) => return taken(app, &attempt, accepted, moment.now()).await.map(Ok),
            Err(fault) => fault,
        };
        let next = next.filter(|_| goes_on(fault));
        hope = hope || fault.is_passing();
        let next = if moment.left().is_zero() {
            hope = hope || next.is_some();
            None
        } else {
            next
        };
        let Some(next) = next else {
            return not_taken(app, (&message, &attempt), (fault, hope), moment.now())
                .await
                .map(|()| Err(fault));
        };
        let place = (attempt.attempt + 1, next);
        let Some(begun) =
            fail_over(app, (&attempt, fault), (&message, &body), place, (moment.now(), &mut rng)).await?
        else {
            return Ok(Err(fault));
        };
        tried.push(begun.provider.clone());
        attempt = begun;
    }
}

/// Whether another provider may take what this one did not.
fn goes_on(fault: DeliveryFault) -> bool {
    !fault.is_final() && fault != DeliveryFault::NoProvider
}

fn next_provider(app: &App, body: &Body, tried: &[String], moment: Moment) -> Option<String> {
    let Body::Text(text) = body else { return None };
    let route = app.texts.route(text.to.country(), moment.now());
    let next = route.into_iter().find(|it| !tried.iter().any(|name| name == it.name()));
    next.map(|it| it.name().to_owned())
}

async fn send(
    app: &App,
    (attempt, body): (&Attempt, &Body),
    limit: Duration,
) -> std::result::Result<Accepted, DeliveryFault> {
    // As written down: two messages of one moment bear one time, whichever left first.
    let now = attempt.began_at;
    match body {
        Body::Text(text) => match app.texts.named(&attempt.provider) {
            Some(provider) => provider.send(text, now, limit).await,
            None => Err(DeliveryFault::NoProvider),
        },
        Body::Mail(mail) => app.mailer.send(mail, now).await,
    }
}

async fn taken(app: &App, attempt: &Attempt, accepted: Accepted, now: Timestamp) -> Result<()> {
    let ended = Ended {
        outcome: Outcome::Accepted,
        status: None,
        code: None,
        reference: accepted.reference,
        at: now,
    };
    let mut tx = app.db.write().await?;
    finish(&mut tx, attempt, &ended).await?;
    let whose = (&attempt.project_id, &attempt.message_id);
    messages::accepted(&mut tx, whose, (&attempt.provider, now)).await?;
    Ok(tx.commit().await?)
}

/// It is tried again if there is hope: one of the round may take it later, or was not asked.
async fn not_taken(
    app: &App,
    (message, attempt): (&messages::Message, &Attempt),
    (fault, hope): (DeliveryFault, bool),
    now: Timestamp,
) -> Result<()> {
    let mut tx = app.db.write().await?;
    let held = ((&attempt.project_id, &attempt.message_id), attempt.attempt);
    if hope && goes_on(fault) {
        let left = Span::milliseconds(message.deadline.milliseconds() - now.milliseconds());
        let until = now.plus(pause_after(attempt.channel, attempt.attempt, left));
        messages::postpone(&mut tx, held, until).await?;
    } else {
        messages::gave_up(&mut tx, held, now).await?;
    }
    end(&mut tx, attempt, fault, now).await?;
    Ok(tx.commit().await?)
}

/// Ends one attempt and begins the next, at another provider; none when the
/// message no longer waits, or nothing more may be spent.
async fn fail_over(
    app: &App,
    (failed, fault): (&Attempt, DeliveryFault),
    (message, body): (&messages::Message, &Body),
    place: (i64, String),
    (now, rng): (Timestamp, &mut ChaCha20Rng),
) -> Result<Option<Attempt>> {
    let mut tx = app.db.write().await?;
    let whose = (&failed.project_id, &failed.message_id);
    let kept = messages::keep_claim(&mut tx, (whose, failed.attempt), now.plus(CLAIM)).await?;
    end(&mut tx, failed, fault, now).await?;
    if !kept {
        tx.commit().await?;
        return Ok(None);
    }
    if !messages::is_meant(&mut tx, message, now).await? {
        messages::take_back(&mut tx, whose.0, whose.1).await?;
        tx.commit().await?;
        return Ok(None);
    }
    match admission::attempt(app, &mut tx, (message, body), place, (now, rng)).await {
        Ok(attempt) => {
            tx.commit().await?;
            Ok(Some(attempt))
        }
        Err(Error::Refused(_)) => {
            drop(tx);
            not_taken(app, (message, failed), (fault, true), now).await.map(|()| None)
        }
        Err(error) => Err(error),
    }
}

/// What was certainly not taken costs nothing. Comes after what is written of
/// the message, as the budgets do wherever an attempt begins: nobody waits in a circle.
async fn end(tx: &mut store::Tx, attempt: &Attempt, fault: DeliveryFault, now: Timestamp) -> Result<()> {
    let ended = ended(fault, now);
    if let Some(organization) = attempt.organization_id.as_ref().filter(|_| !ended.outcome.is_charged()) {
        let (of, paid) = ((&attempt.project_id, organization), Micros::new(attempt.price_micros));
        if attempt.channel == Channel::Sms {
            allowance::not_taken(tx, of, (paid, attempt.began_at)).await?;
        }
    }
    finish(tx, attempt, &ended).await
}

async fn finish(tx: &mut store::Tx, attempt: &Attempt, ended: &Ended) -> Result<()> {
    let which = (&attempt.project_id, &attempt.message_id, attempt.attempt);
    Ok(messages::finish(tx, which, ended).await?)
}

fn ended(fault: DeliveryFault, at: Timestamp) -> Ended {
    let (status, code) = match fault {
        DeliveryFault::Refused { status, code } | DeliveryFault::Rejected { status, code } => {
            (Some(i64::from(status)), code.map(i64::from))
        }
        DeliveryFault::Unsubscribed
        | DeliveryFault::InvalidNumber
        | DeliveryFault::InvalidMailbox
        | DeliveryFault::Unreachable
        | DeliveryFault::TimedOut
        | DeliveryFault::BrokenOff
        | DeliveryFault::Unsendable
        | DeliveryFault::NoProvider
        | DeliveryFault::Down => (None, None),
    };
    let outcome = if fault.is_ambiguous() {
        Outcome::Unknown
    } else if goes_on(fault) {
        Outcome::Refused
    } else {
        Outcome::Impossible
    };
    Ended { outcome, status, code, reference: None, at }
}
