//! Walking everything that hangs on the server key, to put it under another
//! version. Each row is replaced by one guarded statement: whoever changed it
//! meanwhile has done so under the present version already, and wins.

use crate::{
    db::{Conn, Fault, FromRow, RowReader, Table, Tx, statement::sql},
    signing_keys::SigningKey,
    totps::Totp,
};
use domain::{
    Timestamp,
    digest::Digest,
    id::{MemberId, OrganizationId, ProjectId, RecoveryCodeId, TotpRegistrationId},
    m2m::{Client, client_id::ClientId},
    sealing::Sealed,
    sessions::{Session, TokenSeed},
};

/// The columns that hold something sealed; a test compares them with the schema.
pub const SEALED_COLUMNS: [(&str, &str); 8] = [
    ("audit_keys", "sealed_root"),
    ("messages", "sealed_body"),
    ("organization_keys", "sealed_key"),
    ("recovery_codes", "sealed_code"),
    ("signing_keys", "sealed_private"),
    ("totps", "sealed_secret"),
    ("webhook_endpoints", "sealed_previous"),
    ("webhook_endpoints", "sealed_secret"),
];

/// An unspent recovery code, with what its digest and its seal are bound to.
#[derive(Debug, Clone)]
pub struct KeptCode {
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    pub code_digest: Digest,
    pub project_id: ProjectId,
    pub recovery_code_id: RecoveryCodeId,
    pub totp_registration_id: TotpRegistrationId,
    pub sealed_code: Option<Sealed>,
}

impl FromRow for KeptCode {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self {
            organization_id: row.take()?,
            member_id: row.take()?,
            code_digest: row.take()?,
            project_id: row.take()?,
            recovery_code_id: row.take()?,
            totp_registration_id: row.take()?,
            sealed_code: row.take()?,
        })
    }
}

/// The signing keys after one, by project and id.
///
/// # Errors
/// When the database fails.
pub async fn signing_keys(
    conn: &mut Conn,
    (project, key_id): (&str, &str),
    limit: i64,
) -> Result<Vec<SigningKey>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        SigningKey::COLUMNS,
        " FROM signing_keys WHERE (signing_keys.project_id, signing_keys.key_id) > ($1, $2)
          ORDER BY signing_keys.project_id, signing_keys.key_id LIMIT $3"
    ))
    .bind(&project.to_owned())
    .bind(&key_id.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn renew_signing_key(tx: &mut Tx, before: &SigningKey, sealed: &Sealed) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE signing_keys SET sealed_private = $4
              WHERE project_id = $1 AND key_id = $2 AND sealed_private = $3"
        ))
        .bind(&before.project_id)
        .bind(&before.key_id)
        .bind(&before.sealed_private)
        .bind(sealed)
        .execute()
        .await?;
    Ok(renewed == 1)
}

/// The authenticator apps after one, by organization and member.
///
/// # Errors
/// When the database fails.
pub async fn totps(
    conn: &mut Conn,
    (organization, member): (&str, &str),
    limit: i64,
) -> Result<Vec<Totp>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Totp::COLUMNS,
        " FROM totps WHERE (totps.organization_id, totps.member_id) > ($1, $2)
          ORDER BY totps.organization_id, totps.member_id LIMIT $3"
    ))
    .bind(&organization.to_owned())
    .bind(&member.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn renew_totp(tx: &mut Tx, before: &Totp, sealed: &Sealed) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE totps SET sealed_secret = $5
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND sealed_secret = $4"
        ))
        .bind(&before.project_id)
        .bind(&before.organization_id)
        .bind(&before.member_id)
        .bind(&before.sealed_secret)
        .bind(sealed)
        .execute()
        .await?;
    Ok(renewed == 1)
}

/// The unspent recovery codes after one, by organization, member and digest.
///
/// # Errors
/// When the database fails.
pub async fn recovery_codes(
    conn: &mut Conn,
    (organization, member, digest): (&str, &str, &str),
    limit: i64,
) -> Result<Vec<KeptCode>, Fault> {
    conn.sql(sql!(
        "SELECT organization_id, member_id, code_digest, project_id, recovery_code_id, totp_registration_id, sealed_code
           FROM recovery_codes WHERE (organization_id, member_id, code_digest) > ($1, $2, $3) AND spent_at IS NULL
          ORDER BY organization_id, member_id, code_digest LIMIT $4"
    ))
    .bind(&organization.to_owned())
    .bind(&member.to_owned())
    .bind(&digest.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn renew_recovery_code(
    tx: &mut Tx,
    before: &KeptCode,
    (digest, sealed): (&Digest, &Sealed),
) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE recovery_codes SET code_digest = $6, sealed_code = $7
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND code_digest = $4
                AND sealed_code = $5 AND spent_at IS NULL"
        ))
        .bind(&before.project_id)
        .bind(&before.organization_id)
        .bind(&before.member_id)
        .bind(&before.code_digest)
        .bind(&before.sealed_code)
        .bind(digest)
        .bind(sealed)
        .execute()
        .await?;
    Ok(renewed == 1)
}

/// The live sessions after one, by the digest of the token.
///
/// # Errors
/// When the database fails.
pub async fn sessions(
    conn: &mut Conn,
    token_digest: &str,
    (now, limit): (Timestamp, i64),
) -> Result<Vec<Session>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Session::COLUMNS,
        " FROM sessions WHERE sessions.token_digest > $1 AND sessions.expires_at > $2
          ORDER BY sessions.token_digest LIMIT $3"
    ))
    .bind(&token_digest.to_owned())
    .bind(&now)
    .bind(&limit)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn renew_session(tx: &mut Tx, before: &Session, seed: &TokenSeed) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE sessions SET token_seed = $5
              WHERE project_id = $1 AND organization_id = $2 AND token_digest = $3 AND token_seed = $4"
        ))
        .bind(&before.project_id)
        .bind(&before.organization_id)
        .bind(&before.token_digest)
        .bind(&before.token_seed)
        .bind(seed)
        .execute()
        .await?;
    Ok(renewed == 1)
}

/// The secrets of the clients after one, by project and id: of each secret the
/// digest, two of a client whose secret is being rotated.
///
/// # Errors
/// When the database fails.
pub async fn client_secrets(
    conn: &mut Conn,
    (project, client): (&str, &str),
    limit: i64,
) -> Result<Vec<(ProjectId, ClientId, Digest)>, Fault> {
    let clients: Vec<Client> = conn
        .sql(sql!(
            "SELECT ",
            Client::COLUMNS,
            " FROM m2m_clients WHERE (m2m_clients.project_id, m2m_clients.client_id) > ($1, $2)
              ORDER BY m2m_clients.project_id, m2m_clients.client_id LIMIT $3"
        ))
        .bind(&project.to_owned())
        .bind(&client.to_owned())
        .bind(&limit)
        .all()
        .await?;
    let secrets = clients.into_iter().flat_map(|it| {
        let digests = [Some(it.secret_digest), it.next_secret_digest];
        digests.into_iter().flatten().map(move |digest| (it.project_id.clone(), it.client_id.clone(), digest))
    });
    Ok(secrets.collect())
}
