//! The API, called in process, on both databases.

mod mfa;
