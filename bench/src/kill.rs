//! What the server has acknowledged outlives `kill -9`.

mod burst;
mod checks;
mod record;
mod replay;

pub use burst::burst;
pub use replay::replay;

/// So many log in and are checked at a time.
const CONNECTIONS: usize = 8;
