//! The contract of the wire, proved for every route of the table: a new route
//! fails these tests until it has a scenario.

mod answers;
mod audit;
mod bad_input;
mod calls;
mod completeness;
pub mod errors;
mod member_rights;
mod member_sessions;
mod openapi;
pub mod scenarios;
mod secrets;
pub mod shapes;
pub mod specification;
mod tenancy;
mod tolerance;
