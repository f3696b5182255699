//! A backend that calls the API.

use crate::process::PATIENCE;
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};
use std::ops::Index;

#[derive(Debug, Clone)]
pub struct Credentials {
    pub project_id: String,
    pub secret: String,
}

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pub url: String,
    credentials: Credentials,
}

/// Index it by field: `answer["session_token"]`.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Client {
    pub fn new(url: &str, credentials: &Credentials) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { http, url: url.to_owned(), credentials: credentials.clone() }
    }

    /// The same, calling another server.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub fn project_id(&self) -> String {
        self.credentials.project_id.clone()
    }

    /// A request to build upon.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let Credentials { project_id, secret } = &self.credentials;
        self.http.request(method, format!("{}{path}", self.url)).basic_auth(project_id, Some(secret))
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request("GET", path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request("POST", path).json(&body)).await
    }

    /// Checks a session, as a backend does on every request.
    pub async fn session(&self, token: &str) -> Answer {
        self.post("/v1/b2b/sessions/authenticate", json!({ "session_token": token })).await
    }
}

impl Answer {
    pub async fn to(request: RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null);
        Self { status, headers, body }
    }

    /// The answer, if it is a success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }

    /// Status and `error_type`, to compare with one pair.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.body["error_type"].as_str().unwrap_or("no error_type"))
    }

    /// A text field that is not empty.
    #[track_caller]
    pub fn text(&self, field: &str) -> String {
        let text = self.body[field].as_str().filter(|it| !it.is_empty());
        text.unwrap_or_else(|| panic!("no text {field} in {}", self.body)).to_owned()
    }
}

impl Index<&str> for Answer {
    type Output = Value;
    fn index(&self, field: &str) -> &Value {
        &self.body[field]
    }
}
