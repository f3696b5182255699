//! Verifying an exported file with nothing but a public key, for whoever does
//! not trust the server it came from.

use crate::audit::verification::{Kept, Report};
use domain::audit::{
    chain::{ChainId, Record},
    heads::HeadsReader,
    key::PublicKey,
    ocsf,
    verification::{Bad, Follower, Wrong},
};
use std::collections::{BTreeMap, VecDeque};

/// Rows of a chain that may be repeated: a batch that was sent twice.
const REPEATED: usize = 1000;

/// What is known of a chain so far.
struct Followed {
    follower: Follower<'static>,
    recent: VecDeque<String>,
}

/// The signed heads by chain and length.
type Signed = BTreeMap<(ChainId, i64), (i64, String)>;

/// Follows every chain of an export from its first row, and compares it with
/// signed heads. Without heads nobody can tell where an export should end.
pub fn verify(
    lines: impl Iterator<Item = Result<String, String>>,
    keys: &[PublicKey],
    kept: Option<Kept>,
) -> Report {
    let mut report = Report::default();
    let signed = signed(keys, kept, &mut report);
    let mut chains: BTreeMap<ChainId, Followed> = BTreeMap::new();
    for line in lines {
        match line.and_then(|it| read(&it)) {
            Ok(None) => {}
            Ok(Some(record)) => follow(&record, &mut chains, &signed, &mut report),
            Err(wrong) => report.heads.push(wrong),
        }
    }
    for ((chain, length), (number, _)) in &signed {
        let end = chains.get(chain).map_or(0, |it| it.follower.end().length);
        if end < *length {
            let wrong = Wrong::RolledBack { number: *number, length: *length };
            report.add(Bad { chain: chain.clone(), sequence: end + 1, audit_event_id: None, wrong });
        }
    }
    report.chains = chains.len() as u64;
    report.rows = chains.values().map(|it| it.follower.end().length).sum();
    report
}

/// Empty lines are passed by. So is one that was cut short: its event follows
/// once more, or is missed by its number.
fn read(line: &str) -> Result<Option<Record>, String> {
    let Ok(event) = serde_json::from_str(line) else { return Ok(None) };
    ocsf::record(&event).map(Some).ok_or_else(|| "a line of the export is no audit event".to_owned())
}

fn signed(keys: &[PublicKey], kept: Option<Kept>, report: &mut Report) -> Signed {
    let (mut reader, mut signed) = (HeadsReader::new(keys.to_vec()), Signed::new());
    for document in kept.into_iter().flatten() {
        report.documents += 1;
        match document.and_then(|it| reader.next(&it)) {
            Ok(heads) => signed.extend(
                heads.chains.iter().map(|it| ((it.chain(), it.length), (heads.number, it.head.clone()))),
            ),
            Err(wrong) => report.heads.push(wrong),
        }
    }
    signed
}

fn follow(record: &Record, chains: &mut BTreeMap<ChainId, Followed>, signed: &Signed, report: &mut Report) {
    let chain = record.entry.chain();
    let followed = chains
        .entry(chain.clone())
        .or_insert_with(|| Followed { follower: Follower::new(None), recent: VecDeque::new() });
    let is_genuine = || record.entry.hash(record.link.sequence, &followed.before(record)) == record.link.hash;
    if followed.recent.contains(&record.link.hash) && is_genuine() {
        return;
    }
    if let Err(bad) = followed.follower.follow(record) {
        return report.add(bad);
    }
    followed.recent.push_back(record.link.hash.clone());
    if followed.recent.len() > REPEATED {
        followed.recent.pop_front();
    }
    let here = signed.get(&(chain.clone(), record.link.sequence));
    if let Some((number, _)) = here.filter(|(_, head)| *head != record.link.hash) {
        let (sequence, id) = (record.link.sequence, Some(record.entry.audit_event_id.clone()));
        report.add(Bad {
            chain,
            sequence,
            audit_event_id: id,
            wrong: Wrong::NotAsSigned { number: *number },
        });
    }
}

impl Followed {
    /// The hash before a row that was followed already.
    fn before(&self, record: &Record) -> String {
        let at = self.recent.iter().position(|it| *it == record.link.hash);
        at.and_then(|at| at.checked_sub(1)).and_then(|at| self.recent.get(at)).cloned().unwrap_or_default()
    }
}
