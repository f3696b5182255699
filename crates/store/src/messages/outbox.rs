//! What waits to be handed over.

use super::Message;
use crate::{
    Tenant,
    db::{
        Conn, Fault, Table, Tx,
        statement::{Statement, sql},
    },
};
use domain::{
    Timestamp,
    digest::Digest,
    id::{MemberId, MessageId, ProjectId},
    messages::{Channel, Hindrance, Purpose},
};

/// Messages that keep their order: of one purpose, to one recipient who is one
/// member. Nothing keeps an order with what another organization sends.
pub struct Line<'a> {
    pub tenant: &'a Tenant,
    pub member: &'a MemberId,
    pub channel: Channel,
    pub recipient: &'a Digest,
    pub purpose: Purpose,
}

/// Whether an older message of the line waits for its first turn: the newer one
/// then waits behind it. One that was tried, or put off, holds nothing back.
///
/// # Errors
/// When the database fails.
pub async fn in_the_way(tx: &mut Tx, line: &Line<'_>, now: Timestamp) -> Result<bool, Fault> {
    let found: Option<i64> = tx
        .sql(sql!(
            "SELECT created_at FROM messages
              WHERE project_id = $1 AND recipient_digest = $2 AND channel = $3 AND organization_id = $4
                AND member_id = $5 AND purpose = $6 AND state = 'waiting' AND attempts = 0
                AND next_attempt_at <= $7 LIMIT 1"
        ))
        .bind(line.tenant.project_id())
        .bind(line.recipient)
        .bind(&line.channel)
        .bind(line.tenant.organization_id())
        .bind(line.member)
        .bind(&line.purpose)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Takes back what waits for the member with an older code by text.
///
/// # Errors
/// When the database fails.
pub async fn supersede_passcode(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE messages SET state = 'superseded', sealed_body = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND purpose = 'passcode'
            AND state = 'waiting'"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}

/// Takes back what waits for an address with an older code: it has one at a
/// time, whatever that is for.
///
/// # Errors
/// When the database fails.
pub async fn supersede_email_code(tx: &mut Tx, project: &ProjectId, recipient: &Digest) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE messages SET state = 'superseded', sealed_body = NULL
          WHERE project_id = $1 AND recipient_digest = $2 AND purpose IN ('email_code', 'discovery_code')
            AND state = 'waiting'"
    ))
    .bind(project)
    .bind(recipient)
    .execute()
    .await?;
    Ok(())
}

/// Whether anything that waits is too late: a server at rest leaves the disk alone.
///
/// # Errors
/// When the database fails.
pub async fn any_expired(conn: &mut Conn, now: Timestamp) -> Result<bool, Fault> {
    let found: Option<i64> = conn
        .sql(sql!(
            "SELECT deadline FROM messages WHERE state = 'waiting' AND deadline <= $1 AND claimed_until <= $1
              ORDER BY deadline LIMIT 1"
        ))
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Drops what is too late, at most `limit`; how many there were.
///
/// # Errors
/// When the database fails.
pub async fn expire(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Fault> {
    tx.sql(sql!(
        "UPDATE messages SET state = 'expired', sealed_body = NULL, failed_at = $1
          WHERE state = 'waiting' AND message_id IN
                (SELECT message_id FROM messages WHERE state = 'waiting' AND deadline <= $1 AND claimed_until <= $1
                  ORDER BY deadline LIMIT $2)"
    ))
    .bind(&now)
    .bind(&limit)
    .execute()
    .await
}

/// What is due on a channel for a purpose and nobody works on, the longest due
/// first, at most `limit`; of a [`Line`] that was never tried, only the oldest.
///
/// # Errors
/// When the database fails.
pub async fn due(
    conn: &mut Conn,
    (channel, purpose): (Channel, Purpose),
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Message>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Message::COLUMNS,
        " FROM messages
          WHERE messages.state = 'waiting' AND messages.channel = $1 AND messages.purpose = $2
            AND messages.next_attempt_at <= $3 AND messages.claimed_until <= $3 AND messages.deadline > $3
            AND NOT EXISTS (SELECT 1 FROM messages AS older
                 WHERE older.project_id = messages.project_id AND older.recipient_digest = messages.recipient_digest
                   AND older.organization_id = messages.organization_id AND older.member_id = messages.member_id
                   AND older.channel = messages.channel AND older.purpose = messages.purpose
                   AND older.state = 'waiting' AND older.attempts = 0
                   AND older.next_attempt_at <= $3 AND older.deadline > $3
                   AND (older.created_at, older.message_id) < (messages.created_at, messages.message_id))
          ORDER BY messages.next_attempt_at LIMIT $4"
    ))
    .bind(&channel)
    .bind(&purpose)
    .bind(&now)
    .bind(&limit)
    .all()
    .await
}

