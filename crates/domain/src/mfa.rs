//! The MFA policy: the one decision that says whether a login is complete.
//!
//! Nothing here reads a clock, a database or a request. Everything a verdict
//! depends on is an argument, so the whole policy fits in one table test.
//! Rule numbers are those of `docs/mfa.md`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A second factor; names as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    SmsOtp,
    Totp,
}

/// A set of second factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Methods {
    pub sms_otp: bool,
    pub totp: bool,
}

impl Methods {
    pub const NONE: Self = Self { sms_otp: false, totp: false };
    pub const ALL: Self = Self { sms_otp: true, totp: true };

    pub fn contains(self, method: Method) -> bool {
        match method {
            Method::SmsOtp => self.sms_otp,
            Method::Totp => self.totp,
        }
    }
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { sms_otp: self.sms_otp && other.sms_otp, totp: self.totp && other.totp }
    }
}

/// What the organization demands of everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub required_for_all: bool,
    pub allowed: Methods,
}

/// The state of a member's phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phone {
    None,
    /// Named during a login, by somebody who may not be the member.
    NamedAtLogin,
    /// Set by the backend or an administrator; never confirmed by a code.
    SetByAdmin,
    Verified,
    /// Confirmed, but too new: it guards like any factor, and confirms no login yet.
    OnHold,
}

/// What the member has registered. Pending authenticator apps count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrollment {
    pub enrolled: bool,
    pub is_breakglass: bool,
    pub phone: Phone,
    pub totp: bool,
    pub preferred: Option<Method>,
}

/// What this login has proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// A primary factor the organization accepts.
    pub primary: bool,
    /// Second factors tied to the member's current phone and registration. A
    /// recovery code counts as the authenticator app it stands in for.
    pub second: Methods,
}

/// What stands between the member and a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The primary step comes first; `second` tells what will be due after it.
    PrimaryRequired {
        second: Option<Methods>,
    },
    /// `usable` is empty when the member must enrol; `send_sms` asks for the automatic text.
    SecondFactorRequired {
        usable: Methods,
        send_sms: bool,
    },
    Authenticated,
}

/// Decides whether a login is complete.
pub fn decide(policy: Policy, member: Enrollment, proof: Proof) -> Verdict {
    let allowed = allowed(policy, member.is_breakglass);
    let required = policy.required_for_all || member.enrolled; // rule 8; break-glass lifts methods, never the policy
    let met = !proof.second.and(allowed).is_empty(); // rule 11
    let due = required && !met;
    let usable = member.usable(allowed);
    match (proof.primary, due) {
        (false, due) => Verdict::PrimaryRequired { second: due.then_some(usable) },
        (true, false) => Verdict::Authenticated,
        (true, true) => Verdict::SecondFactorRequired { usable, send_sms: member.send_sms(usable) },
    }
}

/// The second factors this member may use (rule 10).
pub fn allowed(policy: Policy, is_breakglass: bool) -> Methods {
    if is_breakglass { Methods::ALL } else { policy.allowed }
}

/// Whether adding a factor wants the proof of an existing one, and whether it
/// is there (rules 24 and 25). A verified factor arms the guard whether or not
/// the organization still allows its method.
pub fn may_add_factor(member: Enrollment, proved: Methods) -> bool {
    let active = member.active();
    active.is_empty() || !active.and(proved).is_empty()
}

impl Enrollment {
    /// Factors confirmed by the member.
    pub fn active(self) -> Methods {
        let sms_otp = match self.phone {
            Phone::Verified | Phone::OnHold => true,
            Phone::None | Phone::NamedAtLogin | Phone::SetByAdmin => false,
        };
        Methods { sms_otp, totp: self.totp }
    }

    /// Factors to offer (rule 14). An unverified number is offered only if an
    /// administrator set it and the member has nothing better.
    fn usable(self, allowed: Methods) -> Methods {
        let sms_otp = match self.phone {
            Phone::Verified => true,
            Phone::SetByAdmin => self.active().is_empty(),
            Phone::NamedAtLogin | Phone::None | Phone::OnHold => false,
        };
        Methods { sms_otp, totp: self.totp }.and(allowed)
    }

    /// The automatic text (rule 15), unless the member prefers an app they can use.
    fn send_sms(self, usable: Methods) -> bool {
        usable.sms_otp && !(usable.totp && self.preferred == Some(Method::Totp))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SmsOtp => "sms_otp",
            Self::Totp => "totp",
        })
    }
}

impl FromStr for Method {
    type Err = crate::Refusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "sms_otp" => Ok(Self::SmsOtp),
            "totp" => Ok(Self::Totp),
            _ => Err(crate::Refusal::InvalidMfaDefaultMethod),
        }
    }
}

#[cfg(test)]
mod tests;
