//! Mail templates: the looks of the built-in mails, or words of one's own.
//!
//! A template belongs to a project or to one of its organizations. Prebuilt
//! ones dress the built-in mails of every kind and language; custom ones stand
//! in for one kind in one language.

mod brand;
mod choice;
mod custom;
mod markup;
mod placeholders;
#[cfg(test)]
mod tests;

pub use brand::{Brand, Color, LogoUrl};
pub use choice::{Scope, Stored, chosen};
pub use custom::{Custom, Rendered, Values};

use crate::locale::Locale;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Templates of one project, or of one organization, at most.
pub const MOST: usize = 200;

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub template_id: TemplateId,
    /// Whether it is used where no id is named.
    pub is_default: bool,
    pub content: Content,
}

impl Template {
    /// Whether both are kept under the same name: id and language.
    pub fn is_in_place_of(&self, other: &Self) -> bool {
        self.template_id == other.template_id && self.content.locale() == other.content.locale()
    }

    /// Why the other cannot stand beside it, if it cannot: an id is once in a language and of one kind
    /// in all of them, and of a kind in a language there is one default.
    pub fn rivals(&self, other: &Self) -> Option<String> {
        let (mine, others) = (&self.content, &other.content);
        if self.template_id == other.template_id {
            return match () {
                () if self.is_in_place_of(other) => Some("it is there twice".to_owned()),
                () if mine.kind() != others.kind() => {
                    Some("it is of another kind in another language".to_owned())
                }
                () => None,
            };
        }
        let is_same_mail = (mine.kind(), mine.locale()) == (others.kind(), others.locale());
        let are_rivals = is_same_mail && self.is_default && other.is_default;
        are_rivals.then(|| format!("{} is the default already", self.template_id))
    }
}

/// Prebuilt or custom, never both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    Prebuilt(Brand),
    Custom(Custom),
}

impl Content {
    /// None for what serves every kind.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Prebuilt(_) => None,
            Self::Custom(it) => Some(it.kind),
        }
    }

    /// None for what serves every language.
    pub fn locale(&self) -> Option<Locale> {
        match self {
            Self::Prebuilt(_) => None,
            Self::Custom(it) => Some(it.locale),
        }
    }

    /// Takes a template, or says what is wrong with it.
    ///
    /// # Errors
    /// Tells its author which field cannot be taken, and why.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Prebuilt(_) => Ok(()),
            Self::Custom(it) => it.check(),
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a mail is for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }

        impl fmt::Display for Kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text,)* })
            }
        }

        impl FromStr for Kind {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$name),)*
                    _ => Err(format!("a kind of template: {}", [$($text),*].join(", "))),
                }
            }
        }
    };
}

kinds! {
    /// A link to log in with; discovery uses it, too.
    Login = "login",
    Signup = "signup",
    Invite = "invite",
    /// A code to log in with; discovery uses it, too.
    OtpLogin = "otp_login",
    OtpSignup = "otp_signup",
    ResetPassword = "reset_password",
    /// The first password of an address.
    EmailVerification = "email_verification",
    /// What a member is told of their own account.
    Notice = "notice",
}

impl Kind {
    /// What the mail is sent for: a template without it would be worth nothing.
    pub fn mandatory(self) -> &'static str {
        match self {
            Self::Login | Self::Signup | Self::Invite | Self::ResetPassword | Self::EmailVerification => {
                "link"
            }
            Self::OtpLogin | Self::OtpSignup => "code",
            Self::Notice => "notice",
        }
    }

    /// The variables that may stand in it, beside the mandatory one.
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Login | Self::Signup | Self::Invite | Self::OtpLogin | Self::OtpSignup => {
                &["organization_name", "project_name", "member_name", "expires_in"]
            }
            Self::ResetPassword | Self::EmailVerification => {
                &["organization_name", "project_name", "member_name", "expires_in", "login_link"]
            }
            Self::Notice => &["organization_name", "project_name", "member_name"],
        }
    }
}

/// The name that requests call a template by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TemplateId(String);

impl TemplateId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TemplateId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if (1..=128).contains(&text.len()) && text.bytes().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a template id has 1 to 128 letters, digits, hyphens, underscores and dots")
        }
    }
}

impl TryFrom<String> for TemplateId {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TemplateId> for String {
    fn from(id: TemplateId) -> Self {
        id.0
    }
}

impl fmt::Display for TemplateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
