//! What members are searched by.

use super::{Complaint, Filter, Given, Searched};
use crate::{Refusal, id::MemberId, members::Status};
use serde::Serialize;
use std::collections::BTreeSet;

/// Lists match any of their values; parts are folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum MemberFilter {
    Ids(Vec<MemberId>),
    ExternalIds(Vec<String>),
    Emails(Vec<String>),
    EmailPart(String),
    PhoneNumbers(Vec<String>),
    PhonePart(String),
    Statuses(BTreeSet<Status>),
    /// Directly assigned, held by e-mail domain, or everybody's.
    Roles(Vec<String>),
    IsBreakglass(bool),
    PasswordExists(bool),
    TotpExists(bool),
    /// Of the organization: its id, slug or external id.
    OrganizationId(String),
    OrganizationSlug(String),
    OrganizationSlugPart(String),
}

impl Filter for MemberFilter {
    const SEARCHED: Searched = Searched::Members;

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        match given.name {
            "member_ids" => ids(given),
            "member_emails" => {
                let addresses = given.texts("member_emails")?;
                Ok(Self::Emails(addresses.iter().map(|it| it.to_ascii_lowercase()).collect()))
            }
            "member_email_fuzzy" => given.part("member_email_fuzzy").map(Self::EmailPart),
            "member_mfa_phone_numbers" | "member_phone_numbers" => {
                given.texts("member_mfa_phone_numbers").map(Self::PhoneNumbers)
            }
            "member_mfa_phone_number_fuzzy" | "member_phone_number_fuzzy" => {
                given.part("member_mfa_phone_number_fuzzy").map(Self::PhonePart)
            }
            "statuses" => statuses(given, &given.texts("statuses")?),
            "status" => statuses(given, &[given.text("status")?]),
            "member_roles" => given.texts("member_roles").map(Self::Roles),
            "member_is_breakglass" => given.truth().map(Self::IsBreakglass),
            "member_password_exists" => given.truth().map(Self::PasswordExists),
            "member_totp_exists" => given.truth().map(Self::TotpExists),
            "organization_id" => given.text("organization_id").map(Self::OrganizationId),
            "organization_slug" => given.text("organization_slug").map(Self::OrganizationSlug),
            "organization_slug_fuzzy" => {
                given.part("organization_slug_fuzzy").map(Self::OrganizationSlugPart)
            }
            _ => Err(given.unknown()),
        }
    }
}

fn ids(given: &Given<'_>) -> Result<MemberFilter, Refusal> {
    let texts = given.texts("member_ids")?;
    let ids: Vec<MemberId> = texts.iter().filter_map(|it| it.parse().ok()).collect();
    match ids.len() {
        0 => Ok(MemberFilter::ExternalIds(texts)),
        count if count == texts.len() => Ok(MemberFilter::Ids(ids)),
        _ => Err(given.complaint(Complaint::MixedMemberIds)),
    }
}

fn statuses(given: &Given<'_>, texts: &[String]) -> Result<MemberFilter, Refusal> {
    let status = |it: &String| it.parse().map_err(|_| given.complaint(Complaint::InvalidStatus));
    texts.iter().map(status).collect::<Result<_, _>>().map(MemberFilter::Statuses)
}
