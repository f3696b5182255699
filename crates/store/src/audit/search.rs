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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        databases::Place as Database,
        db::testing::{self, postgres_plan, sqlite_plan},
    };
    use domain::{
        Timestamp,
        audit::{Action, Actor},
    };

    const ID: &str = "00000000-0000-4000-8000-000000000001";

    /// With the index that leads to what it asks for.
    fn filters() -> Vec<(Filter, &'static str)> {
        let organization = Some(format!("organization-test-{ID}").parse().unwrap());
        let member = Some(format!("member-test-{ID}").parse().unwrap());
        let (one, two) = (vec![Action::SessionCreated], vec![Action::SessionCreated, Action::PasswordSet]);
        let from = Some(Timestamp::from_milliseconds(7));
        vec![
            (Filter::default(), "audit_events_project"),
            (Filter { from, to: from, ..Filter::default() }, "audit_events_project"),
            (Filter { organization, ..Filter::default() }, "audit_events_organization"),
            (Filter { member, ..Filter::default() }, "audit_events_member"),
            (Filter { actions: one, ..Filter::default() }, "audit_events_action"),
            (Filter { actions: two, actor: Some(Actor::Member), ..Filter::default() }, "audit_events_"),
        ]
    }

    fn statements() -> Vec<(String, &'static str)> {
        let project = format!("project-test-{ID}").parse().unwrap();
        let place = Place { at: Timestamp::from_milliseconds(9), audit_event_id: "x".to_owned() };
        let mut found = Vec::new();
        for (filter, index) in filters() {
            for order in [Order::NewestFirst, Order::OldestFirst] {
                for after in [None, Some(&place)] {
                    let filter = Filter { order, ..filter.clone() };
                    found.push((statement(&project, &filter, (after, 10)).as_str().to_owned(), index));
                }
            }
        }
        found
    }

    #[tokio::test]
    async fn every_filter_is_answered_from_an_index_on_sqlite() {
        let place = Database::sqlite();
        place.migrated().await;
        let conn = testing::sqlite(&place.url());
        for (text, index) in statements() {
            let steps = sqlite_plan(&conn, &text).unwrap().join("\n");
            assert!(steps.contains(index) && !steps.contains("SCAN"), "{text}: {steps}");
        }
    }

    #[tokio::test]
    async fn every_filter_is_answered_from_an_index_on_postgres() {
        let Some(place) = Database::postgres().await else { return };
        let client = testing::postgres(&place.url()).await;
        for (text, _) in statements() {
            let steps = postgres_plan(&client, &text, &[]).await.unwrap();
            assert!(!steps.iter().any(|it| it.contains("Seq Scan")), "{text}: {steps:#?}");
        }
    }
}
