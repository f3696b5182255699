//! How a login begins.
