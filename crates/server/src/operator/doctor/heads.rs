//! Whether the audit log's signed heads are what they are for: outside the database, and up to date.

use super::Finding;
use crate::{config::Config, heads_file};
use domain::{Timestamp, audit::heads::Heads};
use std::path::Path;
use store::{Db, Fault, audit::heads, operations::backlogs};

const CHECK: &str = "heads of the audit log";
/// A head is signed every minute when something was written.
const WAITS_MS: i64 = 5 * 60_000;

pub async fn look(db: &Db, config: &Config, now: Timestamp) -> Result<Finding, Fault> {
    let waits = unsigned_for(db, now).await?;
    if waits > WAITS_MS {
        let told = format!("an event has waited for {} min to be signed", waits / 60_000);
        return Ok(Finding::warning(CHECK, told, "see that a server runs, and what its log says of heads"));
    }
    let Some(path) = &config.heads_file else {
        let told = "in the database only: whoever has it can take the newest events away unseen";
        return Ok(Finding::warning(CHECK, told, "set audit.heads_file to a file on another volume"));
    };
    let kept = match heads_file::probe(path).and_then(|()| heads_file::last(path)) {
        Ok(kept) => kept,
        Err(error) => {
            let advice =
                "let the server's own user write it, or name another file; nothing is kept meanwhile";
            return Ok(Finding::problem(CHECK, error.to_string(), advice));
        }
    };
    compared(db, path, kept.map(|(number, signed)| (number, signed.document)), now).await
}

async fn unsigned_for(db: &Db, now: Timestamp) -> Result<i64, Fault> {
    let since = backlogs::oldest_unsigned(&mut db.survey().await?).await?;
    Ok(since.map_or(0, |since| now.milliseconds() - since.milliseconds()))
}

/// The last document of the file with that of the database.
async fn compared(
    db: &Db,
    path: &Path,
    kept: Option<(i64, String)>,
    now: Timestamp,
) -> Result<Finding, Fault> {
    let mut conn = db.survey().await?;
    let (number, document) = kept.unwrap_or_default();
    let newest = heads::last(&mut conn).await?.map_or(0, |it| it.number);
    let same = heads::after(&mut conn, number - 1, 1).await?.pop().filter(|it| it.number == number);
    let is_another = same.is_some_and(|it| it.signed.document != document);
    if newest < number || is_another {
        let found = format!(
            "the database was rolled back or restored: {} ends with document {number}, the database has {newest}{}",
            path.display(),
            if is_another { " and another of that number" } else { "" }
        );
        return Ok(Finding::problem(CHECK, found, heads_file::WHAT_TO_DO));
    }
    let next = heads::after(&mut conn, number, 1).await?.pop();
    let since = next.and_then(|it| serde_json::from_str::<Heads>(&it.signed.document).ok());
    let waits = since.map_or(0, |it| now.milliseconds() - it.signed_at.milliseconds());
    Ok(if waits > WAITS_MS {
        let found = format!(
            "{} ends with document {number}, the database with {newest}: behind for {} min",
            path.display(),
            waits / 60_000
        );
        Finding::problem(
            CHECK,
            found,
            "see that a server runs with this configuration, and what its log says",
        )
    } else {
        Finding::ok(CHECK, format!("signed, and kept in {} up to document {number}", path.display()))
    })
}
