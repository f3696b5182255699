//! `vestibule trace`: the way of a message, a line a step.

use super::{meant, open};
use crate::{Failure, command::trace::Trace};
use domain::{
    Timestamp,
    messages::{Hindrance, Outcome},
    money::Micros,
};
use flows::sending::trace::{self, Asked, Traced};
use std::io::{Write, stdout};
use store::messages::Attempt;

/// # Errors
/// When the project is not there, or what was named is no number, address or message.
pub async fn run(options: Trace) -> Result<(), Failure> {
    let app = open(&options.configured).await?;
    let project = meant(&app, options.project.as_deref()).await?.project_id;
    let found = if let Ok(id) = options.whom.parse() {
        trace::find(&app, &project, &id).await?.into_iter().collect()
    } else {
        let organization = options.organization.as_deref();
        let asked = Asked { recipient: Some(&options.whom), organization, ..Asked::default() };
        trace::list(&app, &project, asked, (None, options.limit)).await?
    };
    if found.is_empty() {
        return Err("nothing was sent there by this project".into());
    }
    for traced in &found {
        write!(stdout(), "{}", told(traced))?;
    }
    Ok(())
}

fn told(Traced { message, attempts }: &Traced) -> String {
    let mut lines = vec![format!(
        "{}  {} to {}, {}: {}",
        message.message_id, message.channel, message.recipient, message.purpose, message.state
    )];
    let mut step = |at: Timestamp, what: String| lines.push(format!("  {at}  {what}"));
    let country = message.country.map(|it| format!(", country {it}")).unwrap_or_default();
    step(message.created_at, format!("{}{country}; given up at {}", message.reason, message.deadline));
    for attempt in attempts {
        step(attempt.began_at, format!("{}: {}", attempt.provider, outcome(attempt)));
        if let (Some(receipt), Some(at)) = (attempt.receipt, attempt.receipt_at) {
            let code = attempt.receipt_code.map(|it| format!(" (code {it})")).unwrap_or_default();
            step(at, format!("{}: receipt says {receipt}{code}", attempt.provider));
        }
    }
    if let (Some(hindrance), Some(at)) = (message.hindrance, message.failed_at) {
        lines.push(format!("  {at}  {}", given_up(hindrance)));
    }
    if message.wrong_guesses > 0 {
        lines.push(format!("  something else was entered {} times", message.wrong_guesses));
    }
    if let Some(at) = message.verified_at {
        lines.push(format!("  {at}  verified"));
    }
    lines.join("\n") + "\n"
}

fn given_up(hindrance: Hindrance) -> &'static str {
    match hindrance {
        Hindrance::ProjectBudget => "given up: the project's budget for texts is used up",
        Hindrance::OrganizationBudget => "given up: the organization's budget for texts is used up",
        Hindrance::Refused => "given up: its project, its organization or a price for the number is gone",
        Hindrance::Unreadable => "given up: its words cannot be read, the key they are under is gone",
    }
}

fn outcome(attempt: &Attempt) -> String {
    let status = attempt.status.map(|it| format!(", status {it}")).unwrap_or_default();
    let code = attempt.code.map(|it| format!(", code {it}")).unwrap_or_default();
    let price = Micros::new(attempt.price_micros);
    let paid = if attempt.outcome.is_charged() && attempt.price_micros > 0 {
        format!(", price {price}")
    } else {
        String::new()
    };
    let took = match attempt.ended_at {
        Some(at) => format!(" after {} ms", at.milliseconds() - attempt.began_at.milliseconds()),
        None => String::new(),
    };
    let word = match attempt.outcome {
        Outcome::Started => "handed over, without an answer yet",
        Outcome::Accepted => "accepted",
        Outcome::Refused => "not taken",
        Outcome::Unknown => "no answer, it may have been sent",
        Outcome::Impossible => "cannot be sent",
    };
    format!("{word}{took}{status}{code}{paid}")
}
