//! The API, called in process, on both databases.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::needless_pass_by_value, reason = "fixtures take bodies as `json!` makes them")]

mod admin;
mod audit;
mod backup;
mod contract;
mod discovery;
mod ledger;
mod m2m;
mod management;
mod mfa;
mod money;
mod organization_data;
mod organization_keys;
mod phone;
mod primary;
mod races;
mod restoring;
mod rotation;
mod sandbox;
mod sdk;
mod templates;
mod webhooks;
