//! What holds of every statement that searches: each filter alone, each pair, by either operator.

use crate::{
    Tenant,
    databases::Place,
    db::{
        Built,
        testing::{self, postgres_plan, sqlite_plan},
    },
    m2m_client_search, member_search, organization_search,
};
use domain::{
    Timestamp,
    members::Status,
    metadata::Metadata,
    organizations::{
        Organization,
        settings::{ImplicitRole, Settings},
    },
    rbac::CustomRoles,
    search::{
        Limit, Operator, Position, Query, clients::ClientFilter as C, members::MemberFilter as M,
        organizations::OrganizationFilter as O,
    },
};

const ID: &str = "00000000-0000-4000-8000-000000000001";

/// With an index that leads to what a filter names, if there is one.
fn member_filters() -> Vec<(M, Option<&'static str>)> {
    let texts = || vec!["a".to_owned(), "b".to_owned()];
    let statuses = |some: &[Status]| M::Statuses(some.iter().copied().collect());
    vec![
        (
            M::Ids(vec![format!("member-test-{ID}").parse().unwrap()]),
            Some("organization_id=? AND member_id=?"),
        ),
        (M::ExternalIds(texts()), Some("external_id=?")),
        (M::Emails(texts()), Some("members_email ")),
        (M::PhoneNumbers(texts()), Some("members_any_phone_number ")),
        (M::Roles(texts()), Some("member_roles ")),
        (M::Roles(vec!["editor".to_owned()]), Some("members_email_domain ")),
        (M::EmailPart("100%".to_owned()), None),
        (M::PhonePart("+12".to_owned()), None),
        (statuses(&[Status::Invited]), Some("members_status ")),
        (statuses(&[Status::Pending, Status::Invited]), None),
        (statuses(&[Status::Deleted]), Some("members_status ")),
        (statuses(&[Status::Pending, Status::Invited, Status::Active, Status::Deleted]), None),
        (M::Roles(vec!["stytch_member".to_owned()]), None),
        (M::IsBreakglass(true), Some("members_breakglass ")),
        (M::IsBreakglass(false), Some("members_not_breakglass ")),
        (M::PasswordExists(true), Some("members_with_password ")),
        (M::PasswordExists(false), Some("members_without_password ")),
        (M::TotpExists(true), Some("members_with_totp ")),
        (M::TotpExists(false), Some("members_without_totp ")),
        (M::OrganizationId("acme".to_owned()), None),
        (M::OrganizationSlug("other".to_owned()), None),
        (M::OrganizationSlugPart("acm".to_owned()), None),
    ]
}

fn organization_filters() -> Vec<(O, Option<&'static str>)> {
    let texts = || vec!["a".to_owned(), "b".to_owned()];
    let id = format!("organization-test-{ID}");
    vec![
        (O::References(vec![id.clone()]), Some("organization_id=?")),
        (O::References(texts()), Some("organizations_slug ")),
        (O::References(vec![id, "acme".to_owned()]), Some("organizations_external_id ")),
        (O::Slugs(texts()), Some("organizations_slug ")),
        (O::MemberEmails(texts()), Some("members_email ")),
        (O::AllowedDomains(texts()), Some("allowed_domains_domain ")),
        (O::ClaimedDomains(texts()), Some("claimed_domains_domain ")),
        (O::SlugPart("acm".to_owned()), None),
        (O::NamePart("acm".to_owned()), None),
        (O::MemberEmailPart("ada".to_owned()), None),
        (O::AllowedDomainPart("acm".to_owned()), None),
        (O::HasActiveSsoConnection(true), None),
        (O::HasActiveSsoConnection(false), None),
        (O::SsoConnectionId("a".to_owned()), None),
    ]
}

fn client_filters() -> Vec<(C, Option<&'static str>)> {
    let texts = || vec!["a".to_owned(), "b".to_owned()];
    vec![
        (C::Ids(texts()), Some("project_id=? AND client_id=?")),
        (C::Names(texts()), Some("m2m_clients_name ")),
        (C::Scopes(texts()), Some("project_id=? AND scope=?")),
    ]
}

