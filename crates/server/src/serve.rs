//! `vestibule serve`: for real.

use crate::{Failure, clock, config::Config, database, key_file, listener, telemetry, workers};
use api::Api;
use domain::send_limits::Strictness;
use flows::App;
use std::{path::Path, sync::Arc};
use store::installation::Mode;

/// Runs until a signal to stop.
///
/// # Errors
/// Says what in the configuration, the database or the machine is in the way.
pub async fn run(config: &Path) -> Result<(), Failure> {
    let config = Config::load(config)?;
    telemetry::start("info", config.log_format);
    let _lock = database::lock(&config.database)?;
    let (app, address) = (open(&config).await?, config.listen);
    if !workers::clocks_agree(&app.db).await? {
        return Err("this machine's clock is more than 5 s from the database's; set it first".into());
    }
    let api = Api::new(app.clone(), Arc::new(clock::machine), Arc::new(clock::luck));
    let tls = match &config.tls {
        Some((certificate, key)) => Some(listener::tls(certificate, key).await?),
        None => None,
    };
    let listener = listener::bind(address)?;
    workers::start(&app, clock::machine, api.ready.clone());
    tracing::info!(%address, public_url = %config.public_url, database = %config.database, "serving");
    listener::serve(listener, tls, api::router(&api)).await?;
    Ok(app.touched.write(&app.db).await?)
}

/// The application over the configured database and providers.
///
/// # Errors
/// When the key, the database or a provider is not usable.
pub async fn open(config: &Config) -> Result<Arc<App>, Failure> {
    let key = key_file::read(&config.server_key_file)?;
    let db = database::open(&config.database, Mode::Serve, &key).await?;
    let mut app = App::new(db, key, config.texts.clone(), config.mailer.clone(), Strictness::Strict);
    app.password_cost = config.password_cost;
    Ok(Arc::new(app))
}
