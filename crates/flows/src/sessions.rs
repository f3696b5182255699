//! Sessions after the login: checking, extending, listing, ending.

pub(crate) mod ending;
pub mod migrate;

use crate::{
    Call, Caller, Result, audit,
    factors::{guard, removal::halfway_ends},
    login::SessionWishes,
    presented::Credentials,
    rbac,
    rights::{self, Target},
    signer,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    id::{MemberId, MemberSessionId},
    jwt_claims::SessionClaims,
    members::Member,
    rbac::{RbacRefusal, actions, granting_roles, held},
    roles::RoleId,
    sessions::Session,
    token::Token,
};
use serde_json::json;
use store::{
    Conn, Tenant, members,
    sessions::{self, Live},
};

/// What a backend wants to know before it lets a member do something.
pub struct AuthorizationCheck {
    pub organization: String,
    pub resource_id: String,
    pub action: String,
}

/// Checks a session, and extends or changes it if asked to. A plain check is
/// one indexed read and writes nothing durable; a check of a right reads the
/// policy, too. Names the roles that grant what was checked.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`, `SessionNotFound`,
/// `UnableToParseSessionJwt`, `SessionAuthorization`,
/// `SessionAuthorizationTenancy`, the refusals of custom claims, `SessionNotMutable`
/// where somebody acts in the member's name.
pub async fn authenticate(
    call: &mut Call,
    shown: &Credentials,
    (wishes, check): (SessionWishes, Option<AuthorizationCheck>),
) -> Result<(Live, Option<Vec<RoleId>>)> {
    let (live, granting) = {
        let mut conn = call.app.db.read().await?;
        let live = find(call, &mut conn, shown).await?;
        let granting = match check {
            Some(check) => Some(permitted(&mut conn, &live, &check).await?),
            None => None,
        };
        (live, granting)
    };
    if wishes.duration.is_none() && wishes.custom_claims.is_none() {
        call.app.touched.note(&call.project.project_id, &live.session.token_digest, call.now);
        let session = Session { last_accessed_at: call.now, ..live.session };
        return Ok((Live { session, ..live }, granting));
    }
    Ok((extend(call, live, wishes).await?, granting))
}

/// The roles of the session that grant it.
async fn permitted(conn: &mut Conn, live: &Live, check: &AuthorizationCheck) -> Result<Vec<RoleId>> {
    let organization = live.tenant.organization();
    if !organization.is_called(&check.organization) {
        return Err(Refusal::from(RbacRefusal::SessionAuthorizationTenancy).into());
    }
    let policy = rbac::policy(conn, live.tenant.project_id()).await?;
    let held = held::effective(&live.member, organization);
    let wanted = (check.resource_id.as_str(), check.action.as_str());
    let granting = granting_roles(&policy, &organization.custom_roles, &held, wanted);
    if granting.is_empty() { Err(Refusal::SessionAuthorization.into()) } else { Ok(granting) }
}

async fn extend(call: &mut Call, live: Live, wishes: SessionWishes) -> Result<Live> {
    let Live { session, tenant, member } = live;
    let mut tx = call.app.db.write().await?;
    // As it is now: claims that another call added meanwhile stay.
    let before = sessions::lock(&mut tx, &tenant, &session.token_digest, call.now).await?;
    let before = before.ok_or(Refusal::SessionNotFound)?;
    if before.is_impersonated() {
        return Err(Refusal::SessionNotMutable.into());
    }
    let rules = call.project.settings.sessions;
    let session = Session {
        custom_claims: wishes.claims_after(before.custom_claims.clone())?,
        last_accessed_at: call.now,
        expires_at: wishes
            .duration
            .map_or(before.expires_at, |it| it.end(rules, before.started_at, call.now)),
        ..before.clone()
    };
    if !sessions::save(&mut tx, &tenant, &before.token_digest, &session, call.now).await? {
        return Err(Refusal::SessionNotFound.into());
    }
    let event = (Action::SessionExtended, Actor::Project);
    let details = [("member_session_id", json!(session.member_session_id))];
    audit::note(call, &mut tx, &tenant, Some(&session.member_id), event, &details).await?;
    tx.commit().await?;
    Ok(Live { session, tenant, member })
}

