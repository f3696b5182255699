//! Thinning out signed heads: chains hang together, so that the newest head of
//! each proves all that is before it. Older ones tell since when.
//!
//! Kept are the first document, all of a week, the last of every day, the newest
//! of every chain, and what introduces a key. What goes is bridged: the document after it says,
//! under a signature, which one comes before it, so that nobody else's gap is
//! taken for one of these.

use crate::Result;
use domain::{Timestamp, audit::heads::Bridge, time::Span};
use store::{
    Db, Fault,
    audit::heads::{self, Signing},
};

/// What is younger is kept whole.
const WHOLE: Span = Span::days(7);
const DAY: i64 = Span::days(1).as_milliseconds();
/// Documents deleted in one transaction, and read at a time.
const BATCH: usize = 500;

/// Deletes what is not kept, a batch a transaction; how many. Where another
/// node is at it, that one does.
///
/// # Errors
/// When the database fails.
pub async fn thin(db: &Db, now: Timestamp) -> Result<u64> {
    let (mut before, mut waiting, mut deleted) = (None, Vec::<Signing>::new(), 0);
    let mut pages = Pages { db, after: 0 };
    let mut next = pages.next().await?.into_iter();
    let mut this = next.next();
    while let Some(at) = this {
        let mut following = next.next();
        if following.is_none() {
            next = pages.next().await?.into_iter();
            following = next.next();
        }
        let is_young = at.signed_at >= now.minus(WHOLE);
        // A batch that is full ends at a document that goes with the next one.
        if is_young || is_kept(&at, following.as_ref()) || waiting.len() >= BATCH {
            if let (Some(from), false) = (before, waiting.is_empty()) {
                let Some(gone) = bridge(db, from, at.number).await? else { return Ok(deleted) };
                deleted += gone;
            }
            if is_young {
                break;
            }
            before = Some(at.number);
            waiting.clear();
        } else {
            waiting.push(at);
        }
        this = following;
    }
    Ok(deleted)
}

fn is_kept(at: &Signing, next: Option<&Signing>) -> bool {
    let day = |it: &Signing| it.signed_at.milliseconds().div_euclid(DAY);
    at.number == 1 || at.is_needed || next.is_none_or(|next| day(next) != day(at))
}

async fn bridge(db: &Db, from: i64, to: i64) -> Result<Option<u64>> {
    let key = db.audit_key().ok_or(Fault::NoAuditKey)?;
    let mut conn = db.read().await?;
    let (Some(before), Some(after)) =
        (heads::find(&mut conn, from).await?, heads::find(&mut conn, to).await?)
    else {
        return Ok(None);
    };
    drop(conn);
    let prover = key.prover_after(after.signed.key_version);
    let bridge = Bridge::sign(prover, (from, &before.signed), (to, &after.signed));
    let mut tx = db.write().await?;
    let deleted = heads::bridge(&mut tx, &bridge, to).await?;
    tx.commit().await?;
    Ok(deleted)
}

struct Pages<'d> {
    db: &'d Db,
    after: i64,
}

impl Pages<'_> {
    async fn next(&mut self) -> Result<Vec<Signing>> {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let page = heads::signings_after(&mut self.db.read().await?, self.after, limit).await?;
        self.after = page.last().map_or(self.after, |it| it.number);
        Ok(page)
    }
}
