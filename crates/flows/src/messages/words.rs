//! All that Vestibule says by itself, in every language of the contract.
//!
//! `{name}`, `{time}`, `{code}` and `{count}` are filled in once, in one pass:
//! what is filled in is never looked through for more.

mod catalan;
mod chinese;
mod czech;
mod dutch;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod persian;
mod polish;
mod portuguese;
mod russian;
mod spanish;
#[cfg(test)]
mod tests;
mod turkish;
mod vietnamese;

use domain::locale::Locale;

/// One language. A text that is missing does not compile.
pub struct Words {
    /// As `lang` of a page says it (BCP 47).
    pub tag: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// In place of a name of which nothing harmless is left.
    pub your_organization: &'static str,
    pub times: Times,
    pub login: Letter,
    pub signup: Letter,
    pub invite: Letter,
    pub new_address: Letter,
    pub login_code: Letter,
    pub signup_code: Letter,
    pub new_address_code: Letter,
    pub reset: Letter,
    pub first_password: Letter,
    pub without_password: &'static str,
    pub link_ends: &'static str,
    pub links_end: &'static str,
    pub code_ends: &'static str,
    pub notices: Notices,
    pub texts: Texts,
}

/// The words of one mail. A mail with a code has nothing to press.
pub struct Letter {
    pub subject: &'static str,
    pub greeting: &'static str,
    pub button: &'static str,
}

/// Spans with `{n}`; hours and days are two at least.
pub struct Times {
    pub minutes: &'static str,
    pub hours: &'static str,
    pub days: &'static str,
}

/// What a member is told of their own account.
pub struct Notices {
    pub subject: &'static str,
    pub advice: &'static str,
    pub phone_added: &'static str,
    pub phone_removed: &'static str,
    pub totp_added: &'static str,
    pub totp_removed: &'static str,
    pub password_set: &'static str,
    pub password_changed: &'static str,
    pub password_removed: &'static str,
    pub codes_replaced: &'static str,
    pub codes_read: &'static str,
    /// With `{count}` codes left.
    pub code_used: &'static str,
    pub email_changed: &'static str,
    pub rules_changed: &'static str,
    pub locked: &'static str,
    pub disabled: &'static str,
    pub impersonated: &'static str,
}

/// Text messages: each one segment, in GSM 03.38 wherever the language bears it.
pub struct Texts {
    pub passcode: &'static str,
    /// Where the whole text leaves no room for the line that browsers read.
    pub passcode_in_short: &'static str,
    /// To a number that was a member's.
    pub number_removed: &'static str,
}

const fn link(subject: &'static str, greeting: &'static str, button: &'static str) -> Letter {
    Letter { subject, greeting, button }
}

const fn code(subject: &'static str, greeting: &'static str) -> Letter {
    Letter { subject, greeting, button: "" }
}

/// The words of a language.
pub fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::English => &english::WORDS,
        Locale::Spanish => &spanish::WORDS,
        Locale::BrazilianPortuguese => &portuguese::WORDS,
        Locale::French => &french::WORDS,
        Locale::Italian => &italian::WORDS,
        Locale::German => &german::WORDS,
        Locale::SimplifiedChinese => &chinese::WORDS,
        Locale::Catalan => &catalan::WORDS,
        Locale::Japanese => &japanese::WORDS,
        Locale::Russian => &russian::WORDS,
        Locale::Dutch => &dutch::WORDS,
        Locale::Polish => &polish::WORDS,
        Locale::Turkish => &turkish::WORDS,
        Locale::Persian => &persian::WORDS,
        Locale::Vietnamese => &vietnamese::WORDS,
        Locale::Czech => &czech::WORDS,
    }
}

impl Words {
    /// A span in the largest unit that is exact and more than one.
    pub fn time(&self, minutes: i64) -> String {
        let Times { minutes: in_minutes, hours, days } = self.times;
        let (text, n) = match minutes {
            it if it >= 2 * 24 * 60 && it % (24 * 60) == 0 => (days, it / (24 * 60)),
            it if it >= 2 * 60 && it % 60 == 0 => (hours, it / 60),
            it => (in_minutes, it),
        };
        filled(text, &[("n", &n.to_string())])
    }
}

/// The text with its `{places}` filled in one pass; an unknown place stays.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len() + 64), text);
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let place = rest[1..].split_once('}');
        let value = place.and_then(|(place, _)| values.iter().find(|(name, _)| *name == place));
        if let Some(((_, after), (_, value))) = place.zip(value) {
            out.push_str(value);
            rest = after;
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out + rest
}
