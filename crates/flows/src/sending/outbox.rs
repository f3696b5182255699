//! What could not be handed over at once: tried again until its time is over.

use super::{
    admission,
    body::Body,
    handover::{self, Moment},
    ledger::{CLAIM, Job, place},
};
use crate::{App, Error, Result};
use domain::{Timestamp, traces::TARGET};
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use store::messages::{self, Message};
use tokio::task::JoinSet;
use tracing::Instrument;

/// Messages that are read at a time: the memory that a backlog takes.
const BATCH: i64 = 100;
/// Expired messages that one transaction drops.
const EXPIRED_AT_A_TIME: i64 = 1000;

/// Drops what is too late, then hands over what is due. Returns how many
/// messages were worked on; with none, there is nothing to do until the next tick.
///
/// # Errors
/// When the database fails.
pub async fn turn(
    app: &Arc<App>,
    clock: impl Fn() -> Timestamp,
    luck: impl Fn() -> ChaCha20Rng,
) -> Result<u64> {
    let dropped = expire(app, clock()).await?;
    let due = messages::due(&mut app.db.read().await?, clock(), BATCH).await?;
    let mut working = JoinSet::new();
    let mut worked = 0;
    for message in due {
        let Some(permit) = app.couriers.next().await else { break };
        let (app, luck) = (app.clone(), (clock(), luck()));
        worked += 1;
        // A trace of its own: the request that caused it is over, maybe on another node.
        let span = tracing::info_span!(target: TARGET, parent: None, "outbox message");
        let handing_over = async move {
            let id = message.message_id.clone();
            if let Err(error) = again(&app, message, permit, luck).await {
                tracing::warn!(%id, %error, "a message was not handed over");
            }
        };
        working.spawn(handing_over.instrument(span));
    }
    working.join_all().await;
    Ok(dropped + worked)
}

async fn expire(app: &App, now: Timestamp) -> Result<u64> {
    if !messages::any_expired(&mut app.db.read().await?, now).await? {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    let dropped = messages::expire(&mut tx, now, EXPIRED_AT_A_TIME).await?;
    tx.commit().await?;
    Ok(dropped)
}

/// Claims a message, writes the attempt down, and makes it. Somebody else may
/// have been faster.
async fn again(
    app: &App,
    message: Message,
    permit: tokio::sync::OwnedSemaphorePermit,
    (now, mut rng): (Timestamp, ChaCha20Rng),
) -> Result<()> {
    let Some(body) = open(app, &message) else {
        return lost(app, &message, now).await;
    };
    let mut tx = app.db.write().await?;
    let whose = (&message.project_id, &message.message_id);
    if !messages::claim(&mut tx, whose, (now, now.plus(CLAIM))).await? {
        return Ok(());
    }
    let provider = match &body {
        Body::Text(text) => {
            let route = app.texts.route(text.to.country(), now);
            route.first().map_or("none", |it| it.name()).to_owned()
        }
        Body::Mail(_) => app.mailer.name().to_owned(),
    };
    let which = (message.attempts + 1, provider);
    let attempt = match admission::attempt(app, &mut tx, (&message, &body), which, (now, &mut rng)).await {
        Ok(attempt) => attempt,
        Err(Error::Refused(_)) => {
            drop(tx);
            return lost(app, &message, now).await;
        }
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    let job = Job { message, attempt, body, rng, _permit: permit };
    handover::round(app, job, Moment::of(now)).await.map(|_| ())
}

fn open(app: &App, message: &Message) -> Option<Body> {
    let sealed = message.sealed_body.as_ref()?;
    let opened = sealed.open(&app.server_key, &place(&message.message_id));
    opened.ok().and_then(|bytes| Body::read(&bytes))
}

/// Nothing can be done for it: its body cannot be read, or nothing may be
/// spent. Another node that works on it meanwhile has the last word.
async fn lost(app: &App, message: &Message, now: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    messages::gave_up_unclaimed(&mut tx, (&message.project_id, &message.message_id), now).await?;
    Ok(tx.commit().await?)
}
