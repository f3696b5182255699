//! Complaints about searches → `error_type`: each resource has a family of its own.

use domain::search::{Complaint, Searched};

/// Every type that a complaint about a search can have.
pub const ERROR_TYPES: &[&str] = &[
    "invalid_argument",
    "m2m_search_expected_array_of_strings",
    "m2m_search_filter_name_must_be_string",
    "m2m_search_filter_name_not_recognized",
    "m2m_search_missing_filter_name",
    "m2m_search_missing_filter_value",
    "member_search_cannot_mix_internal_and_external_member_ids",
    "member_search_expected_array_of_strings",
    "member_search_expected_boolean",
    "member_search_expected_string",
    "member_search_filter_name_must_be_string",
    "member_search_filter_name_not_recognized",
    "member_search_member_email_fuzzy_too_short",
    "member_search_member_mfa_phone_number_fuzzy_too_short",
    "member_search_missing_filter_name",
    "member_search_missing_filter_value",
    "member_search_missing_member_email_fuzzy",
    "member_search_missing_member_emails",
    "member_search_missing_member_ids",
    "member_search_missing_member_roles",
    "member_search_missing_mfa_member_phone_number_fuzzy",
    "member_search_missing_mfa_member_phone_numbers",
    "member_search_missing_organization_id",
    "member_search_missing_organization_slug",
    "member_search_missing_organization_slug_fuzzy",
    "member_search_missing_status",
    "member_search_missing_statuses",
    "member_search_organization_ids_empty",
    "member_search_organization_slug_fuzzy_too_short",
    "organization_search_allowed_domain_fuzzy_too_short",
    "organization_search_expected_array_of_strings",
    "organization_search_expected_boolean",
    "organization_search_expected_string",
    "organization_search_filter_name_must_be_string",
    "organization_search_filter_name_not_recognized",
    "organization_search_member_email_fuzzy_too_short",
    "organization_search_missing_allowed_domain_fuzzy",
    "organization_search_missing_allowed_domains",
    "organization_search_missing_claimed_email_domains",
    "organization_search_missing_filter_name",
    "organization_search_missing_filter_value",
    "organization_search_missing_member_email_fuzzy",
    "organization_search_missing_member_emails",
    "organization_search_missing_organization_ids",
    "organization_search_missing_organization_name_fuzzy",
    "organization_search_missing_organization_slug_fuzzy",
    "organization_search_missing_organization_slugs",
    "organization_search_missing_sso_connection_id",
    "organization_search_organization_name_fuzzy_too_short",
    "organization_search_organization_slug_fuzzy_too_short",
    "search_invalid_status_filter",
];

/// All are of status 400.
pub fn error_type(searched: Searched, complaint: Complaint) -> &'static str {
    match searched {
        Searched::Members => of_members(complaint),
        Searched::Organizations => of_organizations(complaint),
        Searched::M2mClients | Searched::ConnectedApps => of_clients(complaint),
    }
}

fn of_members(complaint: Complaint) -> &'static str {
    match complaint {
        Complaint::MissingFilterName => "member_search_missing_filter_name",
        Complaint::FilterNameMustBeString => "member_search_filter_name_must_be_string",
        Complaint::FilterNameNotRecognized => "member_search_filter_name_not_recognized",
        Complaint::MissingFilterValue => "member_search_missing_filter_value",
        Complaint::ExpectedArrayOfStrings => "member_search_expected_array_of_strings",
        Complaint::ExpectedString => "member_search_expected_string",
        Complaint::ExpectedBoolean => "member_search_expected_boolean",
        Complaint::Missing(filter) => missing_of_members(filter),
        Complaint::TooShort("member_email_fuzzy") => "member_search_member_email_fuzzy_too_short",
        Complaint::TooShort("organization_slug_fuzzy") => "member_search_organization_slug_fuzzy_too_short",
        Complaint::TooShort(_) => "member_search_member_mfa_phone_number_fuzzy_too_short",
        Complaint::InvalidStatus => "search_invalid_status_filter",
        Complaint::MixedMemberIds => "member_search_cannot_mix_internal_and_external_member_ids",
        Complaint::NoOrganizations => "member_search_organization_ids_empty",
    }
}

fn missing_of_members(filter: &str) -> &'static str {
    match filter {
        "member_ids" => "member_search_missing_member_ids",
        "member_emails" => "member_search_missing_member_emails",
        "member_email_fuzzy" => "member_search_missing_member_email_fuzzy",
        "member_mfa_phone_numbers" => "member_search_missing_mfa_member_phone_numbers",
        "member_mfa_phone_number_fuzzy" => "member_search_missing_mfa_member_phone_number_fuzzy",
        "member_roles" => "member_search_missing_member_roles",
        "statuses" => "member_search_missing_statuses",
        "status" => "member_search_missing_status",
        "organization_id" => "member_search_missing_organization_id",
        "organization_slug" => "member_search_missing_organization_slug",
        "organization_slug_fuzzy" => "member_search_missing_organization_slug_fuzzy",
        _ => "member_search_missing_filter_value",
    }
}

