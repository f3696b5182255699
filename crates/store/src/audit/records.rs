//! The rows of the audit log as they are stored, whatever they mean.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::audit::chain::{ChainId, Entry, Link, Record};
use std::sync::LazyLock;

/// Rows in one statement.
const AT_ONCE: usize = 8;
const ENTRY: &str = "audit_events.audit_event_id, audit_events.project_id, audit_events.organization_id,
    audit_events.member_id, audit_events.action, audit_events.actor, audit_events.at, audit_events.details";
/// Of rows that are in a chain.
pub(crate) const RECORD: &str =
    const_format::concatcp!(ENTRY, ", audit_events.sequence, audit_events.hash, audit_events.mac");

static INSERTS: LazyLock<Vec<String>> = LazyLock::new(|| (1..=AT_ONCE).map(insert_text).collect());

fn insert_text(rows: usize) -> String {
    let row = |at: usize| {
        let parameters: Vec<String> = (1..=11).map(|n| format!("${}", at * 11 + n)).collect();
        format!("({})", parameters.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO audit_events (audit_event_id, project_id, organization_id, member_id, action, actor, at, details,
                                   sequence, hash, mac)
         VALUES {} ON CONFLICT DO NOTHING",
        rows.join(", ")
    )
}

#[cfg(test)]
inventory::submit!(crate::db::statement::CollectedTable { insert_text: || &INSERTS[0] });

/// # Errors
/// `Fault::IdTaken`, or when the database fails.
pub(crate) async fn insert(tx: &mut Tx, records: &[Record]) -> Result<(), Fault> {
    for some in records.chunks(AT_ONCE) {
        let statement =
            some.iter().fold(tx.sql(&INSERTS[some.len() - 1]), |statement, Record { entry, link }| {
                statement
                    .bind(&entry.audit_event_id)
                    .bind(&entry.project_id)
                    .bind(&entry.organization_id)
                    .bind(&entry.member_id)
                    .bind(&entry.action)
                    .bind(&entry.actor)
                    .bind(&entry.at)
                    .bind(&entry.details)
                    .bind(&link.sequence)
                    .bind(&link.hash)
                    .bind(&link.mac)
            });
        if statement.execute().await? != some.len() as u64 {
            return Err(Fault::IdTaken("audit event"));
        }
    }
    Ok(())
}

/// The rows of a chain from a number on, in order; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn of_chain(
    conn: &mut Conn,
    chain: &ChainId,
    (from, limit): (i64, i64),
) -> Result<Vec<Record>, Fault> {
    match &chain.organization_id {
        Some(organization) => {
            conn.sql(sql!(
                "SELECT ",
                RECORD,
                " FROM audit_events WHERE project_id = $1 AND organization_id = $2 AND sequence >= $3
                  ORDER BY sequence, audit_event_id LIMIT $4"
            ))
            .bind(&chain.project_id)
            .bind(organization)
            .bind(&from)
            .bind(&limit)
            .all()
            .await
        }
        None => {
            conn.sql(sql!(
                "SELECT ",
                RECORD,
                " FROM audit_events WHERE project_id = $1 AND organization_id IS NULL AND sequence >= $2
                  ORDER BY sequence, audit_event_id LIMIT $3"
            ))
            .bind(&chain.project_id)
            .bind(&from)
            .bind(&limit)
            .all()
            .await
        }
    }
}

/// The rows that are in no chain, oldest first: once the server has opened the
/// database, there are none but what somebody else put there.
///
/// # Errors
/// When the database fails.
pub async fn unchained_of(conn: &mut Conn, chain: &ChainId, limit: i64) -> Result<Vec<Entry>, Fault> {
    match &chain.organization_id {
        Some(organization) => {
            conn.sql(sql!(
                "SELECT ",
                ENTRY,
                " FROM audit_events WHERE project_id = $1 AND organization_id = $2 AND sequence IS NULL
                  ORDER BY at, audit_event_id LIMIT $3"
            ))
            .bind(&chain.project_id)
            .bind(organization)
            .bind(&limit)
            .all()
            .await
        }
        None => {
            conn.sql(sql!(
                "SELECT ",
                ENTRY,
                " FROM audit_events WHERE project_id = $1 AND organization_id IS NULL AND sequence IS NULL
                  ORDER BY at, audit_event_id LIMIT $2"
            ))
            .bind(&chain.project_id)
            .bind(&limit)
            .all()
            .await
        }
    }
}

impl FromRow for Entry {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self {
            audit_event_id: row.take()?,
            project_id: row.take()?,
            organization_id: row.take()?,
            member_id: row.take()?,
            action: row.take()?,
            actor: row.take()?,
            at: row.take()?,
            details: row.take()?,
        })
    }
}

impl FromRow for Record {
    /// A chained row without its hash or mac was altered: it is read as one with an empty one.
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        let entry = Entry::from_row(row)?;
        let link = Link {
            sequence: row.take()?,
            hash: row.take::<Option<String>>()?.unwrap_or_default(),
            mac: row.take::<Option<String>>()?.unwrap_or_default(),
        };
        Ok(Self { entry, link })
    }
}