/// Each alone, with its index; then each pair by either operator.
fn queries<F: Clone>(filters: &[(F, Option<&'static str>)]) -> Vec<(Query<F>, Option<&'static str>)> {
    let mut all = vec![(Query::default(), None)];
    for (first, index) in filters {
        let alone = Query { operator: Operator::And, filters: vec![first.clone()] };
        all.push((alone, *index));
        for (second, _) in filters {
            for operator in [Operator::And, Operator::Or] {
                all.push((Query { operator, filters: vec![first.clone(), second.clone()] }, None));
            }
        }
    }
    all
}

/// Page and total of every query, and the index of those that have one.
fn every_search() -> Vec<(Built, Option<&'static str>)> {
    let tenant = Tenant::of(acme());
    let (start, limit) = (Position::start(), Limit::parse(None).unwrap());
    let members = queries(&member_filters()).into_iter().flat_map(|(query, index)| {
        let page = member_search::page_statement(&tenant, &query, (&start, limit));
        [(page, index), (member_search::total_statement(&tenant, &query), index)]
    });
    let organizations = queries(&organization_filters()).into_iter().flat_map(|(query, index)| {
        let page = organization_search::page_statement(tenant.project_id(), &query, (&start, limit));
        [(page, index), (organization_search::total_statement(tenant.project_id(), &query), index)]
    });
    let clients = queries(&client_filters()).into_iter().flat_map(|(query, index)| {
        let page = m2m_client_search::page_statement(tenant.project_id(), &query, (&start, limit));
        [(page, index), (m2m_client_search::total_statement(tenant.project_id(), &query), index)]
    });
    members.chain(organizations).chain(clients).collect()
}

fn acme() -> Organization {
    let role = ImplicitRole { domain: "acme.example".to_owned(), role_id: "editor".to_owned() };
    Organization {
        organization_id: format!("organization-test-{ID}").parse().unwrap(),
        project_id: format!("project-test-{ID}").parse().unwrap(),
        name: "Acme".to_owned(),
        slug: "acme".parse().unwrap(),
        external_id: None,
        logo_url: String::new(),
        settings: Settings { rbac_email_implicit_role_assignments: vec![role], ..Settings::default() },
        trusted_metadata: Metadata::default(),
        custom_roles: CustomRoles::default(),
        created_at: Timestamp::from_milliseconds(0),
        updated_at: Timestamp::from_milliseconds(0),
    }
}

#[tokio::test]
async fn every_search_runs_on_sqlite_by_the_index_of_its_filter() {
    let place = Place::sqlite();
    place.migrated().await;
    let conn = testing::sqlite(&place.url());
    for (built, index) in every_search() {
        let text = built.as_str();
        let steps = sqlite_plan(&conn, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let walks = |step: &String| step.starts_with("SCAN") && !step.starts_with("SCAN CONSTANT ROW");
        assert!(!steps.iter().any(walks), "{text}: {steps:#?}");
        if let Some(index) = index {
            assert!(steps.iter().any(|step| step.contains(index)), "{text}: no {index} in {steps:#?}");
        }
    }
}

#[tokio::test]
async fn every_search_runs_on_postgres_by_an_index() {
    let Some(place) = Place::postgres().await else { return };
    let client = testing::postgres(&place.url()).await;
    for (built, _) in every_search() {
        let text = built.as_str();
        let steps = match postgres_plan(&client, text, &[]).await {
            Ok(steps) => steps,
            Err(error) => panic!("{text}: {error:?}"),
        };
        assert!(!steps.iter().any(|step| step.contains("Seq Scan")), "{text}: {steps:#?}");
    }
}

#[test]
fn every_search_names_its_project_and_its_organization() {
    for (built, _) in every_search() {
        let text = built.as_str();
        if text.contains("FROM m2m_clients WHERE m2m_clients.project_id = $1") {
            continue; // a project's clients are above organizations
        }
        assert!(text.contains("organizations.project_id = $1"), "{text}");
        let of_members = text.contains("FROM members WHERE members.organization_id = $2");
        assert!(
            of_members || text.contains("FROM organizations WHERE organizations.project_id = $1"),
            "{text}"
        );
    }
}
