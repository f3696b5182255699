//! What providers say later.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{
    Timestamp,
    id::{MessageId, ProjectId},
    messages::ReceiptKind,
};

/// A receipt for one attempt, found by the provider's reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received<'a> {
    pub provider: &'a str,
    pub reference: &'a str,
    pub kind: ReceiptKind,
    pub code: Option<i64>,
    pub at: Timestamp,
}

/// Keeps a receipt. One that is final stays: duplicates and stragglers change
/// nothing. Whose it was, if it was anybody's and news.
///
/// # Errors
/// When the database fails.
pub async fn apply(tx: &mut Tx, receipt: &Received<'_>) -> Result<Option<(ProjectId, MessageId)>, Fault> {
    let found: Option<(ProjectId, MessageId)> = tx
        .sql(sql!(
            "UPDATE message_attempts SET receipt = $3, receipt_code = $4, receipt_at = $5
              WHERE provider = $1 AND reference = $2 AND (receipt IS NULL OR receipt = 'pending')
          RETURNING project_id, message_id"
        ))
        .bind(&receipt.provider.to_owned())
        .bind(&receipt.reference.to_owned())
        .bind(&receipt.kind)
        .bind(&receipt.code)
        .bind(&receipt.at)
        .optional()
        .await?;
    if let Some((project, message)) = &found {
        follow(tx, (project, message), receipt).await?;
    }
    Ok(found)
}

/// The same for a provider that names the message by our id: its last attempt
/// there that may have been taken. Whether there was one, and it was news.
///
/// # Errors
/// When the database fails.
pub async fn apply_to(tx: &mut Tx, message: &MessageId, receipt: &Received<'_>) -> Result<bool, Fault> {
    let project: Option<ProjectId> = tx
        .sql(sql!(
            "UPDATE message_attempts SET receipt = $3, receipt_code = $4, receipt_at = $5
              WHERE message_id = $1 AND provider = $2 AND (receipt IS NULL OR receipt = 'pending')
                AND attempt = (SELECT max(attempt) FROM message_attempts AS latest
                     WHERE latest.message_id = $1 AND latest.provider = $2 AND latest.outcome IN ('accepted', 'unknown'))
          RETURNING project_id"
        ))
        .bind(message)
        .bind(&receipt.provider.to_owned())
        .bind(&receipt.kind)
        .bind(&receipt.code)
        .bind(&receipt.at)
        .optional()
        .await?;
    let Some(project) = project else { return Ok(false) };
    follow(tx, (&project, message), receipt).await?;
    Ok(true)
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
    tx.sql(sql!(
        "UPDATE messages SET state = 'failed', failed_at = $3
          WHERE project_id = $1 AND message_id = $2 AND state = 'accepted'"
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
