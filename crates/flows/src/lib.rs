//! What happens: the use cases, over the domain, the store and the providers.
//!
//! A flow reads, asks the domain, writes in one transaction, commits, and only
//! then tells or sends. Nothing here speaks HTTP.

pub mod admin_tokens;
pub mod allowance;
pub mod app;
pub mod audit;
pub mod backup;
pub mod browsers;
mod call;
pub mod dev;
pub mod discovery;
pub mod drift;
pub mod error;
pub mod factors;
pub mod figures;
pub mod hashing;
pub mod impersonation;
pub mod keys;
pub mod login;
pub mod m2m;
pub mod members;
pub mod messages;
pub mod notices;
pub mod organization_keys;
pub mod organizations;
pub mod presented;
pub mod primary;
pub mod projects;
pub mod rbac;
pub mod rights;
pub mod secrets;
pub mod sending;
pub mod sessions;
pub mod signer;
pub mod templates;
pub mod touched;
pub mod trusted_tokens;
pub mod webhooks;

pub use app::App;
pub use call::{Call, Caller};
pub use error::{Error, Result};
