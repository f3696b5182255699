//! What stands before each attempt: it is paid for and written down before it
//! is made.

use super::{body::Body, ledger::started};
use crate::{
    App, Result,
    allowance::{self, Attempt as Paid},
};
use domain::{Refusal, Timestamp, money::Micros, phone::PhoneNumber};
use rand::RngCore;
use store::{
    Tx,
    messages::{self, Attempt, Message},
    projects, tenant,
};

/// Pays for an attempt and writes it down.
///
/// # Errors
/// `UsedUp` when no budget holds its price, and what else [`allowance::attempt`] refuses.
pub async fn attempt(
    app: &App,
    tx: &mut Tx,
    (message, body): (&Message, &Body),
    (number, provider): (i64, String),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Attempt> {
    let price = match body {
        Body::Text(text) => of_text(app, tx, message, (&provider, &text.to), (now, rng)).await?,
        Body::Mail(_) => Micros::default(),
    };
    begin(tx, message, (number, provider), (price, now)).await
}

/// Writes an attempt down that is paid for.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &mut Tx,
    message: &Message,
    place: (i64, String),
    (price, now): (Micros, Timestamp),
) -> Result<Attempt> {
    let attempt = Attempt { began_at: now, ..started(message, place, price.get()) };
    messages::begin(tx, &attempt).await?;
    Ok(attempt)
}

async fn of_text(
    app: &App,
    tx: &mut Tx,
    message: &Message,
    (provider, number): (&str, &PhoneNumber),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Micros> {
    let organization = message.organization_id.as_ref().ok_or(Refusal::OrganizationNotFound)?;
    let project = projects::find(tx, &message.project_id).await?.ok_or(Refusal::ProjectNotFound)?;
    let tenant = tenant::by_id(tx, &message.project_id, organization).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let wanted = Paid { project: &project, tenant: &tenant, provider, number };
    allowance::attempt(app, tx, &wanted, (now, rng)).await
}
