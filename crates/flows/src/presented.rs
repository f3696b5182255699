//! What a caller shows of the member's progress: an intermediate session or a session.

use crate::{Call, Caller, Error, Result, signer};
use domain::{
    Refusal, custom_claims::CustomClaims, factors::Bag, intermediate_sessions::IntermediateSession,
    members::Member, sessions::Session, token::Token,
};
use store::{Conn, Tenant, intermediate_sessions, sessions, sessions::Live};

/// The three ways to show it, as received.
#[derive(Debug, Default)]
pub struct Credentials {
    pub intermediate_session_token: Option<Token>,
    pub session_token: Option<Token>,
    pub session_jwt: Option<String>,
}

/// One of them, found alive.
#[derive(Debug, Clone)]
pub enum Presented {
    Intermediate(IntermediateSession),
    Session(Session),
}

impl Presented {
    pub fn bag(&self) -> &Bag {
        match self {
            Self::Intermediate(it) => &it.bag,
            Self::Session(it) => &it.bag,
        }
    }

    /// The claims that a session at the end would begin with.
    pub fn custom_claims(&self) -> CustomClaims {
        match self {
            Self::Intermediate(_) => CustomClaims::default(),
            Self::Session(it) => it.custom_claims.clone(),
        }
    }
}

/// What a primary login may carry along: an intermediate session, a session, or both.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    pub intermediate: Option<IntermediateSession>,
    /// Its token, to hand back; present whenever the intermediate session is.
    pub intermediate_token: Option<Token>,
    pub session: Option<Session>,
}

impl Carried {
    /// The claims that a session at the end would begin with.
    pub fn custom_claims(&self) -> CustomClaims {
        self.session.as_ref().map(|it| it.custom_claims.clone()).unwrap_or_default()
    }
}

impl From<Presented> for Carried {
    /// For a step that ends the login: no token is handed back.
    fn from(presented: Presented) -> Self {
        match presented {
            Presented::Intermediate(it) => Self { intermediate: Some(it), ..Self::default() },
            Presented::Session(it) => Self { session: Some(it), ..Self::default() },
        }
    }
}

/// Finds the one credential that a second factor needs.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`; otherwise as [`optional`].
pub async fn required(
    call: &Call,
    conn: &mut Conn,
    shown: &Credentials,
    (tenant, member): (&Tenant, &Member),
) -> Result<Presented> {
    Ok(optional(call, conn, shown, (tenant, member)).await?.ok_or(Refusal::NoSessionArguments)?)
}

/// Finds the credential that was sent, if any; it must be alive and the named member's.
///
/// # Errors
/// `TooManySessionArguments`, `IntermediateSessionNotFound`,
/// `InvalidIntermediateSessionForOrganization`, `SessionNotFound`, `MemberSessionMemberIdMismatch`,
/// `SessionNotMutable` where somebody acts in the member's name: whatever such a session is shown
/// for here changes how the member logs in.
pub async fn optional(
    call: &Call,
    conn: &mut Conn,
    shown: &Credentials,
    (tenant, member): (&Tenant, &Member),
) -> Result<Option<Presented>> {
    match (&shown.intermediate_session_token, &shown.session_token, &shown.session_jwt) {
        (None, None, None) => Ok(None),
        (Some(token), None, None) => {
            let found = intermediate(call, conn, token).await?.ok_or(Refusal::IntermediateSessionNotFound)?;
            counts_for(&found, member)?;
            Ok(Some(Presented::Intermediate(found)))
        }
        (None, token, jwt) if token.is_none() || jwt.is_none() => {
            let found =
                session(call, conn, token.as_ref(), jwt.as_deref()).await?.ok_or(Refusal::SessionNotFound)?;
            if &found.organization_id != tenant.organization_id() || found.member_id != member.member_id {
                return Err(Refusal::MemberSessionMemberIdMismatch.into());
            }
            if found.is_impersonated() {
                return Err(Refusal::SessionNotMutable.into());
            }
            Ok(Some(Presented::Session(found)))
        }
        _ => Err(Refusal::TooManySessionArguments.into()),
    }
}

/// Finds the one credential that was sent, whoever's it is; a session comes
/// with its member.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`, `IntermediateSessionNotFound`, `SessionNotFound`.
pub async fn anybodys(
    call: &Call,
    conn: &mut Conn,
    shown: &Credentials,
) -> Result<(Presented, Option<Live>)> {
    match (&shown.intermediate_session_token, &shown.session_token, &shown.session_jwt) {
        (None, None, None) => Err(Refusal::NoSessionArguments.into()),
        (Some(token), None, None) => {
            let found = intermediate(call, conn, token).await?.ok_or(Refusal::IntermediateSessionNotFound)?;
            Ok((Presented::Intermediate(found), None))
        }
        (None, Some(_), None) | (None, None, Some(_)) => {
            let live = crate::sessions::find(call, conn, shown).await?;
            Ok((Presented::Session(live.session.clone()), Some(live)))
        }
        _ => Err(Refusal::TooManySessionArguments.into()),
    }
}

