//! JSON that callers keep beside an organization or a member.

use crate::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A JSON object of at most 20 top-level keys and 4 KB.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Metadata(Map<String, Value>);

const MOST_KEYS: usize = 20;
const MOST_BYTES: usize = 4096;

impl Metadata {
    /// Merges an update at the top level: a null deletes its key, any other
    /// value replaces it whole.
    ///
    /// # Errors
    /// `MetadataInvalidFormat`, `MetadataTooManyKeys`, `MetadataTooLarge`.
    pub fn merged(mut self, update: Value) -> Result<Self, Refusal> {
        let Value::Object(update) = update else { return Err(Refusal::MetadataInvalidFormat) };
        for (key, value) in update {
            if value.is_null() {
                self.0.shift_remove(&key);
            } else {
                self.0.insert(key, value);
            }
        }
        self.within_limits()
    }

    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    fn within_limits(self) -> Result<Self, Refusal> {
        let bytes = serde_json::to_vec(&self.0).map_or(usize::MAX, |text| text.len());
        match () {
            () if self.0.len() > MOST_KEYS => Err(Refusal::MetadataTooManyKeys),
            () if bytes > MOST_BYTES => Err(Refusal::MetadataTooLarge),
            () => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_update_merges_at_the_top_level_only() {
        let before =
            Metadata::default().merged(json!({"plan": {"seats": 3, "name": "pro"}, "old": 1})).unwrap();
        let after = before.merged(json!({"plan": {"seats": 4}, "old": null, "new": false})).unwrap();
        assert_eq!(serde_json::to_value(after).unwrap(), json!({"plan": {"seats": 4}, "new": false}));
    }

    #[test]
    fn metadata_has_limits() {
        let many = Value::Object((0..21).map(|n| (n.to_string(), json!(n))).collect());
        assert_eq!(Metadata::default().merged(many), Err(Refusal::MetadataTooManyKeys));
        assert_eq!(
            Metadata::default().merged(json!({"a": "x".repeat(4096)})),
            Err(Refusal::MetadataTooLarge)
        );
        assert_eq!(Metadata::default().merged(json!([1])), Err(Refusal::MetadataInvalidFormat));
    }
}
