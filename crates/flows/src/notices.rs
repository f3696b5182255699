//! Notices to a member whose factors were changed by somebody else.

use crate::{Call, messages, sending};
use domain::{id::RequestId, members::Member};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    PhoneRemoved,
    TotpRemoved,
    TotpImported,
    PasswordRemoved,
    PasswordChanged,
    RecoveryCodesReplaced,
    EmailChanged,
    PhoneAdded,
    RecoveryCodesRead,
    SettingsChanged,
    Impersonated,
}

/// Mails the notice in the background; call it after the commit.
pub fn send(call: &mut Call, member: &Member, notice: Notice) {
    let id = RequestId::random(call.project.environment, &mut call.rng);
    let mail = messages::notice(words(notice), member.email_address.clone(), &id);
    sending::post(call, mail);
}

fn words(notice: Notice) -> &'static str {
    match notice {
        Notice::PhoneRemoved => "The phone number used to confirm your logins was removed.",
        Notice::TotpRemoved => "The authenticator app used to confirm your logins was removed.",
        Notice::TotpImported => "An authenticator app to confirm your logins was added.",
        Notice::PasswordChanged => "Your password was changed, and your other sessions were ended.",
        Notice::PasswordRemoved => "Your password was removed.",
        Notice::RecoveryCodesReplaced => "Your recovery codes were replaced by new ones.",
        Notice::PhoneAdded => "A phone number to confirm your logins was added.",
        Notice::RecoveryCodesRead => "Your recovery codes were read by your administrator.",
        Notice::SettingsChanged => "The rules for confirming your logins were changed.",
        Notice::Impersonated => {
            "Somebody who runs this service opened your account to help you, for an hour at most."
        }
        Notice::EmailChanged => "The e-mail address of your account was changed.",
    }
}
