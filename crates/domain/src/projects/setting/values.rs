//! The values of settings, read from their written form; each refusal says what would be right.

use crate::{
    id::OrganizationId,
    passwords::strength::StrengthPolicy,
    phone::Country,
    projects::{Environment, SmsCountries},
    redirect_url::RedirectUrl,
};
use std::str::FromStr;

pub(super) fn luds(minimum_length: u32, minimum_complexity: u32) -> Result<StrengthPolicy, String> {
    StrengthPolicy::luds(minimum_length, minimum_complexity).map_err(|refusal| refusal.to_string())
}

pub(super) fn urls(environment: Environment, value: &str) -> Result<Vec<RedirectUrl>, String> {
    listed(value)
        .map(|url| RedirectUrl::parse(url, environment).map_err(|refusal| refusal.to_string()))
        .collect()
}

/// Scheme, host and port alone, as browsers write them in `Origin`.
pub(super) fn origins(environment: Environment, value: &str) -> Result<Vec<RedirectUrl>, String> {
    let origins = urls(environment, value)?;
    let is_bare = |it: &RedirectUrl| {
        url::Url::parse(it.as_str()).is_ok_and(|url| url.origin().ascii_serialization() == it.as_str())
    };
    let wrong = || "origins such as https://app.example.com, without path, in lower case".to_owned();
    if origins.iter().all(is_bare) { Ok(origins) } else { Err(wrong()) }
}

pub(super) fn countries(value: &str) -> Result<SmsCountries, String> {
    if value == "*" {
        return Ok(SmsCountries::Everywhere);
    }
    let wrong = |it| format!("{it} is no country; two-letter codes such as US,CH, or * for all");
    let parse = |it| Country::known(it).ok_or_else(|| wrong(it));
    listed(value).map(parse).collect::<Result<_, _>>().map(SmsCountries::Listed)
}

/// Empty for none.
pub(super) fn optional<T: FromStr<Err = String>>(value: &str) -> Result<Option<T>, String> {
    if value.is_empty() { Ok(None) } else { value.parse().map(Some) }
}

pub(super) fn organizations(value: &str) -> Result<Vec<OrganizationId>, String> {
    let parse =
        |it: &str| it.parse().map_err(|_| "organization ids, organization-live-… for instance".to_owned());
    listed(value).map(parse).collect()
}

pub(super) fn listed(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|it| !it.is_empty())
}

pub(in crate::projects) fn number(value: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = value.parse().ok().filter(|it| (least..=most).contains(it));
    number.ok_or_else(|| format!("a number from {least} to {most}"))
}

pub(in crate::projects) fn truth(value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| "true or false".to_owned())
}

pub(super) fn joined(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
