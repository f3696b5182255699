//! A person who proved an address founds an organization.

use super::address_of;
use crate::{
    Call, Result,
    figures::{self, Beginning},
    login::{self, SessionWishes, Step},
    members::{
        claimed_elsewhere,
        create::{Newcomer, admit},
    },
    organizations::{NewOrganization, establish},
    presented::{self, Carried},
    primary::{Login, tell},
};
use domain::{
    Refusal, email::EmailAddress, factors::Bag, locale::Locale, members::Roles, members::Status,
    roles::RoleId, token::Token,
};

pub struct Founding {
    pub token: Token,
    /// Its name is made from the address when it is empty.
    pub organization: NewOrganization,
    pub wishes: SessionWishes,
}

/// Creates an organization and its first member, an administrator, from an
/// intermediate session. The organization exists afterwards also when the
/// login goes on with another factor.
///
/// # Errors
/// `IntermediateSessionNotFound`, `InvalidIntermediateSessionForOrganization`,
/// `EmailDomainIsClaimed`, the refusals of organizations.
pub async fn create(call: &mut Call, wanted: Founding) -> Result<Login> {
    figures::login(Beginning::Discovery, found(call, wanted).await, |it| it)
}

async fn found(call: &mut Call, wanted: Founding) -> Result<Login> {
    let mut tx = call.app.db.write().await?;
    let it = presented::intermediate(call, &mut tx, &wanted.token).await?;
    let it = it.ok_or(Refusal::IntermediateSessionNotFound)?;
    let address = address_of(&it)?;
    let organization = named_after(wanted.organization, &address);
    let tenant = establish(call, &mut tx, organization).await?;
    claimed_elsewhere(&mut tx, &tenant, &address).await?;
    let mut founder = Newcomer::of(address, Status::Pending);
    founder.roles = Roles(vec![RoleId::admin()]);
    let member = admit(call, &mut tx, &tenant, founder).await?;
    let carried = Carried { intermediate: Some(it), intermediate_token: Some(wanted.token), session: None };
    let step = Step {
        tenant: tenant.clone(),
        member,
        proven: None,
        brought: Bag::default(),
        carried,
        wishes: wanted.wishes,
        locale: Locale::default(),
    };
    let (member, progress) = login::advance(call, &mut tx, step).await?;
    tx.commit().await?;
    Ok(tell(call, (tenant, member, progress)).await)
}

/// Named after the domain; after the person where a domain says nothing of a company.
fn named_after(mut wanted: NewOrganization, address: &EmailAddress) -> NewOrganization {
    if wanted.name.is_empty() {
        wanted.name = address.organization_name();
    }
    wanted
}
