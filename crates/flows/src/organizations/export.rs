//! Everything of one organization, a line a row, for whoever may ask for it.

use crate::{
    App, Error, Result,
    projects::{document::Administrator, event},
};
use domain::{
    Refusal, Timestamp,
    audit::Action,
    factors::recovery_codes::RecoveryCode,
    id::{OrganizationId, ProjectId},
};
use rand::RngCore;
use serde_json::{Map, Value as Json, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};
use store::{
    db::{Snapshot, TableShape, Value},
    tables::{InBackup, OnErasure, TABLES},
    tenant,
};

/// The version of the format.
const FORMAT: u32 = 1;
/// Rows that are held in memory at a time.
const PAGE: usize = 200;
/// Bytes of an export that fits into one answer.
const MOST_BYTES: usize = 16 << 20;
/// What somebody could log in with, or compute it from. Left out, unless asked for.
const SECRET: [&str; 3] = ["hash", "code_digest", "token_digest"];
/// Of no use outside, and not to be had at all.
const NEVER: [&str; 2] = ["token_seed", "mac"];
/// What columns of sealed values begin with; their content is shown in clear or not at all.
const SEALED: &str = "sealed_";

/// What to export.
pub struct Wanted<'a> {
    pub project: &'a ProjectId,
    /// Id, slug or external id.
    pub organization: &'a str,
    /// Password hashes, and secrets of authenticator apps and recovery codes in clear.
    pub with_secrets: bool,
}

/// The export of [`export`] as one text, without secrets.
///
/// # Errors
/// As of [`export`]; `InvalidArgument` where it is too large for one answer.
pub async fn text(
    app: &App,
    (project, organization): (&ProjectId, &str),
    by: Administrator,
    luck: (Timestamp, &mut impl RngCore),
) -> Result<String> {
    let wanted = Wanted { project, organization, with_secrets: false };
    let mut text = Bounded { bytes: Vec::new(), is_full: false };
    let exported = export(app, wanted, &mut text, by, luck).await;
    if text.is_full {
        let reason =
            "it has more than fits into one answer: `vestibule organization export` writes it to a file";
        return Err(Refusal::InvalidArgument { field: "organization_id", reason }.into());
    }
    exported?;
    String::from_utf8(text.bytes).map_err(|error| Error::Operator(error.to_string()))
}

