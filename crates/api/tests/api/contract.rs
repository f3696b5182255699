//! The contract of the wire, proved for every route of the table: a new route
//! fails these tests until it has a scenario.

mod answers;
mod bad_input;
mod calls;
mod completeness;
pub mod errors;
mod member_rights;
mod member_sessions;
mod openapi;
mod scenarios;
mod secrets;
mod shapes;
mod specification;
mod tenancy;
mod tolerance;
