//! The server's API as its callers see it.

use crate::{Outcome, http::Connection};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::{env, fmt, io, rc::Rc};

/// Which server, and with whose authority.
pub struct Api {
    address: String,
    authorization: String,
}

impl Api {
    pub fn from_environment() -> Outcome<Self> {
        let url = setting("VESTIBULE_URL")?;
        let address = url.strip_prefix("http://").ok_or("VESTIBULE_URL does not begin with http://")?;
        let credentials = format!("{}:{}", setting("VESTIBULE_PROJECT_ID")?, setting("VESTIBULE_SECRET")?);
        Ok(Self::new(address.trim_end_matches('/'), &credentials))
    }

    pub fn new(address: &str, credentials: &str) -> Self {
        Self { address: address.to_owned(), authorization: format!("Basic {}", STANDARD.encode(credentials)) }
    }

    pub async fn connect(&self) -> io::Result<Connection> {
        Connection::open(&self.address).await
    }

    pub fn post(&self, path: &str, body: &Value) -> Vec<u8> {
        self.request("POST", path, &body.to_string())
    }

    pub fn get(&self, path: &str) -> Vec<u8> {
        self.request("GET", path, "")
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let Self { address, authorization } = self;
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: {authorization}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }
}

fn setting(name: &str) -> Outcome<String> {
    env::var(name).map_err(|_| format!("{name} is not set; `vestibule dev --env-file` writes it").into())
}

/// One caller with one connection, who minds what is answered.
pub struct Client {
    api: Rc<Api>,
    connection: Connection,
}

impl Client {
    pub async fn open(api: &Rc<Api>) -> Result<Self, Unanswered> {
        Ok(Self { api: Rc::clone(api), connection: api.connect().await? })
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Value, Unanswered> {
        let request = self.api.post(path, body);
        self.call(path, &request).await
    }

    pub async fn get(&mut self, path: &str) -> Result<Value, Unanswered> {
        let request = self.api.get(path);
        self.call(path, &request).await
    }

    async fn call(&mut self, path: &str, request: &[u8]) -> Result<Value, Unanswered> {
        let answer = self.connection.exchange(request).await?;
        let body = serde_json::from_slice(answer.body).unwrap_or(Value::Null);
        if answer.status == 200 {
            return Ok(body);
        }
        let error_type = body["error_type"].as_str().unwrap_or_default().to_owned();
        let text = String::from_utf8_lossy(answer.body).into_owned();
        Err(Unanswered::Refused { path: path.to_owned(), status: answer.status, error_type, text })
    }
}

/// Why a call has no answer of the kind it wanted.
#[derive(Debug)]
pub enum Unanswered {
    /// Whether the server did its part is not known.
    Lost(io::Error),
    Refused {
        path: String,
        status: u16,
        error_type: String,
        text: String,
    },
    /// An answer of 200 that lacks what it must hold, or a mail that did not come.
    Missing(String),
}

impl From<io::Error> for Unanswered {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Lost(error) => write!(f, "the connection was lost: {error}"),
            Self::Refused { path, status, text, .. } => write!(f, "{path} answered {status}: {text}"),
            Self::Missing(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Unanswered {}

/// A text that an answer must hold, and not empty.
pub fn text(answer: &Value, pointer: &str) -> Result<String, Unanswered> {
    match answer.pointer(pointer).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Unanswered::Missing(format!("there is no {pointer} in {answer}"))),
    }
}
