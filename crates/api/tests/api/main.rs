//! The API, called in process, on both databases.

mod admin;
mod contract;
mod discovery;
mod m2m;
mod management;
mod mfa;
mod phone;
mod primary;
mod races;
mod rotation;
mod sandbox;
