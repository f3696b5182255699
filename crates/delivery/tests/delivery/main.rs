//! Messages against fakes of what takes them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod breaches;
mod gateway;
mod http_providers;
mod inbox;
mod post_office;
mod receipts;
mod routing;
mod samples;
mod secrets;
mod smpp;
mod smtp;
mod twilio;
mod webhook;
