//! Which primary methods an organization accepts, and whether one was proved.

use crate::{
    factors::{Bag, Proven},
    members::Member,
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
    /// Those that prove the address while they prove the person.
    pub const PROVING_EMAIL: [Self; 4] =
        [Self::MagicLink, Self::EmailOtp, Self::GoogleOauth, Self::MicrosoftOauth];
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

    fn proving_email(&self) -> Vec<PrimaryMethod> {
        PrimaryMethod::PROVING_EMAIL.into_iter().filter(|it| self.contains(*it)).collect()
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

/// Decides whether a member's bag proves a primary factor the organization
/// accepts, and the address where nobody ever proved it (MFA rules 5 and 6). A
/// session that was opened on a trusted word stands for a primary factor.
pub fn decide(accepted: &Accepted, member: &Member, bag: &Bag) -> Primary {
    let own = bag.of(member);
    let is_accepted =
        |it: &Proven| it.factor.primary_method().map_or(it.factor.is_vouched(), |it| accepted.contains(it));
    match (own.iter().any(is_accepted), member.must_prove_email() && !own.proves(&member.email_address)) {
        (true, false) => Primary::Met,
        (true, true) => Primary::Required(accepted.proving_email()),
        (false, _) => Primary::Required(accepted.list()),
    }
}

#[cfg(test)]
mod tests;
