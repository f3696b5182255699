//! What organizations are searched by.

use super::{Filter, Given, Searched};
use crate::Refusal;
use serde::Serialize;

/// Lists match any of their values; parts are folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum OrganizationFilter {
    /// Ids, slugs or external ids.
    References(Vec<String>),
    Slugs(Vec<String>),
    SlugPart(String),
    NamePart(String),
    /// Of members who are not deleted.
    MemberEmails(Vec<String>),
    MemberEmailPart(String),
    AllowedDomains(Vec<String>),
    AllowedDomainPart(String),
    ClaimedDomains(Vec<String>),
    HasActiveSsoConnection(bool),
    SsoConnectionId(String),
}

impl Filter for OrganizationFilter {
    const SEARCHED: Searched = Searched::Organizations;

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        match given.name {
            "organization_ids" => given.texts("organization_ids").map(Self::References),
            "organization_slugs" => folded(given, "organization_slugs").map(Self::Slugs),
            "organization_slug_fuzzy" => given.part("organization_slug_fuzzy").map(Self::SlugPart),
            "organization_name_fuzzy" => given.part("organization_name_fuzzy").map(Self::NamePart),
            "member_emails" => folded(given, "member_emails").map(Self::MemberEmails),
            "member_email_fuzzy" => given.part("member_email_fuzzy").map(Self::MemberEmailPart),
            "allowed_domains" => folded(given, "allowed_domains").map(Self::AllowedDomains),
            "allowed_domain_fuzzy" => given.part("allowed_domain_fuzzy").map(Self::AllowedDomainPart),
            "claimed_email_domains" => folded(given, "claimed_email_domains").map(Self::ClaimedDomains),
            "has_active_sso_connection" => given.truth().map(Self::HasActiveSsoConnection),
            "sso_connection_id" => given.text("sso_connection_id").map(Self::SsoConnectionId),
            _ => Err(given.unknown()),
        }
    }
}

/// Slugs, addresses and domains are ASCII.
fn folded(given: &Given<'_>, filter: &'static str) -> Result<Vec<String>, Refusal> {
    Ok(given.texts(filter)?.iter().map(|it| it.to_ascii_lowercase()).collect())
}
