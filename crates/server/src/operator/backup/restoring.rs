//! `vestibule restore`.

use super::{PRODUCT, new_file, proving::prove, reader};
use crate::{Failure, clock, command::backup::Restore, config::Config, database, key_file, serve};
use domain::server_key::ServerKey;
use flows::{
    App, backup,
    organization_keys::{Kept, OrganizationKeys},
    organizations::erasure,
};
use std::{path::Path, sync::Arc};
use store::{Db, installation::Mode, organization_keys::KeptKey};

/// # Errors
/// When the backup is refused, the database is in use or not empty, or it fails.
pub async fn restore(options: Restore) -> Result<(), Failure> {
    let config = Config::load(&options.configured.config)?;
    let _lock = database::lock(&config.database)?;
    if let Some(file) = &options.file {
        let key = key_file::read(&config.server_key_file)?;
        let named = |failure: Failure| format!("{}: {failure}", file.display());
        let proof = prove(&config, &key, (file, options.keys.as_deref())).await.map_err(named)?;
        proof.tell(); // an audit log that was changed is evidence, and no reason to be without a database
        if proof.header.mode != Mode::Serve.to_string() {
            return Err(format!("{} is of a development database", file.display()).into());
        }
        put_back(&config, &key, (file, options.replace.as_deref())).await?;
        println!("{} is back in {}.", file.display(), config.database);
    }
    let app = serve::open(&config).await?;
    if let Some(file) = &options.keys {
        let named = |error| format!("{}: {error}", file.display());
        backup::check(&app.server_key, reader(file)?).map_err(named)?;
        println!(
            "Keys of organizations put back: {}.",
            backup::load_keys(&app, reader(file)?).await.map_err(named)?
        );
    }
    for organization in erasure::again(&app, (clock::machine(), &mut clock::luck())).await? {
        println!("Erased again: {organization}, which was erased after the backup.");
    }
    let luck = (clock::machine(), &mut clock::luck());
    let voided = backup::void(&app, options.keep_recovery_codes, luck).await?;
    println!("Every session, code and link from before is void.");
    println!("Authenticator apps whose codes up to now are void: {}.", voided.steps);
    if options.keep_recovery_codes {
        println!("Recovery codes were kept: those used since the backup work again.");
    } else {
        println!("Recovery codes made void: {}; their members make new ones.", voided.recovery_codes);
    }
    advise(&app).await
}

async fn put_back(
    config: &Config,
    key: &ServerKey,
    (file, replace): (&Path, Option<&str>),
) -> Result<(), Failure> {
    let url = &config.database;
    let db = Db::open(url).await.map_err(|fault| format!("{url}: {fault}"))?;
    let mut keys = Vec::new();
    if !db.tables().await?.is_empty() {
        database::belongs_to(&db, url, Mode::Serve).await?;
        if replace != Some(url.to_string().as_str()) {
            return Err(format!(
                "{url} is not empty. Stop every server, and throw away what it holds with --replace \"{url}\""
            )
            .into());
        }
        keys = carried(config, &db).await?;
        db.drop_everything().await?;
    }
    if let Err(failed) = backup::load(&db, key, reader(file)?).await {
        db.drop_everything().await?; // half a backup is worse than none
        return Err(format!("nothing was put back: {failed}").into());
    }
    backup::put_back(&db, keys).await?;
    Ok(())
}

/// The keys of organizations in the database that is thrown away: no backup has
/// them, so they are in a file before.
async fn carried(config: &Config, db: &Db) -> Result<Vec<KeptKey>, Failure> {
    let keys = backup::carried(db).await?;
    if !keys.is_empty() {
        let name = format!("organization-keys-{}.backup", clock::machine().milliseconds());
        let place = config.server_key_file.with_file_name(name);
        let mut app = serve::open(config).await?;
        Arc::get_mut(&mut app).ok_or("the application is in use")?.organization_keys =
            OrganizationKeys::kept(Kept::InDatabase);
        let mut file = new_file(&place)?;
        backup::write_keys(&app, &mut file, (clock::machine(), PRODUCT)).await?;
        file.keep()?;
        println!("The keys of organizations are in {}, and will be in the new database.", place.display());
    }
    Ok(keys)
}

/// What only the operator can know: which of these were taken away since.
async fn advise(app: &App) -> Result<(), Failure> {
    let revived = backup::revived(app, clock::machine()).await?;
    println!("What was taken away after the backup is there again. Look through:");
    for (project, last_four, created_at) in revived.project_secrets {
        println!("  project secret  {project}  …{last_four}  since {created_at}");
    }
    for (name, last_four, created_at) in revived.admin_tokens {
        println!("  admin token     {name}  …{last_four}  since {created_at}");
    }
    println!("  and members, their passwords and roles, M2M clients, signing keys and trusted issuers.");
    println!("`vestibule project secret remove`, `admin-token revoke` and `keys revoke` take away again.");
    Ok(())
}
