//! The chains against what was signed of them.

use super::{Kept, Part, Report};
use crate::Result;
use domain::audit::{
    heads::{Head, Heads, HeadsReader},
    key::AuditKey,
    verification::{Bad, Wrong},
};
use store::{
    Db,
    audit::{chains, heads, records},
};

const DOCUMENTS: i64 = 20;

/// The number of the last document in the database.
pub(super) async fn stored(db: &Db, (key, part): (&AuditKey, &Part), report: &mut Report) -> Result<i64> {
    let (mut reader, mut after) = (HeadsReader::from_the_first(key.public_keys()), 0);
    loop {
        let some = heads::after(&mut db.read().await?, after, DOCUMENTS).await?;
        let Some(last) = some.last() else { return Ok(after) };
        after = last.number;
        for document in some {
            report.documents += 1;
            match reader.next(&document.signed) {
                Ok(heads) => covered(db, part, &heads, report).await?,
                Err(wrong) => report.heads.push(format!("in the database: {wrong}")),
            }
        }
    }
}

pub(super) async fn kept(
    db: &Db,
    (key, part): (&AuditKey, &Part),
    (kept, in_database): (Kept, i64),
    report: &mut Report,
) -> Result<()> {
    let mut reader = HeadsReader::new(key.public_keys());
    for document in kept {
        report.documents += 1;
        let read = document.and_then(|it| reader.next(&it));
        match read {
            Ok(heads) => covered(db, part, &heads, report).await?,
            Err(wrong) => report.heads.push(format!("in the file: {wrong}")),
        }
    }
    if reader.last().is_some_and(|it| it > in_database) {
        let last = reader.last().unwrap_or_default();
        report.heads.push(format!(
            "the database was rolled back: its last signed heads are number {in_database}, and {last} were kept"
        ));
    }
    Ok(())
}

/// Whether the chains are what a document says they were.
async fn covered(db: &Db, part: &Part, heads: &Heads, report: &mut Report) -> Result<()> {
    for head in heads.chains.iter().filter(|it| part.holds(&it.chain())) {
        if let Some(bad) = against(db, heads.number, head).await? {
            report.add(bad);
        }
    }
    Ok(())
}

async fn against(db: &Db, number: i64, head: &Head) -> Result<Option<Bad>> {
    let (chain, mut conn) = (head.chain(), db.read().await?);
    let row = records::of_chain(&mut conn, &chain, (head.length, 1)).await?.into_iter().next();
    let Some(row) = row.filter(|it| it.link.sequence == head.length) else {
        let end = chains::find(&mut conn, &chain).await?.map_or(0, |it| it.end.length);
        let (sequence, wrong) = (end.min(head.length) + 1, Wrong::RolledBack { number, length: head.length });
        return Ok(Some(Bad { chain, sequence, audit_event_id: None, wrong }));
    };
    let bad = Bad {
        chain,
        sequence: head.length,
        audit_event_id: Some(row.entry.audit_event_id),
        wrong: Wrong::NotAsSigned { number },
    };
    Ok((row.link.hash != head.head).then_some(bad))
}
