//! Temporary: my modules alone, while others edit theirs.

mod management;
mod primary;
