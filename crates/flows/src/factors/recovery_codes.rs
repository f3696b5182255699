//! Recovery codes: making, reading back, replacing.

use super::{
    guard,
    totp::{key_of, make_key},
};
use crate::{
    Call, Result, audit,
    notices::{self, Notice},
    rights,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    factors::recovery_codes::{Owner, RecoveryCode},
    id::{RecoveryCodeId, TotpRegistrationId},
    members::Member,
    organization_key::OrganizationKey,
    sealing::Sealed,
};
use store::{
    Tenant, Tx, members,
    recovery_codes::{self, StoredCode},
};

/// The unused codes in clear, where the project keeps them readable.
///
/// # Errors
/// `RecoveryCodesNotFound` when there are none or they cannot be read back.
pub async fn get(
    call: &mut Call,
    organization: &str,
    member: &str,
) -> Result<(Tenant, Member, Vec<RecoveryCode>)> {
    let (tenant, member, stored) = {
        let mut conn = call.app.db.read().await?;
        let (tenant, member) = guard::named(call, &mut conn, organization, member).await?;
        rights::own_factors(call, &mut conn, &tenant, &member).await?;
        let stored = recovery_codes::unspent(&mut conn, &tenant, &member.member_id).await?;
        (tenant, member, stored)
    };
    if !call.project.settings.recovery_codes_readable || member.totp_registration_id.is_none() {
        return Err(Refusal::RecoveryCodesNotFound.into());
    }
    let whose = (tenant.project_id(), tenant.organization_id());
    let key = call.app.organization_keys.find(&call.app, &mut call.app.db.read().await?, whose).await?;
    let mut codes = Vec::new();
    for (id, sealed) in stored {
        codes
            .extend(sealed.map(|it| open(call, key.as_deref(), ((&tenant, &member), &id), &it)).transpose()?);
    }
    if codes.is_empty() {
        return Err(Refusal::RecoveryCodesNotFound.into());
    }
    let mut tx = call.app.db.write().await?;
    let event = (Action::RecoveryCodesRead, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    notices::write(call, &mut tx, (&tenant, &member), Notice::RecoveryCodesRead).await?;
    tx.commit().await?;
    Ok((tenant, member, codes))
}

/// Voids every code and makes a full set, on the word of the project secret.
///
/// # Errors
/// `NoActiveRecoveryCodeBackedFactor`.
pub async fn rotate(
    call: &mut Call,
    organization: &str,
    member: &str,
) -> Result<(Tenant, Member, Vec<RecoveryCode>)> {
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        guard::named(call, &mut conn, organization, member).await?
    };
    make_key(call, &tenant).await?;
    let mut tx = call.app.db.write().await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    rights::own_factors(call, &mut tx, &tenant, &member).await?;
    let registration =
        member.totp_registration_id.clone().ok_or(Refusal::NoActiveRecoveryCodeBackedFactor)?;
    let codes = RecoveryCode::random_set(&mut call.rng);
    keep(call, &mut tx, (&tenant, &member), (&registration, &codes)).await?;
    let event = (Action::RecoveryCodesRotated, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    notices::write(call, &mut tx, (&tenant, &member), Notice::RecoveryCodesReplaced).await?;
    tx.commit().await?;
    Ok((tenant, member, codes))
}

/// How many unused codes the member has.
///
/// # Errors
/// When the database fails.
pub async fn remaining(call: &Call, tenant: &Tenant, member: &Member) -> Result<usize> {
    let mut conn = call.app.db.read().await?;
    Ok(recovery_codes::unspent(&mut conn, tenant, &member.member_id).await?.len())
}

/// Keeps a set in place of every earlier code: digests, and sealed copies
/// only where the project reads codes back (decision 26).
pub(super) async fn keep(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (registration, codes): (&TotpRegistrationId, &[RecoveryCode]),
) -> Result<()> {
    let key = key_of(call, tx, tenant).await?;
    let mut stored = Vec::with_capacity(codes.len());
    for code in codes {
        let id = RecoveryCodeId::random(call.project.environment, &mut call.rng);
        let owner = Owner {
            project: tenant.project_id(),
            organization: tenant.organization_id(),
            member: &member.member_id,
            registration,
        };
        let digest = code.digest(&call.app.server_key, owner);
        let sealed = if call.project.settings.recovery_codes_readable {
            let place = place((tenant, member), &id);
            let place: Vec<&str> = place.iter().map(String::as_str).collect();
            Some(Sealed::seal_for(&key, &place, code.expose().as_bytes(), &mut call.rng)?)
        } else {
            None
        };
        stored.push(StoredCode { digest, id, registration: registration.clone(), sealed });
    }
    Ok(recovery_codes::replace(tx, tenant, &member.member_id, &stored).await?)
}

/// The codes that came with an import, or a fresh set.
pub(super) fn given_or_fresh(call: &mut Call, given: Vec<RecoveryCode>) -> Result<Vec<RecoveryCode>> {
    let repeated = given.iter().enumerate().any(|(at, code)| given[..at].contains(code));
    match given.is_empty() {
        true => Ok(RecoveryCode::random_set(&mut call.rng)),
        false if repeated => Err(Refusal::RecoveryCodesAlreadyExist.into()),
        false => Ok(given),
    }
}

fn open(
    call: &Call,
    key: Option<&OrganizationKey>,
    (who, id): ((&Tenant, &Member), &RecoveryCodeId),
    sealed: &Sealed,
) -> Result<RecoveryCode> {
    let place = place(who, id);
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let bytes = sealed.open_for((&call.app.server_key, key), &place)?;
    Ok(RecoveryCode::parse(&String::from_utf8_lossy(&bytes))?)
}

fn place((tenant, member): (&Tenant, &Member), id: &RecoveryCodeId) -> [String; 5] {
    let (project, organization) = (tenant.project_id().to_string(), tenant.organization_id().to_string());
    ["recovery_codes".to_owned(), project, organization, member.member_id.to_string(), id.to_string()]
}
