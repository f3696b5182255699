//! What one attempt to send a text counts against: its price.

use super::{Counted, Limit, Strictness, Subject, Window};
use crate::{
    id::{OrganizationId, ProjectId},
    money::Micros,
};
use serde::{Deserialize, Serialize};

/// How much may be spent; none for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    pub day: Option<Micros>,
    pub month: Option<Micros>,
    /// Of each organization, where an administrator set no other.
    pub organization_day: Option<Micros>,
    pub organization_month: Option<Micros>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            day: Some(Micros::units(100)),
            month: Some(Micros::units(1_000)),
            organization_day: Some(Micros::units(50)),
            organization_month: Some(Micros::units(500)),
        }
    }
}

/// Every budget that an attempt at this price draws on, narrow before wide.
pub fn of_attempt(
    strictness: Strictness,
    budget: Budget,
    (project, organization): (&ProjectId, &OrganizationId),
    price: Micros,
) -> Vec<Counted> {
    let of_organization = format!("sms money organization {organization}");
    let of_project = format!("sms money project {project}");
    let limits = [
        (Subject::OrganizationMoney, &of_organization, budget.organization_day, Window::DAY),
        (Subject::OrganizationMoney, &of_organization, budget.organization_month, Window::Month),
        (Subject::ProjectMoney, &of_project, budget.day, Window::DAY),
        (Subject::ProjectMoney, &of_project, budget.month, Window::Month),
    ];
    // What has no limit is counted all the same: a limit may be set in the middle of a month.
    let counted = limits.into_iter().map(|(subject, key, most, window)| {
        let room = match strictness {
            Strictness::Strict => 1,
            Strictness::Roomy => 1000,
        };
        let most = most.map_or(i64::MAX, |it| it.get().saturating_mul(room));
        Counted { subject, key: key.clone(), limit: Limit { most, window }, weight: price.get() }
    });
    counted.collect()
}
