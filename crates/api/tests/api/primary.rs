//! How a login begins: passwords and mailed links, and how much is sent.

mod magic_links;
mod passwords;
mod sending;
