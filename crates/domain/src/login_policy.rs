//! Which primary methods an organization accepts, and whether one was proved.

use crate::{
    factors::{Bag, Factor},
    id::OrganizationId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a login begins; names as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryMethod {
    Sso,
    MagicLink,
    EmailOtp,
    Password,
    GoogleOauth,
    MicrosoftOauth,
    SlackOauth,
    GithubOauth,
    HubspotOauth,
}

impl PrimaryMethod {
    pub const ALL: [Self; 9] = [
        Self::Sso,
        Self::MagicLink,
        Self::EmailOtp,
        Self::Password,
        Self::GoogleOauth,
        Self::MicrosoftOauth,
        Self::SlackOauth,
        Self::GithubOauth,
        Self::HubspotOauth,
    ];
}

/// What the organization accepts of this member (MFA rule 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// No restriction, or a break-glass member.
    Every,
    Only(Vec<PrimaryMethod>),
}

impl Accepted {
    pub fn contains(&self, method: PrimaryMethod) -> bool {
        match self {
            Self::Every => true,
            Self::Only(methods) => methods.contains(&method),
        }
    }

    fn list(&self) -> Vec<PrimaryMethod> {
        match self {
            Self::Every => PrimaryMethod::ALL.to_vec(),
            Self::Only(methods) => methods.clone(),
        }
    }
}

/// What the policy says of a bag of factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Primary {
    Met,
    /// One of these methods is still to be proved; an empty list is a dead end.
    Required(Vec<PrimaryMethod>),
}

/// Decides whether a bag proves a primary factor the organization accepts (MFA rules 5 and 6).
pub fn decide(accepted: &Accepted, bag: &Bag, organization: &OrganizationId) -> Primary {
    let proved =
        bag.valid_in(organization).filter_map(Factor::primary_method).any(|it| accepted.contains(it));
    if proved { Primary::Met } else { Primary::Required(accepted.list()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, email::EmailAddress, factors::Proven, id::EmailId, projects::Environment::Test};
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    fn organization(seed: u64) -> OrganizationId {
        OrganizationId::random(Test, &mut ChaCha20Rng::seed_from_u64(seed))
    }

    fn a_password_in(organization: &OrganizationId) -> Bag {
        let email_id = EmailId::random(Test, &mut ChaCha20Rng::seed_from_u64(9));
        let email_address = EmailAddress::parse("ada@acme.com").unwrap();
        let at = Timestamp::from_milliseconds(0);
        let factor = Factor::Password { email_id, email_address };
        Bag::default().and(Proven {
            factor,
            organization_id: organization.clone(),
            first_at: at,
            last_at: at,
        })
    }

    #[test]
    fn a_proved_method_counts_only_where_it_is_accepted() {
        let (acme, other) = (organization(1), organization(2));
        let bag = a_password_in(&acme);
        let links_only = Accepted::Only(vec![PrimaryMethod::MagicLink]);
        assert_eq!(decide(&Accepted::Every, &bag, &acme), Primary::Met);
        assert_eq!(decide(&links_only, &bag, &acme), Primary::Required(vec![PrimaryMethod::MagicLink]));
        assert_eq!(decide(&Accepted::Every, &bag, &other), Primary::Required(PrimaryMethod::ALL.to_vec()));
        assert_eq!(decide(&Accepted::Only(vec![]), &bag, &acme), Primary::Required(vec![]));
    }
}
