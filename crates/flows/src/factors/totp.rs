//! Authenticator apps: creating, importing.

use super::{guard, recovery_codes};
use crate::{
    App, Call, Error, Result, audit,
    notices::{self, Notice},
    presented::{Credentials, Presented},
};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor},
    factors::{
        recovery_codes::RecoveryCode,
        totp::{TotpSecret, confirmation_span},
    },
    id::{MemberId, TotpRegistrationId},
    members::{Member, Status},
    mfa::Method,
    organization_key::OrganizationKey,
    sealing::{SealError, Sealed},
    server_key::ServerKey,
    time::Span,
};
use serde_json::json;
use std::sync::Arc;
use store::{Conn, Tenant, Tx, intermediate_sessions, members, sessions, tenant, totps};

pub struct Create {
    pub organization: String,
    pub member: String,
    pub expiration_minutes: Option<i64>,
    pub credentials: Credentials,
}

/// Shown once, here.
pub struct Created {
    pub tenant: Tenant,
    pub member: Member,
    pub registration: TotpRegistrationId,
    pub secret: TotpSecret,
    pub recovery_codes: Vec<RecoveryCode>,
}

/// Begins a registration; it is the member's when its first code is proved.
/// A pending one from before is replaced.
///
/// # Errors
/// The refusals of MFA rules 24 to 26, `ActiveTotpExists`, `InvalidExpiration`.
pub async fn create(call: &mut Call, wanted: Create) -> Result<Created> {
    let window = confirmation_span(wanted.expiration_minutes)?;
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        guard::named(call, &mut conn, &wanted.organization, &wanted.member).await?
    };
    make_key(call, &tenant).await?;
    let mut tx = call.app.db.write().await?;
    let (tenant, member) = locked(call, &mut tx, (tenant, member)).await?;
    guard::may_use(call, &tenant, &member, Method::Totp)?;
    let shown = guard::shown(call, &mut tx, &wanted.credentials, (&tenant, &member)).await?;
    if member.totp_registration_id.is_some() {
        return Err(Refusal::ActiveTotpExists.into());
    }
    guard::may_add(call, &member, shown.as_ref())?;
    let secret = TotpSecret::random(&mut call.rng);
    let registration =
        register(call, &mut tx, (&tenant, &member), &secret, Kind::Pending(window, shown.as_ref())).await?;
    let codes = RecoveryCode::random_set(&mut call.rng);
    recovery_codes::keep(call, &mut tx, (&tenant, &member), (&registration, &codes)).await?;
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), (Action::TotpCreated, Actor::Member), &[])
        .await?;
    tx.commit().await?;
    Ok(Created { tenant, member, registration, secret, recovery_codes: codes })
}

pub struct Migrate {
    pub organization: String,
    pub member: String,
    pub secret: TotpSecret,
    /// None or empty: a fresh set is made.
    pub recovery_codes: Vec<RecoveryCode>,
}

/// Imports a registration; active at once, on the word of the project secret.
///
/// # Errors
/// `ActiveTotpExists`, `RecoveryCodesAlreadyExist` for a repeated code.
pub async fn migrate(call: &mut Call, wanted: Migrate) -> Result<Created> {
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        guard::named(call, &mut conn, &wanted.organization, &wanted.member).await?
    };
    make_key(call, &tenant).await?;
    let mut tx = call.app.db.write().await?;
    let (tenant, mut member) = locked(call, &mut tx, (tenant, member)).await?;
    if member.status != Status::Active {
        return Err(Refusal::ActionAvailableOnlyForActiveMembers.into());
    }
    if member.totp_registration_id.is_some() {
        return Err(Refusal::ActiveTotpExists.into());
    }
    let registration = register(call, &mut tx, (&tenant, &member), &wanted.secret, Kind::Active).await?;
    members::activate_totp(&mut tx, &tenant, &member.member_id, &registration).await?;
    member.totp_registration_id = Some(registration.clone());
    let codes = recovery_codes::given_or_fresh(call, wanted.recovery_codes)?;
    recovery_codes::keep(call, &mut tx, (&tenant, &member), (&registration, &codes)).await?;
    let event = (Action::TotpActivated, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[("imported", json!(true))]).await?;
    notices::write(call, &mut tx, (&tenant, &member), Notice::TotpAdded).await?;
    tx.commit().await?;
    Ok(Created { tenant, member, registration, secret: wanted.secret, recovery_codes: codes })
}

/// The secret of a registration, opened.
///
/// # Errors
/// When it was not sealed for this very row, or the organization's key is gone.
pub(crate) async fn opened(app: &App, conn: &mut Conn, it: &totps::Totp) -> Result<TotpSecret> {
    let whose = (&it.project_id, &it.organization_id);
    let key = app.organization_keys.find(app, conn, whose).await?;
    opened_with((&app.server_key, key.as_deref()), it)
}

