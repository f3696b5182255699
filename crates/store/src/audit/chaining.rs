//! Putting events into their chains: the last thing a transaction does.
//!
//! A chain is locked by its row in `audit_chains`, from here to the commit and
//! no longer, so that the logins of an organization do not queue behind one
//! another's work. A transaction with events of several chains takes them in
//! the same order as every other: none waits for one that waits for it.

use crate::{
    audit::{keys, records},
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::audit::{
    chain::{ChainId, End, Entry, Record},
    key::{AuditKey, Prover, named_in},
};
use std::collections::BTreeMap;

/// Rows read at a time, of those from before there were chains.
const AT_ONCE: i64 = 200;

/// Writes the events that wait for the commit.
pub(crate) async fn write(tx: &mut Tx, entries: Vec<Entry>) -> Result<(), Fault> {
    let key = tx.audit_key().ok_or(Fault::NoAuditKey)?;
    let mut chains: BTreeMap<ChainId, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        chains.entry(entry.chain()).or_default().push(entry);
    }
    for (chain, entries) in chains {
        let mut taken = take(tx, &key, &chain).await?;
        let records = taken.link(entries);
        records::insert(tx, &records).await?;
        taken.put(tx, &chain).await?;
    }
    Ok(())
}

/// Chains the rows from before there were chains, oldest first, in the
/// transaction that makes the key: afterwards the database takes no more. How many.
///
/// # Errors
/// When the database fails.
pub async fn chain_earlier(tx: &mut Tx, key: &AuditKey) -> Result<u64, Fault> {
    let mut chained = 0;
    while let Some(chain) = unchained(tx).await? {
        let mut taken = take(tx, key, &chain).await?;
        let entries = records::unchained_of(tx, &chain, AT_ONCE).await?;
        for record in &taken.link(entries) {
            chained += link(tx, record).await?;
        }
        taken.put(tx, &chain).await?;
    }
    Ok(chained)
}

/// A chain that nobody else extends until the commit.
struct Taken<'k> {
    prover: Prover<'k>,
    end: End,
    /// Kept where it is wrong: whoever altered the end must not have it proved by us.
    wrong_mac: Option<String>,
}

async fn take<'k>(tx: &mut Tx, key: &'k AuditKey, chain: &ChainId) -> Result<Taken<'k>, Fault> {
    let found: Option<(i64, String, String)> = tx
        .sql(sql!(
            "INSERT INTO audit_chains (project_id, organization_id, length, head, mac, moved)
             VALUES ($1, $2, 0, '', '', FALSE)
             ON CONFLICT (project_id, organization_id) DO UPDATE SET length = audit_chains.length
             RETURNING audit_chains.length, audit_chains.head, audit_chains.mac"
        ))
        .bind(&chain.project_id)
        .bind(&chain.organization().to_owned())
        .optional()
        .await?;
    let (length, head, mac) =
        found.ok_or_else(|| Fault::Unreadable("the end of an audit chain".to_owned()))?;
    let end = End { length, head };
    let is_new = end == End::EMPTY && mac.is_empty();
    let (is_right, version) = (is_new || key.chain_mac_holds(&mac, chain, &end), named_in(&mac));
    if !key.knows(version) && keys::is_there(tx, version.into()).await? {
        return Err(Fault::NewAuditKey);
    }
    if !is_right {
        tracing::error!(%chain, "the end of an audit chain was altered; run `vestibule audit verify`");
    }
    Ok(Taken { prover: key.prover_after(version), end, wrong_mac: (!is_right).then_some(mac) })
}

impl Taken<'_> {
    fn link(&mut self, entries: Vec<Entry>) -> Vec<Record> {
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries {
            let record = entry.linked(self.prover, &self.end);
            self.end = record.end();
            records.push(record);
        }
        records
    }

    async fn put(self, tx: &mut Tx, chain: &ChainId) -> Result<(), Fault> {
        let mac = self.wrong_mac.unwrap_or_else(|| self.prover.chain_mac(chain, &self.end).to_string());
        tx.sql(sql!(
            "UPDATE audit_chains SET length = $3, head = $4, mac = $5, moved = TRUE
              WHERE project_id = $1 AND organization_id = $2"
        ))
        .bind(&chain.project_id)
        .bind(&chain.organization().to_owned())
        .bind(&self.end.length)
        .bind(&self.end.head)
        .bind(&mac)
        .execute()
        .await?;
        Ok(())
    }
}

/// A chain with rows that are not in it yet.
async fn unchained(conn: &mut Conn) -> Result<Option<ChainId>, Fault> {
    let found: Option<(String, Option<String>)> = conn
        .sql(sql!("SELECT project_id, organization_id FROM audit_events WHERE sequence IS NULL LIMIT 1"))
        .optional()
        .await?;
    Ok(found.map(|(project_id, organization_id)| ChainId { project_id, organization_id }))
}

async fn link(tx: &mut Tx, record: &Record) -> Result<u64, Fault> {
    tx.sql(sql!(
        "UPDATE audit_events SET sequence = $3, hash = $4, mac = $5
          WHERE project_id = $1 AND audit_event_id = $2 AND sequence IS NULL"
    ))
    .bind(&record.entry.project_id)
    .bind(&record.entry.audit_event_id)
    .bind(&record.link.sequence)
    .bind(&record.link.hash)
    .bind(&record.link.mac)
    .execute()
    .await
}
