//! An answer, for assertions.

use axum::{
    body::to_bytes,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde_json::Value;
use std::ops::Index;

/// Index it by field: `answer["session_token"]`.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status: head.status, headers: head.headers, body }
    }

    /// The answer, if it is a success.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often asked for the assertion alone")]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self
    }

    /// Status and `error_type`, or the `error` of OAuth, to compare with one pair.
    pub fn refusal(&self) -> (u16, &str) {
        let known = self.body["error_type"].as_str().or(self.body["error"].as_str());
        (self.status.as_u16(), known.unwrap_or("no error_type"))
    }

    /// A text field.
    #[track_caller]
    pub fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("no text {field} in {}", self.body)).to_owned()
    }
}

impl Index<&str> for Answer {
    type Output = Value;
    fn index(&self, field: &str) -> &Value {
        &self.body[field]
    }
}
