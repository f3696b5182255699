//! What is known of a text or an e-mail: the delivery ledger.

use crate::time::Span;
use std::{fmt, str::FromStr};
use thiserror::Error;

/// The text names nothing of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a word of the delivery ledger")]
pub struct NotOfTheLedger;

macro_rules! words {
    ($($(#[$doc:meta])* $type:ident { $($(#[$about:meta])* $name:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type { $($(#[$about])* $name,)* }

        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = NotOfTheLedger;
            fn from_str(text: &str) -> Result<Self, NotOfTheLedger> {
                match text { $($text => Ok(Self::$name),)* _ => Err(NotOfTheLedger) }
            }
        }
    )*};
}

words! {
    /// The way a message takes.
    Channel {
        Sms = "sms",
        Email = "email",
    }
    /// What a message is for.
    Purpose {
        /// The second factor by text.
        Passcode = "passcode",
        EmailCode = "email_code",
        MagicLink = "magic_link",
        Invite = "invite",
        DiscoveryLink = "discovery_link",
        DiscoveryCode = "discovery_code",
        PasswordReset = "password_reset",
        EmailUpdate = "email_update",
        /// Tells a member what was done with their factors.
        Notice = "notice",
    }
    /// Which rule decided that it is sent.
    Reason {
        /// The caller asked for it.
        Requested = "requested",
        /// MFA rule 15: the first factor was proved, and a text is how this member goes on.
        Automatic = "automatic",
        /// A factor of the member was changed.
        Notice = "notice",
    }
    /// How far a message has come.
    State {
        /// For its first attempt, or for another.
        Waiting = "waiting",
        /// A provider took it.
        Accepted = "accepted",
        /// A receipt says that it arrived.
        Delivered = "delivered",
        /// What it carried was used: it arrived, whatever receipts say.
        Verified = "verified",
        /// No provider takes it, or a receipt says that it did not arrive.
        Failed = "failed",
        /// Its time was over before a provider took it.
        Expired = "expired",
        /// A newer code took its place before a provider took it.
        Superseded = "superseded",
    }
    /// How an attempt to hand a message over ended.
    Outcome {
        /// It has not, as far as anybody wrote down: it may have been sent.
        Started = "started",
        Accepted = "accepted",
        /// The provider did not take it; another, or the same later, may.
        Refused = "refused",
        /// No answer: it may have been sent.
        Unknown = "unknown",
        /// Nobody can send this, now or later.
        Impossible = "impossible",
    }
    /// Why no provider is asked any more to take a message.
    Hindrance {
        /// What the project or the organization may spend is used up until after the message's time.
        ProjectBudget = "project_budget",
        OrganizationBudget = "organization_budget",
        /// The project, the organization or a price for the number is no longer there.
        Refused = "refused",
        /// What it says cannot be read: it is under a key that is gone.
        Unreadable = "unreadable",
    }
    /// Along what the bill of texts is told in parts.
    SpendBy {
        Organization = "organization",
        Country = "country",
        Provider = "provider",
        Purpose = "purpose",
        /// In UTC.
        Day = "day",
    }
    /// What a receipt says.
    ReceiptKind {
        Pending = "pending",
        Delivered = "delivered",
        Failed = "failed",
    }
}

impl Purpose {
    /// In the order in which what waits is handed over: codes, which live for
    /// minutes; links that somebody waits for at a screen; then what can wait.
    pub const BY_URGENCY: [Self; 9] = [
        Self::Passcode,
        Self::EmailCode,
        Self::DiscoveryCode,
        Self::EmailUpdate,
        Self::MagicLink,
        Self::DiscoveryLink,
        Self::PasswordReset,
        Self::Notice,
        Self::Invite,
    ];
}

impl Outcome {
    /// Whether the attempt may have cost something.
    pub fn is_charged(self) -> bool {
        match self {
            Self::Started | Self::Accepted | Self::Unknown => true,
            Self::Refused | Self::Impossible => false,
        }
    }
}

/// The longest that a message waits, whatever it carries.
const LONGEST_WAIT: Span = Span::days(1);
/// What is left of a code's life when its message is given up: time to read and type it.
const TO_TYPE: Span = Span::seconds(30);

/// How long handing over is tried for something that lives this long.
pub fn worth_sending_for(lives: Span) -> Span {
    let left = lives.as_milliseconds() - TO_TYPE.as_milliseconds();
    Span::milliseconds(left.clamp(0, LONGEST_WAIT.as_milliseconds()))
}

/// How long to wait after an attempt that failed, counted from one, when so much
/// time is left. Codes live for minutes: no pause is longer than an eighth of
/// what is left, unless it is the first, the shortest.
pub fn pause_after(channel: Channel, attempts: i64, left: Span) -> Span {
    let (first, most) = match channel {
        Channel::Sms => (Span::seconds(2), Span::seconds(15)),
        Channel::Email => (Span::seconds(5), Span::minutes(30)),
    };
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or_default();
    let pause = first.as_milliseconds().saturating_mul(1_i64 << doublings);
    let most = most.min(Span::milliseconds(left.as_milliseconds() / 8)).max(first);
    Span::milliseconds(pause).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_given_up_before_it_dies() {
        assert_eq!(worth_sending_for(Span::minutes(2)), Span::seconds(90));
        assert_eq!(worth_sending_for(Span::days(7)), Span::days(1));
        assert_eq!(worth_sending_for(Span::seconds(10)), Span::seconds(0));
    }

    #[test]
    fn pauses_double_up_to_a_bound() {
        let seconds = |channel, left: Span| {
            [1, 2, 3, 4, 5].map(|it| pause_after(channel, it, left).as_milliseconds() / 1000)
        };
        assert_eq!(seconds(Channel::Sms, Span::days(1)), [2, 4, 8, 15, 15]);
        assert_eq!(seconds(Channel::Sms, Span::seconds(80)), [2, 4, 8, 10, 10]);
        assert_eq!(seconds(Channel::Email, Span::minutes(4)), [5, 10, 20, 30, 30]);
        assert_eq!(seconds(Channel::Email, Span::seconds(0)), [5; 5]);
        assert_eq!(pause_after(Channel::Email, i64::MAX, Span::days(1)), Span::minutes(30));
    }

    #[test]
    fn nothing_is_left_out_of_the_order_of_urgency() {
        assert!(Purpose::ALL.iter().all(|it| Purpose::BY_URGENCY.contains(it)));
        assert_eq!(Purpose::BY_URGENCY.len(), Purpose::ALL.len());
    }

    #[test]
    fn every_word_survives_writing_and_reading() {
        assert!(State::ALL.iter().all(|it| it.to_string().parse() == Ok(*it)));
        assert!(Purpose::ALL.iter().all(|it| it.to_string().parse() == Ok(*it)));
        assert_eq!("sent".parse::<Outcome>(), Err(NotOfTheLedger));
    }
}
