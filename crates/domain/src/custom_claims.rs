//! Claims that callers add to a session.

use crate::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A JSON object of at most 4 KB that can never hold a claim of ours.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CustomClaims(Map<String, Value>);

/// Dropped in silence, as the vendor does.
const REGISTERED: &[&str] = &["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
const NAMESPACE: &str = "https://stytch.com/";
const MOST_BYTES: usize = 4096;

impl CustomClaims {
    /// Merges an update key by key; a null removes its key.
    ///
    /// # Errors
    /// `ReservedCustomClaims` for a key of the namespace, `CustomClaimsTooLarge`.
    pub fn merged(mut self, update: Map<String, Value>) -> Result<Self, Refusal> {
        for (key, value) in update {
            if key.starts_with(NAMESPACE) {
                return Err(Refusal::ReservedCustomClaims);
            }
            if value.is_null() {
                self.0.shift_remove(&key);
            } else if !REGISTERED.contains(&key.as_str()) {
                self.0.insert(key, value);
            }
        }
        let bytes = serde_json::to_vec(&self.0).map_or(usize::MAX, |text| text.len());
        if bytes > MOST_BYTES { Err(Refusal::CustomClaimsTooLarge) } else { Ok(self) }
    }

    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(update: &Value) -> Result<CustomClaims, Refusal> {
        CustomClaims::default().merged(update.as_object().unwrap().clone())
    }

    #[test]
    fn a_registered_claim_is_dropped_and_a_namespaced_one_refused() {
        assert_eq!(merged(&json!({"sub": "mallory", "exp": 9_999_999_999_u64})), Ok(CustomClaims::default()));
        assert_eq!(merged(&json!({"https://stytch.com/session": {}})), Err(Refusal::ReservedCustomClaims));
    }

    #[test]
    fn claims_merge_key_by_key_within_4_kb() {
        let first = merged(&json!({"a": 1, "b": 2})).unwrap();
        let second = first.merged(json!({"b": null, "c": 3}).as_object().unwrap().clone()).unwrap();
        assert_eq!(serde_json::to_value(&second).unwrap(), json!({"a": 1, "c": 3}));
        assert_eq!(merged(&json!({"a": "x".repeat(4096)})), Err(Refusal::CustomClaimsTooLarge));
    }
}
