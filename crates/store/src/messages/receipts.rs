//! What providers say later.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{
    Timestamp,
    id::{MessageId, ProjectId},
    messages::ReceiptKind,
};

/// A receipt for one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received<'a> {
    pub provider: &'a str,
    /// The provider's name for what was handed over.
    pub reference: &'a str,
    /// Our name for it, from a provider that repeats it.
    pub message: Option<&'a MessageId>,
    pub kind: ReceiptKind,
    pub code: Option<i64>,
    pub at: Timestamp,
}

/// What a receipt was to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It was kept.
    Kept,
    /// It tells nothing new: a duplicate or a straggler.
    Known,
    /// It is of nothing in the ledger, or of an attempt whose answer is not written down yet.
    Unknown,
}

/// Keeps a receipt beside its attempt: the one that bears the provider's
/// reference, else the last at the provider to which no reference is known. That
/// it was delivered is the last word; other receipts change nothing after one
/// that was final.
///
/// # Errors
/// When the database fails.
pub async fn apply(tx: &mut Tx, receipt: &Received<'_>) -> Result<News, Fault> {
    let mut found = by_reference(tx, receipt).await?;
    if found.is_none() && is_known(tx, receipt).await? {
        return Ok(News::Known);
    }
    if let Some(message) = receipt.message.filter(|_| found.is_none()) {
        found = by_message(tx, message, receipt).await?;
    }
    let Some((project, message)) = found else { return Ok(News::Unknown) };
    follow(tx, (&project, &message), receipt).await?;
    Ok(News::Kept)
}

type Whose = (ProjectId, MessageId);

async fn by_reference(tx: &mut Tx, receipt: &Received<'_>) -> Result<Option<Whose>, Fault> {
    tx.sql(sql!(
        "UPDATE message_attempts SET receipt = $3, receipt_code = $4, receipt_at = $5
          WHERE provider = $1 AND reference = $2
            AND (receipt IS NULL OR receipt = 'pending' OR (receipt = 'failed' AND $3 = 'delivered'))
      RETURNING project_id, message_id"
    ))
    .bind(&receipt.provider.to_owned())
    .bind(&receipt.reference.to_owned())
    .bind(&receipt.kind)
    .bind(&receipt.code)
    .bind(&receipt.at)
    .optional()
    .await
}

async fn is_known(tx: &mut Tx, receipt: &Received<'_>) -> Result<bool, Fault> {
    let found: Option<i64> = tx
        .sql(sql!("SELECT attempt FROM message_attempts WHERE provider = $1 AND reference = $2 LIMIT 1"))
        .bind(&receipt.provider.to_owned())
        .bind(&receipt.reference.to_owned())
        .optional()
        .await?;
    Ok(found.is_some())
}

/// From then on the attempt bears the reference: later receipts find it by that.
async fn by_message(
    tx: &mut Tx,
    message: &MessageId,
    receipt: &Received<'_>,
) -> Result<Option<Whose>, Fault> {
    tx.sql(sql!(
        "UPDATE message_attempts SET receipt = $3, receipt_code = $4, receipt_at = $5, reference = $6
          WHERE message_id = $1 AND provider = $2
            AND attempt = (SELECT max(attempt) FROM message_attempts AS latest
                 WHERE latest.message_id = $1 AND latest.provider = $2 AND latest.reference IS NULL
                   AND latest.receipt IS NULL AND latest.outcome IN ('accepted', 'unknown'))
      RETURNING project_id, message_id"
    ))
    .bind(message)
    .bind(&receipt.provider.to_owned())
    .bind(&receipt.kind)
    .bind(&receipt.code)
    .bind(&receipt.at)
    .bind(&receipt.reference.to_owned())
    .optional()
    .await
}

async fn follow(tx: &mut Tx, whose: (&ProjectId, &MessageId), receipt: &Received<'_>) -> Result<(), Fault> {
    match receipt.kind {
        ReceiptKind::Pending => Ok(()),
        ReceiptKind::Delivered => arrived(tx, whose, receipt.at).await,
        ReceiptKind::Failed => lost(tx, whose, receipt.at).await,
    }
}

async fn arrived(
    tx: &mut Tx,
    (project, message): (&ProjectId, &MessageId),
    at: Timestamp,
) -> Result<(), Fault> {
    // An attempt without an answer may have arrived: then nothing waits any more.
    tx.sql(sql!(
        "UPDATE messages SET state = 'delivered', delivered_at = $3, sealed_body = NULL
          WHERE project_id = $1 AND message_id = $2 AND state IN ('waiting', 'accepted', 'failed', 'expired')"
    ))
    .bind(project)
    .bind(message)
    .bind(&at)
    .execute()
    .await?;
    Ok(())
}

async fn lost(tx: &mut Tx, (project, message): (&ProjectId, &MessageId), at: Timestamp) -> Result<(), Fault> {
    // What another provider took may arrive still.
    tx.sql(sql!(
        "UPDATE messages SET state = 'failed', failed_at = $3
          WHERE project_id = $1 AND message_id = $2 AND state = 'accepted'
            AND NOT EXISTS (SELECT 1 FROM message_attempts
                 WHERE message_attempts.project_id = $1 AND message_attempts.message_id = $2
                   AND message_attempts.outcome = 'accepted'
                   AND (message_attempts.receipt IS NULL OR message_attempts.receipt <> 'failed'))"
    ))
    .bind(project)
    .bind(message)
    .bind(&at)
    .execute()
    .await?;
    Ok(())
}

/// What became of a provider's recent texts, on every node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    pub provider: String,
    /// Known to have arrived: by receipt, or because the code was entered.
    pub arrived: i64,
    /// Known not to have arrived.
    pub lost: i64,
    pub accepted: i64,
}

impl FromRow for Health {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self { provider: row.take()?, arrived: row.take()?, lost: row.take()?, accepted: row.take()? })
    }
}

/// The texts that providers took from `since` on.
///
/// # Errors
/// When the database fails.
pub async fn health(conn: &mut Conn, since: Timestamp) -> Result<Vec<Health>, Fault> {
    conn.sql(sql!(
        "SELECT message_attempts.provider,
                CAST(sum(CASE WHEN message_attempts.receipt = 'delivered' OR
                    (messages.verified_at IS NOT NULL AND messages.provider = message_attempts.provider)
                    THEN 1 ELSE 0 END) AS BIGINT),
                CAST(sum(CASE WHEN message_attempts.receipt = 'failed' AND messages.verified_at IS NULL
                    THEN 1 ELSE 0 END) AS BIGINT),
                CAST(count(*) AS BIGINT)
           FROM message_attempts JOIN messages ON messages.message_id = message_attempts.message_id
          WHERE message_attempts.channel = 'sms' AND message_attempts.began_at > $1
            AND message_attempts.outcome = 'accepted'
          GROUP BY message_attempts.provider"
    ))
    .bind(&since)
    .all()
    .await
}
