//! Where it is kept: the only crate with SQL.
//!
//! One text per statement serves SQLite and PostgreSQL. Every function takes
//! the resolved [`Tenant`] first, so neither another organization nor another
//! project can be reached; look-ups by token compare the project.

pub mod address_password_resets;
pub mod address_passwords;
pub mod admin_tokens;
pub mod audit;
mod columns;
pub mod db;
pub mod discovery;
pub mod discovery_links;
pub mod email_claims;
pub mod email_code_guard;
pub mod email_codes;
pub mod email_updates;
pub mod erasure;
mod folding;
pub mod impersonation_tokens;
pub mod installation;
pub mod intermediate_sessions;
pub mod janitor;
pub mod m2m_client_search;
pub mod m2m_clients;
pub mod magic_links;
pub mod member_search;
pub mod members;
pub mod messages;
pub mod metrics;
pub mod operations;
pub mod organization_keys;
pub mod organization_search;
pub mod organizations;
pub mod passcodes;
pub mod password_resets;
pub mod passwords;
pub mod policies;
pub mod project_secrets;
pub mod projects;
pub mod recovery_codes;
pub mod resealing;
pub mod restoring;
pub mod second_factor_guard;
pub mod send_counters;
pub mod sessions;
pub mod signing_keys;
pub mod sms_budgets;
pub mod sms_credits;
pub mod tables;
pub mod templates;
pub mod tenant;
pub mod totp_offsets;
pub mod totps;
pub mod trusted_tokens;
pub mod webhooks;

pub use db::{Conn, Db, Fault, Tx};
pub use tenant::Tenant;

#[cfg(test)]
extern crate self as store; // the tests in here share a file with the ones under `tests/`
#[cfg(test)]
#[path = "../tests/store/databases.rs"]
mod databases;
#[cfg(test)]
mod search_statements_tests;
#[cfg(test)]
mod statements_tests;
