//! Notices to a member whose factors were changed, by whomever.

use crate::{
    Call, Result, messages,
    sending::{self, Cause},
    templates::{self, Dress},
};
use domain::{email::EmailAddress, members::Member, templates::Kind, time::Span};
use store::{Tenant, Tx};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    PhoneAdded,
    PhoneRemoved,
    TotpAdded,
    TotpRemoved,
    PasswordSet,
    PasswordChanged,
    PasswordRemoved,
    RecoveryCodesReplaced,
    RecoveryCodesRead,
    RecoveryCodeUsed { left: usize },
    EmailChanged,
    SettingsChanged,
    SecondFactorsLocked,
    SecondFactorsDisabled,
    Impersonated,
}

/// How long an address that was given up still hears of the account: whoever
/// takes an account over moves its address first.
const OLD_ADDRESSES_HEAR: Span = Span::days(30);

/// Writes a notice down to the member's address, and to those given up of
/// late, in the transaction of its cause; it is mailed once that is committed.
///
/// # Errors
/// When the database fails.
pub async fn write(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    notice: Notice,
) -> Result<()> {
    write_to_both(call, tx, (tenant, member, member), [notice]).await
}

/// Writes what came of a change of the member to the address they had before,
/// too, whatever became of it.
///
/// # Errors
/// When the database fails.
pub async fn write_to_both(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, before, after): (&Tenant, &Member, &Member),
    notices: impl IntoIterator<Item = Notice>,
) -> Result<()> {
    let dress = dress(call, tx, (tenant, after)).await?;
    let addresses = addresses(call, before, after);
    for notice in notices {
        for address in &addresses {
            let id = sending::message_id(call);
            let mail = messages::notice(notice, &dress, (address.clone(), &id));
            sending::mail(call, tx, Cause::notice().of(tenant, after), (id, mail)).await?;
        }
    }
    Ok(())
}

fn addresses(call: &Call, before: &Member, after: &Member) -> Vec<EmailAddress> {
    let since = call.now.minus(OLD_ADDRESSES_HEAR);
    let of_late = after.retired_emails.0.iter().filter(|it| it.retired_at.is_some_and(|at| at > since));
    let all = [&before.email_address, &after.email_address];
    let mut found: Vec<EmailAddress> = Vec::new();
    for it in all.into_iter().chain(of_late.map(|it| &it.email_address)) {
        if !found.iter().any(|known| known.canonical() == it.canonical()) {
            found.push(it.clone());
        }
    }
    found
}

async fn dress(call: &Call, tx: &mut Tx, (tenant, member): (&Tenant, &Member)) -> Result<Dress> {
    let locale = call.project.settings.mail_locale;
    templates::dress(call, tx, (Some(tenant), &member.name), Kind::Notice, (None, locale)).await
}
