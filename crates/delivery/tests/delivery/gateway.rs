//! A fake HTTP provider: it records every call and gives one answer.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Response, Uri},
};
use std::sync::{Arc, Mutex};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[derive(Clone)]
pub struct Gateway {
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    answer: Response<String>,
}

#[derive(Clone)]
pub struct Call {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Gateway {
    pub async fn answering(status: u16, body: &str) -> Self {
        Self::start(Response::builder().status(status).body(body.to_owned()).unwrap()).await
    }

    pub async fn redirecting_to(url: &str) -> Self {
        Self::start(Response::builder().status(307).header("location", url).body(String::new()).unwrap())
            .await
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub fn only_call(&self) -> Call {
        let [call] = self.calls().try_into().ok().unwrap();
        call
    }

    async fn start(answer: Response<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let gateway = Self { url, calls: Arc::default(), answer };
        let routes = Router::new().fallback(take).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        gateway
    }
}

impl Call {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }
}

async fn take(
    State(gateway): State<Gateway>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response<String> {
    gateway.calls.lock().unwrap().push(Call { path: uri.to_string(), headers, body });
    gateway.answer
}

/// A provider that takes connections and never answers, for as long as it is kept.
pub async fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// The URL of a provider that is not there.
pub async fn absent() -> String {
    let (_listener, url) = silent().await;
    url
}

/// The URL of a provider that reads a request and closes the connection.
pub async fn hanging_up() -> String {
    let (listener, url) = silent().await;
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let mut some = [0; 4096];
            let _some = caller.read(&mut some).await.unwrap();
        }
    });
    url
}
