//! What a member may do by their session on a management call.
//!
//! The project's secret may do everything in its project. A member may do, in
//! its own organization, what its roles grant at this moment: [`demand`] reads
//! session, roles and policy in the transaction that acts.

use crate::{
    Call, Caller, Result,
    factors::guard,
    presented::{Credentials, Presented},
    rbac, sessions as checking,
};
use domain::{
    Refusal,
    id::MemberId,
    members::Member,
    rbac::{Policy, RbacRefusal, actions, escalation, granting_roles, held},
    roles::RoleId,
    sessions::Session,
};
use store::{Conn, Tenant, sessions, sessions::Live, tenant as tenants};

/// On what an action is done.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    Organization,
    /// Any of the members, or what is not allowed on oneself.
    Members,
    /// This member: the right on all members will do, or, when it is the caller, on oneself.
    Member(&'a MemberId),
    Sso,
    Scim,
}

/// Finds the live session behind a call.
///
/// # Errors
/// `SessionNotFound`, `UnableToParseSessionJwt`.
pub async fn caller(call: &Call, shown: &Credentials) -> Result<Caller> {
    let live = {
        let mut conn = call.app.db.read().await?;
        checking::find(call, &mut conn, shown).await?
    };
    call.app.touched.note(&call.project.project_id, &live.session.token_digest, call.now);
    Ok(Caller::Member(Box::new(live)))
}

/// The named organization. A member reaches its own only.
///
/// # Errors
/// `OrganizationNotFound`, `SessionAuthorizationTenancy`.
pub async fn tenant(call: &Call, conn: &mut Conn, organization: &str) -> Result<Tenant> {
    let tenant = tenants::resolve(conn, &call.project.project_id, organization).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    at_home(call, &tenant)?;
    Ok(tenant)
}

