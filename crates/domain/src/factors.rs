//! What a member has proved: factors, and the bag they collect in.

pub mod recovery_codes;
pub mod sms_otp;
pub mod totp;

use crate::{
    Timestamp,
    email::EmailAddress,
    id::{EmailId, OrganizationId, PhoneId, RecoveryCodeId, TotpRegistrationId},
    login_policy::PrimaryMethod,
    phone::PhoneNumber,
};
use serde::{Deserialize, Serialize};

/// One thing proved, with the very subject that was proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Factor {
    MagicLink {
        email_id: EmailId,
        email_address: EmailAddress,
    },
    Password {
        email_id: EmailId,
        email_address: EmailAddress,
    },
    SmsOtp {
        phone_id: PhoneId,
        #[serde(deserialize_with = "PhoneNumber::deserialize_stored")]
        phone_number: PhoneNumber,
    },
    Totp {
        totp_registration_id: TotpRegistrationId,
    },
    RecoveryCode {
        recovery_code_id: RecoveryCodeId,
        totp_registration_id: TotpRegistrationId,
    },
}

/// A factor with its provenance: in which organization it was proved, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    #[serde(flatten)]
    pub factor: Factor,
    pub organization_id: OrganizationId,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

/// The factors behind a session or an intermediate session, one entry each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bag(Vec<Proven>);

impl Factor {
    /// Its name in records.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MagicLink { .. } => "magic_link",
            Self::Password { .. } => "password",
            Self::SmsOtp { .. } => "sms_otp",
            Self::Totp { .. } => "totp",
            Self::RecoveryCode { .. } => "recovery_code",
        }
    }

    /// The primary method it stands for; none for second factors.
    pub fn primary_method(&self) -> Option<PrimaryMethod> {
        match self {
            Self::MagicLink { .. } => Some(PrimaryMethod::MagicLink),
            Self::Password { .. } => Some(PrimaryMethod::Password),
            Self::SmsOtp { .. } | Self::Totp { .. } | Self::RecoveryCode { .. } => None,
        }
    }
}

impl Bag {
    /// A bag with one factor more. Proving a factor again refreshes its time.
    #[must_use]
    pub fn and(mut self, proven: Proven) -> Self {
        match self
            .0
            .iter_mut()
            .find(|it| it.factor == proven.factor && it.organization_id == proven.organization_id)
        {
            Some(known) => {
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

    /// The factors an organization may rely on: those proved in it. What
    /// another organization's administrator could have arranged counts there alone.
    pub fn valid_in(&self, organization: &OrganizationId) -> impl Iterator<Item = &Factor> {
        self.0.iter().filter(move |it| &it.organization_id == organization).map(|it| &it.factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projects::Environment::Test;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    fn totp(at: i64, seed: u64) -> Proven {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let at = Timestamp::from_milliseconds(at);
        let factor = Factor::Totp { totp_registration_id: TotpRegistrationId::random(Test, &mut rng) };
        Proven { factor, organization_id: OrganizationId::random(Test, &mut rng), first_at: at, last_at: at }
    }

    #[test]
    fn proving_a_factor_again_refreshes_it() {
        let bag = Bag::default().and(totp(1, 1)).and(totp(5, 1)).and(totp(2, 2));
        let times: Vec<_> =
            bag.iter().map(|it| (it.first_at.milliseconds(), it.last_at.milliseconds())).collect();
        assert_eq!(times, [(1, 5), (2, 2)]);
    }

    #[test]
    fn a_factor_counts_in_its_own_organization_only() {
        let here = totp(1, 1);
        let bag = Bag::default().and(here.clone()).and(totp(1, 2));
        assert_eq!(bag.valid_in(&here.organization_id).collect::<Vec<_>>(), [&here.factor]);
    }

    #[test]
    fn a_bag_survives_storage() {
        let bag = Bag::default().and(totp(1, 1));
        assert_eq!(serde_json::from_str::<Bag>(&serde_json::to_string(&bag).unwrap()).unwrap(), bag);
    }
}
