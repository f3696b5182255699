//! How much is sent, and what happens when it cannot be.

mod mail_limits;
mod provider;
mod shared_limits;
mod text_limits;
