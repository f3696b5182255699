//! Messages against fakes of what takes them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod authority;
mod breaches;
mod dkim;
mod gateway;
mod hooks;
mod http_providers;
mod inbox;
mod post_office;
mod receipts;
mod routing;
mod samples;
mod secrets;
mod smpp;
mod smtp;
mod smtp_tls;
mod twilio;
mod webhook;
