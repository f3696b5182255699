//! The database, and what can be told only with it.

use super::{Finding, backlogs, logins};
use crate::{config::Config, key_file, workers};
use domain::Timestamp;
use flows::{drift, secrets::KEY_CHECK};
use std::{fs, path::PathBuf};
use store::{
    Db, Fault,
    admin_tokens::AdminToken,
    audit,
    db::DatabaseUrl,
    installation::{self, Installation},
    operations, restoring,
};

/// Keys that sign are replaced twice a year, and so are the server key and the audit key.
const KEY_DAYS: i64 = 183;
/// A backup that is older is of a schedule that stopped.
const BACKUP_DAYS: i64 = 2;
/// An admin token that ends sooner is to be replaced now.
const TOKEN_DAYS: i64 = 14;
/// Organizations that are named where there are many.
const NAMED: usize = 5;
const DAY_MS: i64 = 86_400_000;
/// A log this long is not being brought into the database.
const LONG_WAL: u64 = 256 * 1024 * 1024;

pub async fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    const CHECK: &str = "database";
    if let DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        let found = format!("{} is not there", path.display());
        return vec![Finding::problem(CHECK, found, "run `vestibule migrate`, or put a backup back")];
    }
    let found = match Db::open(&config.database).await {
        Ok(db) if restoring::is_under_way(&db).await.unwrap_or(false) => {
            let found = "a restore was begun and has not ended; no server starts on it";
            Ok(vec![Finding::problem(CHECK, found, "run `vestibule restore` again, with --replace")])
        }
        Ok(db) => look_inside(&db, config, now).await,
        Err(fault) => Err(fault),
    };
    found.unwrap_or_else(|fault| {
        vec![Finding::problem(CHECK, fault.to_string(), "see that it runs and takes connections from here")]
    })
}

async fn look_inside(db: &Db, config: &Config, now: Timestamp) -> Result<Vec<Finding>, Fault> {
    let mut findings = vec![schema(db).await?];
    if findings[0].verdict == super::Verdict::Problem {
        return Ok(findings); // what follows would not find its tables
    }
    findings.extend(size(&config.database));
    findings.push(installed(db, config).await?);
    findings.push(organization_keys(db, config).await);
    findings.push(clock(db).await?);
    findings.push(drift_of(db, now).await?);
    findings.extend(keys(db, now).await?);
    findings.push(admin_tokens(db, now).await?);
    findings.push(backed_up(db, now).await?);
    findings.extend(backlogs::look(db, config, now).await?);
    findings.extend(logins::look(db).await?);
    Ok(findings)
}

async fn schema(db: &Db) -> Result<Finding, Fault> {
    const CHECK: &str = "database schema";
    if !db.tables().await?.iter().any(|it| it == "refinery_schema_history") {
        return Ok(Finding::problem(CHECK, "there is none", "run `vestibule migrate`"));
    }
    let found = operations::schema(&mut db.read().await?).await?.unwrap_or(0);
    let known = installation::newest_schema();
    Ok(match found.cmp(&known) {
        std::cmp::Ordering::Equal => Finding::ok(CHECK, format!("version {found}")),
        std::cmp::Ordering::Less => {
            let found = format!("version {found}, this program wants {known}");
            Finding::problem(CHECK, found, "run `vestibule migrate`; `serve` does so too")
        }
        std::cmp::Ordering::Greater => {
            let found = format!("version {found}, this program knows {known}");
            Finding::warning(CHECK, found, "a newer program has been here: finish the upgrade")
        }
    })
}

/// Of a file; a server of its own is watched by its own tools.
fn size(url: &DatabaseUrl) -> Option<Finding> {
    const CHECK: &str = "database size";
    let DatabaseUrl::Sqlite(path) = url else { return None };
    let of = |suffix: &str| {
        let mut name = path.clone().into_os_string();
        name.push(suffix);
        fs::metadata(PathBuf::from(name)).map_or(0, |it| it.len())
    };
    let (file, wal) = (of(""), of("-wal"));
    let found = format!("{} MiB, write-ahead log {} MiB", file >> 20, wal >> 20);
    Some(if wal > LONG_WAL {
        Finding::warning(CHECK, found, "something reads for very long: restart the server, end stray readers")
    } else {
        Finding::ok(CHECK, found)
    })
}

async fn installed(db: &Db, config: &Config) -> Result<Finding, Fault> {
    const CHECK: &str = "server key";
    let Some(Installation { key_check, .. }) = installation::find(&mut db.read().await?).await? else {
        return Ok(Finding::problem(CHECK, "the database has no mark", "run `vestibule migrate`"));
    };
    let opens =
        key_file::read(&config.server_key_file).is_ok_and(|key| key_check.open(&key, &KEY_CHECK).is_ok());
    Ok(if opens {
        Finding::ok(CHECK, "opens the database")
    } else {
        Finding::problem(CHECK, "does not open the database", "put back the key file that belongs to it")
    })
}

