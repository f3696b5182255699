//! Identifiers: one type each, `prefix-{test|live}-<uuid>` on the wire.

use crate::projects::Environment;
use rand::RngCore;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text is not an identifier of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The word every identifier of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new identifier; never reused.
            pub fn random(environment: Environment, rng: &mut impl RngCore) -> Self {
                Self(format!("{}-{environment}-{}", $prefix, random_uuid(rng)))
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse(text, $prefix).then(|| Self(text.to_owned())).ok_or(NotAnId)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        crate::schema::text_schema! {
            $name = { "type": "string", "pattern": concat!("^", $prefix, "-(test|live)-[0-9a-f-]{36}$") };
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*
        const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

ids! {
    ProjectId = "project";
    OrganizationId = "organization";
    MemberId = "member";
    MemberSessionId = "session";
    RequestId = "request-id";
    /// One e-mail address of one member, primary or retired.
    EmailId = "email";
    /// One phone number of one member; a replaced number gets a new one.
    PhoneId = "phone-number";
    MemberPasswordId = "member-password";
    TotpRegistrationId = "totp-registration";
    RecoveryCodeId = "totp-recovery-code";
    AuditEventId = "audit-event";
    /// One text or e-mail, however often it is handed over.
    MessageId = "message";
    TrustedTokenProfileId = "trusted-token-profile";
    PublicToken = "public-token";
    M2mClientId = "m2m-client";
    /// One access token of a client: the `jti` of its JWT.
    M2mTokenId = "m2m-token";
    WebhookEndpointId = "webhook-endpoint";
    /// One event, the same at every attempt and every endpoint.
    WebhookEventId = "webhook-event";
}

impl RequestId {
    /// The same request, of a project of this environment.
    #[must_use]
    pub fn of(&self, environment: Environment) -> Self {
        let uuid = &self.0[self.0.len() - 36..];
        Self(format!("{}-{environment}-{uuid}", Self::PREFIX))
    }
}

/// Whether a name could be mistaken for an identifier of ours. Slugs and
/// external ids may not, so that an alias never shadows an identifier.
pub fn looks_like_an_id(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| parse(name, prefix))
}

fn parse(text: &str, prefix: &str) -> bool {
    let environment_and_uuid = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    let uuid = environment_and_uuid
        .and_then(|rest| rest.strip_prefix("test-").or_else(|| rest.strip_prefix("live-")));
    uuid.is_some_and(|uuid| uuid.len() == 36 && Uuid::try_parse(uuid).is_ok_and(|it| it.to_string() == uuid))
}

fn random_uuid(rng: &mut impl RngCore) -> Uuid {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn an_id_survives_printing_and_parsing() {
        let id = MemberId::random(Environment::Test, &mut ChaCha20Rng::seed_from_u64(1));
        assert_eq!(id.to_string().parse(), Ok(id.clone()));
        assert!(id.as_str().starts_with("member-test-"));
    }

    #[test]
    fn an_id_of_another_kind_or_spelling_is_refused() {
        let id = "member-test-00000000-0000-4000-8000-00000000000A";
        assert_eq!(id.parse::<MemberId>(), Err(NotAnId), "upper case would be a second spelling");
        assert_eq!(
            "member-password-test-00000000-0000-4000-8000-000000000001".parse::<MemberId>(),
            Err(NotAnId)
        );
        assert!(looks_like_an_id("organization-live-00000000-0000-4000-8000-000000000001"));
        assert!(!looks_like_an_id("organization-live"));
    }
}
