//! What machine-to-machine clients are searched by.

use super::{Filter, Given, Searched};
use crate::Refusal;
use serde::Serialize;

/// Lists match any of their values, which are compared as they are: names and
/// scopes are the project's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ClientFilter {
    Ids(Vec<String>),
    Names(Vec<String>),
    /// Held by the client.
    Scopes(Vec<String>),
}

impl Filter for ClientFilter {
    const SEARCHED: Searched = Searched::M2mClients;

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        match given.name {
            "client_id" => given.texts("client_id").map(Self::Ids),
            "client_name" => given.texts("client_name").map(Self::Names),
            "scopes" => given.texts("scopes").map(Self::Scopes),
            _ => Err(given.unknown()),
        }
    }
}
