//! The mails with a link or a code.

use super::{
    page::{Action, Page},
    words::{Letter, filled},
};
use crate::templates::Dress;
use delivery::Mail;
use domain::{
    email::EmailAddress,
    factors::sms_otp::Passcode,
    id::MessageId,
    templates::{Kind, Values},
    time::Span,
};

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    Login,
    Signup,
    Invite,
    /// The first proof of an address that a member changes to.
    EmailUpdate,
}

impl Occasion {
    /// The kind of template that a link is mailed by.
    pub fn of_link(self) -> Kind {
        match self {
            Self::Login | Self::EmailUpdate => Kind::Login,
            Self::Signup => Kind::Signup,
            Self::Invite => Kind::Invite,
        }
    }

    /// The kind of template that a code is mailed by.
    pub fn of_code(self) -> Kind {
        match self {
            Self::Login | Self::EmailUpdate => Kind::OtpLogin,
            Self::Signup | Self::Invite => Kind::OtpSignup,
        }
    }
}

/// A link to follow.
pub struct LinkMail<'a> {
    pub link: &'a str,
    pub minutes: i64,
    pub occasion: Occasion,
    pub dress: &'a Dress,
}

/// A code to type.
pub struct CodeMail<'a> {
    pub code: &'a Passcode,
    pub lives: Span,
    pub occasion: Occasion,
    pub dress: &'a Dress,
}

/// One link to set a password, and perhaps one to log in without.
pub struct ResetMail<'a> {
    pub reset: &'a str,
    pub login: Option<String>,
    pub minutes: i64,
    /// Whether there is no password yet.
    pub is_first: bool,
    pub dress: &'a Dress,
}

impl LinkMail<'_> {
    pub fn to(&self, address: EmailAddress, id: &MessageId) -> Mail {
        let words = self.dress.words();
        let letter = match self.occasion {
            Occasion::Login => &words.login,
            Occasion::Signup => &words.signup,
            Occasion::Invite => &words.invite,
            Occasion::EmailUpdate => &words.new_address,
        };
        let action = Action::Link { link: self.link, button: letter.button };
        let page = page(self.dress, letter, (action, words.link_ends, self.minutes));
        let values = Values::default().with("link", self.link).with("expires_in", words.time(self.minutes));
        page.to(address, id, (self.dress, values))
    }
}

impl CodeMail<'_> {
    pub fn to(&self, address: EmailAddress, id: &MessageId) -> Mail {
        let words = self.dress.words();
        let letter = match self.occasion {
            Occasion::Login => &words.login_code,
            Occasion::Signup | Occasion::Invite => &words.signup_code,
            Occasion::EmailUpdate => &words.new_address_code,
        };
        let (code, minutes) = (self.code.expose(), self.lives.as_minutes());
        let page = page(self.dress, letter, (Action::Code(code), words.code_ends, minutes));
        let values = Values::default().with("code", code).with("expires_in", words.time(minutes));
        page.to(address, id, (self.dress, values))
    }
}

impl ResetMail<'_> {
    /// The kind of template that it is mailed by.
    pub fn kind(is_first: bool) -> Kind {
        if is_first { Kind::EmailVerification } else { Kind::ResetPassword }
    }

    pub fn to(&self, address: EmailAddress, id: &MessageId) -> Mail {
        let words = self.dress.words();
        let letter = if self.is_first { &words.first_password } else { &words.reset };
        let action = Action::Link { link: self.reset, button: letter.button };
        let ends = if self.login.is_some() { words.links_end } else { words.link_ends };
        let mut page = page(self.dress, letter, (action, ends, self.minutes));
        page.aside = self.login.as_deref().map(|link| (words.without_password, link));
        let values = Values::default()
            .with("link", self.reset)
            .with("login_link", self.login.clone().unwrap_or_default())
            .with("expires_in", words.time(self.minutes));
        page.to(address, id, (self.dress, values))
    }
}

fn page<'a>(dress: &'a Dress, letter: &Letter, (action, ends, minutes): (Action<'a>, &str, i64)) -> Page<'a> {
    let (words, named) = (dress.words(), [("name", dress.name())]);
    Page {
        subject: filled(letter.subject, &named),
        greeting: filled(letter.greeting, &named),
        action,
        aside: None,
        small_print: filled(ends, &[("time", &words.time(minutes))]),
    }
}
