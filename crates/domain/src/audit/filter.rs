//! Which events somebody asks for.

use crate::{
    Timestamp,
    audit::{Action, Actor},
    id::{MemberId, OrganizationId},
};

/// What is left out does not narrow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Whoever may see one organization only always sets this.
    pub organization: Option<OrganizationId>,
    pub member: Option<MemberId>,
    /// Any of these; all where there are none.
    pub actions: Vec<Action>,
    pub actor: Option<Actor>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before, not at.
    pub to: Option<Timestamp>,
    pub order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    NewestFirst,
    OldestFirst,
}

/// The place of an event in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub at: Timestamp,
    pub audit_event_id: String,
}

impl Place {
    /// As callers hold it from page to page.
    pub fn cursor(&self) -> String {
        format!("{}.{}", self.at.milliseconds(), self.audit_event_id)
    }

    /// None for what is no cursor.
    pub fn read(cursor: &str) -> Option<Self> {
        let (at, id) = cursor.split_once('.')?;
        let at = Timestamp::from_milliseconds(at.parse().ok()?);
        (id.len() <= 100).then(|| Self { at, audit_event_id: id.to_owned() })
    }
}
