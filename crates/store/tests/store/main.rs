//! What the store promises, on both databases.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[macro_use]
mod databases;
mod fixtures;

mod audit;
mod email_claims;
mod group_commit;
mod installation;
mod intermediate_sessions;
mod janitor;
mod magic_links;
mod members;
mod organizations;
mod passcodes;
mod passwords;
mod projects;
mod recovery_codes;
mod second_factor_guard;
mod send_counters;
mod sessions;
mod tenant;
mod totps;
mod transactions;