/// Whose members cannot use their authenticator apps, because a restore or a
/// move left the keys behind.
async fn organization_keys(db: &Db, config: &Config) -> Finding {
    const CHECK: &str = "secrets of organizations";
    const ADVICE: &str = "bring the keys from where they were kept: see docs/keys.md";
    match config.organization_keys.lacking(db).await {
        Ok(lacking) if lacking.is_empty() => Finding::ok(CHECK, "each has the key it is sealed under"),
        Ok(lacking) => {
            let named: Vec<_> = lacking.iter().take(NAMED).map(ToString::to_string).collect();
            let more = if lacking.len() > NAMED { ", …" } else { "" };
            let found = format!(
                "no key for those of {} organizations, whose members' authenticator apps are refused: {}{more}",
                lacking.len(),
                named.join(", ")
            );
            Finding::problem(CHECK, found, ADVICE)
        }
        Err(error) => Finding::problem(CHECK, error.to_string(), ADVICE),
    }
}

async fn clock(db: &Db) -> Result<Finding, Fault> {
    const CHECK: &str = "clock";
    Ok(if workers::clock::agrees(db).await? {
        Finding::ok(CHECK, "agrees with the database's")
    } else {
        Finding::problem(CHECK, "more than 5 s from the database's", "synchronize both machines (NTP)")
    })
}

async fn drift_of(db: &Db, now: Timestamp) -> Result<Finding, Fault> {
    const CHECK: &str = "authenticator apps";
    const ADVICE: &str = "compare this machine's clock with another source (NTP)";
    Ok(match drift::of_the_week(db, now).await? {
        drift::Clock::Unknown => Finding::ok(CHECK, "too few codes this week to speak of the clock"),
        drift::Clock::Right => Finding::ok(CHECK, "agree with this server's clock"),
        drift::Clock::Ahead => {
            Finding::warning(CHECK, "most codes are a step old: the clock may be ahead", ADVICE)
        }
        drift::Clock::Behind => {
            Finding::warning(CHECK, "many codes are a step early: the clock is behind", ADVICE)
        }
    })
}

async fn keys(db: &Db, now: Timestamp) -> Result<Vec<Finding>, Fault> {
    let mut conn = db.read().await?;
    let signing = operations::oldest_signing_key(&mut conn).await?;
    let server = operations::server_key_since(&mut conn).await?;
    let audit = audit::keys::newest_since(&mut conn).await?;
    let aged = |check, since: Option<Timestamp>, advice: &str| {
        let days = (now.milliseconds() - since?.milliseconds()) / DAY_MS;
        let found = format!("{days} days old");
        Some(if days > KEY_DAYS { Finding::warning(check, found, advice) } else { Finding::ok(check, found) })
    };
    let signing = aged("oldest signing key", signing, "run `vestibule keys rotate` for the project it is of");
    let server = aged("age of the server key", server, "run `vestibule secrets rotate`, see docs/keys.md");
    let audit = aged("age of the audit key", audit, "run `vestibule audit rotate-key`");
    Ok(signing.into_iter().chain(server).chain(audit).collect())
}

/// Those that have ended are nobody's concern.
async fn admin_tokens(db: &Db, now: Timestamp) -> Result<Finding, Fault> {
    const CHECK: &str = "admin tokens";
    let live = store::admin_tokens::all(&mut db.read().await?).await?.into_iter();
    let live: Vec<_> = live.filter(|it| it.expires_at > now).collect();
    let days = |it: &AdminToken| (it.expires_at.milliseconds() - now.milliseconds()) / DAY_MS;
    let ending: Vec<_> = live.iter().filter(|it| days(it) < TOKEN_DAYS).collect();
    if ending.is_empty() {
        return Ok(Finding::ok(CHECK, format!("{}, none ends within {TOKEN_DAYS} days", live.len())));
    }
    let named = ending.iter().map(|it| format!("{} (…{}) ends in {} days", it.name, it.last_four, days(it)));
    let found = named.collect::<Vec<_>>().join(", ");
    Ok(Finding::warning(
        CHECK,
        found,
        "make another with `vestibule admin-token create`, if it is still needed",
    ))
}

/// What the database's own tools do, nobody tells us.
async fn backed_up(db: &Db, now: Timestamp) -> Result<Finding, Fault> {
    const CHECK: &str = "backup";
    const ADVICE: &str = "run `vestibule backup` every day, and `backup verify` what it wrote";
    let Some(at) = operations::backed_up_at(&mut db.read().await?).await? else {
        return Ok(if db.is_postgres() {
            Finding::ok(CHECK, "none by this program: see that the database's own tools make them")
        } else {
            Finding::warning(CHECK, "none was ever made", ADVICE)
        });
    };
    let days = (now.milliseconds() - at.milliseconds()) / DAY_MS;
    Ok(if days >= BACKUP_DAYS {
        Finding::warning(CHECK, format!("the last is {days} days old"), ADVICE)
    } else {
        Finding::ok(CHECK, format!("made {at}"))
    })
}
