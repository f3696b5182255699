//! The section of the document about text messages.

use super::texts;
use crate::{
    projects::{
        ProjectSettings, SmsCountries,
        sms::{SmsRules, written},
    },
    send_limits::{Budget, Caps},
    webotp::Host,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where text messages may go, how many and for how much money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    /// Two-letter country codes, or `*` alone for everywhere; none until some are allowed.
    pub countries: Vec<String>,
    /// On whose pages browsers fill codes in: a host name; empty for none.
    pub webotp_host: String,
    pub budget: SmsBudget,
    pub most: SmsMost,
    /// How many codes to a country may go unentered before an organization waits; 0 for any number.
    #[schemars(range(max = 100_000))]
    pub unverified_credit: u32,
    /// A number of more members than this is put on record.
    #[schemars(range(min = 1, max = 10_000))]
    pub shared_number_members: u32,
    /// How long a new number of somebody who had a second factor before confirms no login.
    #[schemars(range(max = 720))]
    pub new_number_hold_hours: u32,
    /// Whether a number is told that it was removed.
    pub tell_removed_number: bool,
}

/// What may be spent, as decimals of the price table's currency; `none` for no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SmsBudget {
    pub day: String,
    pub month: String,
    /// Of each organization that has no budget of its own.
    pub organization_day: String,
    pub organization_month: String,
}

/// How many texts may be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SmsMost {
    #[schemars(range(min = 1, max = 10_000_000))]
    pub project_hour: u32,
    #[schemars(range(min = 1, max = 10_000_000))]
    pub project_day: u32,
    /// Of each organization.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub organization_hour: u32,
    #[schemars(range(min = 1, max = 10_000_000))]
    pub organization_day: u32,
}

impl Sms {
    pub(super) fn of(allowed: &SmsCountries, rules: &SmsRules, webotp_host: Option<&Host>) -> Self {
        let SmsRules {
            budget,
            caps,
            credit,
            shared_number_members,
            new_number_hold_hours,
            tell_removed_number,
        } = *rules;
        Self {
            countries: match allowed {
                SmsCountries::Everywhere => vec!["*".to_owned()],
                SmsCountries::Listed(listed) => texts(listed),
            },
            webotp_host: webotp_host.map(ToString::to_string).unwrap_or_default(),
            budget: SmsBudget::of(budget),
            most: SmsMost::of(caps),
            unverified_credit: credit.start,
            shared_number_members,
            new_number_hold_hours,
            tell_removed_number,
        }
    }

    /// Every key but the countries.
    pub(super) fn written(&self) -> Vec<(&'static str, String)> {
        let SmsBudget { day, month, organization_day, organization_month } = &self.budget;
        let SmsMost { project_hour, project_day, organization_hour, organization_day: most_of_organization } =
            &self.most;
        vec![
            ("sms.webotp_host", self.webotp_host.clone()),
            ("sms.budget.day", day.clone()),
            ("sms.budget.month", month.clone()),
            ("sms.budget.organization_day", organization_day.clone()),
            ("sms.budget.organization_month", organization_month.clone()),
            ("sms.most.project_hour", project_hour.to_string()),
            ("sms.most.project_day", project_day.to_string()),
            ("sms.most.organization_hour", organization_hour.to_string()),
            ("sms.most.organization_day", most_of_organization.to_string()),
            ("sms.unverified_credit", self.unverified_credit.to_string()),
            ("sms.shared_number_members", self.shared_number_members.to_string()),
            ("sms.new_number_hold_hours", self.new_number_hold_hours.to_string()),
            ("sms.tell_removed_number", self.tell_removed_number.to_string()),
        ]
    }
}

impl Default for Sms {
    fn default() -> Self {
        let ProjectSettings { sms_countries, sms, .. } = ProjectSettings::default();
        Self::of(&sms_countries, &sms, None)
    }
}

impl SmsBudget {
    fn of(Budget { day, month, organization_day, organization_month }: Budget) -> Self {
        Self {
            day: written(day),
            month: written(month),
            organization_day: written(organization_day),
            organization_month: written(organization_month),
        }
    }
}

impl Default for SmsBudget {
    fn default() -> Self {
        Self::of(Budget::default())
    }
}

impl SmsMost {
    fn of(Caps { project_hour, project_day, organization_hour, organization_day }: Caps) -> Self {
        Self { project_hour, project_day, organization_hour, organization_day }
    }
}

impl Default for SmsMost {
    fn default() -> Self {
        Self::of(Caps::default())
    }
}
