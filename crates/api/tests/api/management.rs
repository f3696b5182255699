//! Organizations, members and sessions, as a backend manages them.

mod members;
mod organizations;
mod rbac;
mod search;
pub mod sessions;
mod whoami;
