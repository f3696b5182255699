//! The messages, before anything is decided about how they leave.

use domain::{email::EmailAddress, phone::PhoneNumber};
use std::fmt;

/// One text message. `Debug` shows neither the text nor the whole number.
#[derive(Clone)]
pub struct TextMessage {
    /// Names the message in logs and lets a webhook's receiver drop duplicates.
    pub id: String,
    pub to: PhoneNumber,
    pub text: String,
    /// The one-time code within the text, for the dev inbox only.
    pub code: Option<String>,
}

/// One e-mail. `Debug` shows nothing of its content and only the domain of its recipient.
#[derive(Clone)]
pub struct Mail {
    /// Letters, digits, `-`, `_` and `.` only: it is the left part of the Message-ID.
    pub id: String,
    pub to: EmailAddress,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The link within the text, for the dev inbox only.
    pub link: Option<String>,
    /// The one-time code within the text, for the dev inbox only.
    pub code: Option<String>,
}

impl fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextMessage")
            .field("id", &self.id)
            .field("to", &self.to.masked())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("id", &self.id)
            .field("to", &format_args!("…@{}", self.to.domain()))
            .finish_non_exhaustive()
    }
}
