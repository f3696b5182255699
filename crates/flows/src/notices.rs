//! Notices to a member whose factors were changed, by whomever.

use crate::{
    Call, Result, messages, sending,
    templates::{self, Dress},
};
use delivery::Mail;
use domain::{email::EmailAddress, id::RequestId, members::Member, templates::Kind, time::Span};
use store::{Conn, Tenant};

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

/// Written in the transaction of their cause, to be mailed after its commit.
#[derive(Debug, Default)]
#[must_use = "a notice that is not posted is not mailed"]
pub struct Notices(Vec<Mail>);

/// How long an address that was given up still hears of the account: whoever
/// takes an account over moves its address first.
const OLD_ADDRESSES_HEAR: Span = Span::days(30);

/// Writes a notice to the member's address, and to those given up of late.
///
/// # Errors
/// When the database fails.
pub async fn write(
    call: &mut Call,
    conn: &mut Conn,
    (tenant, member): (&Tenant, &Member),
    notice: Notice,
) -> Result<Notices> {
    write_to_both(call, conn, (tenant, member, member), [notice]).await
}

/// Writes what came of a change of the member to the address they had before,
/// too, whatever became of it.
///
/// # Errors
/// When the database fails.
pub async fn write_to_both(
    call: &mut Call,
    conn: &mut Conn,
    (tenant, before, after): (&Tenant, &Member, &Member),
    notices: impl IntoIterator<Item = Notice>,
) -> Result<Notices> {
    let dress = dress(call, conn, (tenant, after)).await?;
    let addresses = addresses(call, before, after);
    let mut mails = Vec::new();
    for notice in notices {
        for address in &addresses {
            mails.push(mail(call, &dress, notice, address.clone()));
        }
    }
    Ok(Notices(mails))
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

async fn dress(call: &Call, conn: &mut Conn, (tenant, member): (&Tenant, &Member)) -> Result<Dress> {
    let locale = call.project.settings.mail_locale;
    templates::dress(call, conn, (Some(tenant), &member.name), Kind::Notice, (None, locale)).await
}

fn mail(call: &mut Call, dress: &Dress, notice: Notice, to: EmailAddress) -> Mail {
    let id = RequestId::random(call.project.environment, &mut call.rng);
    messages::notice(notice, dress, (to, &id))
}

impl Notices {
    /// Mails them in the background; call it after the commit.
    pub fn post(self, call: &Call) {
        for mail in self.0 {
            sending::post(call, mail);
        }
    }

    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }
}
