//! The documented exception: sessions that open on somebody's word, whatever
//! methods and second factors the organization asks for.
//!
//! The policy is not asked because somebody above it has spoken: an issuer that
//! the operator trusts for the project, the system the project came from, or
//! the operator, for one member and one hour. Each leaves its own factor in the
//! session, which stands for no second factor; so whatever needs one still
//! asks for it. See docs/decisions/0012.

use super::{
    SessionWishes, admit,
    door::{create, open_session},
    verdict,
};
use crate::{Call, Result, presented::Carried};
use domain::{
    Refusal,
    email::EmailAddress,
    factors::{Bag, Factor, Proven},
    members::{Member, Status},
    mfa::Verdict,
    sessions::{Session, SessionDuration},
};
use store::{Tenant, Tx};

/// On whose word.
pub enum Authority {
    /// A token of a trusted issuer; whether a second factor that is due is due here, too.
    TrustedToken {
        token_id: String,
        carried: Box<Carried>,
        wishes: SessionWishes,
        requires_second_factor: bool,
    },
    /// The system that the project came from.
    Imported { wishes: SessionWishes },
    /// The operator, who acts in the member's name: one hour, whatever is wished.
    Impersonation { impersonator_id: String, impersonator_email_address: EmailAddress },
}

/// Opens a session for a member whose row the transaction has locked.
///
/// # Errors
/// `InsufficientFactors` where the profile asks for a second factor that is due,
/// `MemberImpersonationNotAllowed` for a member who is not active, `MemberNotFound`,
/// the refusals of custom claims.
pub async fn open_by_authority(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, Member),
    authority: Authority,
) -> Result<(Member, Session)> {
    match authority {
        Authority::TrustedToken { token_id, carried, wishes, requires_second_factor } => {
            let proven = Proven::by(&member, Factor::TrustedAuthToken { token_id }, call.now);
            let before = carried.session.as_ref().map(|it| it.bag.clone()).unwrap_or_default();
            let bag = before.and(proven);
            if requires_second_factor
                && verdict(tenant, &member, (true, &bag), call.now) != Verdict::Authenticated
            {
                return Err(Refusal::InsufficientFactors.into());
            }
            let wishes = never_shorter(call, &carried, wishes);
            let member = admit(call, tx, tenant, member, &bag).await?;
            let session = open_session(call, tx, (tenant, &member), bag, (*carried, wishes)).await?;
            Ok((member, session))
        }
        Authority::Imported { wishes } => {
            let bag = Bag::default().and(Proven::by(&member, Factor::Imported, call.now));
            let member = admit(call, tx, tenant, member, &bag).await?;
            let session = create(call, tx, (tenant, &member), bag, wishes).await?;
            Ok((member, session))
        }
        Authority::Impersonation { impersonator_id, impersonator_email_address } => {
            if member.status != Status::Active {
                return Err(Refusal::MemberImpersonationNotAllowed.into());
            }
            let factor = Factor::Impersonated { impersonator_id, impersonator_email_address };
            let bag = Bag::default().and(Proven::by(&member, factor, call.now));
            let wishes = SessionWishes { duration: Some(SessionDuration::DEFAULT), custom_claims: None };
            let session = create(call, tx, (tenant, &member), bag, wishes).await?;
            Ok((member, session))
        }
    }
}

/// A session that comes along is extended: by the default where nothing is
/// wished, unless it lasts longer anyway.
fn never_shorter(call: &Call, carried: &Carried, wishes: SessionWishes) -> SessionWishes {
    let default_end =
        |it: &Session| SessionDuration::DEFAULT.end(call.project.settings.sessions, it.started_at, call.now);
    match &carried.session {
        Some(before) if wishes.duration.is_none() && before.expires_at < default_end(before) => {
            SessionWishes { duration: Some(SessionDuration::DEFAULT), ..wishes }
        }
        Some(_) | None => wishes,
    }
}
