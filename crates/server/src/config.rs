//! The configuration: a file, the environment over it, and nothing unknown in either.

mod audit;
mod limits;
mod messages;
mod operations;
mod organization_keys;
mod prices;
mod raw;
mod telemetry;
mod warnings;

pub use audit::{AuditExport, sink};
pub use raw::TEMPLATE;
pub use telemetry::TraceSettings;

use crate::{Failure, telemetry::LogFormat};
use api::endpoint::limits::Rates;
use delivery::{Breaches, Mailer, Targets, Texts};
use domain::{passwords::Cost, prices::Prices};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use flows::organization_keys::Kept;
use raw::{BreachSource, Raw};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use store::db::DatabaseUrl;
use url::Url;

/// What the rest of the program sees: only configurations that can be.
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: Url,
    pub database: DatabaseUrl,
    pub server_key_file: PathBuf,
    pub organization_keys: Kept,
    pub tls: Option<(PathBuf, PathBuf)>,
    pub texts: Texts,
    pub prices: Prices,
    pub mailer: Mailer,
    pub password_cost: Cost,
    pub breaches: Breaches,
    /// Where signed heads of the audit log are kept outside the database.
    pub heads_file: Option<PathBuf>,
    pub audit_export: Option<AuditExport>,
    pub targets: Targets,
    pub log_format: LogFormat,
    pub sandbox: bool,
    pub rates: Rates,
    /// Where the operator looks, if anywhere.
    pub operations: Option<SocketAddr>,
    /// How long calls are still taken after the signal to stop.
    pub shutdown_delay: Duration,
    /// Where traces go, if anywhere.
    pub traces: Option<TraceSettings>,
    /// What can be, and is hardly meant; a line each.
    pub warnings: Vec<String>,
    effective: Raw,
}

impl Config {
    /// Reads the file and the `VESTIBULE__…` environment.
    ///
    /// # Errors
    /// Names the key, and its line if it is in the file.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}; `vestibule init` writes one", path.display()))?;
        // figment does not know lines; this does, and refuses what is unknown.
        let written: Raw = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let merged = Figment::from(Serialized::defaults(Raw::default()))
            .merge(Toml::string(&text))
            .merge(environment());
        let raw: Raw = merged.extract_lossy().map_err(|error| variable(&error))?;
        let warnings = warnings::of(&raw, (&written, &fs::metadata(path)?));
        Ok(Self { warnings, ..Self::check(raw, path.parent().unwrap_or(Path::new(".")))? })
    }

    /// The values that hold, without secrets.
    ///
    /// # Errors
    /// Never, in practice: every value has a TOML form.
    pub fn effective(&self) -> Result<String, Failure> {
        Ok(toml::to_string_pretty(&self.effective.without_secrets())?)
    }

    fn check(raw: Raw, folder: &Path) -> Result<Self, Failure> {
        let listen: SocketAddr =
            raw.listen.parse().map_err(|_| "listen: an address and port such as 127.0.0.1:7650")?;
        let tls = raw.tls.as_ref().map(|it| (folder.join(&it.certificate), folder.join(&it.key)));
        if !listen.ip().is_loopback() && tls.is_none() && !raw.behind_proxy {
            return Err(format!("listen: {listen} is not loopback; set [tls], or behind_proxy = true").into());
        }
        let public_url = public_url(&raw.public_url)?;
        Ok(Self {
            listen,
            prices: prices::table(&raw.sms, folder)?,
            texts: messages::texts(&raw.sms, &public_url, folder)?,
            mailer: messages::mailer(&raw.mail, folder)?,
            public_url,
            database: database(&raw.database, folder)?,
            server_key_file: folder.join(&raw.server_key_file),
            organization_keys: organization_keys::place(&raw, folder)?,
            tls,
            password_cost: password_cost(&raw)?,
            breaches: breaches(&raw, folder)?,
            audit_export: audit::export(&raw, folder)?,
            heads_file: raw.audit.heads_file.as_ref().map(|it| folder.join(it)),
            targets: targets(&raw)?,
            log_format: raw.log.format,
            sandbox: raw.sandbox,
            rates: raw.limits.rates(&raw.proxy, raw.behind_proxy),
            operations: raw.operations.check(listen)?,
            shutdown_delay: raw.shutdown.check()?,
            traces: raw.telemetry.check(folder)?,
            warnings: Vec::new(),
            effective: raw,
        })
    }
}

/// The `VESTIBULE__…` environment. Its values are text until a field wants
/// something else: a telephone number keeps its plus sign.
fn environment() -> Figment {
    let variables = Env::prefixed("VESTIBULE__").split("__");
    variables
        .iter()
        .fold(Figment::new(), |all, (key, value)| all.merge(Serialized::default(key.as_str(), value)))
}

/// Names the variable. The file by itself was read before, so a variable it is.
fn variable(error: &figment::Error) -> String {
    format!("VESTIBULE__{}: {}", error.path.join("__").to_ascii_uppercase(), error.kind)
}

