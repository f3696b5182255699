//! Handing events to somebody else, chain by chain: at least once each, in the
//! order of the chain. How far each chain got is remembered by its numbers,
//! which have no gap, so that what commits late is never passed by.

use crate::{Error, Result, audit::verification::Part};
use delivery::{AuditLine, AuditSink};
use domain::{
    Timestamp,
    audit::{
        chain::{ChainId, Record},
        ocsf,
    },
};
use std::collections::BTreeMap;
use store::{
    Db,
    audit::{
        chains::{self, StoredChain},
        exports, records,
    },
};

const CHAINS: i64 = 100;

/// Who remembers how far each chain got.
pub enum Progress {
    /// The database, under a name for the destination.
    Stored(String),
    /// The caller, who is told after each batch that was taken.
    Kept(Kept),
}

pub struct Kept {
    pub places: BTreeMap<ChainId, i64>,
    pub save: Save,
}

/// Keeps how far each chain was handed over.
pub type Save = Box<dyn FnMut(&BTreeMap<ChainId, i64>) -> std::result::Result<(), String> + Send>;

/// What waits to be handed over together.
#[derive(Default)]
struct Batch {
    lines: Vec<AuditLine>,
    reached: BTreeMap<ChainId, i64>,
}

/// Hands over what the destination does not have, a batch at a time; how many events.
///
/// # Errors
/// When the destination did not take a batch: the next round begins with it again. Tells how many it took before.
pub async fn round(
    db: &Db,
    part: &Part,
    (progress, sink): (&mut Progress, &mut AuditSink),
    (size, release): (usize, &str),
) -> Result<u64> {
    let (mut after, mut batch, mut handed) = ((String::new(), String::new()), Batch::default(), 0);
    loop {
        let (some, last) = progress.behind(db, &after).await?;
        for (stored, from) in some.into_iter().filter(|(it, _)| part.holds(&it.chain)) {
            let mut from = from;
            while from < stored.end.length {
                let room = i64::try_from(size - batch.lines.len()).unwrap_or(1);
                let rows = records::of_chain(&mut db.read().await?, &stored.chain, (from + 1, room)).await?;
                let Some(reached) = rows.last().map(|it| it.link.sequence) else { break };
                batch.lines.extend(rows.iter().map(|it| line(it, release)));
                batch.reached.insert(stored.chain.clone(), reached);
                from = reached;
                if batch.lines.len() >= size {
                    handed = progress.hand_over(db, sink, (std::mem::take(&mut batch), handed)).await?;
                }
            }
        }
        let Some(last) = last else { break };
        after = (last.project_id.clone(), last.organization().to_owned());
    }
    progress.hand_over(db, sink, (batch, handed)).await
}

fn line(record: &Record, release: &str) -> AuditLine {
    AuditLine {
        json: ocsf::event(record, release).to_string(),
        at: Timestamp::from_milliseconds(record.entry.at),
        action: record.entry.action.clone(),
    }
}

impl Progress {
    /// Some chains that have more than the destination, and the last that was looked at.
    async fn behind(
        &mut self,
        db: &Db,
        (project, organization): &(String, String),
    ) -> Result<(Vec<(StoredChain, i64)>, Option<ChainId>)> {
        let mut conn = db.read().await?;
        let found = match self {
            Self::Stored(name) => exports::behind(&mut conn, name, (project, organization), CHAINS).await?,
            Self::Kept(Kept { places, .. }) => {
                let some = chains::after(&mut conn, (project, organization), CHAINS).await?;
                let place = |it: StoredChain| (places.get(&it.chain).copied().unwrap_or(0), it);
                some.into_iter().map(place).map(|(at, it)| (it, at)).collect()
            }
        };
        let last = found.last().map(|(it, _)| it.chain.clone());
        Ok((found, last))
    }

    /// How many are handed over, with this batch and before it.
    async fn hand_over(
        &mut self,
        db: &Db,
        sink: &mut AuditSink,
        (batch, before): (Batch, u64),
    ) -> Result<u64> {
        if batch.lines.is_empty() {
            return Ok(before);
        }
        let told = |fault| Error::Operator(format!("{fault}; {before} events are handed over"));
        sink.send(&batch.lines).await.map_err(told)?;
        match self {
            Self::Stored(name) => {
                let mut tx = db.write().await?;
                for (chain, sequence) in &batch.reached {
                    exports::advance(&mut tx, name, chain, *sequence).await?;
                }
                tx.commit().await?;
            }
            Self::Kept(Kept { places, save }) => {
                places.extend(batch.reached);
                save(places).map_err(Error::Operator)?;
            }
        }
        Ok(before + batch.lines.len() as u64)
    }
}
