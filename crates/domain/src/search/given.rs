//! The value of a filter, read as what the filter needs.

use super::{Complaint, LONGEST, Operand, SHORTEST, Searched};
use crate::Refusal;
use serde_json::Value;

/// The name and the value of one operand.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    searched: Searched,
    pub name: &'a str,
    value: &'a Value,
}

impl<'a> Given<'a> {
    pub(super) fn named(searched: Searched, operand: &Operand<'a>) -> Result<Self, Refusal> {
        let complain = |it| searched.complains(it);
        let name = match operand.filter_name {
            None | Some(Value::Null) => return Err(complain(Complaint::MissingFilterName)),
            Some(Value::String(name)) if name.is_empty() => {
                return Err(complain(Complaint::MissingFilterName));
            }
            Some(Value::String(name)) => name,
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                return Err(complain(Complaint::FilterNameMustBeString));
            }
        };
        match operand.filter_value {
            None | Some(Value::Null) => Err(complain(Complaint::MissingFilterValue)),
            Some(value) => Ok(Self { searched, name, value }),
        }
    }

    /// How many values are listed.
    pub(super) fn count(&self) -> usize {
        self.value.as_array().map_or(1, Vec::len)
    }

    /// The search has no filter of this name.
    pub fn unknown(&self) -> Refusal {
        self.complaint(Complaint::FilterNameNotRecognized)
    }

    pub fn complaint(&self, complaint: Complaint) -> Refusal {
        self.searched.complains(complaint)
    }

    /// A list of texts, at least one. An empty list is refused: some clients
    /// send one where they mean nothing, and nothing would match everything.
    ///
    /// # Errors
    /// `ExpectedArrayOfStrings`, `Missing`.
    pub fn texts(&self, filter: &'static str) -> Result<Vec<String>, Refusal> {
        let wrong = || self.complaint(Complaint::ExpectedArrayOfStrings);
        let listed = self.value.as_array().ok_or_else(wrong)?;
        if listed.is_empty() {
            return Err(self.complaint(Complaint::Missing(filter)));
        }
        listed.iter().map(|it| it.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// One text that is not empty.
    ///
    /// # Errors
    /// `ExpectedString`, `Missing`.
    pub fn text(&self, filter: &'static str) -> Result<String, Refusal> {
        match self.value.as_str() {
            None => Err(self.complaint(Complaint::ExpectedString)),
            Some("") => Err(self.complaint(Complaint::Missing(filter))),
            Some(text) => Ok(text.to_owned()),
        }
    }

    /// A part of a text, of 3 to 256 characters, in lower case.
    ///
    /// # Errors
    /// `ExpectedString`, `Missing`, `TooShort`; `InvalidArgument` for a longer one.
    pub fn part(&self, filter: &'static str) -> Result<String, Refusal> {
        let text = self.text(filter)?;
        match text.chars().count() {
            ..SHORTEST => return Err(self.complaint(Complaint::TooShort(filter))),
            SHORTEST..=LONGEST => {}
            _ => {
                let reason = "a part to look for is of at most 256 characters";
                return Err(Refusal::InvalidArgument { field: "query", reason });
            }
        }
        Ok(text.to_lowercase())
    }

    /// # Errors
    /// `ExpectedBoolean`.
    pub fn truth(&self) -> Result<bool, Refusal> {
        self.value.as_bool().ok_or_else(|| self.complaint(Complaint::ExpectedBoolean))
    }
}
