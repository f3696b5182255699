//! Reading the whole audit log against itself, its key and the signed heads.
//!
//! What is held in memory is one page of rows, and the chains that are bad.

mod signed;

use crate::Result;
use domain::{
    audit::{
        chain::{ChainId, End, Record},
        heads::SignedHeads,
        key::AuditKey,
        verification::{Bad, Follower, Wrong},
    },
    id::{OrganizationId, ProjectId},
};
use std::collections::BTreeSet;
use store::{
    Db, Fault,
    audit::{
        chains::{self, StoredChain},
        records,
    },
};

const ROWS: i64 = 500;
const CHAINS: i64 = 100;

/// What is read; without anything named, everything.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub project: Option<ProjectId>,
    /// Only within a project.
    pub organization: Option<OrganizationId>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub chains: u64,
    pub rows: i64,
    /// Signed documents, each counted once a source.
    pub documents: u64,
    /// The first bad row of each chain that has one.
    pub bad: Vec<Bad>,
    /// What is wrong with the signed heads themselves.
    pub heads: Vec<String>,
    bad_chains: BTreeSet<ChainId>,
    /// The newest document that a chain says it was signed in.
    signed_in: i64,
}

/// Signed heads from outside the database, in the order they were written.
pub type Kept = Box<dyn Iterator<Item = std::result::Result<SignedHeads, String>> + Send>;

/// Reads the chains and then the signed heads, those in the database and those
/// that were kept elsewhere. `seen` is told of every good chain.
///
/// # Errors
/// When the database fails; what is wrong with the log is in the report.
pub async fn verify(
    db: &Db,
    part: &Part,
    kept: Option<Kept>,
    seen: &mut impl FnMut(&ChainId, &End),
) -> Result<Report> {
    let key = db.audit_key().ok_or(Fault::NoAuditKey)?;
    let mut report = Report::default();
    let mut after = part.start();
    if let Some(own) = part.own()
        && let Some(stored) = chains::find(&mut db.read().await?, &own).await?
    {
        report.signed_in = report.signed_in.max(stored.signed_in.unwrap_or(0));
        report.take(&own, chain(db, &key, stored.chain).await?, seen);
    }
    loop {
        let some = chains::after(&mut db.read().await?, (&after.0, &after.1), CHAINS).await?;
        let Some(last) = some.last() else { break };
        after = (last.chain.project_id.clone(), last.chain.organization().to_owned());
        for stored in some.iter().filter(|it| part.holds(&it.chain)) {
            report.signed_in = report.signed_in.max(stored.signed_in.unwrap_or(0));
            report.take(&stored.chain, chain(db, &key, stored.chain.clone()).await?, seen);
        }
        if part.project.as_ref().is_some_and(|it| it.as_str() != after.0) {
            break;
        }
    }
    without_an_end(db, part, &mut report).await?;
    let in_database = signed::stored(db, (&key, part), &mut report).await?;
    if report.signed_in > in_database {
        let number = report.signed_in;
        report
            .heads
            .push(format!("in the database: heads number {number} are missing, which a chain was signed in"));
    }
    if let Some(kept) = kept {
        signed::kept(db, (&key, part), (kept, in_database), &mut report).await?;
    }
    Ok(report)
}

impl Part {
    /// What comes before the organizations of the part in the order of chains.
    fn start(&self) -> (String, String) {
        (self.project.as_ref().map_or_else(String::new, ToString::to_string), String::new())
    }

    /// The chain that comes before its organizations.
    fn own(&self) -> Option<ChainId> {
        let project = self.project.as_ref().filter(|_| self.organization.is_none())?;
        Some(ChainId { project_id: project.to_string(), organization_id: None })
    }

    pub(super) fn holds(&self, chain: &ChainId) -> bool {
        let organization = self.organization.as_ref().map(OrganizationId::as_str);
        self.project.as_ref().is_none_or(|it| it.as_str() == chain.project_id)
            && organization.is_none_or(|it| chain.organization_id.as_deref() == Some(it))
    }
}

impl Report {
    pub fn is_good(&self) -> bool {
        self.bad.is_empty() && self.heads.is_empty()
    }

    fn take(
        &mut self,
        chain: &ChainId,
        found: std::result::Result<End, Bad>,
        seen: &mut impl FnMut(&ChainId, &End),
    ) {
        self.chains += 1;
        match found {
            Ok(end) => {
                self.rows += end.length;
                seen(chain, &end);
            }
            Err(bad) => self.add(bad),
        }
    }

    /// The first of each chain is told.
    pub(super) fn add(&mut self, bad: Bad) {
        if self.bad_chains.insert(bad.chain.clone()) {
            self.bad.push(bad);
        }
    }
}

