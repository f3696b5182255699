//! Notices to a member whose factors were changed, by whomever.

use crate::{
    Call, Result, messages, sending,
    templates::{self, Dress},
};
use delivery::Mail;
use domain::{email::EmailAddress, id::RequestId, members::Member, templates::Kind};
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

/// Writes a notice to the member's address.
///
/// # Errors
/// When the database fails.
pub async fn write(
    call: &mut Call,
    conn: &mut Conn,
    (tenant, member): (&Tenant, &Member),
    notice: Notice,
) -> Result<Notices> {
    let dress = dress(call, conn, (tenant, member)).await?;
    Ok(Notices(vec![mail(call, &dress, notice, member.email_address.clone())]))
}

/// Writes what came of a change of the member to the address they had before
/// and, if it is another now, to that one, too.
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
    let (old, new) = (&before.email_address, &after.email_address);
    let addresses = [Some(old), Some(new).filter(|it| it.canonical() != old.canonical())];
    let mut mails = Vec::new();
    for notice in notices {
        for address in addresses.into_iter().flatten() {
            mails.push(mail(call, &dress, notice, address.clone()));
        }
    }
    Ok(Notices(mails))
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
