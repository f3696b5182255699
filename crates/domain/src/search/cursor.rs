//! Where the next page begins. A cursor is signed and bound to the project,
//! the resource and the query: it continues the search it came from, and no other.

use super::Searched;
use crate::{
    Refusal, Timestamp,
    digest::{Digest, hmac_of},
    id::ProjectId,
    server_key::ServerKey,
};
use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

/// The place of a row in the order of creation; rows after it are on the next page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub created_at: Timestamp,
    pub id: String,
}

/// What is being searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    project: ProjectId,
    searched: Searched,
    query: Digest,
}

/// A position, signed, as callers get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Cursor(String);

const TAG: usize = 32;
const TIME: usize = 8;
/// Longer than any that was given out.
const LONGEST: usize = 512;

impl Position {
    /// Before everything.
    pub fn start() -> Self {
        Self { created_at: Timestamp::from_milliseconds(i64::MIN), id: String::new() }
    }
}

impl Scope {
    /// Of a search for what was parsed: two spellings of one query are one.
    pub fn new(project: &ProjectId, searched: Searched, query: &impl Serialize) -> Self {
        let query = serde_json::to_vec(query).expect("a query has a JSON form");
        Self { project: project.clone(), searched, query: Digest::of(&query) }
    }

    fn tag(&self, key: &hmac::Key, position: &Position) -> hmac::Tag {
        let searched = match self.searched {
            Searched::Members => "members",
            Searched::Organizations => "organizations",
            Searched::M2mClients => "m2m clients",
            Searched::ConnectedApps => "connected apps",
        };
        let at = position.created_at.milliseconds().to_string();
        hmac_of(key, &[self.project.as_str(), searched, self.query.as_str(), &at, &position.id])
    }
}

impl Cursor {
    pub fn seal(key: &ServerKey, scope: &Scope, position: &Position) -> Self {
        let at = position.created_at.milliseconds().to_be_bytes();
        let parts = [scope.tag(&key.cursor_key(), position).as_ref(), &at, position.id.as_bytes()].concat();
        Self(URL_SAFE_NO_PAD.encode(parts))
    }

    /// Where the page begins; at the start when there is no cursor, or an empty one.
    ///
    /// # Errors
    /// `InvalidArgument` for what was not given out for this very search.
    pub fn open(key: &ServerKey, scope: &Scope, text: Option<&str>) -> Result<Position, Refusal> {
        let Some(text) = text.filter(|it| !it.is_empty()) else { return Ok(Position::start()) };
        let foreign = Refusal::InvalidArgument {
            field: "cursor",
            reason: "it does not continue this search; send the query it came from unchanged, or start again",
        };
        let opened = read(text).filter(|(tag, position)| {
            let is_by = |key| verify_slices_are_equal(tag, scope.tag(key, position).as_ref()).is_ok();
            key.cursor_keys().iter().any(is_by)
        });
        opened.map(|(_, position)| position).ok_or(foreign)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn read(text: &str) -> Option<(Vec<u8>, Position)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|_| text.len() <= LONGEST)?;
    let (tag, rest) = bytes.split_at_checked(TAG)?;
    let (at, id) = rest.split_at_checked(TIME)?;
    let created_at = Timestamp::from_milliseconds(i64::from_be_bytes(at.try_into().ok()?));
    Some((tag.to_vec(), Position { created_at, id: String::from_utf8(id.to_vec()).ok()? }))
}
