//! The API, called in process, on both databases.

mod mfa;
mod phone;
