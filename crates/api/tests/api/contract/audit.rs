//! That whatever a route does is on record, in the transaction that did it.

use super::{calls::Call, scenarios::ready, specification::served};
use testkit::{TestApp, on_both_databases};

/// Operations that change something without an event of their own, and why.
const UNRECORDED: &[(&str, &str)] = &[
    ("discovery.organizations.list", "reads"),
    ("idp.introspectTokenNetwork", "reads"),
    ("m2m.clients.search", "reads"),
    ("organizations.members.search", "reads"),
    ("organizations.search", "reads"),
    ("passwords.strengthCheck", "keeps nothing"),
    ("rbac.organizations.getOrgPolicy", "reads"),
];

/// Events in all chains together.
async fn on_record(app: &TestApp) -> i64 {
    let mut conn = app.api.app.db.read().await.unwrap();
    let chains = store::audit::chains::after(&mut conn, ("", ""), 10_000).await.unwrap();
    chains.iter().map(|it| it.end.length).sum()
}

async fn recorded(app: &TestApp, call: &Call) -> i64 {
    let before = on_record(app).await;
    call.send(app).await.ok();
    on_record(app).await - before
}

on_both_databases! {
    async fn every_operation_that_changes_something_is_on_record(app: TestApp) {
        let mut wrong = Vec::new();
        for route in served().iter().filter(|it| it.method() != "GET") {
            let events = recorded(&app, &ready(&app, &route.operation).await).await;
            let is_excepted = UNRECORDED.iter().any(|(operation, _)| *operation == route.operation);
            if (events == 0) != is_excepted {
                wrong.push(format!("{}: {events} events", route.operation));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
