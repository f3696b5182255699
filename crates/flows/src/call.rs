//! One call: who asks, when, and with what luck.

use crate::App;
use domain::{Timestamp, projects::Project};
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;

/// Time and luck are values, taken once per call by the adapter.
pub struct Call {
    pub app: Arc<App>,
    /// Whose secret came with the call.
    pub project: Project,
    pub now: Timestamp,
    pub rng: ChaCha20Rng,
}
