//! `vestibule serve`: for real.

use crate::{
    Failure, clock,
    config::Config,
    database, key_file, listener, operations, places, telemetry,
    workers::{self, Workers},
};
use api::{Api, endpoint::limits::Limits};
use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
};
use delivery::Hooks;
use domain::{send_limits::Strictness, server_key::ServerKey};
use flows::{App, organization_keys::OrganizationKeys};
use listener::End;
use operations::Figures;
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};
use store::{Db, installation::Mode};
use telemetry::{Requests, Traces};

/// Slices of time at whose end pages are answered that proved nothing: longer than the work on any
/// address, known or not, while the machine is not overloaded.
const STRANGERS_WAIT: Duration = Duration::from_millis(250);

/// Runs until a signal to stop.
///
/// # Errors
/// Says what in the configuration, the database or the machine is in the way.
pub async fn run(config: &Path) -> Result<(), Failure> {
    let config = Config::load(config)?;
    let traces = begin_telling(&config)?;
    config.warnings.iter().for_each(|it| tracing::warn!("{it}"));
    places::check(&config)?;
    let _lock = database::lock(&config.database)?;
    let app = open(&config).await?;
    if !workers::clock::agrees(&app.db).await? {
        return Err("this machine's clock is more than 5 s from the database's; set it first".into());
    }
    let mut api = Api::new(app.clone(), Arc::new(clock::machine), Arc::new(clock::luck));
    api.tick = STRANGERS_WAIT;
    api.sandbox = config.sandbox;
    api.public_url = Some(config.public_url.clone());
    api.limits = Arc::new(Limits::new(config.rates));
    let tls = match &config.tls {
        Some((certificate, key)) => Some(listener::tls(certificate, key).await?),
        None => None,
    };
    let listener = listener::bind(config.listen)?;
    let mut workers = workers::start(&app, &api.clock, &api.readiness);
    let heads_file = config.heads_file.clone();
    workers.add(|stop| workers::audit_heads::sign(app.clone(), api.clock.clone(), heads_file, stop));
    if let Some(export) = config.audit_export.clone() {
        workers.add(|stop| workers::audit_export::hand_over(app.clone(), export, stop));
    }
    workers.add(|stop| {
        workers::key::follow(app.clone(), config.server_key_file.clone(), api.clock.clone(), stop)
    });
    let end = End::at_a_signal(api.readiness.clone(), config.shutdown_delay)?;
    if let Some(address) = config.operations {
        watched(address, &api, &mut workers)?;
    }
    tracing::info!(address = %listener.local_addr()?, public_url = %config.public_url, database = %config.database, "serving");
    listener::serve(listener, tls, (router(&config, &api), end)).await?;
    let finished = workers.finish(&app).await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    finished
}

/// Begins with the log, and with traces where they are wanted.
fn begin_telling(config: &Config) -> Result<Option<Traces>, Failure> {
    let (traces, listener) = config.traces.as_ref().map(Traces::begin).transpose()?.unzip();
    telemetry::start_with(listener, "info,refinery_core=warn", config.log_format);
    if config.traces.is_some() {
        tracing::info!("traces are sent {}", telemetry::described(config.traces.as_ref()));
    }
    Ok(traces)
}

/// Opens the operator's listener, which ends with the workers: it sees the API's listener end.
fn watched(address: SocketAddr, api: &Api, workers: &mut Workers) -> Result<(), Failure> {
    let figures = Figures::record(api.app.clone(), api.clock.clone(), api.readiness.clone())?;
    let figures = Arc::new(figures);
    let listener = listener::bind(address)?;
    tracing::info!(address = %listener.local_addr()?, "figures are told");
    let router = operations::router(figures.clone(), api.readiness.clone());
    workers.add(|stop| workers::tidy::figures(figures, stop));
    workers.add(|stop| operations::serve(listener, router, stop));
    Ok(())
}

/// Where the public URL is https, clients are told to stay with it.
fn router(config: &Config, api: &Api) -> Router {
    let mut router = api::router(api);
    if let Some(traces) = &config.traces {
        let scheme = if config.public_url.scheme() == "https" { "https" } else { "http" };
        let how = Requests { scheme, trust_parent: traces.trust_parent };
        router = router.layer(from_fn_with_state(how, telemetry::trace));
    }
    if config.public_url.scheme() == "https" { router.layer(map_response(strict)) } else { router }
}

async fn strict(mut response: Response) -> Response {
    let value = HeaderValue::from_static("max-age=31536000");
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
    response
}

/// The application over the configured database and providers.
///
/// # Errors
/// When the key, the database or a provider is not usable.
pub async fn open(config: &Config) -> Result<Arc<App>, Failure> {
    let key = key_file::read(&config.server_key_file)?;
    let db = database::open(&config.database, Mode::Serve, &key).await?;
    Ok(Arc::new(over(config, db, key)))
}

/// The application over a database that was opened.
pub fn over(config: &Config, db: Db, key: ServerKey) -> App {
    let mut app = App::new(db, key, config.texts.clone(), config.mailer.clone(), Strictness::Strict);
    app.organization_keys = OrganizationKeys::kept(config.organization_keys.clone());
    app.password_cost = config.password_cost;
    app.prices = config.prices.clone();
    app.breaches = config.breaches.clone();
    app.hooks = Hooks::to(config.targets.clone());
    app
}