/// Finds what a primary login carries along. A session that is not this
/// member's, or not alive, is ignored (MFA rule 3), and so is one in which
/// somebody acts in the member's name; an intermediate session is not.
///
/// # Errors
/// `TooManySessionArguments` for a token beside a JWT, `IntermediateSessionNotFound`,
/// `InvalidIntermediateSessionForOrganization`.
pub async fn carried(
    call: &Call,
    conn: &mut Conn,
    shown: &Credentials,
    (tenant, member): (&Tenant, &Member),
) -> Result<Carried> {
    let ours = |it: &Session| {
        let of_member = &it.organization_id == tenant.organization_id() && it.member_id == member.member_id;
        of_member && !it.is_impersonated()
    };
    if shown.session_token.is_some() && shown.session_jwt.is_some() {
        return Err(Refusal::TooManySessionArguments.into());
    }
    let intermediate = carried_intermediate(call, conn, shown, member).await?;
    let session = session(call, conn, shown.session_token.as_ref(), shown.session_jwt.as_deref()).await;
    let session = match session {
        // Of a key that is gone: a session that is not alive.
        Err(Error::Refused(Refusal::UnableToParseSessionJwt)) => None,
        found => found?,
    };
    let session = session.filter(ours);
    let intermediate_token = shown.intermediate_session_token.clone().filter(|_| intermediate.is_some());
    Ok(Carried { intermediate, intermediate_token, session })
}

/// A page sends along what lies in its cookies, maybe of a login long given up:
/// there, what is dead or another's is ignored.
async fn carried_intermediate(
    call: &Call,
    conn: &mut Conn,
    shown: &Credentials,
    member: &Member,
) -> Result<Option<IntermediateSession>> {
    let Some(token) = &shown.intermediate_session_token else { return Ok(None) };
    let found = intermediate(call, conn, token).await?;
    if matches!(call.caller, Caller::Visitor) {
        return Ok(found.filter(|it| counts_for(it, member).is_ok()));
    }
    let found = found.ok_or(Refusal::IntermediateSessionNotFound)?;
    counts_for(&found, member)?;
    Ok(Some(found))
}

/// Finds the one session that was sent, whoever's it is.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`, `SessionNotFound`.
pub async fn session_alone(call: &Call, conn: &mut Conn, shown: &Credentials) -> Result<Session> {
    match (&shown.session_token, &shown.session_jwt) {
        (None, None) => Err(Refusal::NoSessionArguments.into()),
        (Some(_), Some(_)) => Err(Refusal::TooManySessionArguments.into()),
        (token, jwt) => {
            let found = session(call, conn, token.as_ref(), jwt.as_deref()).await?;
            let found = found.ok_or(Refusal::SessionNotFound)?;
            if found.is_impersonated() { Err(Refusal::SessionNotMutable.into()) } else { Ok(found) }
        }
    }
}

/// An intermediate session is nobody's in particular: it serves whoever its
/// factors count for, and is refused to everybody else.
fn counts_for(it: &IntermediateSession, member: &Member) -> Result<()> {
    if it.bag.kept_for(member).is_empty() {
        Err(Refusal::InvalidIntermediateSessionForOrganization.into())
    } else {
        Ok(())
    }
}

/// The live intermediate session with this token, whoever's it is.
pub(crate) async fn intermediate(
    call: &Call,
    conn: &mut Conn,
    token: &Token,
) -> Result<Option<IntermediateSession>> {
    Ok(intermediate_sessions::find(conn, &call.project.project_id, &token.digest(), call.now).await?)
}

async fn session(
    call: &Call,
    conn: &mut Conn,
    token: Option<&Token>,
    jwt: Option<&str>,
) -> Result<Option<Session>> {
    let live = match (token, jwt) {
        (Some(token), _) => {
            sessions::by_token(conn, &call.project.project_id, &token.digest(), call.now).await?
        }
        (None, Some(jwt)) => {
            let named = signer::read(call, jwt).await?;
            let id = (&named.organization.organization_id, &named.session.id);
            let found = sessions::by_id(conn, &call.project.project_id, id, call.now).await?;
            found.filter(|it| it.session.version() == named.session.version)
        }
        (None, None) => None,
    };
    Ok(live.map(|it| it.session))
}
