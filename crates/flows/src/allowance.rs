//! What may be sent: countries, caps, the credit of unverified codes, and money.
//!
//! A message is counted in the transaction of its cause. Money is counted once
//! for every attempt to hand it over, before the attempt: a fail-over costs again.

pub mod administration;
pub mod spend;
mod warnings;

use crate::{App, Call, Result, audit};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor},
    id::{OrganizationId, ProjectId},
    members::Member,
    money::Micros,
    phone::PhoneNumber,
    projects::Project,
    send_limits::{self, Budget, Counted, Limit, Origin, Recipient, Strictness, Subject, UsedUp, Window},
    sms_credit::Credit,
};
use rand::RngCore;
use serde_json::json;
use store::{Conn, Tenant, Tx, members::shared_numbers, send_counters, sms_budgets, sms_credits};

/// Counts one text with a code, against everything but money; all of it or
/// nothing. Returns what was counted.
///
/// # Errors
/// `SpecialPhoneNumber`, `InvalidPhoneNumberCountryCode`, `UsedUp`.
pub async fn code(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (number, origin): (&PhoneNumber, Origin),
) -> Result<Vec<Counted>> {
    let counted = text(call, tx, (tenant, member), (number, origin)).await?;
    if takes_credit(call, tx, tenant, number).await? {
        return Ok(counted);
    }
    send_counters::give_back(tx, tenant.project_id(), &counted, call.now).await?;
    let used_up = UsedUp { subject: Subject::Unverified, window: Window::HOUR };
    Err(Refusal::UsedUp(used_up).into())
}

/// Counts one text of any kind, against caps alone. Returns what was counted.
///
/// # Errors
/// As [`code`].
pub async fn text(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (number, origin): (&PhoneNumber, Origin),
) -> Result<Vec<Counted>> {
    if !number.is_ordinary() {
        return Err(Refusal::SpecialPhoneNumber.into()); // it was taken before such numbers were refused
    }
    if !call.project.settings.sms_countries.allow(number.country()) {
        return Err(Refusal::InvalidPhoneNumberCountryCode.into());
    }
    let to = Recipient {
        project: tenant.project_id(),
        organization: tenant.organization_id(),
        member: &member.member_id,
        phone: number,
    };
    let counted = send_limits::of_text(call.app.strictness, call.project.settings.sms.caps, origin, to);
    let taken = send_counters::take(tx, tenant.project_id(), &counted, call.now).await?;
    let warnings = taken.map_err(Refusal::UsedUp)?;
    warnings::note(tx, tenant, &warnings, (call.now, &mut call.rng)).await?;
    Ok(counted)
}

/// Numbers of no country have no credit; no list of countries holds them either.
async fn takes_credit(call: &Call, tx: &mut Tx, tenant: &Tenant, number: &PhoneNumber) -> Result<bool> {
    let rules = call.project.settings.sms.credit.in_force(call.app.strictness);
    let Some(country) = number.country().filter(|_| rules.is_on()) else { return Ok(true) };
    let before = sms_credits::hold(tx, tenant, country, Credit::new(rules, call.now)).await?;
    let Some(after) = before.sent(rules, call.now) else { return Ok(false) };
    sms_credits::save(tx, tenant, country, after).await?;
    Ok(true)
}

/// Nothing was sent after all: what [`code`] counted is taken back.
///
/// # Errors
/// When the database fails.
pub async fn not_sent(
    call: &Call,
    tx: &mut Tx,
    (tenant, number): (&Tenant, &PhoneNumber),
    counted: &[Counted],
) -> Result<()> {
    send_counters::give_back(tx, tenant.project_id(), counted, call.now).await?;
    let rules = call.project.settings.sms.credit.in_force(call.app.strictness);
    let Some(country) = number.country().filter(|_| rules.is_on()) else { return Ok(()) };
    let before = sms_credits::hold(tx, tenant, country, Credit::new(rules, call.now)).await?;
    Ok(sms_credits::save(tx, tenant, country, before.not_sent()).await?)
}

/// A code was entered: its credit is there again.
///
/// # Errors
/// When the database fails.
pub async fn verified(call: &Call, tx: &mut Tx, tenant: &Tenant, number: &PhoneNumber) -> Result<()> {
    let rules = call.project.settings.sms.credit.in_force(call.app.strictness);
    let Some(country) = number.country().filter(|_| rules.is_on()) else { return Ok(()) };
    let before = sms_credits::hold(tx, tenant, country, Credit::new(rules, call.now)).await?;
    Ok(sms_credits::save(tx, tenant, country, before.verified(rules, call.now)).await?)
}

