//! Telling the operator, once a window, that something is nearly used up.

use crate::{Result, projects, webhooks};
use domain::{
    Timestamp,
    audit::{Action, Actor},
    send_limits::{Counted, Subject},
};
use rand::RngCore;
use serde_json::json;
use store::{Tenant, Tx};

/// Puts each on record in the transaction that crossed the line, and says so in the log.
///
/// # Errors
/// When the database fails.
pub(super) async fn note(
    tx: &mut Tx,
    tenant: &Tenant,
    warnings: &[Counted],
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    for it in warnings {
        let window = it.limit.window.name();
        let project = tenant.project_id();
        tracing::warn!(%project, budget = it.subject.name(), window, "80 % of what may be sent is used");
        let mut event = projects::event(project, Action::SmsBudgetWarning, now, rng);
        event.actor = Actor::Project;
        event.organization_id = of_organization(it.subject).then(|| tenant.organization_id().clone());
        for (name, value) in
            [("budget", json!(it.subject.name())), ("window", json!(window)), ("limit", json!(it.limit.most))]
        {
            event.details.0.insert(name.to_owned(), value);
        }
        store::audit::append(tx, &event).await?;
        webhooks::announce_unread(tx, &event).await?;
    }
    Ok(())
}

fn of_organization(subject: Subject) -> bool {
    match subject {
        Subject::Organization | Subject::OrganizationMoney => true,
        Subject::Project
        | Subject::ProjectMoney
        | Subject::MailAddress
        | Subject::MailProject
        | Subject::Member
        | Subject::Number
        | Subject::Block
        | Subject::ClientAddress
        | Subject::Unverified => false,
    }
}
