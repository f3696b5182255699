//! What is true: the values of the product and the decisions about them.
//!
//! Pure: no clock, no database, no network, no async. Whatever a decision
//! depends on is an argument.

pub mod audit;
pub mod backup;
pub mod custom_claims;
pub mod digest;
pub mod discretion;
pub mod email;
pub mod external_id;
pub mod factors;
pub mod id;
pub mod intermediate_sessions;
pub mod jwt_claims;
pub mod locale;
pub mod locks;
pub mod login_policy;
pub mod m2m;
pub mod members;
pub mod messages;
pub mod metadata;
pub mod mfa;
pub mod money;
pub mod operator_url;
pub mod organization_key;
pub mod organizations;
pub mod passwords;
pub mod phone;
pub mod pkce;
pub mod prices;
pub mod projects;
pub mod rbac;
pub mod redirect_url;
pub mod refusal;
pub mod roles;
mod schema;
pub mod sealing;
pub mod search;
pub mod send_limits;
pub mod server_key;
pub mod sessions;
pub mod signing_keys;
pub mod slug;
pub mod sms_credit;
pub mod sms_segments;
pub mod sms_spend;
pub mod templates;
#[cfg(test)]
mod testing;
pub mod time;
pub mod token;
pub mod traces;
pub mod trusted_tokens;
pub mod webhooks;
pub mod webotp;

pub use refusal::Refusal;
pub use time::Timestamp;
