//! The bag that factors collect in.

use super::{Factor, Proven};
use crate::{Timestamp, email::EmailAddress, members::Member};
use serde::{Deserialize, Serialize};

/// The factors behind a session or an intermediate session, one entry each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bag(pub(super) Vec<Proven>);

impl Bag {
    /// A bag with one factor more. Proving a factor again refreshes its time.
    #[must_use]
    pub fn and(mut self, proven: Proven) -> Self {
        let again = |it: &Proven| it.member == proven.member && it.factor.is_again(&proven.factor);
        match self.0.iter_mut().find(|it| again(it)) {
            Some(known) => {
                known.factor = proven.factor;
                known.first_at = known.first_at.min(proven.first_at);
                known.last_at = known.last_at.max(proven.last_at);
            }
            None => self.0.push(proven),
        }
        self
    }

    /// Everything both bags hold.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        other.0.into_iter().fold(self, Self::and)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Proven> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What counts for a member, as the member's own factors.
    #[must_use]
    pub fn of(&self, member: &Member) -> Self {
        let own = |it: &Proven| {
            let factor = it.worth_to(member)?;
            Some(Proven { factor, member: Some(member.membership()), ..it.clone() })
        };
        self.0.iter().filter_map(own).fold(Self::default(), Self::and)
    }

    /// What counts for a member, as it was proved: it may count elsewhere, too.
    #[must_use]
    pub fn kept_for(&self, member: &Member) -> Self {
        Self(self.0.iter().filter(|it| it.worth_to(member).is_some()).cloned().collect())
    }

    /// When something of it was proved last; refreshing a session is no proof.
    pub fn newest(&self) -> Option<Timestamp> {
        self.0.iter().map(|it| it.last_at).max()
    }

    /// Whether it speaks for an address in any organization, not only in one.
    pub fn speaks_for(&self, address: &EmailAddress) -> bool {
        let proved = |it: &Proven| match (&it.factor, &it.member) {
            (Factor::MagicLink { email_address, .. } | Factor::EmailOtp { email_address, .. }, _)
            | (Factor::Password { email_address, .. }, None) => {
                email_address.canonical() == address.canonical()
            }
            (
                Factor::Password { .. }
                | Factor::SmsOtp { .. }
                | Factor::Totp { .. }
                | Factor::RecoveryCode { .. }
                | Factor::TrustedAuthToken { .. }
                | Factor::Imported
                | Factor::Impersonated { .. },
                _,
            ) => false,
        };
        self.0.iter().any(proved)
    }

    /// Whether it proves an address in real time.
    pub fn proves(&self, address: &EmailAddress) -> bool {
        let proved = |it: &Proven| {
            it.factor.proved_address().map(EmailAddress::canonical) == Some(address.canonical())
        };
        self.0.iter().any(proved)
    }
}
