//! The binary from outside: its commands, its servers, and what they leave behind.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod administration;
mod audit;
mod authorities;
mod backup;
mod client;
mod collector;
mod command_line;
mod configuration;
mod databases;
mod dev;
mod doctor;
mod full_disk;
mod gateway;
mod installation;
mod keys;
mod login;
mod logs;
mod operations;
mod operator;
mod phone;
mod places;
mod post_office;
mod process;
mod recipes;
mod restore;
mod server;
mod serving;
mod shutdown;
mod traces;
mod two_nodes;
mod webhooks;
