//! Events as they are asked for, page by page.

use crate::{
    audit::records::RECORD,
    db::{Built, Conn, Fault},
};
use domain::{
    audit::{
        chain::Record,
        filter::{Filter, Order, Place},
    },
    id::ProjectId,
};

/// The first events after a place, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut Conn,
    project: &ProjectId,
    filter: &Filter,
    (after, limit): (Option<&Place>, i64),
) -> Result<Vec<Record>, Fault> {
    conn.all_of(statement(project, filter, (after, limit))).await
}

pub(crate) fn statement(
    project: &ProjectId,
    filter: &Filter,
    (after, limit): (Option<&Place>, i64),
) -> Built {
    let Filter { organization, member, actions, actor, from, to, order } = filter;
    let mut built = Built::default()
        .text("SELECT ")
        .text(RECORD)
        .text(" FROM audit_events WHERE project_id = ")
        .value(project);
    if let Some(organization) = organization {
        built = built.text(" AND organization_id = ").value(organization);
    }
    if let Some(member) = member {
        built = built.text(" AND member_id = ").value(member);
    }
    built = match actions.as_slice() {
        [] => built,
        // One is a place in an index; several are told apart while walking.
        [action] => built.text(" AND action = ").value(action),
        several => built.text(" AND action IN ").list(several),
    };
    if let Some(actor) = actor {
        built = built.text(" AND actor = ").value(actor);
    }
    if let Some(from) = from {
        built = built.text(" AND at >= ").value(from);
    }
    if let Some(to) = to {
        built = built.text(" AND at < ").value(to);
    }
    let (beyond, ordered) = match order {
        Order::NewestFirst => {
            (" AND (at, audit_event_id) < (", " ORDER BY at DESC, audit_event_id DESC LIMIT ")
        }
        Order::OldestFirst => (" AND (at, audit_event_id) > (", " ORDER BY at, audit_event_id LIMIT "),
    };
    if let Some(Place { at, audit_event_id }) = after {
        built = built.text(beyond).value(at).text(", ").value(audit_event_id).text(")");
    }
    built.text(ordered).value(&limit)
}
