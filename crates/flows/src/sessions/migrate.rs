//! Trading a session of the system that the project came from.

use crate::{
    Call, Result,
    factors::guard,
    login::{self, Authority, SessionWishes},
};
use delivery::Reach;
use domain::{Refusal, email::EmailAddress, members::Member, sessions::Session};
use serde::Deserialize;
use store::{Tenant, members, tenant};

/// The longest token that goes into a header.
const LONGEST_TOKEN: usize = 8 * 1024;

pub struct Migrate {
    pub external_token: String,
    pub organization: String,
    pub wishes: SessionWishes,
}

/// What the other system says of its session, as `OpenID Connect` names it.
#[derive(Deserialize)]
struct UserInfo {
    email: String,
    email_verified: bool,
}

/// Asks the other system whose session it is, and opens one of ours for the
/// member with that address; nobody becomes a member by it.
///
/// # Errors
/// `OrganizationNotFound`, `MigrateFromExternalMissingUserinfo`,
/// `MigrateFromExternalUnexpectedResponse`, `MigrateFromExternalEmailDoesNotExist`,
/// `UserLockLimitReached`, the refusals of custom claims.
pub async fn migrate(call: &mut Call, wanted: Migrate) -> Result<(Tenant, Member, Session)> {
    let tenant = {
        let mut conn = call.app.db.read().await?;
        tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?
    };
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    // The network is done with before the transaction begins.
    let email = who(call, &wanted.external_token).await?;
    let mut tx = call.app.db.write().await?;
    let found = members::by_email(&mut tx, &tenant, &email).await?;
    let found = found.ok_or(Refusal::MigrateFromExternalEmailDoesNotExist)?;
    let member = members::lock(&mut tx, &tenant, &found.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted() && it.email_address.canonical() == email.canonical());
    let member = member.ok_or(Refusal::MigrateFromExternalEmailDoesNotExist)?;
    guard::unlocked(call, &member)?;
    let authority = Authority::Imported { wishes: wanted.wishes };
    let (member, session) = login::open_by_authority(call, &mut tx, (&tenant, member), authority).await?;
    tx.commit().await?;
    Ok((tenant, member, session))
}

/// The address behind a session of the other system, if that system verified it.
async fn who(call: &Call, external_token: &str) -> Result<EmailAddress> {
    let url = call.project.settings.migration_userinfo_url.as_ref();
    let url = url.ok_or(Refusal::MigrateFromExternalMissingUserinfo)?;
    let unexpected = Refusal::MigrateFromExternalUnexpectedResponse;
    let fits = (1..=LONGEST_TOKEN).contains(&external_token.len());
    if !fits || !external_token.bytes().all(|it| it.is_ascii_graphic()) {
        return Err(unexpected.into()); // no bearer token, and no header
    }
    let answer = call.app.outbound.json(url.as_url(), Reach::Operator, Some(external_token)).await;
    let answer = answer.map_err(|fault| {
        tracing::warn!(%fault, "the other system did not confirm a session");
        unexpected.clone()
    })?;
    let info: UserInfo = serde_json::from_slice(&answer).map_err(|_| unexpected.clone())?;
    if !info.email_verified {
        return Err(unexpected.into());
    }
    Ok(EmailAddress::parse(&info.email).map_err(|_| unexpected)?)
}
