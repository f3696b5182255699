//! The keys that sign session JWTs.

use crate::{
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{Timestamp, id::ProjectId, sealing::Sealed, signing_keys::Life};

/// An RSA key of a project. The private half is sealed.
#[derive(Debug, Clone)]
pub struct SigningKey {
    pub project_id: ProjectId,
    /// The `kid` of JWTs.
    pub key_id: String,
    /// PKCS #8 in DER.
    pub sealed_private: Sealed,
    /// Base64url without padding, as a JWK shows it.
    pub modulus: String,
    pub exponent: String,
    pub created_at: Timestamp,
    /// Signs from here on, while no younger key does.
    pub activates_at: Timestamp,
    /// Listed and believed until here.
    pub retires_at: Option<Timestamp>,
}

impl SigningKey {
    pub fn life(&self) -> Life {
        Life { created_at: self.created_at, activates_at: self.activates_at, retires_at: self.retires_at }
    }
}

table!(SigningKey = "signing_keys" {
    project_id, key_id, sealed_private, modulus, exponent, created_at,
    activates_at, retires_at,
});

/// The keys of a project, those gone included, the last to sign first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(conn: &mut Conn, project: &ProjectId) -> Result<Vec<SigningKey>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        SigningKey::COLUMNS,
        " FROM signing_keys WHERE project_id = $1 ORDER BY activates_at DESC, key_id"
    ))
    .bind(project)
    .all()
    .await
}

/// The public half of a key that is listed now: modulus and exponent. Read
/// afresh for every JWT, so that a revoked key is dead on every node at once.
///
/// # Errors
/// When the database fails.
pub async fn listed(
    conn: &mut Conn,
    project: &ProjectId,
    key_id: &str,
    now: Timestamp,
) -> Result<Option<(String, String)>, Fault> {
    conn.sql(sql!(
        "SELECT modulus, exponent FROM signing_keys
          WHERE project_id = $1 AND key_id = $2 AND (retires_at IS NULL OR retires_at > $3)"
    ))
    .bind(project)
    .bind(&key_id.to_owned())
    .bind(&now)
    .optional()
    .await
}

/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, key: &SigningKey) -> Result<bool, Fault> {
    tx.insert(key).await
}

/// Gives every key that nothing follows yet an end.
///
/// # Errors
/// When the database fails.
pub async fn retire(tx: &mut Tx, project: &ProjectId, at: Timestamp) -> Result<u64, Fault> {
    tx.sql(sql!("UPDATE signing_keys SET retires_at = $2 WHERE project_id = $1 AND retires_at IS NULL"))
        .bind(project)
        .bind(&at)
        .execute()
        .await
}

/// Lets a key sign from now on, with no end in sight.
///
/// # Errors
/// When the database fails.
pub async fn activate(
    tx: &mut Tx,
    project: &ProjectId,
    key_id: &str,
    from: Timestamp,
) -> Result<bool, Fault> {
    let activated = tx
        .sql(sql!(
            "UPDATE signing_keys SET activates_at = $3, retires_at = NULL WHERE project_id = $1 AND key_id = $2"
        ))
        .bind(project)
        .bind(&key_id.to_owned())
        .bind(&from)
        .execute()
        .await?;
    Ok(activated == 1)
}

/// Takes a key away; `false` when it is not there.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, project: &ProjectId, key_id: &str) -> Result<bool, Fault> {
    let removed = tx
        .sql(sql!("DELETE FROM signing_keys WHERE project_id = $1 AND key_id = $2"))
        .bind(project)
        .bind(&key_id.to_owned())
        .execute()
        .await?;
    Ok(removed == 1)
}
