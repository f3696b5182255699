//! English.

use super::{Letter, Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "en",
    direction: "ltr",
    your_organization: "your organization",
    times: Times { minutes: "{n} minutes", hours: "{n} hours", days: "{n} days" },
    login: link("Log in to {name}", "Use this link to log in to {name}:", "Log in"),
    signup: link("Sign up for {name}", "Use this link to finish signing up for {name}:", "Sign up"),
    invite: link(
        "You are invited to {name}",
        "You are invited to {name}. Use this link to accept:",
        "Accept the invitation",
    ),
    new_address: link(
        "Confirm your new address for {name}",
        "Use this link to make this your e-mail address for {name}:",
        "Confirm the address",
    ),
    login_code: code("Your code for {name}", "Use this code to log in to {name}:"),
    signup_code: code("Your code for {name}", "Use this code to finish signing up for {name}:"),
    new_address_code: code(
        "Confirm your new address for {name}",
        "Use this code to make this your e-mail address for {name}:",
    ),
    reset: link(
        "Reset your password for {name}",
        "Use this link to choose your password for {name}:",
        "Choose a password",
    ),
    first_password: Letter {
        subject: "Set your password for {name}",
        greeting: "Use this link to choose your password for {name}:",
        button: "Choose a password",
    },
    without_password: "Or log in without a password:",
    link_ends: "The link expires in {time} and works once. If you did not ask for it, ignore this message.",
    links_end: "The links expire in {time} and work once. If you did not ask for them, ignore this message.",
    code_ends: "The code expires in {time} and works once. Do not share it. If you did not ask for it, ignore this message.",
    notices: Notices {
        subject: "Your sign-in security changed",
        advice: "If this was not you or your administrator, contact your administrator at once.",
        phone_added: "A phone number to confirm your logins was added.",
        phone_removed: "The phone number used to confirm your logins was removed.",
        totp_added: "An authenticator app to confirm your logins was added.",
        totp_removed: "The authenticator app used to confirm your logins was removed.",
        password_set: "A password for your account was set.",
        password_changed: "Your password was changed, and your other sessions were ended.",
        password_removed: "Your password was removed.",
        codes_replaced: "Your recovery codes were replaced by new ones.",
        codes_read: "Your recovery codes were read by your administrator.",
        code_used: "A recovery code was used to confirm a login. Codes left: {count}.",
        email_changed: "The e-mail address of your account was changed.",
        rules_changed: "The rules for confirming your logins were changed.",
        locked: "Too many wrong codes were entered for your account. Confirming logins is locked for a while.",
        disabled: "Too many wrong codes were entered for your account. Confirming logins is off until your administrator unlocks it.",
        impersonated: "Somebody who runs this service opened your account to help you, for an hour at most.",
    },
    texts: Texts {
        passcode: "Your verification code is {code}. It expires in 2 minutes. Do not share it.",
        passcode_in_short: "Your code is {code}.",
        number_removed: "This number no longer confirms logins to your account. If this was not you, contact your administrator.",
    },
};
