//! Clients of a project, and the rotation of their secrets.

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    Timestamp,
    digest::Digest,
    id::ProjectId,
    m2m::{Client, client_id::ClientId},
};

/// `false` when the project has a client of this name.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, client: &Client) -> Result<bool, Fault> {
    let created = tx.insert(client).await?;
    if created {
        list_scopes(tx, client).await?;
    }
    Ok(created)
}

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, project: &ProjectId, id: &ClientId) -> Result<Option<Client>, Fault> {
    conn.sql(sql!("SELECT ", Client::COLUMNS, " FROM m2m_clients WHERE project_id = $1 AND client_id = $2"))
        .bind(project)
        .bind(id)
        .optional()
        .await
}

/// Locks the client for the rest of the transaction and reads it as it is now.
///
/// # Errors
/// When the database fails.
pub async fn lock(
    tx: &mut Tx,
    project: &ProjectId,
    id: &ClientId,
    now: Timestamp,
) -> Result<Option<Client>, Fault> {
    tx.sql(sql!(
        "UPDATE m2m_clients SET updated_at = $3 WHERE project_id = $1 AND client_id = $2 RETURNING ",
        Client::COLUMNS
    ))
    .bind(project)
    .bind(id)
    .bind(&now)
    .optional()
    .await
}

/// Writes a changed client back, all but its secrets; the caller holds its lock.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, it: &Client) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE m2m_clients SET name = $3, description = $4, status = $5, scopes = $6, trusted_metadata = $7
          WHERE project_id = $1 AND client_id = $2"
    ))
    .bind(&it.project_id)
    .bind(&it.client_id)
    .bind(&it.name)
    .bind(&it.description)
    .bind(&it.status)
    .bind(&it.scopes)
    .bind(&it.trusted_metadata)
    .execute()
    .await?;
    tx.sql(sql!("DELETE FROM m2m_client_scopes WHERE project_id = $1 AND client_id = $2"))
        .bind(&it.project_id)
        .bind(&it.client_id)
        .execute()
        .await?;
    list_scopes(tx, it).await
}

/// One a row, for searches.
async fn list_scopes(tx: &mut Tx, it: &Client) -> Result<(), Fault> {
    for scope in it.scopes.as_slice() {
        tx.sql(sql!("INSERT INTO m2m_client_scopes (project_id, scope, client_id) VALUES ($1, $2, $3)"))
            .bind(&it.project_id)
            .bind(scope)
            .bind(&it.client_id)
            .execute()
            .await?;
    }
    Ok(())
}

/// `false` when there is no such client.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &ClientId) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!("DELETE FROM m2m_clients WHERE project_id = $1 AND client_id = $2"))
        .bind(project)
        .bind(id)
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Puts a second secret beside the first; none when one is there already.
///
/// # Errors
/// When the database fails.
pub async fn start_rotation(
    tx: &mut Tx,
    (project, id): (&ProjectId, &ClientId),
    (digest, last_four): (&Digest, &String),
    now: Timestamp,
) -> Result<Option<Client>, Fault> {
    tx.sql(sql!(
        "UPDATE m2m_clients SET next_secret_digest = $3, next_secret_last_four = $4, updated_at = $5
          WHERE project_id = $1 AND client_id = $2 AND next_secret_digest IS NULL
      RETURNING ",
        Client::COLUMNS
    ))
    .bind(project)
    .bind(id)
    .bind(digest)
    .bind(last_four)
    .bind(&now)
    .optional()
    .await
}

/// Takes the second secret away again; none when there is no second one.
///
/// # Errors
/// When the database fails.
pub async fn cancel_rotation(
    tx: &mut Tx,
    project: &ProjectId,
    id: &ClientId,
    now: Timestamp,
) -> Result<Option<Client>, Fault> {
    tx.sql(sql!(
        "UPDATE m2m_clients SET next_secret_digest = NULL, next_secret_last_four = NULL, updated_at = $3
          WHERE project_id = $1 AND client_id = $2 AND next_secret_digest IS NOT NULL
      RETURNING ",
        Client::COLUMNS
    ))
    .bind(project)
    .bind(id)
    .bind(&now)
    .optional()
    .await
}

/// Puts the second secret in the place of the first; none when there is no second one.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    tx: &mut Tx,
    project: &ProjectId,
    id: &ClientId,
    now: Timestamp,
) -> Result<Option<Client>, Fault> {
    tx.sql(sql!(
        "UPDATE m2m_clients
            SET secret_digest = next_secret_digest, secret_last_four = next_secret_last_four,
                secret_is_imported = FALSE, next_secret_digest = NULL, next_secret_last_four = NULL,
                updated_at = $3
          WHERE project_id = $1 AND client_id = $2 AND next_secret_digest IS NOT NULL
      RETURNING ",
        Client::COLUMNS
    ))
    .bind(project)
    .bind(id)
    .bind(&now)
    .optional()
    .await
}

/// Puts the digest of a secret in the place of the one under another version
/// of the server key, whichever of the two secrets it is by now; `false` when it
/// is neither any more.
///
/// # Errors
/// When the database fails.
pub async fn rekey(
    tx: &mut Tx,
    (project, id): (&ProjectId, &ClientId),
    (before, after): (&Digest, &Digest),
) -> Result<bool, Fault> {
    let changed = tx
        .sql(sql!(
            "UPDATE m2m_clients
                SET secret_digest = CASE WHEN secret_digest = $3 THEN $4 ELSE secret_digest END,
                    next_secret_digest = CASE WHEN next_secret_digest = $3 THEN $4 ELSE next_secret_digest END
              WHERE project_id = $1 AND client_id = $2 AND (secret_digest = $3 OR next_secret_digest = $3)"
        ))
        .bind(project)
        .bind(id)
        .bind(before)
        .bind(after)
        .execute()
        .await?;
    Ok(changed == 1)
}
