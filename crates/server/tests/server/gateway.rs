//! A fake gateway for texts: it records every call and answers as its manner is.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Gateway {
    pub url: String,
    manner: (StatusCode, Duration),
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Clone)]
pub struct Call {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Gateway {
    pub async fn answering(status: StatusCode) -> Self {
        Self::slowly_answering(status, Duration::ZERO).await
    }

    pub async fn slowly_answering(status: StatusCode, after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let gateway = Self { url, manner: (status, after), calls: Arc::default() };
        let routes = Router::new().fallback(take).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        gateway
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    #[track_caller]
    pub fn last_call(&self) -> Call {
        self.calls().pop().unwrap()
    }
}

impl Call {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }
}

/// The passcode in a text, or in a call that carries one.
#[track_caller]
pub fn code_in(text: &str) -> String {
    let (_, behind) = text.split_once("verification").unwrap();
    let mut runs = behind.split(|c: char| !c.is_ascii_digit());
    runs.find(|run| run.len() == 6).unwrap().to_owned()
}

async fn take(
    State(gateway): State<Gateway>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, &'static str) {
    gateway.calls.lock().unwrap().push(Call { path: uri.to_string(), headers, body });
    let (status, after) = gateway.manner;
    tokio::time::sleep(after).await;
    (status, "{}")
}
