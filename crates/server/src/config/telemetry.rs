//! Where traces go.

use super::messages::secret;
use crate::Failure;
use delivery::is_loopback;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use url::Url;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    pub otlp_endpoint: String,
    pub sample_ratio: f64,
    pub trust_parent: bool,
    pub service_name: String,
    pub header_files: BTreeMap<String, PathBuf>,
}

/// Traces that are wanted.
pub struct TraceSettings {
    /// With `/v1/traces`.
    pub endpoint: Url,
    /// 0 to 1.
    pub ratio: f64,
    /// Whether a caller's `traceparent` is the parent of its request, and decides on sampling.
    pub trust_parent: bool,
    pub service_name: String,
    pub headers: Vec<(String, SecretString)>,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            otlp_endpoint: String::new(),
            sample_ratio: 0.1,
            trust_parent: false,
            service_name: "vestibule".to_owned(),
            header_files: BTreeMap::new(),
        }
    }
}

impl Telemetry {
    /// None when traces are off. What is wrong is refused all the same.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self, folder: &Path) -> Result<Option<TraceSettings>, Failure> {
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            return Err("telemetry.sample_ratio: 0.0 to 1.0".into());
        }
        if self.service_name.trim().is_empty() || self.service_name.chars().any(char::is_control) {
            return Err("telemetry.service_name: a name of one line".into());
        }
        if self.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        let headers = self.header_files.iter().map(|(name, file)| header(name, file, folder));
        Ok(Some(TraceSettings {
            endpoint: endpoint(&self.otlp_endpoint)?,
            ratio: self.sample_ratio,
            trust_parent: self.trust_parent,
            service_name: self.service_name.clone(),
            headers: headers.collect::<Result<_, Failure>>()?,
        }))
    }
}

fn header(name: &str, file: &Path, folder: &Path) -> Result<(String, SecretString), Failure> {
    let fault = |fault: &dyn std::fmt::Display| format!("telemetry.header_files.{name}: {fault}");
    if reqwest::header::HeaderName::try_from(name).is_err() {
        return Err(fault(&"not the name of a header").into());
    }
    Ok((name.to_owned(), secret(folder, (&format!("telemetry.header_files.{name}"), file))?))
}

/// As `OTEL_EXPORTER_OTLP_ENDPOINT` is read: the signal's path is put behind what is there.
fn endpoint(text: &str) -> Result<Url, Failure> {
    const WANTED: &str = "telemetry.otlp_endpoint: an https URL, or an http one on loopback, without user, query \
                          and fragment; /v1/traces is put behind it";
    let mut url = Url::parse(text).map_err(|_| WANTED)?;
    let here = url.host_str().is_some_and(is_loopback);
    let private = url.scheme() == "https" || (url.scheme() == "http" && here);
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !private || !bare || url.fragment().is_some() {
        return Err(WANTED.into());
    }
    url.set_path(&format!("{}/v1/traces", url.path().trim_end_matches('/')));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_signal_is_put_behind_the_base() {
        for (base, whole) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("http://localhost:4318/", "http://localhost:4318/v1/traces"),
            ("https://otlp.example.com/otlp", "https://otlp.example.com/otlp/v1/traces"),
            ("https://otlp.example.com/otlp/", "https://otlp.example.com/otlp/v1/traces"),
        ] {
            assert_eq!(endpoint(base).unwrap().as_str(), whole);
        }
    }

    #[test]
    fn what_would_leak_or_mean_nothing_is_refused() {
        for base in [
            "http://otlp.example.com",
            "https://ada:secret@otlp.example.com",
            "https://otlp.example.com/?key=k3y",
            "https://otlp.example.com/#a",
            "grpc://127.0.0.1:4317",
            "127.0.0.1:4318",
        ] {
            let error = endpoint(base).unwrap_err().to_string();
            assert!(error.contains("telemetry.otlp_endpoint") && !error.contains("k3y"), "{error}");
        }
    }

    #[test]
    fn a_ratio_is_a_share() {
        for ratio in [-0.1, 1.1, f64::NAN] {
            let telemetry = Telemetry { sample_ratio: ratio, ..Telemetry::default() };
            assert!(telemetry.check(Path::new(".")).is_err(), "{ratio}");
        }
        assert!(Telemetry::default().check(Path::new(".")).unwrap().is_none(), "off unless wanted");
    }
}
