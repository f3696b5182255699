//! What can be looked at without the database.

use super::Finding;
use crate::{config::Config, key_file, places};
use delivery::Mailer;
use domain::Timestamp;
use flows::organization_keys::Kept;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::path::Path;
use x509_parser::parse_x509_certificate;

/// A certificate that ends sooner is to be replaced now.
const RENEWAL_DAYS: i64 = 30;

pub fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    let keys = [server_key(config), organization_keys(config)];
    let rest = [public_url(config), tls(config, now), texts(config), mail(config)];
    keys.into_iter().chain(rest).collect()
}

fn server_key(config: &Config) -> Finding {
    const CHECK: &str = "server key file";
    match key_file::read(&config.server_key_file) {
        Ok(_) => Finding::ok(CHECK, format!("{} is its owner's alone", config.server_key_file.display())),
        Err(error) => {
            Finding::problem(CHECK, error.to_string(), "put the key back from its backup, chmod 600")
        }
    }
}

fn organization_keys(config: &Config) -> Finding {
    const CHECK: &str = "keys of organizations";
    match (places::organization_keys(config), &config.organization_keys) {
        (Err(error), _) => Finding::problem(CHECK, error.to_string(), "see docs/operating.md"),
        (Ok(()), Kept::InDatabase) => Finding::ok(CHECK, "in the database"),
        (Ok(()), Kept::InFolder(folder)) => {
            Finding::ok(CHECK, format!("{} can be written", folder.path().display()))
        }
    }
}

fn public_url(config: &Config) -> Finding {
    const CHECK: &str = "public URL";
    if config.public_url.scheme() == "https" {
        Finding::ok(CHECK, config.public_url.to_string())
    } else {
        let found = format!("{} is for this machine only", config.public_url);
        Finding::warning(CHECK, found, "set public_url to the https URL that clients use")
    }
}

fn tls(config: &Config, now: Timestamp) -> Finding {
    const CHECK: &str = "TLS certificate";
    let Some((certificate, key)) = &config.tls else {
        return Finding::ok(CHECK, "none here: a proxy or loopback");
    };
    match days_left(certificate, key, now) {
        Ok(days) if days > RENEWAL_DAYS => {
            Finding::ok(CHECK, format!("belongs to its key, good for {days} days"))
        }
        Ok(days) if days > 0 => {
            Finding::warning(CHECK, format!("ends in {days} days"), "renew it and restart the server")
        }
        Ok(_) => Finding::problem(CHECK, "has ended", "renew it and restart the server"),
        Err(error) => {
            Finding::problem(CHECK, error, "put a PEM chain and its key in the place of both files")
        }
    }
}

fn days_left(certificate: &Path, key: &Path, now: Timestamp) -> Result<i64, String> {
    let text = key_file::read_private(key).map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| "the key cannot be read")?;
    let chain = CertificateDer::pem_file_iter(certificate).map_err(|error| error.to_string())?;
    let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(|_| "the certificate cannot be read")?;
    let first = chain.first().ok_or("the file holds no certificate")?;
    let (_, parsed) = parse_x509_certificate(first).map_err(|_| "the certificate cannot be parsed")?;
    let seconds = parsed.validity().not_after.timestamp() - now.seconds();
    let server = rustls::ServerConfig::builder().with_no_client_auth();
    server.with_single_cert(chain, key).map_err(|error| format!("certificate and key: {error}"))?;
    Ok(seconds.div_euclid(86_400))
}

fn texts(config: &Config) -> Finding {
    const CHECK: &str = "SMS provider";
    let names: Vec<&str> = config.texts.all().map(delivery::Provider::name).collect();
    if names.is_empty() {
        Finding::warning(CHECK, "none", "configure [sms], or let organizations use authenticator apps only")
    } else {
        Finding::ok(CHECK, names.join(", "))
    }
}

fn mail(config: &Config) -> Finding {
    const CHECK: &str = "mail provider";
    match &config.mailer {
        Mailer::Nowhere => {
            Finding::warning(CHECK, "none", "configure [mail]: links, codes and notices need it")
        }
        Mailer::Inbox(_) | Mailer::Smtp(_) => Finding::ok(CHECK, config.mailer.name()),
    }
}
