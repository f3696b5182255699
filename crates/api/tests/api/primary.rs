//! How a login begins: passwords, mailed links and codes, and how much is sent.

mod discovery_links;
mod email_codes;
mod invites;
mod magic_links;
mod passwords;
mod sending;