/// Of any number of nodes, one gets `true`, and the message until then. Nobody
/// gets one whose pause was begun, whose time was over, or that was tried since
/// it was read.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &mut Tx,
    (whose, attempts): (Whose<'_>, i64),
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, Fault> {
    let claimed = on(
        tx,
        sql!(
            "UPDATE messages SET claimed_until = $4, attempts = attempts + 1
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting' AND claimed_until <= $3
                AND next_attempt_at <= $3 AND deadline > $3 AND attempts = $5"
        ),
        whose,
    );
    Ok(claimed.bind(&now).bind(&until).bind(&attempts).execute().await? == 1)
}

/// For another attempt by whoever made the last; `false` when the message no
/// longer waits, or somebody else took it over when the claim was over.
///
/// # Errors
/// When the database fails.
pub async fn keep_claim(
    tx: &mut Tx,
    (whose, attempts): (Whose<'_>, i64),
    until: Timestamp,
) -> Result<bool, Fault> {
    let kept = on(
        tx,
        sql!(
            "UPDATE messages SET claimed_until = $3, attempts = attempts + 1
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting' AND attempts = $4"
        ),
        whose,
    );
    Ok(kept.bind(&until).bind(&attempts).execute().await? == 1)
}

/// A provider took it.
///
/// # Errors
/// When the database fails.
pub async fn accepted(
    tx: &mut Tx,
    whose: Whose<'_>,
    (provider, now): (&str, Timestamp),
) -> Result<(), Fault> {
    let taken = on(
        tx,
        sql!(
            "UPDATE messages SET state = 'accepted', sealed_body = NULL, provider = $3, accepted_at = $4
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting'"
        ),
        whose,
    );
    taken.bind(&provider.to_owned()).bind(&now).execute().await.map(|_| ())
}

/// Nobody can take it, says whoever made the last attempt.
///
/// # Errors
/// When the database fails.
pub async fn gave_up(tx: &mut Tx, (whose, attempts): (Whose<'_>, i64), now: Timestamp) -> Result<(), Fault> {
    let given_up = on(
        tx,
        sql!(
            "UPDATE messages SET state = 'failed', sealed_body = NULL, failed_at = $3
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting' AND attempts = $4"
        ),
        whose,
    );
    given_up.bind(&now).bind(&attempts).execute().await.map(|_| ())
}

/// Nobody is asked to take it, as long as nobody works on it.
///
/// # Errors
/// When the database fails.
pub async fn hindered(tx: &mut Tx, whose: Whose<'_>, (by, now): (Hindrance, Timestamp)) -> Result<(), Fault> {
    let given_up = on(
        tx,
        sql!(
            "UPDATE messages SET state = 'failed', sealed_body = NULL, failed_at = $3, hindrance = $4
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting' AND claimed_until <= $3"
        ),
        whose,
    );
    given_up.bind(&now).bind(&by).execute().await.map(|_| ())
}

/// It is tried again, not before then, by whoever is then the first; says
/// whoever made the last attempt.
///
/// # Errors
/// When the database fails.
pub async fn postpone(
    tx: &mut Tx,
    (whose, attempts): (Whose<'_>, i64),
    until: Timestamp,
) -> Result<(), Fault> {
    let postponed = on(
        tx,
        sql!(
            "UPDATE messages SET next_attempt_at = $3, claimed_until = 0
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting' AND attempts = $4"
        ),
        whose,
    );
    postponed.bind(&until).bind(&attempts).execute().await.map(|_| ())
}

/// The same, as long as nobody works on it.
///
/// # Errors
/// When the database fails.
pub async fn postpone_unclaimed(
    tx: &mut Tx,
    whose: Whose<'_>,
    (until, now): (Timestamp, Timestamp),
) -> Result<(), Fault> {
    let postponed = on(
        tx,
        sql!(
            "UPDATE messages SET next_attempt_at = $3
              WHERE project_id = $1 AND message_id = $2 AND state = 'waiting' AND claimed_until <= $4"
        ),
        whose,
    );
    postponed.bind(&until).bind(&now).execute().await.map(|_| ())
}

/// The project of a message, and which it is.
type Whose<'a> = (&'a ProjectId, &'a MessageId);

/// A statement about one message: its `$1` and `$2`.
fn on<'c>(tx: &'c mut Tx, text: &'static str, (project, message): Whose<'_>) -> Statement<'c> {
    tx.sql(text).bind(project).bind(message)
}
