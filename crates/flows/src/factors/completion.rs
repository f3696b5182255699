//! Proving a second factor: one flow for SMS, authenticator app and recovery code.
//!
//! The order is the point. What is cheap and the same for right and wrong
//! codes is checked first, uncounted. Then one transaction counts the guess,
//! reads everything again, compares, spends, and opens the session; it is
//! committed when the code was wrong, too.

use super::guard;
use crate::{
    Call, Result, audit,
    error::Counted,
    figures::{self, Lock},
    login::{self, Progress, SessionWishes, Step},
    notices::{self, Notice},
    presented::{self, Credentials, Presented},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    factors::{Bag, Factor, Proven, recovery_codes::RecoveryCode, sms_otp::Passcode, totp::TotpCode},
    locale::Locale,
    locks::DISABLED_AT,
    login_policy::{self, Primary},
    members::{Member, Status},
    mfa::{self, Method, Phone},
    organizations::settings::MfaPolicy,
    sessions::Session,
};
use serde_json::json;
use store::{Tenant, Tx, members, recovery_codes, second_factor_guard, tenant};

mod evidence;

/// What the caller offers as proof, parsed.
#[derive(Debug)]
pub enum Evidence {
    SmsOtp(Passcode),
    Totp(TotpCode),
    RecoveryCode(RecoveryCode),
}

/// Whether the caller wants the member to need a second factor from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetEnrollment {
    Enroll,
    Unenroll,
}

/// One attempt to pass the second door.
pub struct Attempt {
    pub organization: String,
    pub member: String,
    pub credentials: Credentials,
    pub evidence: Evidence,
    pub wishes: SessionWishes,
    pub set_enrollment: Option<SetEnrollment>,
    pub set_default: bool,
}

/// Inside.
pub struct Completed {
    pub tenant: Tenant,
    pub member: Member,
    pub session: Session,
}

impl Evidence {
    /// The method whose permission it needs; a recovery code stands in for the app.
    fn method(&self) -> Method {
        match self {
            Self::SmsOtp(_) => Method::SmsOtp,
            Self::Totp(_) | Self::RecoveryCode(_) => Method::Totp,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::SmsOtp(_) => "sms_otp",
            Self::Totp(_) => "totp",
            Self::RecoveryCode(_) => "recovery_code",
        }
    }
}

/// Trades an intermediate session, or a session to raise, and a second factor for a session.
///
/// # Errors
/// The refusals of MFA rules 17 to 19, of the factor, and `UserLockLimitReached`.
pub async fn complete(call: &mut Call, attempt: Attempt) -> Result<Completed> {
    figures::second_factor(attempt.evidence.name(), try_to_complete(call, attempt).await)
}

async fn try_to_complete(call: &mut Call, attempt: Attempt) -> Result<Completed> {
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        let (tenant, member) = guard::named(call, &mut conn, &attempt.organization, &attempt.member).await?;
        let shown = presented::required(call, &mut conn, &attempt.credentials, (&tenant, &member)).await?;
        may_try(call, (&tenant, &member), &shown, &attempt)?;
        if matches!(attempt.evidence, Evidence::Totp(_)) {
            // Not for the first time within the transaction: it may be in a file.
            let whose = (tenant.project_id(), tenant.organization_id());
            call.app.organization_keys.find(&call.app, &mut conn, whose).await?;
        }
        (tenant, member)
    };
    let mut tx = call.app.db.write().await?;
    let outcome = try_once(call, &mut tx, (tenant, member), attempt).await?;
    tx.commit().await?;
    Ok(outcome?)
}

/// What can be told without comparing anything (MFA rules 18, 19 and 26), and
/// so must be: a refusal after the comparison would tell a right code.
fn may_try(
    call: &Call,
    (tenant, member): (&Tenant, &Member),
    shown: &Presented,
    attempt: &Attempt,
) -> Result<()> {
    if member.status != Status::Active {
        return Err(Refusal::ActionAvailableOnlyForActiveMembers.into());
    }
    let organization = tenant.organization();
    let accepted = organization.accepted_of(member);
    if login_policy::decide(&accepted, member, shown.bag()) != Primary::Met {
        return Err(Refusal::PrimaryAuthenticationRequired.into());
    }
    let allowed = mfa::allowed(organization.mfa_policy(), member.is_breakglass);
    if !allowed.contains(attempt.evidence.method()) {
        return Err(Refusal::RestrictedByMfaMethods.into());
    }
    match attempt.evidence.method() {
        Method::SmsOtp => guard::not_on_hold(call, member)?,
        Method::Totp => {}
    }
    attempt.wishes.claims_after(shown.custom_claims())?;
    Ok(())
}

