//! `vestibule dev`: a server to try, on this machine only.

mod env_file;
mod seed;
mod welcome;

use crate::{Failure, clock, command, database, key_file, listener, telemetry, workers};
use api::{
    Api,
    dev::{Dev, DevClock},
};
use delivery::{Hooks, Inbox, Mailer, Targets, Texts};
use domain::send_limits::Strictness;
use flows::{App, signer};
use listener::End;
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, time::Duration};
use store::{
    db::DatabaseUrl,
    installation::{self, Mode},
};

/// Runs until stopped.
///
/// # Errors
/// When the address is not loopback, or the database is somebody else's.
pub async fn run(options: command::Dev) -> Result<(), Failure> {
    if !options.listen.ip().is_loopback() {
        let address = options.listen;
        return Err(
            format!("dev listens on loopback only, not on {address}: its credentials are public").into()
        );
    }
    telemetry::start("warn", telemetry::LogFormat::Text);
    options.env_file.as_deref().map_or(Ok(()), env_file::forget)?;
    let listener = listener::bind(options.listen)?;
    let address = listener.local_addr()?;
    folder(&options.data)?;
    let url =
        options.database.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(options.data.join("vestibule.db")));
    let _lock = database::lock(&url)?;
    let dev = prepare(&options, &url).await?;
    let seeded = seed::ensure(&dev.api).await?;
    let router = api::router(&dev.api).merge(api::dev::router(dev.clone()));
    let end = End::at_a_signal(dev.api.readiness.clone(), Duration::ZERO)?;
    tokio::spawn(welcome::when_answering(address, seeded, options.env_file));
    tokio::spawn(make_key(dev.api.clone()));
    let mut workers = workers::start(&dev.api.app, &dev.api.clock, &dev.api.readiness);
    let (app, clock) = (dev.api.app.clone(), dev.api.clock.clone());
    workers.add(|stop| workers::audit_heads::sign(app, clock, None, stop));
    listener::serve(listener, None, (router, end)).await?;
    workers.finish(&dev.api.app).await
}

/// The first start does not wait for the key that signs; whoever needs it first does.
async fn make_key(api: Api) {
    let project = seed::PROJECT_ID.parse().map_err(|_| "the development project's id".to_owned());
    let made = match project {
        Ok(project) => {
            let made = signer::ensure_key(&api.app, &project, (api.clock)(), &mut clock::luck()).await;
            made.map_err(|error| error.to_string())
        }
        Err(error) => Err(error),
    };
    if let Err(error) = made {
        tracing::warn!(error, "the development project has no key yet");
    }
}

async fn prepare(options: &command::Dev, url: &DatabaseUrl) -> Result<Dev, Failure> {
    let key_path = options.data.join("server.key");
    if options.reset {
        database::reset(url).await?;
    }
    if !key_path.exists() {
        key_file::create(&key_path)?;
    }
    let key = key_file::read(&key_path)?;
    let db = database::open(url, Mode::Dev, &key).await?;
    let offset = installation::find(&mut db.read().await?).await?.map_or(0, |it| it.clock_offset);
    let inbox = Inbox::default();
    let strictness = if options.strict_limits { Strictness::Strict } else { Strictness::Roomy };
    let (texts, mailer) = (Texts::inbox(inbox.clone()), Mailer::Inbox(inbox.clone()));
    let mut app = App::new(db, key, texts, mailer, strictness);
    app.hooks = Hooks::to(Targets::default().and_plain_loopback());
    let app = Arc::new(app);
    let dev_clock = DevClock::ahead(offset);
    let moved = dev_clock.clone();
    let mut api = Api::new(app, Arc::new(move || moved.moved(clock::machine())), Arc::new(clock::luck));
    api.sandbox = true;
    Ok(Dev { api, inbox, clock: dev_clock })
}

fn folder(path: &Path) -> Result<(), Failure> {
    let created = DirBuilder::new().recursive(true).mode(0o700).create(path);
    Ok(created.map_err(|error| format!("{}: {error}", path.display()))?)
}