/// What a caller takes away of a session: its token and a fresh JWT.
///
/// # Errors
/// When no key can be had.
pub async fn tokens(
    call: &mut Call,
    session: &Session,
    member: &Member,
    tenant: &Tenant,
) -> Result<(Token, String)> {
    let token = session.token_seed.token(&call.app.server_key, &session.member_session_id)?;
    let claims = SessionClaims::new(session, member, tenant.organization(), call.now);
    Ok((token, signer::sign(call, claims).await?))
}

/// The live sessions of a member.
///
/// # Errors
/// `OrganizationNotFound`, `MemberNotFound`.
pub async fn of_member(
    call: &Call,
    organization: &str,
    member: &str,
) -> Result<(Tenant, Member, Vec<Session>)> {
    let mut conn = call.app.db.read().await?;
    let (tenant, member) = guard::named(call, &mut conn, organization, member).await?;
    let found = sessions::of_member(&mut conn, &tenant, &member.member_id, call.now).await?;
    Ok((tenant, member, found))
}

/// Which sessions to end.
pub enum Revoke {
    Session(MemberSessionId),
    Shown(Credentials),
    AllOf(MemberId),
}

/// Ends one session or all of a member's, at once.
///
/// # Errors
/// `SessionNotFound`, `MemberNotFound`.
pub async fn revoke(call: &mut Call, which: Revoke) -> Result<()> {
    // Whoever holds a session may lay it down.
    let is_own = matches!((&call.caller, &which), (Caller::Visitor, Revoke::Shown(_)));
    let (tenant, member, session) = {
        let mut conn = call.app.db.read().await?;
        target(call, &mut conn, which).await?
    };
    let mut tx = call.app.db.write().await?;
    if !is_own {
        let right = actions::REVOKE_SESSIONS;
        rights::demand(call, &mut tx, &tenant, Target::Member(&member), &[right]).await?;
    }
    match &session {
        Some(id) if !sessions::revoke(&mut tx, &tenant, id).await? => {
            return Err(Refusal::SessionNotFound.into());
        }
        Some(_) => {}
        None => {
            sessions::revoke_all_of(&mut tx, &tenant, &member).await?;
            halfway_ends(&mut tx, &tenant, &member).await?;
        }
    }
    let event = (Action::SessionRevoked, Actor::Project);
    // None where all of them ended.
    let details: Vec<_> = session.iter().map(|id| ("member_session_id", json!(id))).collect();
    audit::note(call, &mut tx, &tenant, Some(&member), event, &details).await?;
    Ok(tx.commit().await?)
}

async fn target(
    call: &Call,
    conn: &mut Conn,
    which: Revoke,
) -> Result<(Tenant, MemberId, Option<MemberSessionId>)> {
    let live = match which {
        Revoke::Session(id) => {
            let found = sessions::in_project(conn, &call.project.project_id, &id, call.now).await?;
            found.ok_or(Refusal::SessionNotFound)?
        }
        Revoke::Shown(credentials) => find(call, conn, &credentials).await?,
        Revoke::AllOf(id) => {
            let found = members::in_project(conn, &call.project.project_id, &id).await?;
            let (tenant, member) = found.filter(|(_, it)| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
            return Ok((tenant, member.member_id, None));
        }
    };
    Ok((live.tenant, live.session.member_id, Some(live.session.member_session_id)))
}

/// The live session with the one credential that was sent.
pub(crate) async fn find(call: &Call, conn: &mut Conn, shown: &Credentials) -> Result<Live> {
    let project = &call.project.project_id;
    let found = match (&shown.session_token, &shown.session_jwt) {
        (None, None) => return Err(Refusal::NoSessionArguments.into()),
        (Some(_), Some(_)) => return Err(Refusal::TooManySessionArguments.into()),
        (Some(token), None) => sessions::by_token(conn, project, &token.digest(), call.now).await?,
        (None, Some(jwt)) => {
            let named = signer::read(call, jwt).await?;
            let id = (&named.organization.organization_id, &named.session.id);
            let found = sessions::by_id(conn, project, id, call.now).await?;
            found.filter(|it| it.session.version() == named.session.version)
        }
    };
    Ok(found.ok_or(Refusal::SessionNotFound)?)
}