/// # Errors
/// `SessionAuthorizationTenancy` when a member calls about another organization.
pub fn at_home(call: &Call, tenant: &Tenant) -> Result<()> {
    match call.caller.member() {
        Some(live) if live.tenant.organization_id() != tenant.organization_id() => {
            Err(Refusal::from(RbacRefusal::SessionAuthorizationTenancy).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// The named tenant and member. A member who has none of these rights over
/// others does not learn whether there is such a member.
///
/// # Errors
/// `OrganizationNotFound`, `MemberNotFound`, and the refusals of [`demand`].
pub async fn named(
    call: &Call,
    conn: &mut Conn,
    (organization, member): (&str, &str),
    actions: &[&str],
) -> Result<(Tenant, Member)> {
    let tenant = tenant(call, conn, organization).await?;
    match guard::named(call, conn, organization, member).await {
        Err(crate::Error::Refused(Refusal::MemberNotFound)) => {
            demand(call, conn, &tenant, Target::Members, actions).await?;
            Err(Refusal::MemberNotFound.into())
        }
        found => found,
    }
}

/// Lets the call go on if its caller has every one of these rights now. With
/// no action named, any right on the target will do.
///
/// # Errors
/// `SessionNotFound` when the session ended meanwhile, `SessionAuthorization`,
/// `SessionAuthorizationTenancy`; `InsufficientFactors` when members with a second
/// factor change their own way in by a session that does not prove it.
pub async fn demand(
    call: &Call,
    conn: &mut Conn,
    tenant: &Tenant,
    target: Target<'_>,
    actions: &[&str],
) -> Result<()> {
    let Some(rights) = Rights::of_caller(call, conn, tenant).await? else { return Ok(()) };
    impersonated_leave_the_way_in(&rights.acting.session, actions)?;
    let resources = resources(target, &rights.acting.member.member_id);
    let allowed = match actions {
        [] => resources.iter().any(|it| rights.are_any_on(it)),
        actions => actions.iter().all(|action| resources.iter().any(|it| rights.cover(it, action))),
    };
    if !allowed {
        return Err(Refusal::SessionAuthorization.into());
    }
    changing_a_factor_needs_a_factor(call, &rights.acting, target, actions)
}

/// Lets the call go on if its caller may give these roles away.
///
/// # Errors
/// `SessionAuthorization` when a role would give rights that the caller does not hold.
pub async fn may_give(call: &Call, conn: &mut Conn, tenant: &Tenant, given: &[RoleId]) -> Result<()> {
    let Some(Rights { acting, roles, policy }) = Rights::of_caller(call, conn, tenant).await? else {
        return Ok(());
    };
    let custom = &acting.tenant.organization().custom_roles;
    if escalation::may_give(&policy, custom, &roles, given) {
        Ok(())
    } else {
        Err(Refusal::SessionAuthorization.into())
    }
}

/// Lets the call go on unless the member stands above the caller: whoever moves
/// another's address, or takes factors away, can come in in their place.
///
/// # Errors
/// `SessionAuthorization` when somebody else holds rights that the caller does not.
pub async fn not_above(call: &Call, conn: &mut Conn, tenant: &Tenant, member: &Member) -> Result<()> {
    match call.caller.member() {
        Some(acting) if acting.member.member_id != member.member_id => {
            may_give(call, conn, tenant, &held::effective(member, tenant.organization())).await
        }
        Some(_) | None => Ok(()),
    }
}

/// Lets the project's backend go on, and members about their own factors by a
/// session that proves the second one.
///
/// # Errors
/// `SessionAuthorization`, `InsufficientFactors`.
pub async fn own_factors(call: &Call, conn: &mut Conn, tenant: &Tenant, member: &Member) -> Result<()> {
    match &call.caller {
        Caller::Project => Ok(()),
        Caller::Member(live) if live.member.member_id == member.member_id => {
            let target = Target::Member(&member.member_id);
            demand(call, conn, tenant, target, &[actions::DELETE_MFA_TOTP]).await
        }
        Caller::Member(_) | Caller::Visitor => Err(Refusal::SessionAuthorization.into()),
    }
}

/// For what only the project's secret may do, wherever a member's session may come along.
///
/// # Errors
/// `SessionAuthorization` for a member.
pub fn project_only(call: &Call) -> Result<()> {
    match call.caller {
        Caller::Project => Ok(()),
        Caller::Member(_) | Caller::Visitor => Err(Refusal::SessionAuthorization.into()),
    }
}

/// # Errors
/// `CannotUpdateTrustedMetadata` when trusted metadata comes together with a member's session.
pub fn trusted_metadata(call: &Call, is_sent: bool) -> Result<()> {
    match call.caller {
        Caller::Member(_) | Caller::Visitor if is_sent => {
            Err(Refusal::from(RbacRefusal::CannotUpdateTrustedMetadata).into())
        }
        Caller::Member(_) | Caller::Visitor | Caller::Project => Ok(()),
    }
}

/// What the member who acts holds, as it is now.
struct Rights {
    acting: Live,
    roles: Vec<RoleId>,
    policy: Policy,
}

impl Rights {
    /// None when the project's secret acts; a visitor holds no right.
    async fn of_caller(call: &Call, conn: &mut Conn, tenant: &Tenant) -> Result<Option<Self>> {
        let shown = match &call.caller {
            Caller::Project => return Ok(None),
            Caller::Visitor => return Err(Refusal::SessionAuthorization.into()),
            Caller::Member(shown) => shown,
        };
        at_home(call, tenant)?;
        let id = (shown.tenant.organization_id(), &shown.session.member_session_id);
        let found = sessions::by_id(conn, &call.project.project_id, id, call.now).await?;
        let acting = found.ok_or(Refusal::SessionNotFound)?;
        let roles = held::effective(&acting.member, acting.tenant.organization());
        let policy = rbac::policy(conn, tenant.project_id()).await?;
        Ok(Some(Self { acting, roles, policy }))
    }

    fn cover(&self, resource: &str, action: &str) -> bool {
        let custom = &self.acting.tenant.organization().custom_roles;
        !granting_roles(&self.policy, custom, &self.roles, (resource, action)).is_empty()
    }

    fn are_any_on(&self, resource: &str) -> bool {
        let known = self.policy.resource(resource);
        known.is_some_and(|it| it.actions.iter().any(|action| self.cover(resource, action)))
    }
}

/// Whoever changes their own way in shows a second factor, if they have one
/// (decision 5). For others, an administrator answers with a right.
fn changing_a_factor_needs_a_factor(
    call: &Call,
    acting: &Live,
    target: Target<'_>,
    actions: &[&str],
) -> Result<()> {
    let is_own = match target {
        Target::Member(member) => member == &acting.member.member_id,
        Target::Organization | Target::Members | Target::Sso | Target::Scim => false,
    };
    if is_own && actions.iter().any(|it| actions::changes_the_way_in(it)) {
        guard::may_add(call, &acting.member, Some(&Presented::Session(acting.session.clone())))?;
    }
    Ok(())
}

/// Whoever acts in a member's name changes no factor, no password and no
/// address of anybody (decision 12).
fn impersonated_leave_the_way_in(session: &Session, actions: &[&str]) -> Result<()> {
    if session.is_impersonated() && actions.iter().any(|it| actions::changes_the_way_in(it)) {
        return Err(Refusal::SessionAuthorization.into());
    }
    Ok(())
}

/// The resources of which one must grant the action.
fn resources(target: Target<'_>, caller: &MemberId) -> Vec<&'static str> {
    match target {
        Target::Organization => vec![actions::ORGANIZATION],
        Target::Member(member) if member == caller => vec![actions::MEMBER, actions::SELF],
        Target::Member(_) | Target::Members => vec![actions::MEMBER],
        Target::Sso => vec![actions::SSO],
        Target::Scim => vec![actions::SCIM],
    }
}
