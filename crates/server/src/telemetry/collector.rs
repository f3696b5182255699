//! The collector: OTLP over HTTP, bounded in time.

use crate::{Failure, config::TraceSettings};
use delivery::is_loopback;
use metrics::describe_counter;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SpanExporter as _};
use reqwest::{
    Client,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use secrecy::ExposeSecret;
use std::time::Duration;

/// How long it may take over what it is handed.
pub(super) const LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// Says what the figures of traces mean.
pub fn describe() {
    describe_counter!(super::queue::SENT, "Spans that the collector took");
    describe_counter!(super::queue::LOST, "Spans that were dropped, by why");
}

/// Where traces go, for people.
pub fn described(settings: Option<&TraceSettings>) -> String {
    let Some(it) = settings else { return "off".to_owned() };
    let parent = if it.trust_parent { ", or as the caller says" } else { "" };
    format!("to {}, {} % of requests{parent}", it.endpoint, it.ratio * 100.0)
}

/// Hands over nothing, as a collector accepts it.
///
/// # Errors
/// Says what is in the way.
pub async fn try_collector(settings: &TraceSettings) -> Result<(), Failure> {
    let request = client(settings)?.post(settings.endpoint.clone());
    let answer = request.header(CONTENT_TYPE, "application/x-protobuf").send().await;
    let status = answer.map_err(|_| "no answer within 5 s")?.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("the answer was status {}", status.as_u16()).into())
    }
}

pub(super) fn exporter(settings: &TraceSettings, resource: &Resource) -> Result<SpanExporter, Failure> {
    let mut exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client(settings)?)
        .with_endpoint(settings.endpoint.as_str())
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(LIMIT)
        .build()
        .map_err(|error| format!("telemetry: {error}"))?;
    exporter.set_resource(resource);
    Ok(exporter)
}

/// Headers are the client's, marked as secrets: its own log does not show them.
fn client(settings: &TraceSettings) -> Result<Client, Failure> {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        let mut value = HeaderValue::from_str(value.expose_secret())
            .map_err(|_| format!("telemetry.header_files.{name}: not the value of a header"))?;
        value.set_sensitive(true);
        headers.insert(HeaderName::try_from(name.as_str())?, value);
    }
    let builder = Client::builder()
        .default_headers(headers)
        .connect_timeout(CONNECT_LIMIT)
        .timeout(LIMIT)
        .redirect(Policy::none())
        .user_agent("Vestibule");
    // A proxy from the environment would carry loopback traffic off this machine in the clear.
    let here = settings.endpoint.host_str().is_some_and(is_loopback);
    let builder = if here { builder.no_proxy() } else { builder };
    Ok(builder.build().map_err(|_| "telemetry: no TLS client could be made")?)
}
