//! The keys of organizations, backed up by themselves: kept apart from the
//! backups, an erased organization's key can be taken out of every copy.

use super::{of_file, reading::Reading};
use crate::{App, Error, Result, organization_keys::Kept};
use domain::{
    Timestamp,
    backup::{FORMAT, Found, Header, Sealing, TableLine},
};
use serde_json::{Value as Json, json};
use std::io::{BufRead, Write};
use store::{Db, installation, organization_keys::KeptKey};

/// What the header of such a file says in place of a mode.
const MODE: &str = "organization-keys";
const COLUMNS: [&str; 5] = ["organization_id", "project_id", "sealed_key", "created_at", "destroyed_at"];
/// Keys that are held in memory at a time.
const PAGE: i64 = 500;

/// Writes every key there is, wherever they are kept; how many.
///
/// # Errors
/// When the database or a file fails.
pub async fn write_keys(app: &App, out: &mut impl Write, (now, product): (Timestamp, &str)) -> Result<u64> {
    let found = installation::find(&mut app.db.read().await?).await?;
    let found = found.ok_or_else(|| Error::Operator("the database is not one of Vestibule's".to_owned()))?;
    let header = Header {
        vestibule_backup: FORMAT,
        product: product.to_owned(),
        schema: installation::newest_schema(),
        created_at: now.to_string(),
        mode: MODE.to_owned(),
        key_check: found.key_check.to_string(),
        key_version: 0, // told when it is sealed
    };
    let mut put = |text: String| out.write_all(text.as_bytes()).map_err(|error| of_file(&error));
    let (mut sealing, text) = Sealing::begin(&app.server_key, header);
    put(text)?;
    let columns = COLUMNS.map(str::to_owned).to_vec();
    put(sealing.table(TableLine { table: "organization_keys".to_owned(), columns }))?;
    let (mut last, mut count) = (String::new(), 0);
    loop {
        let page = app.organization_keys.after(app, &last, PAGE).await?;
        let Some(newest) = page.last() else { break };
        last = newest.organization_id.to_string();
        count += page.len() as u64;
        for key in page {
            put(sealing.row(&row(&key)))?;
        }
    }
    put(sealing.end().0)?;
    out.flush().map_err(|error| of_file(&error)).map(|()| count)
}

/// Puts keys back that are not there; what was destroyed, here or there, is
/// destroyed. The caller has checked the whole file. How many were put back.
///
/// # Errors
/// When the file is refused or is not one of keys, or the database fails.
pub async fn load_keys(app: &App, input: impl BufRead) -> Result<u64> {
    let (mut reading, header) = Reading::begin(&app.server_key, input)?;
    if header.mode != MODE {
        return Err(Error::Operator("this is a backup, and not one of organization keys".to_owned()));
    }
    let mut keys = Vec::new();
    while let Some(found) = reading.next()? {
        match found {
            Found::Row(values) => {
                let unreadable = || Error::Operator("a key cannot be read".to_owned());
                keys.push(kept(&values).ok_or_else(unreadable)?);
            }
            Found::Table(_) | Found::Nothing | Found::Sealed(_) => {}
        }
    }
    put_back(app, keys).await
}

/// The keys a database holds, to outlive it.
///
/// # Errors
/// When the database fails.
pub async fn carried(db: &Db) -> Result<Vec<KeptKey>> {
    if !db.tables().await?.iter().any(|it| it == "organization_keys") {
        return Ok(Vec::new());
    }
    Kept::InDatabase.all(db).await
}

/// Puts keys where the server looks for them, those that are not there, and
/// destroys there what was destroyed; how many were put back.
///
/// # Errors
/// When the database or a file fails.
pub async fn put_back(app: &App, keys: Vec<KeptKey>) -> Result<u64> {
    let mut count = 0;
    let mut tx = app.db.write().await?;
    tx.be_patient().await?;
    for key in keys {
        count += u64::from(app.organization_keys.kept.put_back(&mut tx, &key).await?);
    }
    tx.commit().await?;
    Ok(count)
}

fn row(key: &KeptKey) -> [Json; 5] {
    let sealed = key.sealed_key.as_ref().map(ToString::to_string);
    let (created, destroyed) = (key.created_at.milliseconds(), key.destroyed_at.map(Timestamp::milliseconds));
    [json!(key.organization_id), json!(key.project_id), json!(sealed), json!(created), json!(destroyed)]
}

fn kept(values: &[Json]) -> Option<KeptKey> {
    let [organization, project, sealed, created, destroyed] = values else { return None };
    Some(KeptKey {
        organization_id: organization.as_str()?.parse().ok()?,
        project_id: project.as_str()?.parse().ok()?,
        sealed_key: sealed.as_str().map(str::parse).transpose().ok()?,
        created_at: Timestamp::from_milliseconds(created.as_i64()?),
        destroyed_at: destroyed.as_i64().map(Timestamp::from_milliseconds),
    })
}
