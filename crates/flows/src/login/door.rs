//! The one door through which sessions come into being.

use super::SessionWishes;
use crate::{Call, Result, audit, presented::Carried};
use domain::{
    Refusal,
    audit::{Action, Actor},
    custom_claims::CustomClaims,
    factors::Bag,
    id::MemberSessionId,
    intermediate_sessions::IntermediateSession,
    members::Member,
    sessions::{Session, SessionDuration, TokenSeed},
};
use serde_json::{Value, json};
use store::{Tenant, Tx, intermediate_sessions, sessions};

/// The one door. A session that was carried along is raised: it keeps its id,
/// gains the factors, and its old token dies as the new one is written.
pub(super) async fn open_session(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    bag: Bag,
    (carried, wishes): (Carried, SessionWishes),
) -> Result<Session> {
    if let Some(intermediate) = &carried.intermediate {
        consume(call, tx, tenant, intermediate).await?;
    }
    let bag = bag.of(member); // what was proved for others stays outside
    match carried.session {
        Some(before) => raise(call, tx, tenant, bag, (before, wishes)).await,
        None => create(call, tx, (tenant, member), bag, wishes).await,
    }
}

async fn consume(call: &Call, tx: &mut Tx, tenant: &Tenant, it: &IntermediateSession) -> Result<()> {
    let consumed =
        intermediate_sessions::consume(tx, tenant.project_id(), &it.token_digest, call.now).await?;
    if consumed { Ok(()) } else { Err(Refusal::IntermediateSessionNotFound.into()) }
}

pub(super) async fn create(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    bag: Bag,
    wishes: SessionWishes,
) -> Result<Session> {
    let rules = call.project.settings.sessions;
    // What was proved before does not begin anew: however often it is carried
    // over, a session ends as late as the one it was proved for could have.
    let started_at = bag.newest().map_or(call.now, |it| it.min(call.now));
    let member_session_id = MemberSessionId::random(call.project.environment, &mut call.rng);
    let token_seed = TokenSeed::random(&call.app.server_key, &mut call.rng);
    let session = Session {
        token_digest: token_seed.token(&call.app.server_key, &member_session_id)?.digest(),
        token_seed,
        member_session_id,
        project_id: tenant.project_id().clone(),
        organization_id: tenant.organization_id().clone(),
        member_id: member.member_id.clone(),
        bag,
        custom_claims: wishes.claims_after(CustomClaims::default())?,
        started_at,
        last_accessed_at: call.now,
        expires_at: wishes.duration.unwrap_or(SessionDuration::DEFAULT).end(rules, started_at, call.now),
    };
    make_room(call, tx, tenant, &session).await?;
    sessions::create(tx, &session).await?;
    note(call, tx, (tenant, &session), Action::SessionCreated).await?;
    Ok(session)
}

/// Ends the oldest sessions of a member who would have too many with one more.
/// Whoever acts in a member's name takes no room away from the member.
async fn make_room(call: &mut Call, tx: &mut Tx, tenant: &Tenant, session: &Session) -> Result<()> {
    let limit = i64::from(call.project.settings.sessions.limit_per_member);
    let member = &session.member_id;
    if session.is_impersonated() || sessions::count_of(tx, tenant, member, call.now).await? < limit {
        return Ok(());
    }
    let live = sessions::of_member(tx, tenant, member, call.now).await?;
    let live: Vec<Session> = live.into_iter().filter(|it| !it.is_impersonated()).collect();
    let kept = usize::try_from(limit - 1).unwrap_or_default();
    for oldest in &live[..live.len().saturating_sub(kept)] {
        sessions::revoke(tx, tenant, &oldest.member_session_id).await?;
        let details =
            [("member_session_id", json!(oldest.member_session_id)), ("reason", json!("limit_per_member"))];
        let event = (Action::SessionRevoked, Actor::Member);
        audit::note(call, tx, tenant, Some(member), event, &details).await?;
    }
    Ok(())
}

async fn raise(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    bag: Bag,
    (before, wishes): (Session, SessionWishes),
) -> Result<Session> {
    let before = sessions::lock(tx, tenant, &before.token_digest, call.now).await?;
    let before = before.ok_or(Refusal::SessionNotFound)?;
    if before.is_impersonated() {
        return Err(Refusal::SessionNotMutable.into());
    }
    let rules = call.project.settings.sessions;
    let token_seed = TokenSeed::random(&call.app.server_key, &mut call.rng);
    let session = Session {
        token_digest: token_seed.token(&call.app.server_key, &before.member_session_id)?.digest(),
        token_seed,
        bag,
        custom_claims: wishes.claims_after(before.custom_claims.clone())?,
        last_accessed_at: call.now,
        expires_at: wishes
            .duration
            .map_or(before.expires_at, |it| it.end(rules, before.started_at, call.now)),
        ..before.clone()
    };
    if !sessions::save(tx, tenant, &before.token_digest, &session, call.now).await? {
        return Err(Refusal::SessionNotFound.into());
    }
    note(call, tx, (tenant, &session), Action::SessionRaised).await?;
    Ok(session)
}

async fn note(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, session): (&Tenant, &Session),
    action: Action,
) -> Result<()> {
    let methods: Vec<Value> = session.bag.iter().map(|it| json!(it.factor.name())).collect();
    let details = [("member_session_id", json!(session.member_session_id)), ("factors", json!(methods))];
    audit::note(call, tx, tenant, Some(&session.member_id), (action, Actor::Member), &details).await
}