fn of_organizations(complaint: Complaint) -> &'static str {
    match complaint {
        Complaint::MissingFilterName => "organization_search_missing_filter_name",
        Complaint::FilterNameMustBeString => "organization_search_filter_name_must_be_string",
        Complaint::FilterNameNotRecognized => "organization_search_filter_name_not_recognized",
        Complaint::MissingFilterValue => "organization_search_missing_filter_value",
        Complaint::ExpectedArrayOfStrings => "organization_search_expected_array_of_strings",
        Complaint::ExpectedString => "organization_search_expected_string",
        Complaint::ExpectedBoolean => "organization_search_expected_boolean",
        Complaint::Missing(filter) => missing_of_organizations(filter),
        Complaint::TooShort("allowed_domain_fuzzy") => "organization_search_allowed_domain_fuzzy_too_short",
        Complaint::TooShort("member_email_fuzzy") => "organization_search_member_email_fuzzy_too_short",
        Complaint::TooShort("organization_slug_fuzzy") => {
            "organization_search_organization_slug_fuzzy_too_short"
        }
        Complaint::TooShort(_) => "organization_search_organization_name_fuzzy_too_short",
        Complaint::InvalidStatus | Complaint::MixedMemberIds | Complaint::NoOrganizations => {
            "invalid_argument" // members only
        }
    }
}

fn missing_of_organizations(filter: &str) -> &'static str {
    match filter {
        "organization_ids" => "organization_search_missing_organization_ids",
        "organization_slugs" => "organization_search_missing_organization_slugs",
        "organization_name_fuzzy" => "organization_search_missing_organization_name_fuzzy",
        "organization_slug_fuzzy" => "organization_search_missing_organization_slug_fuzzy",
        "member_emails" => "organization_search_missing_member_emails",
        "member_email_fuzzy" => "organization_search_missing_member_email_fuzzy",
        "allowed_domains" => "organization_search_missing_allowed_domains",
        "allowed_domain_fuzzy" => "organization_search_missing_allowed_domain_fuzzy",
        "claimed_email_domains" => "organization_search_missing_claimed_email_domains",
        "sso_connection_id" => "organization_search_missing_sso_connection_id",
        _ => "organization_search_missing_filter_value",
    }
}

/// Their family is the smallest: what it lacks is an argument that is not valid.
fn of_clients(complaint: Complaint) -> &'static str {
    match complaint {
        Complaint::MissingFilterName => "m2m_search_missing_filter_name",
        Complaint::FilterNameMustBeString => "m2m_search_filter_name_must_be_string",
        Complaint::FilterNameNotRecognized => "m2m_search_filter_name_not_recognized",
        Complaint::MissingFilterValue | Complaint::Missing(_) => "m2m_search_missing_filter_value",
        Complaint::ExpectedArrayOfStrings => "m2m_search_expected_array_of_strings",
        Complaint::ExpectedString
        | Complaint::ExpectedBoolean
        | Complaint::TooShort(_)
        | Complaint::InvalidStatus
        | Complaint::MixedMemberIds
        | Complaint::NoOrganizations => "invalid_argument",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const FILTERS: [&str; 21] = [
        "allowed_domain_fuzzy",
        "allowed_domains",
        "claimed_email_domains",
        "member_email_fuzzy",
        "member_emails",
        "member_ids",
        "member_mfa_phone_number_fuzzy",
        "member_mfa_phone_numbers",
        "member_roles",
        "organization_id",
        "organization_ids",
        "organization_name_fuzzy",
        "organization_slug",
        "organization_slug_fuzzy",
        "organization_slugs",
        "sso_connection_id",
        "status",
        "statuses",
        "client_ids",
        "client_names",
        "scopes",
    ];

    #[test]
    fn the_list_holds_every_type_and_no_other() {
        let plain = [
            Complaint::MissingFilterName,
            Complaint::FilterNameMustBeString,
            Complaint::FilterNameNotRecognized,
            Complaint::MissingFilterValue,
            Complaint::ExpectedArrayOfStrings,
            Complaint::ExpectedString,
            Complaint::ExpectedBoolean,
            Complaint::InvalidStatus,
            Complaint::MixedMemberIds,
            Complaint::NoOrganizations,
        ];
        let of_filters = FILTERS.iter().flat_map(|it| [Complaint::Missing(it), Complaint::TooShort(it)]);
        let complaints: Vec<_> = plain.into_iter().chain(of_filters).collect();
        let whose =
            [Searched::Members, Searched::Organizations, Searched::M2mClients, Searched::ConnectedApps];
        let said: BTreeSet<_> = whose
            .into_iter()
            .flat_map(|searched| complaints.iter().map(move |it| error_type(searched, *it)))
            .collect();
        assert_eq!(said, ERROR_TYPES.iter().copied().collect());
    }
}
