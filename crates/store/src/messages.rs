//! The delivery ledger, and the outbox that is part of it.
//!
//! A message is a row from the transaction of its cause on. It waits until a
//! provider took it, nobody can take it, a newer code took its place, or its
//! time is over; its sealed body is erased at that moment.

mod attempts;
mod meaning;
mod outbox;
mod receipts;
pub mod resealing;
pub mod spend;
mod trace;

pub use attempts::{Attempt, Ended, begin, finish, of_message};
pub use meaning::{is_meant, take_back};
pub use outbox::{
    Line, accepted, any_expired, claim, due, expire, gave_up, hindered, in_the_way, keep_claim, postpone,
    postpone_unclaimed, supersede_email_code, supersede_passcode,
};
pub use receipts::{Health, News, Received, apply, health};
pub use trace::{Filter, Page, find, list};

use crate::db::{Fault, Tx, statement::sql};
use domain::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    id::{MemberId, MessageId, OrganizationId, ProjectId},
    messages::{Channel, Hindrance, Purpose, Reason, State},
    phone::Country,
    sealing::Sealed,
};

/// One message, however often it is handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub message_id: MessageId,
    pub project_id: ProjectId,
    pub organization_id: Option<OrganizationId>,
    pub member_id: Option<MemberId>,
    pub channel: Channel,
    pub purpose: Purpose,
    pub reason: Reason,
    /// Masked.
    pub recipient: String,
    pub recipient_digest: Digest,
    pub country: Option<Country>,
    /// Of the code or token in it.
    pub carries: Option<Digest>,
    pub state: State,
    pub sealed_body: Option<Sealed>,
    pub attempts: i64,
    pub next_attempt_at: Timestamp,
    pub claimed_until: Timestamp,
    /// It is not handed over after this.
    pub deadline: Timestamp,
    pub wrong_guesses: i64,
    pub provider: Option<String>,
    pub created_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub verified_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    /// Why no provider was asked any more.
    pub hindrance: Option<Hindrance>,
}

/// Writes a message in the transaction of its cause.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &mut Tx, message: &Message) -> Result<(), Fault> {
    if tx.insert(message).await? { Ok(()) } else { Err(Fault::IdTaken("message")) }
}

/// What a message carried was used.
///
/// # Errors
/// When the database fails.
pub async fn verified(
    tx: &mut Tx,
    project: &ProjectId,
    carried: &Digest,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE messages SET state = 'verified', verified_at = $3, sealed_body = NULL
          WHERE project_id = $1 AND carries = $2 AND verified_at IS NULL"
    ))
    .bind(project)
    .bind(carried)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// Somebody entered something else than what a member's latest text carried.
///
/// # Errors
/// When the database fails.
pub async fn wrong_passcode(
    tx: &mut Tx,
    (project, organization, member): (&ProjectId, &OrganizationId, &MemberId),
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE messages SET wrong_guesses = wrong_guesses + 1
          WHERE project_id = $1 AND carries = (SELECT code_digest FROM passcodes
                 WHERE passcodes.project_id = $1 AND passcodes.organization_id = $2 AND passcodes.member_id = $3)"
    ))
    .bind(project)
    .bind(organization)
    .bind(member)
    .execute()
    .await?;
    Ok(())
}

/// Somebody entered something else than the latest code to an address.
///
/// # Errors
/// When the database fails.
pub async fn wrong_email_code(tx: &mut Tx, project: &ProjectId, address: &EmailAddress) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE messages SET wrong_guesses = wrong_guesses + 1
          WHERE project_id = $1 AND carries = (SELECT code_digest FROM email_codes
                 WHERE email_codes.project_id = $1 AND email_codes.email_address = $2)"
    ))
    .bind(project)
    .bind(&address.in_canonical_form())
    .execute()
    .await?;
    Ok(())
}
