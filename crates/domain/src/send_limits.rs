//! How much may be sent, to whom, in which time, and for how much money.

mod money;
mod texts;
mod window;

pub use money::{Budget, of_attempt};
pub use texts::{Caps, Origin, Recipient, of_text};
pub use window::Window;

use crate::{email::EmailAddress, id::ProjectId, time::Span};
use std::fmt;

/// At most `most` of it in one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub most: i64,
    pub window: Window,
}

/// Which limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// The figures of `docs/limits.md`.
    Strict,
    /// A thousand times as much and no pause between messages: room for test suites.
    Roomy,
}

/// What a limit is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    MailAddress,
    MailProject,
    Member,
    Number,
    Block,
    ClientAddress,
    Organization,
    Project,
    OrganizationMoney,
    ProjectMoney,
    /// Codes to a country that nobody entered; a credit, not a window.
    Unverified,
}

/// One counted thing: what is counted, the limit on it, and how much of it this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub subject: Subject,
    /// Unlike every other subject's.
    pub key: String,
    pub limit: Limit,
    /// One message, or the millionths of an attempt's price.
    pub weight: i64,
}

/// What a refused message would have gone beyond; tells how to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedUp {
    pub subject: Subject,
    pub window: Window,
}

impl Counted {
    /// When so much of it is used, the operator is told: 80 in 100.
    pub fn is_nearly_used_up(&self, used: i64) -> bool {
        i128::from(used) * 100 >= i128::from(self.limit.most) * 80
    }

    pub fn used_up(&self) -> UsedUp {
        UsedUp { subject: self.subject, window: self.limit.window }
    }
}

impl Subject {
    /// Whether the operator is told before it is used up: what one person can
    /// use up alone is no news.
    pub fn warns(self) -> bool {
        match self {
            Self::Organization | Self::Project | Self::OrganizationMoney | Self::ProjectMoney => true,
            Self::MailAddress
            | Self::MailProject
            | Self::Member
            | Self::Number
            | Self::Block
            | Self::ClientAddress
            | Self::Unverified => false,
        }
    }

    /// As events and reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MailAddress => "mail_address",
            Self::MailProject => "mail_project",
            Self::Member => "member",
            Self::Number => "number",
            Self::Block => "block",
            Self::ClientAddress => "client_address",
            Self::Organization => "organization",
            Self::Project => "project",
            Self::OrganizationMoney => "organization_budget",
            Self::ProjectMoney => "project_budget",
            Self::Unverified => "unverified_credit",
        }
    }
}

impl fmt::Display for UsedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.subject {
            Subject::MailAddress => "e-mails to this address",
            Subject::MailProject => "e-mails of the project",
            Subject::Member => "text messages to this member",
            Subject::Number => "text messages to this number",
            Subject::Block => "text messages to numbers next to this one",
            Subject::ClientAddress => "text messages asked for from this address",
            Subject::Organization => "text messages of the organization",
            Subject::Project => "text messages of the project",
            Subject::OrganizationMoney => "the organization's budget for text messages",
            Subject::ProjectMoney => "the project's budget for text messages",
            Subject::Unverified => "text messages to this country whose codes nobody entered",
        };
        match self.subject {
            Subject::OrganizationMoney | Subject::ProjectMoney => {
                write!(f, "Used up for {}: {what}.", self.window)
            }
            Subject::Unverified => write!(f, "Too many {what}: try again later."),
            Subject::MailAddress
            | Subject::MailProject
            | Subject::Member
            | Subject::Number
            | Subject::Block
            | Subject::ClientAddress
            | Subject::Organization
            | Subject::Project => write!(f, "The limit for {} is reached: {what}.", self.window),
        }?;
        match self.subject {
            Subject::MailAddress | Subject::MailProject => f.write_str(" Wait before the next."),
            Subject::Member
            | Subject::Number
            | Subject::Block
            | Subject::ClientAddress
            | Subject::Organization
            | Subject::Project
            | Subject::OrganizationMoney
            | Subject::ProjectMoney
            | Subject::Unverified => f.write_str(" The member's other second factors work."),
        }
    }
}

/// Everything an e-mail counts against.
pub fn of_mail(strictness: Strictness, project: &ProjectId, address: &EmailAddress) -> Vec<Counted> {
    let recipient = format!("mail address {}", address.canonical());
    let counted = vec![
        message(Subject::MailAddress, &recipient, 1, Span::seconds(30)),
        message(Subject::MailAddress, &recipient, 6, Span::hours(1)),
        message(Subject::MailProject, &format!("mail project {project}"), 100_000, Span::days(1)),
    ];
    in_force(strictness, counted)
}

fn message(subject: Subject, key: &str, most: i64, window: Span) -> Counted {
    let limit = Limit { most, window: Window::Of(window) };
    Counted { subject, key: key.to_owned(), limit, weight: 1 }
}

fn in_force(strictness: Strictness, counted: Vec<Counted>) -> Vec<Counted> {
    let roomier = |it: Counted| {
        let limit = Limit { most: it.limit.most.saturating_mul(1000), ..it.limit };
        Counted { limit, ..it }
    };
    match strictness {
        Strictness::Strict => counted,
        Strictness::Roomy => counted.into_iter().filter(|it| it.limit.most > 1).map(roomier).collect(),
    }
}
