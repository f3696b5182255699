//! `b2b.json`, read: what every official client sends and expects.

use axum::http::Method;
use serde::Deserialize;
use std::{collections::HashMap, sync::LazyLock};

#[derive(Deserialize)]
pub struct Specification {
    pub error: Errors,
    pub routes: Vec<Route>,
    types: HashMap<String, Type>,
    enums: HashMap<String, Enum>,
}

#[derive(Deserialize)]
pub struct Errors {
    pub json: Vec<Field>,
    pub oauth2: Vec<Field>,
}

#[derive(Deserialize)]
pub struct Route {
    pub operation: String,
    method: String,
    pub path: String,
    /// Those that speak for a member, on the operations that honour one.
    #[serde(default)]
    headers: Vec<String>,
    auth: String,
    pub request: Vec<Field>,
    pub response: Vec<Field>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Field {
    pub name: String,
    /// In the grammar of the file: `string`, `array<T>`, `enum:NAME` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    pub optional: bool,
    /// Alternatives; one of them holds.
    pub one_of: Vec<Field>,
    /// The clients that fail when it is missing or null.
    pub strict: Vec<String>,
    /// Where a request carries it.
    #[serde(rename = "in")]
    pub place: Place,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Path,
    Query,
    #[default]
    Body,
}

#[derive(Deserialize)]
struct Type {
    #[serde(default)]
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Enum {
    #[serde(default)]
    safe_in_responses: Vec<String>,
}

pub fn specification() -> &'static Specification {
    static READ: LazyLock<Specification> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../data/b2b.json")).expect("the contract in its form")
    });
    &READ
}

/// Every known `error_type`.
pub fn error_types() -> Vec<&'static str> {
    include_str!("../../data/error_types.txt").lines().collect()
}

impl Specification {
    pub fn fields_of(&self, name: &str) -> &[Field] {
        &self.types.get(name).unwrap_or_else(|| panic!("no type {name} in the contract")).fields
    }

    /// The values of an enum that no client fails on.
    pub fn safe_values(&self, name: &str) -> &[String] {
        &self.enums.get(name).unwrap_or_else(|| panic!("no enum {name} in the contract")).safe_in_responses
    }

    pub fn operation(&self, name: &str) -> &Route {
        self.routes.iter().find(|it| it.operation == name).unwrap_or_else(|| panic!("no operation {name}"))
    }
}

impl Route {
    pub fn method(&self) -> Method {
        self.method.parse().expect("a method")
    }

    /// Whether it honours a member's session that comes along.
    pub fn is_for_members(&self) -> bool {
        self.headers.iter().any(|it| it == "X-Stytch-Member-Session")
    }

    /// Whether the call has a body that is read.
    pub fn takes_a_body(&self) -> bool {
        self.method() == Method::POST || self.method() == Method::PUT
    }

    /// Whether a client's credentials open it, and refusals are in the words of OAuth.
    pub fn is_oauth(&self) -> bool {
        self.auth == "client_credentials_in_body"
    }

    /// What a request that cannot be read is called.
    pub fn malformed(&self) -> &'static str {
        if self.is_oauth() { "invalid_request" } else { "bad_request" }
    }

    pub fn has(&self, field: &str) -> bool {
        self.request.iter().any(|it| it.name == field)
    }

    pub fn fields_in(&self, place: Place) -> impl Iterator<Item = &Field> {
        self.request.iter().filter(move |it| it.place == place)
    }
}

/// The contract of every route of the table, in its order.
pub fn served() -> Vec<&'static Route> {
    let contract = |route: &api::endpoint::Route| {
        let known = &specification().routes;
        let found = known.iter().find(|it| it.method() == route.method && it.path == route.path);
        found.unwrap_or_else(|| panic!("{} {} is not in the contract", route.method, route.path))
    };
    api::routes().table().iter().filter(|it| !it.is_alias).map(contract).collect()
}
