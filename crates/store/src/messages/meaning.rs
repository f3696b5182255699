//! Whether a message that waits still means anything: what it carries may have
//! been used, replaced or taken back since, and its member may be gone.

use super::Message;
use crate::db::{Conn, Fault, Tx, statement::sql};
use domain::{
    Timestamp,
    digest::Digest,
    id::{MemberId, MessageId, OrganizationId, ProjectId},
    messages::Purpose,
};

/// Whether the code or link of a message can still be used. A notice is of
/// something that has happened, and means it whatever happens next.
///
/// # Errors
/// When the database fails.
pub async fn is_meant(conn: &mut Conn, it: &Message, now: Timestamp) -> Result<bool, Fault> {
    let Some(carried) = &it.carries else { return Ok(true) };
    let whose = it.organization_id.as_ref().zip(it.member_id.as_ref());
    if let Some(whose) = whose
        && !is_member(conn, &it.project_id, whose).await?
    {
        return Ok(false);
    }
    let of = (&it.project_id, carried);
    match it.purpose {
        Purpose::Passcode => match whose {
            Some(whose) => passcode(conn, of, whose, now).await,
            None => Ok(false),
        },
        Purpose::EmailCode | Purpose::DiscoveryCode => email_code(conn, of, now).await,
        Purpose::MagicLink | Purpose::Invite | Purpose::EmailUpdate => magic_link(conn, of, now).await,
        Purpose::DiscoveryLink => discovery_link(conn, of, now).await,
        Purpose::PasswordReset => password_reset(conn, of, now).await,
        Purpose::Notice => Ok(true),
    }
}

/// Takes back a message that means nothing any more.
///
/// # Errors
/// When the database fails.
pub async fn take_back(tx: &mut Tx, project: &ProjectId, message: &MessageId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE messages SET state = 'superseded', sealed_body = NULL
          WHERE project_id = $1 AND message_id = $2 AND state = 'waiting'"
    ))
    .bind(project)
    .bind(message)
    .execute()
    .await?;
    Ok(())
}

async fn is_member(
    conn: &mut Conn,
    project: &ProjectId,
    (organization, member): (&OrganizationId, &MemberId),
) -> Result<bool, Fault> {
    let found: Option<i64> = conn
        .sql(sql!(
            "SELECT second_factor_failures FROM members
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status <> 'deleted'"
        ))
        .bind(project)
        .bind(organization)
        .bind(member)
        .optional()
        .await?;
    Ok(found.is_some())
}

async fn passcode(
    conn: &mut Conn,
    (project, carried): (&ProjectId, &Digest),
    (organization, member): (&OrganizationId, &MemberId),
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<Timestamp> = conn
        .sql(sql!(
            "SELECT expires_at FROM passcodes
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND code_digest = $4
                AND spent_at IS NULL AND expires_at > $5"
        ))
        .bind(project)
        .bind(organization)
        .bind(member)
        .bind(carried)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}

async fn email_code(
    conn: &mut Conn,
    (project, carried): (&ProjectId, &Digest),
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<Timestamp> = conn
        .sql(sql!(
            "SELECT expires_at FROM email_codes
              WHERE project_id = $1 AND code_digest = $2 AND spent_at IS NULL AND expires_at > $3 LIMIT 1"
        ))
        .bind(project)
        .bind(carried)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}

async fn magic_link(
    conn: &mut Conn,
    (project, carried): (&ProjectId, &Digest),
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<Timestamp> = conn
        .sql(sql!(
            "SELECT expires_at FROM magic_links
              WHERE project_id = $1 AND token_digest = $2 AND spent_at IS NULL AND expires_at > $3"
        ))
        .bind(project)
        .bind(carried)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}

async fn discovery_link(
    conn: &mut Conn,
    (project, carried): (&ProjectId, &Digest),
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<Timestamp> = conn
        .sql(sql!(
            "SELECT expires_at FROM discovery_links
              WHERE project_id = $1 AND token_digest = $2 AND spent_at IS NULL AND expires_at > $3"
        ))
        .bind(project)
        .bind(carried)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Of a member, or of an address before an organization is chosen.
async fn password_reset(
    conn: &mut Conn,
    (project, carried): (&ProjectId, &Digest),
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<Timestamp> = conn
        .sql(sql!(
            "SELECT expires_at FROM password_resets
              WHERE project_id = $1 AND token_digest = $2 AND spent_at IS NULL AND expires_at > $3
             UNION ALL
             SELECT expires_at FROM address_password_resets
              WHERE project_id = $1 AND token_digest = $2 AND spent_at IS NULL AND expires_at > $3"
        ))
        .bind(project)
        .bind(carried)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.is_some())
}
