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
/// What makes an access token of a client or an app. Clients that check those
/// by themselves ask for the issuer, the audience and a `scope`; a session's JWT
/// has the first two of every token of the project, so the third must never be
/// in it, or whoever may write claims could make a member pass for a program.
/// Dropped like the registered ones: a caller that always sent them keeps working.
const OF_ACCESS_TOKENS: &[&str] = &["scope", "client_id", "token_type"];
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
            } else if !is_ours(&key) {
                self.0.insert(key, value);
            }
        }
        let bytes = serde_json::to_vec(&self.0).map_or(usize::MAX, |text| text.len());
        if bytes > MOST_BYTES { Err(Refusal::CustomClaimsTooLarge) } else { Ok(self) }
    }

    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// What a JWT says of them. Sessions from before a name was dropped may hold it.
    pub fn in_jwt(&self) -> Map<String, Value> {
        self.0
            .iter()
            .filter(|(name, _)| !is_ours(name))
            .map(|(name, it)| (name.clone(), it.clone()))
            .collect()
    }
}

fn is_ours(name: &str) -> bool {
    REGISTERED.contains(&name) || OF_ACCESS_TOKENS.contains(&name)
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
    fn what_makes_an_access_token_is_dropped_and_kept_out_of_jwts() {
        let sent =
            json!({"scope": "read:users", "client_id": "c", "token_type": "access_token", "Scope": "mine"});
        assert_eq!(serde_json::to_value(merged(&sent).unwrap()).unwrap(), json!({"Scope": "mine"}));
        let from_before: CustomClaims = serde_json::from_value(sent).unwrap();
        assert_eq!(Value::Object(from_before.in_jwt()), json!({"Scope": "mine"}));
        let removed = from_before.merged(json!({"scope": null}).as_object().unwrap().clone()).unwrap();
        assert_eq!(removed.as_map().get("scope"), None);
    }

    #[test]
    fn claims_merge_key_by_key_within_4_kb() {
        let first = merged(&json!({"a": 1, "b": 2})).unwrap();
        let second = first.merged(json!({"b": null, "c": 3}).as_object().unwrap().clone()).unwrap();
        assert_eq!(serde_json::to_value(&second).unwrap(), json!({"a": 1, "c": 3}));
        assert_eq!(merged(&json!({"a": "x".repeat(4096)})), Err(Refusal::CustomClaimsTooLarge));
    }
}
