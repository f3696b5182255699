//! What a member has proved: factors, and the bag they collect in.

mod bag;
pub mod email_otp;
pub mod recovery_codes;
pub mod sms_otp;
pub mod totp;

pub use bag::Bag;

use crate::{
    Timestamp,
    email::EmailAddress,
    id::{EmailId, MemberId, OrganizationId, PhoneId, RecoveryCodeId, TotpRegistrationId},
    login_policy::PrimaryMethod,
    members::Member,
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
    /// A code by e-mail: a primary factor, never a second one.
    EmailOtp {
        email_id: EmailId,
        email_address: EmailAddress,
    },
    Password {
        email_id: EmailId,
        email_address: EmailAddress,
        /// Set through a mailed link just now, which proves the address, too.
        #[serde(default)]
        set_by_mail: bool,
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
    /// The word of an issuer that the operator trusts with the whole login.
    TrustedAuthToken {
        token_id: String,
    },
    /// A session of the system that the project came from.
    Imported,
    /// Nothing of the member's: somebody acts in their name.
    Impersonated {
        impersonator_id: String,
        impersonator_email_address: EmailAddress,
    },
}

/// A factor with its provenance: who proved it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    #[serde(flatten)]
    pub factor: Factor,
    /// None when only an address was proved, before any organization was chosen.
    pub member: Option<Membership>,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

/// A member of an organization, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
}

impl Factor {
    /// Its name in records.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MagicLink { .. } => "magic_link",
            Self::EmailOtp { .. } => "email_otp",
            Self::Password { .. } => "password",
            Self::SmsOtp { .. } => "sms_otp",
            Self::Totp { .. } => "totp",
            Self::RecoveryCode { .. } => "recovery_code",
            Self::TrustedAuthToken { .. } => "trusted_auth_token",
            Self::Imported => "imported",
            Self::Impersonated { .. } => "impersonated",
        }
    }

    /// The primary method it stands for; none for second factors.
    pub fn primary_method(&self) -> Option<PrimaryMethod> {
        match self {
            Self::MagicLink { .. } => Some(PrimaryMethod::MagicLink),
            Self::EmailOtp { .. } => Some(PrimaryMethod::EmailOtp),
            Self::Password { .. } => Some(PrimaryMethod::Password),
            Self::SmsOtp { .. }
            | Self::Totp { .. }
            | Self::RecoveryCode { .. }
            | Self::TrustedAuthToken { .. }
            | Self::Imported
            | Self::Impersonated { .. } => None,
        }
    }

    /// Whether somebody whom the operator trusts vouched for the whole first
    /// door: such a factor passes it whatever methods the organization allows.
    pub fn is_vouched(&self) -> bool {
        match self {
            Self::TrustedAuthToken { .. } | Self::Imported => true,
            Self::MagicLink { .. }
            | Self::EmailOtp { .. }
            | Self::Password { .. }
            | Self::SmsOtp { .. }
            | Self::Totp { .. }
            | Self::RecoveryCode { .. }
            | Self::Impersonated { .. } => false,
        }
    }

    /// Whether somebody else acts in the member's name.
    pub fn is_impersonation(&self) -> bool {
        match self {
            Self::Impersonated { .. } => true,
            Self::MagicLink { .. }
            | Self::EmailOtp { .. }
            | Self::Password { .. }
            | Self::SmsOtp { .. }
            | Self::Totp { .. }
            | Self::RecoveryCode { .. }
            | Self::TrustedAuthToken { .. }
            | Self::Imported => false,
        }
    }

    /// Whether the other is this one, proved once more. A token of an issuer
    /// takes the place of the one before.
    fn is_again(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::TrustedAuthToken { .. }, Self::TrustedAuthToken { .. }) => true,
            (one, other) => one == other,
        }
    }

    /// The address it proves in real time, if it does (MFA rule 5).
    pub fn proved_address(&self) -> Option<&EmailAddress> {
        match self {
            Self::MagicLink { email_address, .. }
            | Self::EmailOtp { email_address, .. }
            | Self::Password { email_address, set_by_mail: true, .. } => Some(email_address),
            Self::Password { set_by_mail: false, .. }
            | Self::SmsOtp { .. }
            | Self::Totp { .. }
            | Self::RecoveryCode { .. }
            | Self::TrustedAuthToken { .. }
            | Self::Imported
            | Self::Impersonated { .. } => None,
        }
    }
}

impl Proven {
    /// A factor proved now, by a member.
    pub fn by(member: &Member, factor: Factor, now: Timestamp) -> Self {
        Self { factor, member: Some(member.membership()), first_at: now, last_at: now }
    }

    /// A factor that proves an address to the project, before any organization is chosen.
    pub fn by_address(factor: Factor, now: Timestamp) -> Self {
        Self { factor, member: None, first_at: now, last_at: now }
    }

    /// What this is worth to a member: itself if the member proved it, the
    /// member's own counterpart if it carries over, nothing otherwise. What an
    /// administrator of another organization can arrange (a password set there,
    /// an authenticator app) carries nowhere; an address or a number that was
    /// proved is proved for whoever has it.
    fn worth_to(&self, member: &Member) -> Option<Factor> {
        if self.member.as_ref() == Some(&member.membership()) {
            return Some(self.factor.clone());
        }
        let email = |proved: &EmailAddress| proved.canonical() == member.email_address.canonical();
        let (email_id, email_address) = (member.email_id.clone(), member.email_address.clone());
        match &self.factor {
            Factor::MagicLink { email_address: proved, .. } if email(proved) => {
                Some(Factor::MagicLink { email_id, email_address })
            }
            Factor::EmailOtp { email_address: proved, .. } if email(proved) => {
                Some(Factor::EmailOtp { email_id, email_address })
            }
            // Of the address, in a project whose passwords are; never one of another organization.
            Factor::Password { email_address: proved, set_by_mail, .. }
                if self.member.is_none() && email(proved) =>
            {
                Some(Factor::Password { email_id, email_address, set_by_mail: *set_by_mail })
            }
            Factor::SmsOtp { phone_number, .. } if member.verified_phone() == Some(phone_number) => {
                let phone_id = member.phone_id.clone()?;
                Some(Factor::SmsOtp { phone_id, phone_number: phone_number.clone() })
            }
            Factor::MagicLink { .. }
            | Factor::EmailOtp { .. }
            | Factor::Password { .. }
            | Factor::SmsOtp { .. }
            | Factor::Totp { .. }
            | Factor::RecoveryCode { .. }
            | Factor::TrustedAuthToken { .. }
            | Factor::Imported
            | Factor::Impersonated { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