/// Puts on record that a number, just confirmed, is that of many members of the project.
///
/// # Errors
/// When the database fails.
pub async fn note_shared(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    number: &PhoneNumber,
) -> Result<()> {
    let sharing = shared_numbers::count(tx, tenant.project_id(), number).await?;
    if sharing <= i64::from(call.project.settings.sms.shared_number_members) {
        return Ok(());
    }
    let details = [("members", json!(sharing))];
    audit::note(call, tx, tenant, Some(&member.member_id), (Action::PhoneShared, Actor::Member), &details)
        .await
}

/// An attempt to hand a text over, about to be made.
pub struct Attempt<'a> {
    pub project: &'a Project,
    pub tenant: &'a Tenant,
    pub provider: &'a str,
    pub number: &'a PhoneNumber,
}

/// Counts the price of an attempt against every budget, or against none. The
/// price goes to the ledger in the same transaction.
///
/// # Errors
/// `UsedUp` when a budget does not hold it; `InvalidPhoneNumberCountryCode`
/// when the table of prices does not say what it costs.
pub async fn attempt(
    app: &App,
    tx: &mut Tx,
    wanted: &Attempt<'_>,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Micros> {
    let price = app.prices.of(wanted.provider, wanted.number);
    let price = price.ok_or(Refusal::InvalidPhoneNumberCountryCode)?;
    let counted = draws_on(app, tx, (wanted.project, wanted.tenant), price).await?;
    let taken = send_counters::take(tx, wanted.tenant.project_id(), &counted, now).await?;
    let warnings = taken.map_err(|it| refused(wanted, it))?;
    warnings::note(tx, wanted.tenant, &warnings, (now, rng)).await?;
    Ok(price)
}

fn refused(wanted: &Attempt<'_>, used_up: UsedUp) -> Refusal {
    let (project, budget) = (&wanted.project.project_id, used_up.subject.name());
    tracing::warn!(%project, budget, "a text was not sent: the budget is used up");
    Refusal::UsedUp(used_up)
}

/// Gives the price of an attempt back that was counted at a time: only when the
/// provider certainly did not take the message.
///
/// # Errors
/// When the database fails.
pub async fn not_taken(
    tx: &mut Tx,
    (project, organization): (&ProjectId, &OrganizationId),
    (price, counted_at): (Micros, Timestamp),
) -> Result<()> {
    // What is counted does not depend on how much may be.
    let of = (project, organization);
    let counted = send_limits::of_attempt(Strictness::Strict, Budget::default(), of, price);
    Ok(send_counters::give_back(tx, project, &counted, counted_at).await?)
}

async fn draws_on(
    app: &App,
    conn: &mut Conn,
    (project, tenant): (&Project, &Tenant),
    price: Micros,
) -> Result<Vec<Counted>> {
    let budget = budget(conn, project, tenant).await?;
    let of = (tenant.project_id(), tenant.organization_id());
    Ok(send_limits::of_attempt(app.strictness, budget, of, price))
}

/// The budgets of an organization and its project: the organization's own
/// before what the project sets for each.
///
/// # Errors
/// When the database fails.
pub async fn budget(conn: &mut Conn, project: &Project, tenant: &Tenant) -> Result<Budget> {
    let of_all = project.settings.sms.budget;
    Ok(match sms_budgets::find(conn, tenant).await? {
        Some(own) => Budget { organization_day: own.day, organization_month: own.month, ..of_all },
        None => of_all,
    })
}

/// What is used of a budget, and what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetState {
    pub subject: Subject,
    pub window: Window,
    pub used: Micros,
    /// None for no limit.
    pub limit: Option<Micros>,
}

/// How far the budgets are used.
///
/// # Errors
/// When the database fails.
pub async fn budgets(
    app: &App,
    conn: &mut Conn,
    (project, tenant): (&Project, &Tenant),
    now: Timestamp,
) -> Result<Vec<BudgetState>> {
    let mut states = Vec::new();
    for it in draws_on(app, conn, (project, tenant), Micros::default()).await? {
        let Limit { most, window } = it.limit;
        let used = Micros::new(send_counters::used(conn, tenant.project_id(), &it, now).await?);
        let limit = (most < i64::MAX).then_some(Micros::new(most));
        states.push(BudgetState { subject: it.subject, window, used, limit });
    }
    Ok(states)
}
