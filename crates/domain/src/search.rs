//! Searches: what is asked for, page by page. One language for every resource:
//! an operator and operands, each the name of a filter and a value.

pub mod clients;
mod cursor;
mod given;
pub mod members;
pub mod organizations;

pub use cursor::{Cursor, Position, Scope};
pub use given::Given;

use crate::Refusal;
use serde::Serialize;
use std::{fmt, str::FromStr};

/// What can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Searched {
    Members,
    Organizations,
    M2mClients,
    ConnectedApps,
}

/// A filter of one resource, as its name and value say.
pub trait Filter: Sized + Serialize {
    const SEARCHED: Searched;

    /// # Errors
    /// [`Given::unknown`] for another name; the complaints of the value.
    fn read(given: &Given<'_>) -> Result<Self, Refusal>;
}

/// An operand as received.
#[derive(Debug, Clone, Copy)]
pub struct Operand<'a> {
    pub filter_name: Option<&'a serde_json::Value>,
    pub filter_value: Option<&'a serde_json::Value>,
}

/// What a search wants; without filters, everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Query<F> {
    pub operator: Operator,
    pub filters: Vec<F>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Operator {
    /// Every filter matches.
    #[default]
    And,
    /// At least one does.
    Or,
}

/// The size of a page, 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

/// What is found, in the order of creation.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Of all pages.
    pub total: i64,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// Why a search is not understood. Never repeats what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    MissingFilterName,
    FilterNameMustBeString,
    FilterNameNotRecognized,
    MissingFilterValue,
    ExpectedArrayOfStrings,
    ExpectedString,
    ExpectedBoolean,
    /// The named filter has an empty value.
    Missing(&'static str),
    /// The named filter is of fewer than three characters.
    TooShort(&'static str),
    InvalidStatus,
    MixedMemberIds,
    NoOrganizations,
}

/// Operands in a query.
pub const MOST_OPERANDS: usize = 100;
/// Values in all lists of a query together.
pub const MOST_VALUES: usize = 1000;
/// Characters that a substring has at least.
pub const SHORTEST: usize = 3;
/// And at most; no database compares patterns of any length.
pub const LONGEST: usize = 256;

impl<F> Default for Query<F> {
    fn default() -> Self {
        Self { operator: Operator::default(), filters: Vec::new() }
    }
}

impl<F: Filter> Query<F> {
    /// # Errors
    /// The complaints of the filters, and `InvalidArgument` for too many operands or values.
    pub fn parse(operator: Operator, operands: &[Operand<'_>]) -> Result<Self, Refusal> {
        if operands.len() > MOST_OPERANDS {
            return Err(Refusal::InvalidArgument {
                field: "query",
                reason: "a query has at most 100 operands",
            });
        }
        let mut values = 0;
        let mut filters = Vec::with_capacity(operands.len());
        for operand in operands {
            let given = Given::named(F::SEARCHED, operand)?;
            values += given.count();
            if values > MOST_VALUES {
                let reason = "the lists of a query have at most 1000 values together";
                return Err(Refusal::InvalidArgument { field: "query", reason });
            }
            filters.push(F::read(&given)?);
        }
        Ok(Self { operator, filters })
    }
}

impl FromStr for Operator {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match () {
            () if text.eq_ignore_ascii_case("and") => Ok(Self::And),
            () if text.eq_ignore_ascii_case("or") => Ok(Self::Or),
            () => {
                Err(Refusal::InvalidArgument { field: "query", reason: "the operator is neither AND nor OR" })
            }
        }
    }
}

impl Limit {
    /// Absent or 0 is the default, 100.
    ///
    /// # Errors
    /// `InvalidArgument` outside 0 to 1000.
    pub fn parse(wanted: Option<i64>) -> Result<Self, Refusal> {
        match wanted {
            None | Some(0) => Ok(Self(100)),
            Some(count @ 1..=1000) => Ok(Self(u16::try_from(count).unwrap_or(1000))),
            Some(_) => {
                Err(Refusal::InvalidArgument { field: "limit", reason: "a page holds 1 to 1000 results" })
            }
        }
    }

    pub fn count(self) -> usize {
        usize::from(self.0)
    }
}

impl<T> Page<T> {
    /// Of what was found when one more than the limit was looked for.
    pub fn new(mut found: Vec<T>, total: i64, limit: Limit, at: impl Fn(&T) -> Cursor) -> Self {
        let more = found.len() > limit.count();
        found.truncate(limit.count());
        let next = found.last().filter(|_| more).map(at);
        Self { items: found, total, next }
    }
}

impl Searched {
    /// For this search, that complaint.
    pub(crate) fn complains(self, complaint: Complaint) -> Refusal {
        Refusal::Search(self, complaint)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingFilterName => f.write_str("An operand of the query has no filter_name."),
            Self::FilterNameMustBeString => f.write_str("A filter_name is a text."),
            Self::FilterNameNotRecognized => f.write_str("This search has no filter of that name."),
            Self::MissingFilterValue => f.write_str("An operand of the query has no filter_value."),
            Self::ExpectedArrayOfStrings => {
                f.write_str("The filter_value of this filter is a list of texts.")
            }
            Self::ExpectedString => f.write_str("The filter_value of this filter is a text."),
            Self::ExpectedBoolean => f.write_str("The filter_value of this filter is true or false."),
            Self::Missing(filter) => write!(f, "The filter {filter} needs a value."),
            Self::TooShort(filter) => write!(f, "The filter {filter} needs at least three characters."),
            Self::InvalidStatus => f.write_str("A status is pending, invited, active or deleted."),
            Self::MixedMemberIds => {
                f.write_str("The filter member_ids takes member ids or external ids, not both.")
            }
            Self::NoOrganizations => f.write_str("Name at least one organization in organization_ids."),
        }
    }
}

#[cfg(test)]
mod tests;
