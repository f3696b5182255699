//! Organizations, members and sessions, as a backend manages them.

mod members;
mod organizations;
mod search;
mod sessions;
mod whoami;
