//! Comparing and spending, one function per kind of evidence.

use super::Evidence;
use crate::{
    Call, Result, allowance,
    error::Counted,
    factors::{
        guard,
        totp::{is_confirmable, opened},
    },
    presented::Presented,
};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor},
    factors::{
        Factor,
        recovery_codes::{Owner, RecoveryCode},
        sms_otp::{Passcode, Purpose},
        totp::TotpCode,
    },
    members::Member,
    mfa::Phone,
    time::Span,
};
use store::{Tenant, Tx, members, messages, passcodes, recovery_codes, totps};

/// Compares the evidence and spends it. The inner refusal is told after the
/// commit: the guess counts. The outer one comes before any comparison.
pub(super) async fn prove(
    call: &mut Call,
    tx: &mut Tx,
    who: (&Tenant, &Member),
    (shown, evidence): (&Presented, &Evidence),
) -> Result<Counted<Factor>> {
    match evidence {
        Evidence::SmsOtp(code) => sms_otp(call, tx, who, (shown, code)).await,
        Evidence::Totp(code) => totp(call, tx, who, (shown, code)).await,
        Evidence::RecoveryCode(code) => recovery_code(call, tx, who, code).await,
    }
}

async fn sms_otp(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (shown, code): (&Presented, &Passcode),
) -> Result<Counted<Factor>> {
    let Some((phone_id, phone_number)) = member.phone_id.clone().zip(member.phone_number.clone()) else {
        return Ok(Err(Refusal::OtpCodeNotFound));
    };
    if member.phone() != Phone::Verified {
        guard::may_add(call, member, Some(shown))?; // another factor may have become active since the text
    }
    let purpose = Purpose {
        project: tenant.project_id(),
        organization: tenant.organization_id(),
        member: &member.member_id,
        phone: &phone_id,
    };
    let version = passcodes::key_version(tx, tenant, &member.member_id).await?;
    let version = version.unwrap_or_else(|| call.app.server_key.sealing());
    let digest = code.digest_of(&call.app.server_key, version, purpose);
    let whose = (tenant.project_id(), tenant.organization_id(), &member.member_id);
    let refusal = match passcodes::guess(tx, tenant, &member.member_id, &digest, call.now).await? {
        passcodes::Guess::Right => None,
        passcodes::Guess::Wrong => Some(Refusal::OtpCodeNotFound),
        passcodes::Guess::Dead => Some(Refusal::UnableToAuthOtpCode),
    };
    if let Some(refusal) = refusal {
        messages::wrong_passcode(tx, whose).await?;
        return Ok(Err(refusal));
    }
    allowance::verified(call, tx, tenant, &phone_number).await?;
    messages::verified(tx, tenant.project_id(), &digest, call.now).await?;
    if member.phone() != Phone::Verified {
        let held_until = held_until(call, member, shown);
        let confirmed =
            members::confirm_phone(tx, tenant, &member.member_id, (&phone_id, held_until)).await?;
        if confirmed.is_err() {
            return Ok(Err(Refusal::DuplicateMemberPhoneNumber));
        }
        // A pending authenticator app dies when another factor becomes active (decision 3).
        totps::delete_pending(tx, tenant, &member.member_id).await?;
        note(call, tx, (tenant, member), Action::PhoneVerified).await?;
        allowance::note_shared(call, tx, (tenant, member), &phone_number).await?;
        if held_until.is_some() {
            note(call, tx, (tenant, member), Action::PhoneHeld).await?;
            return Ok(Err(Refusal::PhoneNumberOnHold));
        }
    }
    Ok(Ok(Factor::SmsOtp { phone_id, phone_number }))
}

/// How long the number waits: where somebody who had a second factor before
/// brings a new one without the proof of another, for as long as the project says.
fn held_until(call: &Call, member: &Member, shown: &Presented) -> Option<Timestamp> {
    let hours = call.project.settings.sms.new_number_hold_hours;
    let proved = member.second_factors_in(shown.bag(), call.now);
    let waits = hours > 0 && member.had_second_factor && proved.is_empty();
    waits.then(|| call.now.plus(Span::hours(i64::from(hours))))
}

async fn totp(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (shown, code): (&Presented, &TotpCode),
) -> Result<Counted<Factor>> {
    let registration = totps::find(tx, tenant, &member.member_id).await?.ok_or(Refusal::TotpNotFound)?;
    if !registration.is_active {
        if !is_confirmable(tx, &registration, call.now).await? {
            return Err(Refusal::ExpiredTotp.into());
        }
        guard::may_add(call, member, Some(shown))?; // as at its creation
    }
    let secret = opened(&call.app, tx, &registration).await?;
    let id = registration.totp_registration_id;
    let Some(step) = secret.matching_step(code, call.now) else {
        return Ok(Err(Refusal::UnableToAuthenticateTotp));
    };
    if !totps::spend_step(tx, tenant, &member.member_id, (&id, step)).await? {
        return Ok(Err(Refusal::TotpCodeAlreadyAuthenticated));
    }
    call.app.drift.note(step, call.now);
    if !registration.is_active {
        note(call, tx, (tenant, member), Action::TotpActivated).await?;
    }
    Ok(Ok(Factor::Totp { totp_registration_id: id }))
}

async fn recovery_code(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    code: &RecoveryCode,
) -> Result<Counted<Factor>> {
    let registration =
        member.totp_registration_id.clone().ok_or(Refusal::NoActiveRecoveryCodeBackedFactor)?;
    if recovery_codes::count(tx, tenant, &member.member_id).await? == 0 {
        return Err(Refusal::RecoveryCodesNotFound.into());
    }
    let owner = Owner {
        project: tenant.project_id(),
        organization: tenant.organization_id(),
        member: &member.member_id,
        registration: &registration,
    };
    // A digest that is renewed meanwhile moves on to a newer version: the oldest comes first.
    let mut spent = None;
    for digest in code.digests(&call.app.server_key, owner)? {
        spent = recovery_codes::spend(tx, tenant, &member.member_id, &digest, call.now).await?;
        if spent.is_some() {
            break;
        }
    }
    let Some(id) = spent else {
        return Ok(Err(Refusal::UnableToAuthenticateRecoveryCode));
    };
    note(call, tx, (tenant, member), Action::RecoveryCodeUsed).await?;
    Ok(Ok(Factor::RecoveryCode { recovery_code_id: id, totp_registration_id: registration }))
}

async fn note(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    action: Action,
) -> Result<()> {
    crate::audit::note(call, tx, tenant, Some(&member.member_id), (action, Actor::Member), &[]).await
}
