//! Whether providers let us in. Nothing is sent.

use super::Finding;
use crate::{config::Config, telemetry};
use delivery::Mailer;
use domain::Timestamp;

pub async fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    for provider in config.texts.all() {
        findings.push(told("SMS provider answers", provider.name(), provider.check(now).await));
    }
    match &config.mailer {
        Mailer::Nowhere => {} // said where the configuration is looked at
        Mailer::Inbox(_) | Mailer::Smtp(_) => {
            findings.push(told("mail provider answers", config.mailer.name(), config.mailer.check().await));
        }
    }
    findings.push(traces(config).await);
    findings
}

/// Logins go on without the collector: no more than a warning.
async fn traces(config: &Config) -> Finding {
    const CHECK: &str = "traces";
    let found = telemetry::described(config.traces.as_ref());
    let Some(settings) = &config.traces else { return Finding::ok(CHECK, found) };
    match telemetry::try_collector(settings).await {
        Ok(()) => Finding::ok(CHECK, found),
        Err(fault) => {
            let advice = "see that the collector takes OTLP over HTTP there; until then, spans are dropped";
            Finding::warning(CHECK, format!("{found}: {fault}"), advice)
        }
    }
}

fn told(check: &'static str, name: &str, checked: Result<(), delivery::DeliveryFault>) -> Finding {
    match checked {
        Ok(()) => Finding::ok(check, name),
        Err(fault) => {
            let advice = "see that it can be reached from here, and that its credentials are right";
            Finding::problem(check, format!("{name}: {fault}"), advice)
        }
    }
}