async fn try_once(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (Tenant, Member),
    attempt: Attempt,
) -> Result<Counted<Completed>> {
    let lock = call.project.settings.lock;
    let member = second_factor_guard::reserve(tx, &tenant, &member.member_id, lock, call.now).await?;
    let member = member.ok_or(Refusal::UserLockLimitReached)?;
    let tenant = tenant::by_id(tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let shown = presented::required(call, tx, &attempt.credentials, (&tenant, &member)).await?;
    may_try(call, (&tenant, &member), &shown, &attempt)?;
    match evidence::prove(call, tx, (&tenant, &member), (&shown, &attempt.evidence)).await? {
        Ok(factor) => {
            if let Some(notice) = due(tx, (&tenant, &member), &factor).await? {
                notices::write(call, tx, (&tenant, &member), notice).await?;
            }
            finish(call, tx, (tenant, member), factor, (shown, attempt)).await.map(Ok)
        }
        // The code was right; the number is confirmed now, and waits.
        Err(refusal @ Refusal::PhoneNumberOnHold) => {
            notices::write(call, tx, (&tenant, &member), Notice::PhoneAdded).await?;
            Ok(Err(refusal))
        }
        Err(refusal) => {
            note_failure(call, tx, (&tenant, &member), &attempt.evidence).await?;
            Ok(Err(refusal))
        }
    }
}

/// What a member is told of a factor that was proved: that it is theirs from now on, or that a code is gone.
async fn due(tx: &mut Tx, (tenant, member): (&Tenant, &Member), factor: &Factor) -> Result<Option<Notice>> {
    Ok(match factor {
        Factor::SmsOtp { .. } => (member.phone() != Phone::Verified).then_some(Notice::PhoneAdded),
        Factor::Totp { .. } => member.totp_registration_id.is_none().then_some(Notice::TotpAdded),
        Factor::RecoveryCode { .. } => {
            let left = recovery_codes::unspent(tx, tenant, &member.member_id).await?.len();
            Some(Notice::RecoveryCodeUsed { left })
        }
        Factor::MagicLink { .. }
        | Factor::EmailOtp { .. }
        | Factor::Password { .. }
        | Factor::TrustedAuthToken { .. }
        | Factor::Imported
        | Factor::Impersonated { .. } => None,
    })
}

async fn finish(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (Tenant, Member),
    factor: Factor,
    (shown, attempt): (Presented, Attempt),
) -> Result<Completed> {
    let left_behind = left_behind(&tenant, &member, &factor, &attempt);
    let mut details = vec![("factor", json!(factor.name()))];
    if left_behind.mfa_enrolled != member.mfa_enrolled {
        details.push(("mfa_enrolled", json!(left_behind.mfa_enrolled)));
    }
    let event = (Action::SecondFactorProved, Actor::Member);
    audit::note(call, tx, &tenant, Some(&member.member_id), event, &details).await?;
    let member = members::complete_second_factor(tx, &tenant, &member.member_id, &left_behind).await?;
    let member = member.ok_or(Refusal::MemberNotFound)?;
    let step = Step {
        tenant: tenant.clone(),
        member: member.clone(),
        proven: Some(Proven::by(&member, factor, call.now)),
        brought: Bag::default(),
        carried: shown.into(),
        wishes: attempt.wishes,
        locale: Locale::default(),
    };
    match login::advance(call, tx, step).await? {
        (member, Progress::Inside(session)) => Ok(Completed { tenant, member, session: *session }),
        // The same facts were checked above, under the same lock; an answer is due all the same.
        (_, Progress::Waiting(_)) => Err(Refusal::PrimaryAuthenticationRequired.into()),
    }
}

/// MFA rules 21 to 23: enrolment, the default method, the registration confirmed.
fn left_behind(tenant: &Tenant, member: &Member, factor: &Factor, attempt: &Attempt) -> members::Completed {
    let mfa_enrolled = match (tenant.organization().settings.mfa_policy, attempt.set_enrollment) {
        (MfaPolicy::RequiredForAll, _) | (MfaPolicy::Optional, Some(SetEnrollment::Enroll)) => true,
        (MfaPolicy::Optional, Some(SetEnrollment::Unenroll)) => false,
        (MfaPolicy::Optional, None) => member.mfa_enrolled,
    };
    let by_recovery_code = matches!(factor, Factor::RecoveryCode { .. });
    let first_or_wanted = member.default_mfa_method.is_none() || attempt.set_default;
    let default_mfa_method = match attempt.evidence.method() {
        method if first_or_wanted && !by_recovery_code => Some(method),
        _ => member.default_mfa_method,
    };
    let totp_registration_id = match factor {
        Factor::Totp { totp_registration_id } => Some(totp_registration_id.clone()),
        Factor::SmsOtp { .. }
        | Factor::RecoveryCode { .. }
        | Factor::MagicLink { .. }
        | Factor::EmailOtp { .. }
        | Factor::Password { .. }
        | Factor::TrustedAuthToken { .. }
        | Factor::Imported
        | Factor::Impersonated { .. } => member.totp_registration_id.clone(),
    };
    members::Completed { mfa_enrolled, default_mfa_method, totp_registration_id }
}

async fn note_failure(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    evidence: &Evidence,
) -> Result<()> {
    let details = [("factor", json!(evidence.name())), ("failures", json!(member.second_factor_failures))];
    let event = (Action::SecondFactorFailed, Actor::Member);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &details).await?;
    if member.second_factor_lock().holds(call.now) {
        figures::locked(Lock::SecondFactors);
        let event = (Action::SecondFactorLocked, Actor::Member);
        audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
        let endless = member.second_factor_failures_total >= DISABLED_AT;
        let notice = if endless { Notice::SecondFactorsDisabled } else { Notice::SecondFactorsLocked };
        notices::write(call, tx, (tenant, member), notice).await?;
    }
    Ok(())
}
