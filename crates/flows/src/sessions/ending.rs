//! Sessions that end because of something else that was done: put on record, and told, as ends of their own.

use crate::{Call, Result, audit};
use domain::{
    audit::{Action, Actor},
    id::{MemberId, MemberSessionId},
};
use serde_json::json;
use store::{Tenant, Tx, sessions};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Because {
    MemberDeleted,
    FactorRemoved,
    PasswordSet,
    /// A password was reset, and the session that came along lacks the second factor that is due.
    SecondFactorDue,
}

impl Because {
    fn word(self) -> &'static str {
        match self {
            Self::MemberDeleted => "member_deleted",
            Self::FactorRemoved => "factor_removed",
            Self::PasswordSet => "password_set",
            Self::SecondFactorDue => "second_factor_due",
        }
    }

    fn actor(self) -> Actor {
        match self {
            Self::MemberDeleted | Self::FactorRemoved => Actor::Project,
            Self::PasswordSet | Self::SecondFactorDue => Actor::Member,
        }
    }
}

/// Ends every session of a member. Where there was none, nothing is on record.
///
/// # Errors
/// When the database fails.
pub(crate) async fn all_of(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &MemberId),
    because: Because,
) -> Result<()> {
    if sessions::revoke_all_of(tx, tenant, member).await? == 0 {
        return Ok(());
    }
    let event = (Action::SessionRevoked, because.actor());
    audit::note(call, tx, tenant, Some(member), event, &[("reason", json!(because.word()))]).await
}

/// Ends every session of a member but one, each on record by itself.
///
/// # Errors
/// When the database fails.
pub(crate) async fn others_of(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member, kept): (&Tenant, &MemberId, &MemberSessionId),
    because: Because,
) -> Result<()> {
    for ended in sessions::revoke_others_of(tx, tenant, member, kept).await? {
        let details = [("member_session_id", json!(ended)), ("reason", json!(because.word()))];
        let event = (Action::SessionRevoked, because.actor());
        audit::note(call, tx, tenant, Some(member), event, &details).await?;
    }
    Ok(())
}
