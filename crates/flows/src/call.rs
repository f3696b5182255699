//! One call: who asks, when, and with what luck.

use crate::App;
use domain::{Timestamp, audit::Actor, projects::Project};
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use store::sessions::Live;

/// Time and luck are values, taken once per call by the adapter.
pub struct Call {
    pub app: Arc<App>,
    /// Whose secret came with the call, or which the path of a public route names.
    pub project: Project,
    /// On whose authority it is made.
    pub caller: Caller,
    pub now: Timestamp,
    pub rng: ChaCha20Rng,
}

/// Whose rights a call has.
pub enum Caller {
    /// The backend's own, which are all there are in the project.
    Project,
    /// Anybody's: a page showed the project's public token, which proves nothing.
    Visitor,
    /// A member's, whose session came along. What it may do is asked afresh
    /// where something is done (`rights::demand`).
    Member(Box<Live>),
}

impl Caller {
    /// The member who acts, if it is one.
    pub fn member(&self) -> Option<&Live> {
        match self {
            Self::Project | Self::Visitor => None,
            Self::Member(live) => Some(live),
        }
    }

    pub fn actor(&self) -> Actor {
        match self {
            Self::Project => Actor::Project,
            Self::Visitor => Actor::Visitor,
            Self::Member(_) => Actor::Member,
        }
    }
}
