//! What waits longer than it should.

use super::{Finding, heads};
use crate::config::Config;
use domain::Timestamp;
use store::{Db, Fault, audit::exports, operations::backlogs};

/// Codes live for minutes: what waits longer than this arrives too late.
const MESSAGE_WAITS_MS: i64 = 60_000;
/// Of what happened until endpoints are to be called; that takes no network.
const CAUSE_WAITS_MS: i64 = 60_000;
/// Chains with something to export, and events of theirs, that are no cause for worry.
const CHAINS: i64 = 1000;
const EVENTS: i64 = 10_000;

pub async fn look(db: &Db, config: &Config, now: Timestamp) -> Result<Vec<Finding>, Fault> {
    let mut findings = vec![messages(db, now).await?, webhooks(db, now).await?, endpoints(db).await?];
    findings.push(heads::look(db, config, now).await?);
    findings.extend(export(db, config).await?);
    Ok(findings)
}

fn waited(now: Timestamp, since: Option<Timestamp>) -> i64 {
    since.map_or(0, |since| now.milliseconds() - since.milliseconds())
}

async fn messages(db: &Db, now: Timestamp) -> Result<Finding, Fault> {
    const CHECK: &str = "texts and mails";
    let found = backlogs::messages(&mut db.survey().await?).await?;
    let waits = waited(now, found.oldest);
    let told = format!("{} wait to be handed over, the oldest for {} s", found.depth, waits / 1000);
    Ok(if waits > MESSAGE_WAITS_MS {
        Finding::warning(CHECK, told, "see that a server runs, and why providers refuse: `vestibule trace`")
    } else {
        Finding::ok(CHECK, told)
    })
}

async fn webhooks(db: &Db, now: Timestamp) -> Result<Finding, Fault> {
    const CHECK: &str = "webhook outbox";
    let found = backlogs::webhook_causes(&mut db.survey().await?).await?;
    let waits = waited(now, found.oldest);
    let told = format!("{} events wait, the oldest for {} s", found.depth, waits / 1000);
    Ok(if waits > CAUSE_WAITS_MS {
        Finding::warning(CHECK, told, "see that a server runs, and what its log says of webhooks")
    } else {
        Finding::ok(CHECK, told)
    })
}

async fn endpoints(db: &Db) -> Result<Finding, Fault> {
    const CHECK: &str = "webhook endpoints";
    let found = backlogs::webhook_endpoints(&mut db.survey().await?).await?;
    if (found.failing, found.disabled) == (0, 0) {
        return Ok(Finding::ok(CHECK, "none fails"));
    }
    let told = format!("{} fail, {} were given up", found.failing, found.disabled);
    Ok(Finding::warning(CHECK, told, "tell whose they are; enable them again and replay what was missed"))
}

/// Of the destination that is configured; none when none is.
async fn export(db: &Db, config: &Config) -> Result<Option<Finding>, Fault> {
    const CHECK: &str = "export of the audit log";
    let Some(export) = &config.audit_export else { return Ok(None) };
    let behind = exports::behind(&mut db.survey().await?, export.name(), ("", ""), CHAINS).await?;
    let events: i64 = behind.iter().map(|(chain, from)| chain.end.length - from).sum();
    let told = format!("{events} events are still to be handed over");
    Ok(Some(if events > EVENTS {
        Finding::warning(
            CHECK,
            told,
            "see that the destination answers, and what the server's log says of it",
        )
    } else {
        Finding::ok(CHECK, told)
    }))
}