/// Takes no more than fits into one answer.
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, some: &[u8]) -> io::Result<usize> {
        self.is_full |= self.bytes.len() + some.len() > MOST_BYTES;
        if self.is_full { Err(io::ErrorKind::StorageFull.into()) } else { self.bytes.write(some) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a line that says what it is, a line a row (`{"table", "row"}`), and a
/// line with the numbers of rows, all as of one moment. That it was exported is
/// on the record of the project.
///
/// # Errors
/// `OrganizationNotFound`, or when the database, a key or the file fails.
pub async fn export(
    app: &App,
    wanted: Wanted<'_>,
    out: &mut impl Write,
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<BTreeMap<String, u64>> {
    let found = tenant::resolve(&mut app.db.read().await?, wanted.project, wanted.organization).await?;
    let id = found.ok_or(Refusal::OrganizationNotFound)?.organization_id().clone();
    let snapshot = app.db.snapshot().await?;
    put(
        out,
        &json!({ "vestibule_export": FORMAT, "project_id": wanted.project, "organization_id": id,
                      "created_at": now.to_string(), "with_secrets": wanted.with_secrets }),
    )?;
    let mut counts = BTreeMap::new();
    for shape in snapshot.shapes(is_exported).await? {
        let rows = table(app, (&snapshot, &shape), (&wanted, &id), out).await?;
        counts.insert(shape.name, rows);
    }
    put(out, &json!({ "rows": counts }))?;
    out.flush().map_err(|error| of_file(&error))?;
    note(app, (&wanted, &id), by, (now, rng)).await?;
    Ok(counts)
}

async fn note(
    app: &App,
    (wanted, id): (&Wanted<'_>, &OrganizationId),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut event = event(wanted.project, Action::OrganizationExported, now, rng);
    event.details.0.insert("organization_id".to_owned(), json!(id));
    event.details.0.insert("with_secrets".to_owned(), json!(wanted.with_secrets));
    by.sign(&mut event);
    let mut tx = app.db.write().await?;
    store::audit::append(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}

/// Not what works once: it is nothing about anybody, and gone in a while.
fn is_exported(table: &str) -> bool {
    let rule = TABLES.iter().find(|(name, ..)| *name == table);
    rule.is_some_and(|(name, in_backup, on_erasure)| match on_erasure {
        OnErasure::Deleted => *in_backup == InBackup::Kept || *name == "sessions",
        OnErasure::Blanked => true,
        OnErasure::Recorded => *name == "audit_events",
        OnErasure::KeyDestroyed | OnErasure::OfNone => false,
    })
}

async fn table(
    app: &App,
    (snapshot, shape): (&Snapshot, &TableShape),
    (wanted, id): (&Wanted<'_>, &OrganizationId),
    out: &mut impl Write,
) -> Result<u64> {
    let whose = (shape, wanted.project.as_str(), id.as_str());
    let (mut last, mut count) = (None::<Vec<Value>>, 0);
    loop {
        let rows = snapshot.rows_of(whose, last.as_deref(), PAGE).await?;
        let Some(newest) = rows.last().cloned() else { return Ok(count) };
        last = Some(newest);
        for row in rows {
            let row = shown(app, shape, (row, wanted.with_secrets)).await?;
            put(out, &json!({ "table": shape.name, "row": row }))?;
            count += 1;
        }
    }
}

async fn shown(
    app: &App,
    shape: &TableShape,
    (row, with_secrets): (Vec<Value>, bool),
) -> Result<Map<String, Json>> {
    let named = shape.columns.iter().map(|it| it.name.clone()).zip(row.into_iter().map(plain));
    let mut row: Map<String, Json> = named.collect();
    row.retain(|name, _| !NEVER.contains(&name.as_str()));
    if with_secrets {
        opened(app, &shape.name, &mut row).await?;
    }
    let is_secret = |name: &str| SECRET.contains(&name) || name.starts_with(SEALED);
    row.retain(|name, _| !is_secret(name) || (with_secrets && name == "hash"));
    Ok(row)
}

/// Puts what is sealed beside it in clear.
async fn opened(app: &App, table: &str, row: &mut Map<String, Json>) -> Result<()> {
    let (secret, id, name) = match table {
        "totps" => ("sealed_secret", "totp_registration_id", "secret"),
        "recovery_codes" => ("sealed_code", "recovery_code_id", "code"),
        _ => return Ok(()),
    };
    let text = |name: &str| row.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let Ok(sealed) = text(secret).parse::<domain::sealing::Sealed>() else { return Ok(()) };
    let (project, organization, member) = (text("project_id"), text("organization_id"), text("member_id"));
    let whose = (project.parse::<ProjectId>(), organization.parse::<OrganizationId>());
    let (Ok(of_project), Ok(of_organization)) = whose else { return Ok(()) };
    let whose = (&of_project, &of_organization);
    let key = app.organization_keys.find(app, &mut app.db.read().await?, whose).await?;
    let id = text(id);
    let place = [table, &project, &organization, &member, &id];
    let bytes = sealed.open_for((&app.server_key, key.as_deref()), &place)?;
    let clear = if table == "totps" {
        domain::factors::totp::TotpSecret::from_bytes(bytes.to_vec())?.expose_base32()
    } else {
        RecoveryCode::parse(&String::from_utf8_lossy(&bytes))?.expose().to_owned()
    };
    row.insert(name.to_owned(), json!(clear));
    Ok(())
}

fn plain(value: Value) -> Json {
    match value {
        Value::Text(it) => json!(it),
        Value::BigInt(it) => json!(it),
        Value::Boolean(it) => json!(it),
    }
}

fn put(out: &mut impl Write, line: &Json) -> Result<()> {
    writeln!(out, "{line}").map_err(|error| of_file(&error))
}

fn of_file(error: &io::Error) -> Error {
    Error::Operator(format!("the export's file: {error}"))
}
