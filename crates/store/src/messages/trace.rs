//! Looking messages up.

use super::Message;
use crate::db::{Built, Conn, Fault, Table, statement::sql};
use domain::{
    Timestamp,
    digest::Digest,
    id::{MemberId, MessageId, OrganizationId, ProjectId},
    messages::{Channel, State},
};

/// Which messages of a project are looked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub organization: Option<OrganizationId>,
    pub member: Option<MemberId>,
    /// A number or address, digested under every version of the key.
    pub recipient: Option<Vec<Digest>>,
    pub channel: Option<Channel>,
    pub state: Option<State>,
}

/// Newest first, after one that was shown.
#[derive(Debug, Clone)]
pub struct Page {
    pub before: Option<(Timestamp, MessageId)>,
    pub limit: i64,
}

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    message: &MessageId,
) -> Result<Option<Message>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Message::COLUMNS,
        " FROM messages WHERE messages.project_id = $1 AND messages.message_id = $2"
    ))
    .bind(project)
    .bind(message)
    .optional()
    .await
}

/// The messages of a project that match, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Conn,
    project: &ProjectId,
    filter: &Filter,
    page: &Page,
) -> Result<Vec<Message>, Fault> {
    conn.all_of(statement(project, filter, page)).await
}

fn statement(project: &ProjectId, filter: &Filter, page: &Page) -> Built {
    let mut built = Built::default()
        .bind(project)
        .text("SELECT ")
        .text(Message::COLUMNS)
        .text(" FROM messages WHERE messages.project_id = $1");
    if let Some(organization) = &filter.organization {
        built = built.text(" AND messages.organization_id = ").value(organization);
    }
    if let Some(member) = &filter.member {
        built = built.text(" AND messages.member_id = ").value(member);
    }
    if let Some(digests) = &filter.recipient {
        built = built.text(" AND messages.recipient_digest IN ").list(digests);
    }
    if let Some(channel) = &filter.channel {
        built = built.text(" AND messages.channel = ").value(channel);
    }
    if let Some(state) = &filter.state {
        built = built.text(" AND messages.state = ").value(state);
    }
    if let Some((at, id)) = &page.before {
        built = built.text(" AND (messages.created_at, messages.message_id) < (").value(at).text(", ");
        built = built.value(id).text(")");
    }
    built.text(" ORDER BY messages.created_at DESC, messages.message_id DESC LIMIT ").value(&page.limit)
}
