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

/// How an attempt is made to fail.
#[derive(Debug, Clone, Copy)]
enum Spoiled {
    /// What works once is shown a second time.
    Twice,
    /// Another value in a field.
    By(&'static str, &'static str),
}
use Spoiled::{By, Twice};

/// Operations that authenticate, and how each is refused; the refusal is on record.
const REFUSED: &[(&str, Spoiled)] = &[
    ("impersonation.authenticate", Twice),
    ("magicLinks.authenticate", Twice),
    ("magicLinks.discovery.authenticate", Twice),
    ("otps.email.authenticate", By("code", "000000")),
    ("otps.email.discovery.authenticate", By("code", "000000")),
    ("otps.sms.authenticate", By("code", "000000")),
    ("passwords.authenticate", By("password", "not the password")),
    ("passwords.discovery.authenticate", By("password", "not the password")),
    ("passwords.discovery.email.reset", Twice),
    ("passwords.email.reset", Twice),
    ("passwords.existingPassword.reset", By("existing_password", "not the password")),
    ("recoveryCodes.recover", By("recovery_code", "aaaa-bbbb-cccc")),
    ("sessions.attest", Twice),
    ("totps.authenticate", By("code", "000000")),
];

/// Operations that authenticate, and leave no event when they refuse.
const UNRECORDED_WHEN_REFUSED: &[(&str, &str)] = &[
    ("discovery.intermediateSessions.exchange", "a token that is none names nobody"),
    ("sessions.authenticate", "a token that is none names nobody; asked at every request of an application"),
    ("sessions.exchange", "a token that is none names nobody"),
    ("passwords.sessions.reset", "a token that is none names nobody"),
    ("sessions.migrate", "the identity provider it asks knows whom it refused"),
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

/// Events of the refusal.
async fn recorded_when_refused(app: &TestApp, operation: &'static str, spoiled: Spoiled) -> i64 {
    let call = ready(app, operation).await;
    let call = match spoiled {
        Twice => {
            call.send(app).await.ok();
            call
        }
        By(field, value) => call.with(field, value),
    };
    let before = on_record(app).await;
    let answer = call.send(app).await;
    assert!(answer.status.is_client_error(), "{operation}: {}", answer.body);
    on_record(app).await - before
}

fn authenticates(operation: &str) -> bool {
    let ends = |it: &&str| operation.ends_with(*it);
    operation == "sessions.migrate"
        || [".authenticate", ".reset", ".recover", ".exchange", ".attest"].iter().any(ends)
}

#[test]
fn every_operation_that_authenticates_says_how_it_fails() {
    for route in served().iter().filter(|it| authenticates(&it.operation)) {
        let known = REFUSED.iter().map(|it| it.0).chain(UNRECORDED_WHEN_REFUSED.iter().map(|it| it.0));
        assert_eq!(known.filter(|it| *it == route.operation).count(), 1, "{}", route.operation);
    }
}

on_both_databases! {
    async fn every_attempt_in_vain_is_on_record(app: TestApp) {
        let mut wrong = Vec::new();
        for (operation, spoiled) in REFUSED {
            if recorded_when_refused(&app, operation, *spoiled).await == 0 {
                wrong.push(*operation);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

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
