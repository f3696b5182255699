//! The keys that sign session JWTs.

use crate::{
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{Timestamp, id::ProjectId, sealing::Sealed};

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
}

table!(SigningKey = "signing_keys" { project_id, key_id, sealed_private, modulus, exponent, created_at });

/// The keys of a project, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(conn: &mut Conn, project: &ProjectId) -> Result<Vec<SigningKey>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        SigningKey::COLUMNS,
        " FROM signing_keys WHERE project_id = $1 ORDER BY created_at DESC, key_id"
    ))
    .bind(project)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, key: &SigningKey) -> Result<bool, Fault> {
    tx.insert(key).await
}
