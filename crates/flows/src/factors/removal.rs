//! Taking factors away, on the word of the project secret or of a member with
//! the right to (decisions 5 and 11).

use crate::{
    Call, Result, audit,
    notices::{self, Notice},
    rights::{self, Target},
    sending,
    sessions::ending::{self, Because},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    id::MemberId,
    members::{Member, PhoneState},
    mfa::Method,
    rbac::actions,
};
use store::{Tenant, Tx, intermediate_sessions, members, passcodes, recovery_codes, totps};

/// What becomes of the member's sessions when a factor or password is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    GoOn,
    End,
}

impl Sessions {
    /// Ends them in the transaction of the removal, if they are to end.
    pub(crate) async fn settle(
        self,
        call: &mut Call,
        tx: &mut Tx,
        (tenant, member): (&Tenant, &Member),
    ) -> Result<()> {
        match self {
            Self::GoOn => {}
            Self::End => {
                ending::all_of(call, tx, (tenant, &member.member_id), Because::FactorRemoved).await?;
                halfway_ends(tx, tenant, &member.member_id).await?;
            }
        }
        Ok(())
    }
}

/// Ends what is between the doors: it rests on a proof that is no longer to
/// be relied upon, and so does a registration that was begun with it.
pub(crate) async fn halfway_ends(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<()> {
    intermediate_sessions::end_all_of(tx, tenant, member).await?;
    totps::delete_pending(tx, tenant, member).await?;
    Ok(())
}

/// Removes the phone number; the next login enrols anew.
///
/// # Errors
/// `MemberPhoneNumberNotFound`.
pub async fn phone(call: &mut Call, named: (&str, &str), sessions: Sessions) -> Result<(Tenant, Member)> {
    let (mut tx, tenant, mut member) = locked(call, named, actions::DELETE_MFA_PHONE).await?;
    if member.phone_number.is_none() {
        return Err(Refusal::MemberPhoneNumberNotFound.into());
    }
    members::clear_phone(&mut tx, &tenant, &member.member_id).await?;
    passcodes::delete(&mut tx, &tenant, &member.member_id).await?;
    if let Some(number) = member.verified_phone().cloned() {
        sending::tell_removed(call, &mut tx, (&tenant, &member), &number).await?;
    }
    (member.phone_id, member.phone_number, member.phone_state) = (None, None, PhoneState::NamedAtLogin);
    fall_back(&mut tx, &tenant, &mut member, Method::SmsOtp).await?;
    sessions.settle(call, &mut tx, (&tenant, &member)).await?;
    let event = (Action::PhoneDeleted, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    notices::write(call, &mut tx, (&tenant, &member), Notice::PhoneRemoved).await?;
    tx.commit().await?;
    Ok((tenant, member))
}

/// Removes the authenticator app, active or pending, with its recovery codes.
///
/// # Errors
/// `TotpNotFound`.
pub async fn totp(call: &mut Call, named: (&str, &str), sessions: Sessions) -> Result<(Tenant, Member)> {
    let (mut tx, tenant, mut member) = locked(call, named, actions::DELETE_MFA_TOTP).await?;
    let found = totps::find(&mut tx, &tenant, &member.member_id).await?.ok_or(Refusal::TotpNotFound)?;
    totps::delete(&mut tx, &tenant, &member.member_id).await?;
    recovery_codes::delete_all_of(&mut tx, &tenant, &member.member_id).await?;
    members::clear_totp(&mut tx, &tenant, &member.member_id).await?;
    member.totp_registration_id = None;
    fall_back(&mut tx, &tenant, &mut member, Method::Totp).await?;
    sessions.settle(call, &mut tx, (&tenant, &member)).await?;
    let event = (Action::TotpDeleted, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    if found.is_active {
        notices::write(call, &mut tx, (&tenant, &member), Notice::TotpRemoved).await?;
    }
    tx.commit().await?;
    Ok((tenant, member))
}

async fn locked(call: &Call, who: (&str, &str), action: &str) -> Result<(Tx, Tenant, Member)> {
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        rights::named(call, &mut conn, who, &[action]).await?
    };
    let mut tx = call.app.db.write().await?;
    let id = member.member_id;
    let member = members::lock(&mut tx, &tenant, &id, call.now).await?;
    rights::demand(call, &mut tx, &tenant, Target::Member(&id), &[action]).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    rights::not_above(call, &mut tx, &tenant, &member).await?;
    Ok((tx, tenant, member))
}

/// A default that was removed gives way to what remains (MFA rule 27).
async fn fall_back(tx: &mut Tx, tenant: &Tenant, member: &mut Member, removed: Method) -> Result<()> {
    if member.default_mfa_method == Some(removed) {
        member.default_mfa_method = member.remaining_method();
        members::set_default_mfa_method(tx, tenant, &member.member_id, member.default_mfa_method).await?;
    }
    Ok(())
}
