//! What a project's text messages may cost, and whom they may reach.

use super::setting::{number, truth};
use crate::{
    money::Micros,
    send_limits::{Budget, Caps},
    sms_credit::CreditRules,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmsRules {
    pub budget: Budget,
    pub caps: Caps,
    pub credit: CreditRules,
    /// On more members than this, a number is put on record.
    pub shared_number_members: u32,
    /// How long a new number of somebody who had a second factor before confirms no login; 0 for not at all.
    pub new_number_hold_hours: u32,
    /// Whether a number is told that it was removed.
    pub tell_removed_number: bool,
}

impl Default for SmsRules {
    fn default() -> Self {
        Self {
            budget: Budget::default(),
            caps: Caps::default(),
            credit: CreditRules::default(),
            shared_number_members: 5,
            new_number_hold_hours: 0,
            tell_removed_number: true,
        }
    }
}

impl SmsRules {
    pub(super) const KEYS: [&'static str; 12] = [
        "sms.budget.day",
        "sms.budget.month",
        "sms.budget.organization_day",
        "sms.budget.organization_month",
        "sms.most.project_hour",
        "sms.most.project_day",
        "sms.most.organization_hour",
        "sms.most.organization_day",
        "sms.unverified_credit",
        "sms.shared_number_members",
        "sms.new_number_hold_hours",
        "sms.tell_removed_number",
    ];

    /// Sets one of its keys; `None` for a key that is not one of them.
    ///
    /// # Errors
    /// Says what the value should be.
    pub(super) fn set(&mut self, key: &str, value: &str) -> Option<Result<(), String>> {
        let most = |it: &mut u32| number(value, 1, 10_000_000).map(|new| *it = new);
        let money = |it: &mut Option<Micros>| amount(value).map(|new| *it = new);
        Some(match key {
            "sms.budget.day" => money(&mut self.budget.day),
            "sms.budget.month" => money(&mut self.budget.month),
            "sms.budget.organization_day" => money(&mut self.budget.organization_day),
            "sms.budget.organization_month" => money(&mut self.budget.organization_month),
            "sms.most.project_hour" => most(&mut self.caps.project_hour),
            "sms.most.project_day" => most(&mut self.caps.project_day),
            "sms.most.organization_hour" => most(&mut self.caps.organization_hour),
            "sms.most.organization_day" => most(&mut self.caps.organization_day),
            "sms.unverified_credit" => number(value, 0, 100_000).map(|new| self.credit.start = new),
            "sms.shared_number_members" => {
                number(value, 1, 10_000).map(|new| self.shared_number_members = new)
            }
            "sms.new_number_hold_hours" => number(value, 0, 720).map(|new| self.new_number_hold_hours = new),
            "sms.tell_removed_number" => truth(value).map(|new| self.tell_removed_number = new),
            _ => return None,
        })
    }

    /// The values in the order of the keys, as they are written.
    pub(super) fn written(&self) -> [String; 12] {
        let Self { budget, caps, credit, shared_number_members, new_number_hold_hours, tell_removed_number } =
            self;
        [
            written(budget.day),
            written(budget.month),
            written(budget.organization_day),
            written(budget.organization_month),
            caps.project_hour.to_string(),
            caps.project_day.to_string(),
            caps.organization_hour.to_string(),
            caps.organization_day.to_string(),
            credit.start.to_string(),
            shared_number_members.to_string(),
            new_number_hold_hours.to_string(),
            tell_removed_number.to_string(),
        ]
    }
}

/// An amount in the currency of the price table, or `none` for no limit.
///
/// # Errors
/// Says what it should be.
pub fn amount(value: &str) -> Result<Option<Micros>, String> {
    match value {
        "none" => Ok(None),
        _ => value.parse().map(Some).map_err(|error| format!("{error}, or none for no limit")),
    }
}

/// As [`amount`] reads it.
pub fn written(amount: Option<Micros>) -> String {
    amount.map_or_else(|| "none".to_owned(), |it| it.to_string())
}
