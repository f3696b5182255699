//! What could not be handed over at once: tried again until its time is over.

use super::{
    admission,
    body::Body,
    handover::{self, Moment},
    ledger::{CLAIM, Job, place},
};
use crate::{App, Error, Result};
use domain::{
    Refusal, Timestamp,
    messages::{Channel, Hindrance, Purpose},
    send_limits::Subject,
    traces::TARGET,
};
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use store::messages::{self, Message};
use tokio::{
    sync::OwnedSemaphorePermit,
    task::{JoinHandle, JoinSet},
};
use tracing::Instrument;

/// Expired messages that one transaction drops.
const EXPIRED_AT_A_TIME: i64 = 1000;

/// Messages that were looked after.
#[derive(Default)]
pub struct Departed {
    /// How many; with none, there is nothing to do until the next tick.
    pub count: usize,
    /// The hand-overs that go on; they do so when this is dropped, too.
    pub rounds: Vec<JoinHandle<()>>,
}

/// Drops what is too late, at most a thousand; how many there were.
///
/// # Errors
/// When the database fails.
pub async fn expire(app: &App, now: Timestamp) -> Result<u64> {
    if !messages::any_expired(&mut app.db.read().await?, now).await? {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    let dropped = messages::expire(&mut tx, now, EXPIRED_AT_A_TIME).await?;
    tx.commit().await?;
    Ok(dropped)
}

/// Sends what is due on a channel on its way, the most urgent first, as far as
/// there are couriers. Returns when all of it is claimed and paid for; nobody
/// waits for providers.
///
/// # Errors
/// When the database fails.
pub async fn depart(
    app: &Arc<App>,
    (channel, couriers): (Channel, Vec<OwnedSemaphorePermit>),
    clock: impl Fn() -> Timestamp,
    luck: impl Fn() -> ChaCha20Rng,
) -> Result<Departed> {
    let mut beginning = JoinSet::new();
    let due = due(app, channel, clock(), couriers.len()).await?;
    for (message, permit) in due.into_iter().zip(couriers) {
        let (app, (now, rng)) = (app.clone(), (clock(), luck()));
        // Of mails to a server that does not answer, one goes to find out.
        if channel == Channel::Email && !app.mailer.admit(now) {
            break;
        }
        // A trace of its own: the request that caused it is over, maybe on another node.
        let span = tracing::info_span!(target: TARGET, parent: None, "outbox message");
        let beginning_it = async move {
            let id = message.message_id.clone();
            let begun = begin(&app, message, permit, (now, rng)).await;
            let begun = begun.inspect_err(|error| untold(&id, error));
            begun.map(|job| job.map(|it| (it, Moment::of(now), tracing::Span::current())))
        };
        beginning.spawn(beginning_it.instrument(span));
    }
    let mut departed = Departed::default();
    while let Some(begun) = beginning.join_next().await {
        let Ok(Ok(job)) = begun else { continue };
        departed.count += 1;
        departed.rounds.extend(
            job.map(|(job, moment, span)| tokio::spawn(go_round(app.clone(), job, moment).instrument(span))),
        );
    }
    Ok(departed)
}

async fn due(app: &App, channel: Channel, now: Timestamp, most: usize) -> Result<Vec<Message>> {
    let mut due = Vec::new();
    if channel == Channel::Email && !app.mailer.admits(now) {
        return Ok(due);
    }
    let mut conn = app.db.read().await?;
    for purpose in Purpose::BY_URGENCY {
        let room = i64::try_from(most - due.len()).unwrap_or(i64::MAX);
        if room == 0 {
            break;
        }
        due.extend(messages::due(&mut conn, (channel, purpose), now, room).await?);
    }
    Ok(due)
}

async fn go_round(app: Arc<App>, job: Job, moment: Moment) {
    let id = job.message.message_id.clone();
    if let Err(error) = handover::round(&app, job, moment).await {
        untold(&id, &error);
    }
}

fn untold(id: &domain::id::MessageId, error: &Error) {
    tracing::warn!(%id, %error, "a message was not handed over");
}

/// Claims a message and writes the attempt down. None when somebody else was
/// faster, or when nothing is to be sent any more.
async fn begin(
    app: &App,
    message: Message,
    permit: OwnedSemaphorePermit,
    (now, mut rng): (Timestamp, ChaCha20Rng),
) -> Result<Option<Job>> {
    let Some(body) = open(app, &message) else {
        return lost(app, &message, (Hindrance::Unreadable, now)).await.map(|()| None);
    };
    let mut tx = app.db.write().await?;
    let whose = (&message.project_id, &message.message_id);
    if !messages::claim(&mut tx, (whose, message.attempts), (now, now.plus(CLAIM))).await? {
        return Ok(None);
    }
    if !messages::is_meant(&mut tx, &message, now).await? {
        messages::take_back(&mut tx, whose.0, whose.1).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let which = (message.attempts + 1, provider(app, &body, now));
    let attempt = match admission::attempt(app, &mut tx, (&message, &body), which, (now, &mut rng)).await {
        Ok(attempt) => attempt,
        Err(Error::Refused(refusal)) => {
            drop(tx);
            return put_off(app, &message, (&refusal, now)).await.map(|()| None);
        }
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    Ok(Some(Job { message, attempt, body, rng, _permit: permit }))
}

fn provider(app: &App, body: &Body, now: Timestamp) -> String {
    match body {
        Body::Text(text) => {
            let route = app.texts.route(text.to.country(), now);
            route.first().map_or("none", |it| it.name()).to_owned()
        }
        Body::Mail(_) => app.mailer.name().to_owned(),
    }
}

fn open(app: &App, message: &Message) -> Option<Body> {
    let sealed = message.sealed_body.as_ref()?;
    let opened = sealed.open(&app.server_key, &place(&message.message_id));
    opened.ok().and_then(|bytes| Body::read(&bytes))
}

/// What may not be spent now may be once the window of the budget is over: a
/// text that is worth sending then waits for that, any other is given up at
/// once, and the member's other factors are all there is.
async fn put_off(app: &App, message: &Message, (refusal, now): (&Refusal, Timestamp)) -> Result<()> {
    let Refusal::UsedUp(used_up) = refusal else {
        return lost(app, message, (Hindrance::Refused, now)).await;
    };
    let until = used_up.window.end(now);
    if until >= message.deadline {
        return lost(app, message, (hindrance(used_up.subject), now)).await;
    }
    let mut tx = app.db.write().await?;
    let whose = (&message.project_id, &message.message_id);
    messages::postpone_unclaimed(&mut tx, whose, (until, now)).await?;
    Ok(tx.commit().await?)
}

fn hindrance(subject: Subject) -> Hindrance {
    match subject {
        Subject::OrganizationMoney => Hindrance::OrganizationBudget,
        Subject::ProjectMoney => Hindrance::ProjectBudget,
        Subject::MailAddress
        | Subject::MailProject
        | Subject::Member
        | Subject::Number
        | Subject::Block
        | Subject::ClientAddress
        | Subject::Organization
        | Subject::Project
        | Subject::Unverified => Hindrance::Refused, // none of them is asked at an attempt
    }
}

/// Nothing can be done for it. Another node that works on it meanwhile has the
/// last word.
async fn lost(app: &App, message: &Message, (by, now): (Hindrance, Timestamp)) -> Result<()> {
    tracing::warn!(id = %message.message_id, %by, "a message was given up");
    let mut tx = app.db.write().await?;
    messages::hindered(&mut tx, (&message.project_id, &message.message_id), (by, now)).await?;
    Ok(tx.commit().await?)
}
