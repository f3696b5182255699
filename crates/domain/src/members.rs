//! Members: people in an organization.

use crate::{
    Timestamp,
    email::EmailAddress,
    external_id::ExternalId,
    factors::{Bag, Factor, Membership},
    id::{EmailId, MemberId, MemberPasswordId, OrganizationId, PhoneId, ProjectId, TotpRegistrationId},
    locks::{DISABLED_AT, Lock},
    metadata::Metadata,
    mfa::{Enrollment, Method, Methods, Phone},
    phone::PhoneNumber,
    roles::RoleId,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[expect(clippy::struct_excessive_bools, reason = "they are the columns of a row, and independent")]
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub member_id: MemberId,
    pub organization_id: OrganizationId,
    pub project_id: ProjectId,
    pub status: Status,
    pub email_id: EmailId,
    pub email_address: EmailAddress,
    pub email_address_verified: bool,
    pub retired_emails: RetiredEmails,
    pub name: String,
    pub external_id: Option<ExternalId>,
    pub is_breakglass: bool,
    /// Directly assigned, without the role that every member holds.
    pub roles: Roles,
    pub trusted_metadata: Metadata,
    pub untrusted_metadata: Metadata,
    pub mfa_enrolled: bool,
    pub default_mfa_method: Option<Method>,
    pub phone_id: Option<PhoneId>,
    pub phone_number: Option<PhoneNumber>,
    pub phone_state: PhoneState,
    /// Until then, the number confirms no login.
    pub phone_held_until: Option<Timestamp>,
    /// Whether the member ever completed a login by a second factor.
    pub had_second_factor: bool,
    /// The active registration; a pending one is not the member's yet.
    pub totp_registration_id: Option<TotpRegistrationId>,
    pub password_id: Option<MemberPasswordId>,
    pub second_factor_failures: i64,
    /// Failures since the last completed second factor, over all locks.
    pub second_factor_failures_total: i64,
    pub second_factor_locked_at: Option<Timestamp>,
    pub second_factor_locked_until: Option<Timestamp>,
    pub password_failures: i64,
    pub password_locked_at: Option<Timestamp>,
    pub password_locked_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Created, never authenticated.
    Pending,
    Invited,
    Active,
    Deleted,
}

/// Who vouches for the phone number. Meaningless without a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneState {
    NamedAtLogin,
    SetByAdmin,
    Verified,
}

/// Addresses the member had before; closed to others until unlinked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RetiredEmails(pub Vec<RetiredEmail>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredEmail {
    pub email_id: EmailId,
    pub email_address: EmailAddress,
    /// Absent where it was not written down yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(pub Vec<RoleId>);

impl Member {
    /// What the MFA policy needs to know.
    pub fn enrollment(&self, now: Timestamp) -> Enrollment {
        Enrollment {
            enrolled: self.mfa_enrolled,
            is_breakglass: self.is_breakglass,
            phone: if self.phone_is_on_hold(now) { Phone::OnHold } else { self.phone() },
            totp: self.totp_registration_id.is_some(),
            preferred: self.default_mfa_method,
        }
    }

    /// Who it is, among all members of all organizations.
    pub fn membership(&self) -> Membership {
        Membership { organization_id: self.organization_id.clone(), member_id: self.member_id.clone() }
    }

    /// The number, if it was confirmed by a code.
    pub fn verified_phone(&self) -> Option<&PhoneNumber> {
        self.phone_number.as_ref().filter(|_| self.phone_state == PhoneState::Verified)
    }

    /// Whether the next login must prove the address: nobody ever proved it,
    /// and the member never got in (MFA rule 5).
    pub fn must_prove_email(&self) -> bool {
        match self.status {
            Status::Pending | Status::Invited => !self.email_address_verified,
            Status::Active | Status::Deleted => false,
        }
    }

    /// Whether the number is confirmed, but too new to confirm a login.
    pub fn phone_is_on_hold(&self, now: Timestamp) -> bool {
        self.phone() == Phone::Verified && self.phone_held_until.is_some_and(|until| now < until)
    }

    /// The number as such, on hold or not.
    pub fn phone(&self) -> Phone {
        match (&self.phone_number, self.phone_state) {
            (None, _) => Phone::None,
            (Some(_), PhoneState::NamedAtLogin) => Phone::NamedAtLogin,
            (Some(_), PhoneState::SetByAdmin) => Phone::SetByAdmin,
            (Some(_), PhoneState::Verified) => Phone::Verified,
        }
    }

    /// The second factors of a bag that are tied to what the member has now:
    /// a replaced phone or a deleted registration proves nothing any more (MFA rule 11),
    /// a number on hold nothing yet.
    pub fn second_factors_in(&self, bag: &Bag, now: Timestamp) -> Methods {
        let mut proved = Methods::NONE;
        for proven in bag.of(self).iter() {
            match &proven.factor {
                Factor::SmsOtp { phone_id, .. } => {
                    let is_usable = self.phone() == Phone::Verified && !self.phone_is_on_hold(now);
                    proved.sms_otp |= is_usable && self.phone_id.as_ref() == Some(phone_id);
                }
                Factor::Totp { totp_registration_id } | Factor::RecoveryCode { totp_registration_id, .. } => {
                    proved.totp |= self.totp_registration_id.as_ref() == Some(totp_registration_id);
                }
                Factor::MagicLink { .. }
                | Factor::EmailOtp { .. }
                | Factor::Password { .. }
                | Factor::TrustedAuthToken { .. }
                | Factor::Imported
                | Factor::Impersonated { .. } => {}
            }
        }
        proved
    }

    pub fn second_factor_lock(&self) -> Lock {
        let disabled = self.second_factor_failures_total >= DISABLED_AT;
        Lock {
            locked_at: self.second_factor_locked_at,
            locked_until: if disabled { None } else { self.second_factor_locked_until },
        }
    }

    pub fn password_lock(&self) -> Lock {
        Lock { locked_at: self.password_locked_at, locked_until: self.password_locked_until }
    }

    pub fn is_deleted(&self) -> bool {
        match self.status {
            Status::Deleted => true,
            Status::Pending | Status::Invited | Status::Active => false,
        }
    }

    /// The method to fall back to when the default one is removed.
    pub fn remaining_method(&self) -> Option<Method> {
        match (self.phone(), &self.totp_registration_id) {
            (_, Some(_)) => Some(Method::Totp),
            (Phone::Verified, None) => Some(Method::SmsOtp),
            (Phone::None | Phone::NamedAtLogin | Phone::SetByAdmin | Phone::OnHold, None) => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deleted => "deleted",
        })
    }
}

impl FromStr for Status {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pending" => Ok(Self::Pending),
            "invited" => Ok(Self::Invited),
            "active" => Ok(Self::Active),
            "deleted" => Ok(Self::Deleted),
            _ => Err("not a member status"),
        }
    }
}

impl fmt::Display for PhoneState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NamedAtLogin => "named_at_login",
            Self::SetByAdmin => "set_by_admin",
            Self::Verified => "verified",
        })
    }
}

impl FromStr for PhoneState {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "named_at_login" => Ok(Self::NamedAtLogin),
            "set_by_admin" => Ok(Self::SetByAdmin),
            "verified" => Ok(Self::Verified),
            _ => Err("not a phone state"),
        }
    }
}
