//! Calls of the API, made from an operation's name and its fields: the
//! contract says where each field belongs.

use super::{
    scenarios::ready,
    specification::{Place, Route, specification},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::Map;
use testkit::{Answer, TestApp, Value};

#[derive(Debug, Clone)]
pub struct Call {
    pub operation: &'static str,
    pub fields: Map<String, Value>,
}

impl Call {
    pub fn new(operation: &'static str, fields: Value) -> Self {
        let Value::Object(fields) = fields else { panic!("the fields of {operation} are an object") };
        Self { operation, fields }
    }

    pub fn route(&self) -> &'static Route {
        specification().operation(self.operation)
    }

    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn without(mut self, fields: &[&str]) -> Self {
        self.fields.retain(|name, _| !fields.contains(&name.as_str()));
        self
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// The fields that belong to the body; whatever the contract does not know does.
    pub fn body(&self) -> Value {
        let elsewhere =
            |name: &str| self.route().request.iter().any(|it| it.name == name && it.place != Place::Body);
        Value::Object(self.fields.clone().into_iter().filter(|(name, _)| !elsewhere(name)).collect())
    }

    /// Path and query.
    pub fn uri(&self) -> String {
        let mut uri = self.route().path.clone();
        for field in self.route().fields_in(Place::Path) {
            let value = self.text(&field.name).unwrap_or_else(|| panic!("{} in {self:?}", field.name));
            uri = uri.replace(&format!("{{{}}}", field.name), &percent_encoded(value));
        }
        let query =
            self.route().fields_in(Place::Query).filter_map(|it| Some((&it.name, self.text(&it.name)?)));
        let query: Vec<String> =
            query.map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        if query.is_empty() { uri } else { format!("{uri}?{}", query.join("&")) }
    }

    pub async fn send(&self, app: &TestApp) -> Answer {
        let body = if self.route().takes_a_body() { self.body().to_string() } else { String::new() };
        self.send_raw(app, &self.uri(), body).await
    }

    /// With a body of any bytes, to a URI of any form.
    pub async fn send_raw(&self, app: &TestApp, uri: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(self.route().method()).uri(uri);
        let request = request
            .header(header::AUTHORIZATION, app.authorization())
            .header(header::CONTENT_TYPE, "application/json");
        app.send(request.body(body.into()).expect("a request")).await
    }
}

/// As the Rust client does: everything but letters and digits.
pub fn percent_encoded(text: &str) -> String {
    let byte = |it: u8| {
        if it.is_ascii_alphanumeric() { char::from(it).to_string() } else { format!("%{it:02X}") }
    };
    text.bytes().map(byte).collect()
}

/// An operation that is ready to succeed; made ready anew after each success.
pub struct Stage<'a> {
    app: &'a TestApp,
    pub call: Call,
}

impl<'a> Stage<'a> {
    pub async fn set(app: &'a TestApp, operation: &'static str) -> Self {
        Self { app, call: ready(app, operation).await }
    }

    /// Sends the call with a change.
    pub async fn send(&mut self, change: impl FnOnce(Call) -> Call) -> Answer {
        let answer = change(self.call.clone()).send(self.app).await;
        self.again_after(answer).await
    }

    pub async fn send_raw(&mut self, body: impl Into<Body>) -> Answer {
        let answer = self.call.send_raw(self.app, &self.call.uri(), body).await;
        self.again_after(answer).await
    }

    async fn again_after(&mut self, answer: Answer) -> Answer {
        if answer.status.is_success() {
            self.call = ready(self.app, self.call.operation).await;
        }
        answer
    }
}
