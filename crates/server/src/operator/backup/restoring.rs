//! `vestibule restore`.

use super::{PRODUCT, new_file, proving::prove, reader};
use crate::{Failure, clock, command::backup::Restore, config::Config, database, key_file, places, serve};
use domain::server_key::ServerKey;
use flows::{
    App, backup,
    organization_keys::{Kept, OrganizationKeys},
    organizations::erasure,
};
use std::{path::Path, sync::Arc};
use store::{Db, installation::Mode, organization_keys::KeptKey, restoring};

/// # Errors
/// When the backup is refused, the database is in use or not empty, or it fails.
pub async fn restore(options: Restore) -> Result<(), Failure> {
    let config = Config::load(&options.configured.config)?;
    let _lock = database::lock(&config.database)?;
    let Some(file) = &options.file else {
        let app = serve::open(&config).await?;
        make_void(&app, &options).await?;
        return advise(&app).await;
    };
    let key = key_file::read(&config.server_key_file)?;
    check(&config, &key, (file, &options)).await?;
    let room = make_room(&config, options.replace.as_deref()).await?;
    let app = put_back(&config, key, room, file).await.map_err(|failed| half(&config, &failed))?;
    make_void(&app, &options).await.map_err(|failed| half(&config, &failed))?;
    backup::finish(&app.db).await?; // the last of it: from here on servers start
    println!("{} is back in {}.", file.display(), config.database);
    advise(&app).await
}

/// What to do where a restore ends before its end.
fn half(config: &Config, failed: &Failure) -> Failure {
    let url = &config.database;
    format!(
        "{failed}. What is in {url} is not whole, and no server starts on it: see to the cause, and run `vestibule \
         restore` again, with --replace \"{url}\""
    )
    .into()
}

/// Everything that can be looked at before anything is thrown away.
async fn check(config: &Config, key: &ServerKey, (file, options): (&Path, &Restore)) -> Result<(), Failure> {
    places::organization_keys(config)?;
    let named = |failure: Failure| format!("{}: {failure}", file.display());
    let proof = prove(config, key, (file, options.keys.as_deref())).await.map_err(named)?;
    proof.tell(); // an audit log that was changed is evidence, and no reason to be without a database
    if proof.header.mode != Mode::Serve.to_string() {
        return Err(format!("{} is of a development database", file.display()).into());
    }
    let missing = proof.missing().len();
    if missing > 0 && !options.without_keys {
        return Err(format!(
            "the keys of {missing} organizations are missing (\"no key\" above): their members' authenticator apps would \
             be lost. Bring them with --keys FILE, from `vestibule backup keys`{}; or go on with --without-keys, and \
             those members set up a second factor anew",
            match &config.organization_keys {
                Kept::InFolder(folder) => format!(", or put their files into {}", folder.path().display()),
                Kept::InDatabase => String::new(),
            }
        )
        .into());
    }
    Ok(())
}

/// An empty database, marked, and the keys of organizations that were in it.
async fn make_room(config: &Config, replace: Option<&str>) -> Result<(Db, Vec<KeptKey>), Failure> {
    let url = &config.database;
    let db = Db::open(url).await.map_err(|fault| format!("{url}: {fault}"))?;
    if db.tables().await?.is_empty() {
        return Ok((db, Vec::new()));
    }
    let is_half = restoring::is_under_way(&db).await?;
    if !is_half {
        database::belongs_to(&db, url, Mode::Serve).await?;
    }
    if replace != Some(url.to_string().as_str()) {
        return Err(format!(
            "{url} is not empty. Stop every server, and throw away what it holds with --replace \"{url}\""
        )
        .into());
    }
    // Half a restore holds no keys that are not in a file already.
    let keys = if is_half { backup::carried(&db).await? } else { carried(config, &db).await? };
    backup::make_room(&db).await?;
    Ok((db, keys))
}

/// Puts the rows in, and the keys that the database held before.
async fn put_back(
    config: &Config,
    key: ServerKey,
    (db, keys): (Db, Vec<KeptKey>),
    file: &Path,
) -> Result<App, Failure> {
    backup::load(&db, &key, reader(file)?).await?;
    let db = database::take(db, &config.database, Mode::Serve, &key).await?;
    let app = serve::over(config, db, key);
    backup::put_back(&app, keys).await?;
    Ok(app)
}

/// Brings the keys of a file, erases again, and makes void what works once.
async fn make_void(app: &App, options: &Restore) -> Result<(), Failure> {
    if let Some(file) = &options.keys {
        let named = |error| format!("{}: {error}", file.display());
        backup::check(&app.server_key, reader(file)?).map_err(named)?;
        println!(
            "Keys of organizations put back: {}.",
            backup::load_keys(app, reader(file)?).await.map_err(named)?
        );
    }
    for organization in erasure::again(app, (clock::machine(), &mut clock::luck())).await? {
        println!("Erased again: {organization}, which was erased after the backup.");
    }
    let luck = (clock::machine(), &mut clock::luck());
    let voided = backup::void(app, options.keep_recovery_codes, luck).await?;
    println!("Every session, code and link from before is void.");
    println!("Authenticator apps whose codes up to now are void: {}.", voided.steps);
    if options.keep_recovery_codes {
        println!("Recovery codes were kept: those used since the backup work again.");
    } else {
        println!("Recovery codes made void: {}; their members make new ones.", voided.recovery_codes);
    }
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
        let place = place.display();
        println!(
            "The keys of organizations are in {place}, and will be kept; should this fail, give it to --keys."
        );
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