fn public_url(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|_| "public_url: an absolute URL such as https://auth.example.com")?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err("public_url: https, or http on a loopback host".into()),
    }
}

fn database(text: &str, folder: &Path) -> Result<DatabaseUrl, Failure> {
    let url: DatabaseUrl = text.parse().map_err(|error| format!("database: {error}"))?;
    Ok(match url {
        DatabaseUrl::Sqlite(path) => DatabaseUrl::Sqlite(folder.join(path)),
        DatabaseUrl::Postgres(config) => DatabaseUrl::Postgres(config),
    })
}

fn password_cost(raw: &Raw) -> Result<Cost, Failure> {
    let it = &raw.passwords;
    let cost = Cost::at_least_default(it.memory_kib, it.iterations, it.lanes);
    if (cost.memory_kib(), cost.iterations(), cost.lanes()) == (it.memory_kib, it.iterations, it.lanes) {
        Ok(cost)
    } else {
        Err("passwords: memory_kib 19456 to 262144, iterations 2 to 20, lanes 1 to 16".into())
    }
}

fn breaches(raw: &Raw, folder: &Path) -> Result<Breaches, Failure> {
    let it = &raw.breaches;
    let found = match it.source {
        BreachSource::None => Ok(Breaches::nowhere()),
        BreachSource::List => {
            let file = it.file.as_ref().ok_or("breaches.file: needed with breaches.source = \"list\"")?;
            Breaches::list(&folder.join(file))
        }
        BreachSource::Range => {
            let url = it.url.as_ref().ok_or("breaches.url: needed with breaches.source = \"range\"")?;
            Breaches::range(url)
        }
    };
    Ok(found.map_err(|fault| format!("breaches: {fault}"))?.failing_open(it.fail_open))
}

fn targets(raw: &Raw) -> Result<Targets, Failure> {
    let allowed = Targets::allowing(&raw.webhooks.allow_private);
    Ok(allowed.map_err(|fault| format!("webhooks.allow_private: {fault}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let raw: Raw = toml::from_str(text).map_err(|error| error.to_string())?;
        Config::check(raw, Path::new("/etc/vestibule")).map_err(|error| error.to_string())
    }

    #[test]
    fn the_file_that_init_writes_holds_the_defaults() {
        assert_eq!(toml::from_str::<Raw>(TEMPLATE).unwrap(), Raw::default());
        assert!(load(TEMPLATE).is_ok());
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = load("listen = \"127.0.0.1:1\"\nlissten = 1\n").err().unwrap();
        assert!(error.contains("lissten") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn a_public_address_wants_a_certificate_or_a_proxy() {
        assert!(load("listen = \"0.0.0.0:443\"").err().unwrap().contains("not loopback"));
        assert!(load("listen = \"0.0.0.0:443\"\nbehind_proxy = true").is_ok());
        assert!(load("listen = \"0.0.0.0:443\"\n[tls]\ncertificate = \"a\"\nkey = \"b\"").is_ok());
    }

    #[test]
    fn a_provider_of_texts_is_refused_by_its_name() {
        let gateway = |name: &str, more: &str| {
            format!(
                "[[sms.providers]]\nkind = \"webhook\"\nname = \"{name}\"\nurl = \"https://a.example\"\nsecret_file = \"no\"\n{more}"
            )
        };
        for (text, named) in [
            (gateway("gateway", ""), "sms.providers[0] (\"gateway\")"),
            (gateway("gateway", "countries = [\"Mars\"]"), "gateway"),
            (gateway("gateway", "urll = 1"), "urll"),
            ("[[sms.providers]]\nkind = \"pigeon\"\nname = \"a\"".to_owned(), "pigeon"),
            ("[[sms.providers]]\nkind = \"twilio\"\nname = \"a\"".to_owned(), "account_sid"),
            ("[sms.order]\nCH = [\"nobody\"]".to_owned(), "sms.order.CH"),
            ("[sms]\nprovider = \"twilio\"".to_owned(), "provider"),
        ] {
            let error = load(&text).err().unwrap();
            assert!(error.contains(named), "{named} in {error}");
        }
    }

    #[test]
    fn a_provider_needs_its_section() {
        assert!(load("[mail]\nprovider = \"smtp\"").err().unwrap().contains("mail.smtp"));
        assert!(load("[breaches]\nsource = \"list\"").err().unwrap().contains("breaches.file"));
        assert!(load("[breaches]\nsource = \"range\"").err().unwrap().contains("breaches.url"));
        let plain = load("[breaches]\nsource = \"range\"\nurl = \"http://breaches.example.com/\"");
        assert!(plain.err().unwrap().contains("https"));
        assert!(load("[webhooks]\nallow_private = [\"10.0.0.0/8\", \"hooks.internal\"]").is_ok());
        let odd = load("[webhooks]\nallow_private = [\"https://hooks.internal\"]");
        assert!(odd.err().unwrap().contains("webhooks.allow_private: https://hooks.internal"));
        assert!(load("[passwords]\nmemory_kib = 1024").err().unwrap().contains("19456"));
    }
}