/// With keys at hand.
///
/// # Errors
/// As of [`opened`].
pub(crate) fn opened_with(
    keys: (&ServerKey, Option<&OrganizationKey>),
    it: &totps::Totp,
) -> Result<TotpSecret> {
    let bytes = it.sealed_secret.open_for(keys, &place_of(it))?;
    TotpSecret::from_bytes(bytes.to_vec()).map_err(|_| Error::Sealed(SealError::Damaged))
}

/// What the secret of a registration is sealed for.
pub(crate) fn place_of(it: &totps::Totp) -> [&str; 5] {
    let (organization, member) = (it.organization_id.as_str(), it.member_id.as_str());
    ["totps", it.project_id.as_str(), organization, member, it.totp_registration_id.as_str()]
}

/// A pending registration waits for its window, and no longer than what created it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_confirmable(conn: &mut Conn, it: &totps::Totp, now: Timestamp) -> Result<bool> {
    if it.expires_at <= now {
        return Ok(false);
    }
    if let Some(token) = &it.made_with_intermediate {
        return Ok(intermediate_sessions::find(conn, &it.project_id, token, now).await?.is_some());
    }
    if let Some(session) = &it.made_with_session {
        let id = (&it.organization_id, session);
        return Ok(sessions::by_id(conn, &it.project_id, id, now).await?.is_some());
    }
    Ok(true)
}

/// How a registration begins.
enum Kind<'a> {
    Pending(Span, Option<&'a Presented>),
    Active,
}

async fn register(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    secret: &TotpSecret,
    kind: Kind<'_>,
) -> Result<TotpRegistrationId> {
    let id = TotpRegistrationId::random(call.project.environment, &mut call.rng);
    let (is_active, expires_at, made_with) = match kind {
        Kind::Pending(window, shown) => (false, call.now.plus(window), shown),
        Kind::Active => (true, Timestamp::from_milliseconds(i64::MAX), None),
    };
    let (made_with_intermediate, made_with_session) = match made_with {
        Some(Presented::Intermediate(it)) => (Some(it.token_digest.clone()), None),
        Some(Presented::Session(it)) => (None, Some(it.member_session_id.clone())),
        None => (None, None),
    };
    let place = place(tenant, &member.member_id, &id);
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let key = key_of(call, tx, tenant).await?;
    let row = totps::Totp {
        organization_id: tenant.organization_id().clone(),
        member_id: member.member_id.clone(),
        project_id: tenant.project_id().clone(),
        sealed_secret: Sealed::seal_for(&key, &place, secret.expose_bytes(), &mut call.rng)?,
        totp_registration_id: id.clone(),
        is_active,
        made_with_intermediate,
        made_with_session,
        expires_at,
        last_step: 0,
        created_at: call.now,
    };
    if totps::replace_pending(tx, tenant, &row).await? {
        Ok(id)
    } else {
        Err(Refusal::ActiveTotpExists.into())
    }
}

/// Before a transaction that seals: the organization's key is made and remembered.
///
/// # Errors
/// When it cannot be kept.
pub(super) async fn make_key(call: &mut Call, tenant: &Tenant) -> Result<()> {
    let whose = (tenant.project_id(), tenant.organization_id());
    let app = call.app.clone();
    app.organization_keys.ensure(&app, whose, (call.now, &mut call.rng)).await.map(|_| ())
}

/// Within it.
///
/// # Errors
/// `NoOrganizationKey` where it was destroyed meanwhile.
pub(super) async fn key_of(call: &Call, tx: &mut Tx, tenant: &Tenant) -> Result<Arc<OrganizationKey>> {
    let whose = (tenant.project_id(), tenant.organization_id());
    let found = call.app.organization_keys.find(&call.app, tx, whose).await?;
    Ok(found.ok_or(SealError::NoOrganizationKey)?)
}

fn place(tenant: &Tenant, member: &MemberId, id: &TotpRegistrationId) -> [String; 5] {
    let (project, organization) = (tenant.project_id().to_string(), tenant.organization_id().to_string());
    ["totps".to_owned(), project, organization, member.to_string(), id.to_string()]
}

async fn locked(call: &Call, tx: &mut Tx, (tenant, member): (Tenant, Member)) -> Result<(Tenant, Member)> {
    let member = members::lock(tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    let tenant = tenant::by_id(tx, tenant.project_id(), tenant.organization_id()).await?;
    Ok((tenant.ok_or(Refusal::OrganizationNotFound)?, member))
}
