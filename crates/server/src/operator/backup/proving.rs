//! Proving a backup: all of it is read, put into a database of its own, opened,
//! and its audit log replayed.

use super::{reader, show};
use crate::{Failure, clock, config::Config, key_file};
use delivery::{Mailer, Texts};
use domain::{
    backup::{Counts, Header},
    id::OrganizationId,
    send_limits::Strictness,
    server_key::ServerKey,
};
use flows::{
    App,
    audit::verification::{self, Part, Report},
    backup,
    organization_keys::{Kept, OrganizationKeys},
    organizations::erasure,
    secrets,
};
use std::{collections::BTreeSet, path::Path};
use store::{Db, db::DatabaseUrl, organization_keys::KeptKey};

/// Organizations that are named where there are many.
const NAMED: usize = 20;

/// What was found of a backup that is whole and opens.
pub struct Proof {
    pub header: Header,
    pub counts: Counts,
    /// What the audit log in it says of itself.
    pub audit: Report,
    /// Organizations with secrets in it whose key is not here.
    pub without_key: BTreeSet<OrganizationId>,
    /// Of those, the ones that were erased since.
    pub erased: BTreeSet<OrganizationId>,
}

/// # Errors
/// When the backup is refused, or holds an audit log that was changed.
pub async fn verify(config: &Config, file: &Path, keys: Option<&Path>) -> Result<(), Failure> {
    let key = key_file::read(&config.server_key_file)?;
    let named = |failure: Failure| format!("{}: {failure}", file.display());
    let proof = prove(config, &key, (file, keys)).await.map_err(named)?;
    show(&proof.header, &proof.counts);
    proof.tell();
    if !proof.audit.is_good() {
        return Err(format!(
            "{} is whole and opens, but the audit log in it was changed before it was made",
            file.display()
        )
        .into());
    }
    println!("{} is whole, can be put back, and opens with this server key.", file.display());
    if !proof.missing().is_empty() {
        println!("Not so the secrets that need the keys above: a restore wants them, with --keys.");
    }
    Ok(())
}

impl Proof {
    /// Organizations that lose their second factors if nobody brings their keys.
    pub fn missing(&self) -> Vec<&OrganizationId> {
        self.without_key.difference(&self.erased).collect()
    }

    /// What is to be known of it, a line each.
    pub fn tell(&self) {
        let report = &self.audit;
        println!(
            "audit     {} chains, {} good rows, {} signed heads",
            report.chains, report.rows, report.documents
        );
        report.bad.iter().for_each(|bad| println!("BAD       {bad}"));
        report.heads.iter().for_each(|wrong| println!("BAD       {wrong}"));
        let missing = self.missing();
        for organization in missing.iter().take(NAMED) {
            println!("no key    {organization}: its secrets cannot be read with the keys that are here");
        }
        if missing.len() > NAMED {
            println!("no key    and {} more", missing.len() - NAMED);
        }
        for organization in self.erased.iter().take(NAMED) {
            println!("erased    {organization}: a restore erases it again");
        }
        if self.erased.len() > NAMED {
            println!("erased    and {} more", self.erased.len() - NAMED);
        }
    }
}

/// Reads it all, puts it into a database of its own, opens everything sealed
/// and replays the audit log.
///
/// # Errors
/// When the backup is refused; what its audit log says is in the proof.
pub async fn prove(
    config: &Config,
    key: &ServerKey,
    (file, keys): (&Path, Option<&Path>),
) -> Result<Proof, Failure> {
    backup::check(key, reader(file)?)?;
    let folder = tempfile::Builder::new().prefix("vestibule-verify-").tempdir()?; // its owner's alone
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("proof.db"))).await?;
    let loaded = backup::load(&db, key, reader(file)?).await?;
    let app = bring_keys(config, key, (db, keys)).await?;
    secrets::follow(&app).await?;
    flows::audit::keys::open(&app.db, &app.server_key, (clock::machine(), &mut clock::luck())).await?;
    let mut without_key = BTreeSet::new();
    let mut closed = Vec::new();
    for it in secrets::open_all(&app, clock::machine()).await? {
        without_key.extend(it.without_key);
        if it.closed > 0 {
            closed.push(format!("{} of {} {} do not open", it.closed, it.opened + it.closed, it.kind));
        }
    }
    if !closed.is_empty() {
        return Err(format!("the server key opens the backup, but {}", closed.join(", ")).into());
    }
    let audit = verification::verify(&app.db, &Part::default(), None, &mut |_, _| ()).await?;
    let erased = erasure::revived(&app).await?.into_iter().map(|(_, organization, _)| organization).collect();
    Ok(Proof { header: loaded.header, counts: loaded.counts, audit, without_key, erased })
}

/// The application over the proof, which holds in its own table what keys of
/// organizations there are: those kept here, and those of a file.
async fn bring_keys(
    config: &Config,
    key: &ServerKey,
    (db, keys): (Db, Option<&Path>),
) -> Result<App, Failure> {
    let mut app = App::new(db, key.copied(), Texts::nowhere(), Mailer::Nowhere, Strictness::Strict);
    app.organization_keys = OrganizationKeys::kept(Kept::InDatabase);
    if let Some(keys) = keys {
        let named = |error| format!("{}: {error}", keys.display());
        backup::check(key, reader(keys)?).map_err(named)?;
        backup::load_keys(&app, reader(keys)?).await.map_err(named)?;
    }
    let here = match &config.organization_keys {
        Kept::InFolder(_) => config.organization_keys.all(&app.db).await?,
        Kept::InDatabase => served(config).await.unwrap_or_else(|failure| {
            println!("keys      those in {} are not to be had: {failure}", config.database);
            Vec::new()
        }),
    };
    backup::put_back(&app, here).await?;
    Ok(app)
}

async fn served(config: &Config) -> Result<Vec<KeptKey>, Failure> {
    if let DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        return Ok(Vec::new());
    }
    Ok(backup::carried(&Db::open(&config.database).await?).await?)
}