/// Follows a chain to its recorded end, which may move on meanwhile.
async fn chain(db: &Db, key: &AuditKey, chain: ChainId) -> Result<std::result::Result<End, Bad>> {
    let mut follower = Follower::new(Some(key));
    let mut last_id = None;
    loop {
        let Some(stored) = chains::find(&mut db.read().await?, &chain).await? else {
            return Ok(Err(Bad { chain, sequence: 1, audit_event_id: None, wrong: Wrong::EndMissing }));
        };
        if let Err(bad) = follow_to(db, &stored, &mut follower, &mut last_id).await? {
            return Ok(Err(diagnosed(db, &follower, bad).await?));
        }
        if let Err(wrong) = agrees(key, &stored, follower.end()) {
            let sequence = follower.end().length + 1;
            return Ok(Err(Bad { chain, sequence, audit_event_id: None, wrong }));
        }
        let next = (stored.end.length + 1, 1);
        let beyond = records::of_chain(&mut db.read().await?, &chain, next).await?.into_iter().next();
        let Some(record) = beyond else {
            return Ok(unchained(db, &chain).await?.map_or(Ok(stored.end), Err));
        };
        let again = chains::find(&mut db.read().await?, &chain).await?;
        if again.is_none_or(|it| it.end.length <= stored.end.length) {
            let wrong = Wrong::BeyondTheEnd { length: stored.end.length };
            let audit_event_id = Some(record.entry.audit_event_id);
            return Ok(Err(Bad { chain, sequence: record.link.sequence, audit_event_id, wrong }));
        }
    }
}

/// Pages overlap by the row that was followed last, so that a second row of its number is seen.
async fn follow_to(
    db: &Db,
    stored: &StoredChain,
    follower: &mut Follower<'_>,
    last_id: &mut Option<String>,
) -> Result<std::result::Result<(), Bad>> {
    loop {
        let from = if last_id.is_some() { follower.end().length } else { i64::MIN };
        let page = records::of_chain(&mut db.read().await?, &stored.chain, (from, ROWS)).await?;
        let is_new = |it: &&Record| Some(&it.entry.audit_event_id) != last_id.as_ref();
        let rows: Vec<&Record> =
            page.iter().filter(is_new).filter(|it| it.link.sequence <= stored.end.length).collect();
        let Some(last) = rows.last() else { return Ok(Ok(())) };
        for record in &rows {
            if let Err(bad) = follower.follow(record) {
                return Ok(Err(bad));
            }
        }
        *last_id = Some(last.entry.audit_event_id.clone());
    }
}

/// Whether the rows end where the record of the end says.
fn agrees(key: &AuditKey, stored: &StoredChain, end: &End) -> std::result::Result<(), Wrong> {
    let is_ours = key.chain_mac_holds(&stored.mac, &stored.chain, &stored.end);
    if is_ours && end.length < stored.end.length {
        return Err(Wrong::Truncated { length: stored.end.length });
    }
    if is_ours && *end == stored.end { Ok(()) } else { Err(Wrong::EndAltered) }
}

/// Looks for the row that belongs where a bad one is: then the order was changed.
async fn diagnosed(db: &Db, follower: &Follower<'_>, bad: Bad) -> Result<Bad> {
    if !matches!(bad.wrong, Wrong::Edited | Wrong::Missing) {
        return Ok(bad);
    }
    let mut from = bad.sequence;
    loop {
        let page = records::of_chain(&mut db.read().await?, &bad.chain, (from, ROWS)).await?;
        if let Some(found) = page.iter().find(|it| follower.is_next(it)) {
            let to = found.link.sequence;
            let wrong = if to == bad.sequence { Wrong::Inserted } else { Wrong::Moved { to } };
            return Ok(Bad { wrong, ..bad });
        }
        match page.last() {
            Some(last) if last.link.sequence < i64::MAX => from = last.link.sequence + 1,
            _ => return Ok(bad),
        }
    }
}

/// Chains that have rows, and no record of their end.
async fn without_an_end(db: &Db, part: &Part, report: &mut Report) -> Result<()> {
    let mut after = None;
    while let Some(chain) = chains::with_rows_after(&mut db.read().await?, after.as_ref()).await? {
        if part.holds(&chain) && chains::find(&mut db.read().await?, &chain).await?.is_none() {
            let first = records::of_chain(&mut db.read().await?, &chain, (i64::MIN, 1)).await?;
            if let Some(record) = first.into_iter().next() {
                let (sequence, id) = (record.link.sequence, Some(record.entry.audit_event_id));
                let chain = chain.clone();
                report.add(Bad { chain, sequence, audit_event_id: id, wrong: Wrong::EndMissing });
            }
        }
        after = Some(chain);
    }
    Ok(())
}

async fn unchained(db: &Db, chain: &ChainId) -> Result<Option<Bad>> {
    let found = records::unchained_of(&mut db.read().await?, chain, 1).await?.into_iter().next();
    Ok(found.map(|entry| Bad {
        chain: entry.chain(),
        sequence: 0,
        audit_event_id: Some(entry.audit_event_id),
        wrong: Wrong::Unchained,
    }))
}
