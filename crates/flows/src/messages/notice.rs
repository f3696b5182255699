//! The mail that tells a member of a change of their own account.

use super::{
    page::{Action, Page},
    words::{Words, filled},
};
use crate::{notices::Notice, templates::Dress};
use delivery::Mail;
use domain::{email::EmailAddress, id::MessageId, templates::Values};

/// A notice about the member's own account; it holds no link and no code.
pub fn notice(what: Notice, dress: &Dress, (address, id): (EmailAddress, &MessageId)) -> Mail {
    let words = dress.words();
    let what = told(what, words);
    let page = Page {
        subject: words.notices.subject.to_owned(),
        greeting: what.clone(),
        action: Action::Nothing,
        aside: None,
        small_print: words.notices.advice.to_owned(),
    };
    page.to(address, id, (dress, Values::default().with("notice", what)))
}

fn told(what: Notice, words: &Words) -> String {
    let it = &words.notices;
    match what {
        Notice::PhoneAdded => it.phone_added,
        Notice::PhoneRemoved => it.phone_removed,
        Notice::TotpAdded => it.totp_added,
        Notice::TotpRemoved => it.totp_removed,
        Notice::PasswordSet => it.password_set,
        Notice::PasswordChanged => it.password_changed,
        Notice::PasswordRemoved => it.password_removed,
        Notice::RecoveryCodesReplaced => it.codes_replaced,
        Notice::RecoveryCodesRead => it.codes_read,
        Notice::RecoveryCodeUsed { left } => return filled(it.code_used, &[("count", &left.to_string())]),
        Notice::EmailChanged => it.email_changed,
        Notice::SettingsChanged => it.rules_changed,
        Notice::SecondFactorsLocked => it.locked,
        Notice::SecondFactorsDisabled => it.disabled,
        Notice::Impersonated => it.impersonated,
    }
    .to_owned()
}
