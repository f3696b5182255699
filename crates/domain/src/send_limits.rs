//! How much may be sent, to whom, in which time.

use crate::{
    Timestamp,
    email::EmailAddress,
    id::{MemberId, ProjectId},
    phone::PhoneNumber,
    time::Span,
};

/// At most `most` messages in one window of this length. Windows are fixed
/// and aligned to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub most: i64,
    pub window: Span,
}

impl Limit {
    /// When the window that holds `now` began.
    pub fn window_start(self, now: Timestamp) -> Timestamp {
        let length = self.window.as_milliseconds();
        Timestamp::from_milliseconds(now.milliseconds().div_euclid(length) * length)
    }
}

/// Which limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// The figures of `docs/limits.md`.
    Strict,
    /// A thousand times as much and no pause between messages: room for test suites.
    Roomy,
}

/// One counted thing: what is counted, and the limit on it.
pub type Counted = (String, Limit);

/// Everything a text message counts against.
pub fn of_text(
    strictness: Strictness,
    project: &ProjectId,
    member: &MemberId,
    phone: &PhoneNumber,
) -> Vec<Counted> {
    let member = format!("sms member {member}");
    let number = format!("sms number {phone}");
    let block = format!("sms block {}", phone.block());
    let counted = vec![
        (member.clone(), limit(1, Span::seconds(30))),
        (member.clone(), limit(5, Span::hours(1))),
        (member, limit(10, Span::days(1))),
        (number.clone(), limit(1, Span::seconds(30))),
        (number.clone(), limit(5, Span::hours(1))),
        (number, limit(10, Span::days(1))),
        (block, limit(50, Span::hours(1))),
        (format!("sms project {project}"), limit(10_000, Span::days(1))),
    ];
    in_force(strictness, counted)
}

/// Everything an e-mail counts against.
pub fn of_mail(strictness: Strictness, project: &ProjectId, address: &EmailAddress) -> Vec<Counted> {
    let recipient = format!("mail address {}", address.canonical());
    let counted = vec![
        (recipient.clone(), limit(1, Span::seconds(30))),
        (recipient, limit(6, Span::hours(1))),
        (format!("mail project {project}"), limit(100_000, Span::days(1))),
    ];
    in_force(strictness, counted)
}

const fn limit(most: i64, window: Span) -> Limit {
    Limit { most, window }
}

fn in_force(strictness: Strictness, counted: Vec<Counted>) -> Vec<Counted> {
    match strictness {
        Strictness::Strict => counted,
        Strictness::Roomy => counted
            .into_iter()
            .filter(|(_, it)| it.most > 1)
            .map(|(key, it)| (key, limit(it.most * 1000, it.window)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_aligned_to_the_clock() {
        let hourly = limit(5, Span::hours(1));
        let start = hourly.window_start(Timestamp::from_milliseconds(2 * 3_600_000 + 5));
        assert_eq!(start, Timestamp::from_milliseconds(2 * 3_600_000));
    }
}
