//! Issuers that a project trusts: whose tokens are traded for sessions, and
//! what their claims mean here.

pub mod claims;
pub mod keys;

use crate::{
    Timestamp,
    id::{ProjectId, TrustedTokenProfileId},
    operator_url::OperatorUrl,
    projects::Environment,
};
use keys::PublicKey;
use serde::{Deserialize, Serialize};

/// One trusted issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub profile_id: TrustedTokenProfileId,
    pub project_id: ProjectId,
    pub name: String,
    pub rules: Rules,
    pub created_at: Timestamp,
}

/// What of its tokens is believed; also the form in which the operator writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Compared exactly with `iss`.
    pub issuer: String,
    /// Must be `aud`, or stand in it.
    pub audience: String,
    pub keys: KeySource,
    #[serde(default)]
    pub attributes: Attributes,
    /// Whether an unknown address becomes a member of the organization that the token names.
    #[serde(default)]
    pub can_jit_provision: bool,
    /// Whether a second factor that is due must come along in a session. By
    /// default the issuer is trusted with it.
    #[serde(default)]
    pub requires_second_factor: bool,
}

/// Where the issuer's public keys are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    JwksUrl(OperatorUrl),
    /// SPKI documents, one key each.
    Pem(Vec<String>),
}

/// Which claims hold what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attributes {
    pub email: String,
    /// None: members are found by their address.
    pub external_id: Option<String>,
    /// None: callers name the organization.
    pub organization_id: Option<String>,
    pub token_id: String,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            email: "email".to_owned(),
            external_id: None,
            organization_id: Some("organization_id".to_owned()),
            token_id: "jti".to_owned(),
        }
    }
}

/// Keys a profile can list; more is a mistake.
const MOST_KEYS: usize = 10;

impl Rules {
    /// # Errors
    /// Says what the operator should write instead.
    pub fn check(&self, environment: Environment) -> Result<(), String> {
        let filled = |text: &str| !text.is_empty() && text.len() <= 1024;
        if !filled(&self.issuer) || !filled(&self.audience) {
            return Err("issuer and audience have 1 to 1024 characters".to_owned());
        }
        let names = [Some(&self.attributes.email), Some(&self.attributes.token_id)];
        let optional = [self.attributes.external_id.as_ref(), self.attributes.organization_id.as_ref()];
        if names.iter().chain(&optional).flatten().any(|it| !filled(it)) {
            return Err("the name of a claim has 1 to 1024 characters".to_owned());
        }
        if self.can_jit_provision && self.attributes.organization_id.is_none() {
            return Err("provisioning needs the claim that names the organization".to_owned());
        }
        match &self.keys {
            KeySource::JwksUrl(url) if url.is_plain() && environment == Environment::Live => {
                Err("the keys of a live project are fetched over https".to_owned())
            }
            KeySource::JwksUrl(_) => Ok(()),
            KeySource::Pem(listed) if !(1..=MOST_KEYS).contains(&listed.len()) => {
                Err(format!("1 to {MOST_KEYS} public keys"))
            }
            KeySource::Pem(listed) => {
                let read = listed.iter().map(|it| PublicKey::from_pem(it).map(drop));
                read.collect::<Option<()>>().ok_or_else(|| {
                    "a public key is PEM (BEGIN PUBLIC KEY), RSA of 2048 bits or more, or EC on P-256"
                        .to_owned()
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
