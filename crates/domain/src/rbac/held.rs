//! Which roles a member holds, where each comes from, and which of them count.

use crate::{
    members::Member,
    organizations::Organization,
    roles::{self, RoleId},
};

/// A role, and every reason why the member holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    pub role_id: RoleId,
    pub sources: Vec<Source>,
}

/// Why a member holds a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    DirectAssignment,
    /// By the domain of the address.
    EmailAssignment {
        email_domain: String,
    },
}

/// Every role of the member, the default one first, as answers list them.
pub fn listed(member: &Member, organization: &Organization) -> Vec<HeldRole> {
    let direct = std::iter::once(RoleId::member()).chain(member.roles.0.iter().cloned());
    let direct = direct.map(|it| (it, Source::DirectAssignment));
    let by_domain = by_domain(member, organization);
    let mut held: Vec<HeldRole> = Vec::new();
    for (role_id, source) in direct.chain(by_domain) {
        match held.iter_mut().find(|it| it.role_id == role_id) {
            Some(known) if known.sources.contains(&source) => {}
            Some(known) => known.sources.push(source),
            None => held.push(HeldRole { role_id, sources: vec![source] }),
        }
    }
    held
}

/// The roles that count: an address that nobody proved gives none, for
/// whoever may set a member's address could else give a live session roles.
pub fn effective(member: &Member, organization: &Organization) -> Vec<RoleId> {
    let counts = |it: &Source| match it {
        Source::DirectAssignment => true,
        Source::EmailAssignment { .. } => member.email_address_verified,
    };
    let held = listed(member, organization).into_iter();
    held.filter(|it| it.sources.iter().any(counts)).map(|it| it.role_id).collect()
}

/// Whether the member is an administrator, by a role that counts.
pub fn is_admin(member: &Member, organization: &Organization) -> bool {
    effective(member, organization).iter().any(|it| it.as_str() == roles::ADMIN)
}

fn by_domain<'a>(
    member: &'a Member,
    organization: &'a Organization,
) -> impl Iterator<Item = (RoleId, Source)> + 'a {
    let domain = member.email_address.domain();
    let assignments = organization.settings.rbac_email_implicit_role_assignments.iter();
    let assigned = assignments.filter(move |it| it.domain.eq_ignore_ascii_case(domain));
    assigned.filter_map(move |it| {
        let source = Source::EmailAssignment { email_domain: domain.to_owned() };
        Some((it.role_id.parse().ok()?, source))
    })
}
