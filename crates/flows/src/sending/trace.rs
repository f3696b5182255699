//! What became of messages: for whoever is asked why one did not arrive.

use super::recipient_parts;
use crate::{App, Result};
use domain::{
    Refusal, Timestamp,
    digest::Digest,
    email::EmailAddress,
    id::{MemberId, MessageId, OrganizationId, ProjectId},
    messages::{Channel, State},
    phone::PhoneNumber,
};
use store::{
    messages::{self, Attempt, Filter, Message, Page},
    tenant,
};

/// A message and every attempt to hand it over.
pub struct Traced {
    pub message: Message,
    pub attempts: Vec<Attempt>,
}

/// Which messages of a project are asked for; every filter narrows.
#[derive(Default)]
pub struct Asked<'a> {
    /// A number in E.164 form, or an address.
    pub recipient: Option<&'a str>,
    /// Id, slug or external id.
    pub organization: Option<&'a str>,
    pub member: Option<MemberId>,
    pub channel: Option<Channel>,
    pub state: Option<State>,
}

/// The most messages that are told at a time.
pub const MOST: i64 = 100;

/// The newest messages that match, after the one given; at most `limit`, which
/// is at most [`MOST`].
///
/// # Errors
/// `OrganizationNotFound`, `InvalidPhoneNumber`, `InvalidEmail`.
pub async fn list(
    app: &App,
    project: &ProjectId,
    asked: Asked<'_>,
    (before, limit): (Option<(Timestamp, MessageId)>, i64),
) -> Result<Vec<Traced>> {
    let filter = Filter {
        organization: organization(app, project, asked.organization).await?,
        member: asked.member,
        recipient: asked.recipient.map(|it| digests(app, project, it)).transpose()?,
        channel: asked.channel,
        state: asked.state,
    };
    let page = Page { before, limit: limit.clamp(1, MOST) };
    let conn = &mut app.db.survey().await?;
    let mut traced = Vec::new();
    for message in messages::list(conn, project, &filter, &page).await? {
        let attempts = messages::of_message(conn, project, &message.message_id).await?;
        traced.push(Traced { message, attempts });
    }
    Ok(traced)
}

/// One message.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, project: &ProjectId, id: &MessageId) -> Result<Option<Traced>> {
    let conn = &mut app.db.read().await?;
    let Some(message) = messages::find(conn, project, id).await? else { return Ok(None) };
    let attempts = messages::of_message(conn, project, id).await?;
    Ok(Some(Traced { message, attempts }))
}

async fn organization(
    app: &App,
    project: &ProjectId,
    reference: Option<&str>,
) -> Result<Option<OrganizationId>> {
    let Some(reference) = reference else { return Ok(None) };
    // Of one that is deleted, the id is known still.
    if let Ok(id) = reference.parse() {
        return Ok(Some(id));
    }
    let tenant = tenant::resolve(&mut app.db.read().await?, project, reference).await?;
    Ok(Some(tenant.ok_or(Refusal::OrganizationNotFound)?.organization_id().clone()))
}

/// Under every version of the server key: older messages were digested under older ones.
fn digests(app: &App, project: &ProjectId, recipient: &str) -> Result<Vec<Digest>> {
    let address = if recipient.contains('@') {
        EmailAddress::parse(recipient)?.in_canonical_form().as_str().to_owned()
    } else {
        PhoneNumber::parse(recipient)?.as_str().to_owned()
    };
    let keys = app.server_key.recipient_keys().into_iter();
    Ok(keys.map(|key| Digest::keyed(key, &recipient_parts(project, &address))).collect())
}
