//! The MFA rules, seen from outside.

mod journey;
