//! A fake collector of traces: it reads what it is sent, and keeps every byte.

use crate::process::PATIENCE;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Collector {
    pub url: String,
    posts: Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>,
}

impl Collector {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/otlp", listener.local_addr().unwrap());
        let collector = Self { url, posts: Arc::default() };
        let routes = Router::new().fallback(take).with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        collector
    }

    /// One that takes every connection and never says a word; its URL.
    pub async fn hanging() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok(connection) = listener.accept().await {
                held.push(connection);
            }
        });
        url
    }

    /// The path and the headers of each post, and its bytes.
    pub fn posts(&self) -> Vec<(String, HeaderMap, Bytes)> {
        self.posts.lock().unwrap().clone()
    }

    pub fn requests(&self) -> Vec<ExportTraceServiceRequest> {
        self.posts().into_iter().map(|it| ExportTraceServiceRequest::decode(it.2).unwrap()).collect()
    }

    pub fn spans(&self) -> Vec<Span> {
        let resources = self.requests().into_iter().flat_map(|it| it.resource_spans);
        resources.flat_map(|it| it.scope_spans).flat_map(|it| it.spans).collect()
    }

    /// The first span of a name, as soon as it is there.
    pub async fn span(&self, name: &str) -> Span {
        let since = Instant::now();
        loop {
            if let Some(span) = self.spans().into_iter().find(|it| it.name == name) {
                return span;
            }
            assert!(since.elapsed() < PATIENCE, "no {name} in {:#?}", self.spans());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// An attribute as text; empty without one.
pub fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|it| it.key == key).and_then(|it| it.value.clone()?.value);
    match found {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    }
}

async fn take(State(collector): State<Collector>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    collector.posts.lock().unwrap().push((uri.to_string(), headers, body));
    StatusCode::OK
}
