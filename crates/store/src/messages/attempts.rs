//! Attempts to hand a message over.

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    Timestamp,
    id::{MessageId, OrganizationId, ProjectId},
    messages::{Channel, Outcome, ReceiptKind},
    phone::Country,
};

/// One hand-over to one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub message_id: MessageId,
    /// From one.
    pub attempt: i64,
    pub project_id: ProjectId,
    pub organization_id: Option<OrganizationId>,
    pub channel: Channel,
    pub country: Option<Country>,
    pub provider: String,
    /// Millionths of the price table's currency.
    pub price_micros: i64,
    pub outcome: Outcome,
    /// Of HTTP or SMTP.
    pub status: Option<i64>,
    /// The provider's own error number.
    pub code: Option<i64>,
    /// The provider's name for it.
    pub reference: Option<String>,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub receipt: Option<ReceiptKind>,
    pub receipt_code: Option<i64>,
    pub receipt_at: Option<Timestamp>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub outcome: Outcome,
    pub status: Option<i64>,
    pub code: Option<i64>,
    pub reference: Option<String>,
    pub at: Timestamp,
}

/// Writes an attempt before it is made.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &mut Tx, attempt: &Attempt) -> Result<(), Fault> {
    if tx.insert(attempt).await? { Ok(()) } else { Err(Fault::IdTaken("attempt")) }
}

/// Writes how an attempt ended.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    tx: &mut Tx,
    (project, message, attempt): (&ProjectId, &MessageId, i64),
    ended: &Ended,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE message_attempts SET outcome = $4, status = $5, code = $6, reference = $7, ended_at = $8
          WHERE project_id = $1 AND message_id = $2 AND attempt = $3"
    ))
    .bind(project)
    .bind(message)
    .bind(&attempt)
    .bind(&ended.outcome)
    .bind(&ended.status)
    .bind(&ended.code)
    .bind(&ended.reference)
    .bind(&ended.at)
    .execute()
    .await?;
    Ok(())
}

/// The attempts to hand a message over, in order.
///
/// # Errors
/// When the database fails.
pub async fn of_message(
    conn: &mut Conn,
    project: &ProjectId,
    message: &MessageId,
) -> Result<Vec<Attempt>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Attempt::COLUMNS,
        " FROM message_attempts WHERE project_id = $1 AND message_id = $2 ORDER BY attempt"
    ))
    .bind(project)
    .bind(message)
    .all()
    .await
}
