//! Every operation that honours a member's session asks what that member may do.

use super::{
    calls::Call,
    errors::assert_refused,
    member_sessions::{with_header, with_query},
    scenarios::{number, ready, somebody},
    specification::served,
};
use testkit::{Answer, TestApp, json, on_both_databases};

const NO_RIGHT: (u16, &str) = (403, "session_authorization_error");
const NOT_AT_HOME: (u16, &str) = (403, "session_authorization_tenancy_error");
const DEAD: (u16, &str) = (404, "session_not_found");
const TOKEN: &str = "X-Stytch-Member-Session";
const JWT: &str = "X-Stytch-Member-SessionJWT";
/// What the backend alone may set.
const OF_THE_BACKEND: [&str; 8] = [
    "trusted_metadata",
    "external_id",
    "organization_external_id",
    "claimed_email_domains",
    "first_party_connected_apps_allowed_type",
    "allowed_first_party_connected_apps",
    "third_party_connected_apps_allowed_type",
    "allowed_third_party_connected_apps",
];

#[test]
fn the_routes_that_honour_a_members_session_are_those_of_the_contract() {
    let table = api::routes();
    let in_the_contract = table.table().iter().filter(|it| !it.is_alias);
    for (route, contract) in in_the_contract.zip(served()) {
        assert_eq!(route.for_members, contract.is_for_members(), "{}", contract.operation);
    }
}

on_both_databases! {
    async fn a_member_without_the_right_is_refused_in_every_form_of_their_session(app: TestApp) {
        for operation in operations() {
let call = plain(&app, operation).await;
            let session = session_in(&app, &home(&app, &call).await, json!([])).await;
            let (token, jwt) = (session.text("session_token"), session.text("session_jwt"));
            for (name, shown) in [(TOKEN, &token), (JWT, &jwt), ("x-stytch-member-session", &token)] {
                refused(operation, &with_header(&app, &call, (name, shown)).await, NO_RIGHT);
                refused(operation, &with_query(&app, &call, (name, shown)).await, NO_RIGHT);
            }
            refused(operation, &with_query(&app, &call, ("x_stytch_member_session", &token)).await, NO_RIGHT);
            call.send(&app).await.ok();
        }
    }

    async fn an_administrator_of_another_organization_is_refused(app: TestApp) {
        let there = somebody(&app, json!({})).await;
        let session = session_in(&app, &there.organization, json!(["stytch_admin"])).await;
        for operation in operations() {
let call = plain(&app, operation).await;
            let shown = session.text("session_token");
            refused(operation, &with_header(&app, &call, (TOKEN, &shown)).await, NOT_AT_HOME);
            refused(operation, &with_query(&app, &call, (JWT, &session.text("session_jwt"))).await, NOT_AT_HOME);
            call.send(&app).await.ok();
        }
    }

    async fn a_session_that_is_dead_garbled_or_shown_twice_is_refused(app: TestApp) {
        for operation in operations() {
let call = plain(&app, operation).await;
            let session = session_in(&app, &home(&app, &call).await, json!(["stytch_admin"])).await;
            let (token, jwt) = (session.text("session_token"), session.text("session_jwt"));
            for shown in ["", "x"] {
                refused(operation, &with_header(&app, &call, (TOKEN, shown)).await, DEAD);
                refused(operation, &with_query(&app, &call, (TOKEN, shown)).await, DEAD);
                let unread = (401, "unable_to_parse_session_jwt");
                refused(operation, &with_header(&app, &call, (JWT, shown)).await, unread);
            }
            let twice = format!("{}{}X-Stytch-Member-Session={token}", call.uri(), sign(&call));
            let twice = format!("{twice}&X-Stytch-Member-SessionJWT={jwt}");
            let answer = call.send_raw(&app, &twice, call.body().to_string()).await;
            refused(operation, &answer, (400, "too_many_session_arguments"));
            app.post("/v1/b2b/sessions/revoke", json!({ "session_token": token })).await.ok();
            for (name, shown) in [(TOKEN, &token), (JWT, &jwt)] {
                refused(operation, &with_header(&app, &call, (name, shown)).await, DEAD);
                refused(operation, &with_query(&app, &call, (name, shown)).await, DEAD);
            }
            call.send(&app).await.ok();
        }
    }

    async fn an_administrator_may(app: TestApp) {
        for by_jwt in [false, true] {
            for operation in operations() {
let call = plain(&app, operation).await;
                let session = session_in(&app, &home(&app, &call).await, json!(["stytch_admin"])).await;
                let (token, jwt) = (session.text("session_token"), session.text("session_jwt"));
                let answer = if by_jwt {
                    with_query(&app, &call, (JWT, &jwt)).await
                } else {
                    with_header(&app, &call, (TOKEN, &token)).await
                };
                assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
            }
        }
    }

    async fn what_is_the_backends_is_nobody_elses(app: TestApp) {
        for operation in operations() {
let call = ready(&app, operation).await;
            let session = session_in(&app, &home(&app, &call).await, json!(["stytch_admin"])).await;
            let shown = session.text("session_token");
            for field in OF_THE_BACKEND.into_iter().filter(|it| call.fields.contains_key(*it)) {
                if operation == "organizations.members.create" && field == "external_id" {
                    continue; // of somebody new, with every right
                }
                let others: Vec<&str> = OF_THE_BACKEND.into_iter().filter(|it| *it != field).collect();
                let answer = with_header(&app, &call.clone().without(&others), (TOKEN, &shown)).await;
                let trusted = (401, "cannot_update_trusted_metadata");
                refused(operation, &answer, if field == "trusted_metadata" { trusted } else { NO_RIGHT });
            }
        }
    }

    async fn rights_are_read_afresh(app: TestApp) {
        for operation in operations() {
let call = plain(&app, operation).await;
            let home = home(&app, &call).await;
            let admin = app.newcomer(&home, &address(), json!({ "roles": ["stytch_admin"] })).await;
            let shown = app.link_login(&admin).await.ok().text("session_token");
            app.change(&admin, json!({ "roles": [] })).await.ok();
            refused(operation, &with_header(&app, &call, (TOKEN, &shown)).await, NO_RIGHT);
            call.send(&app).await.ok();
        }
    }
}

/// Each operation that honours a member's session.
fn operations() -> Vec<&'static str> {
    let operations: Vec<&str> =
        served().into_iter().filter(|it| it.is_for_members()).map(|it| it.operation.as_str()).collect();
    assert!(operations.len() >= 17);
    operations
}

/// Ready to succeed, without what would be refused of any member. Arranged one
/// at a time: some operations need the project set otherwise.
async fn plain(app: &TestApp, operation: &'static str) -> Call {
    ready(app, operation).await.without(&OF_THE_BACKEND)
}

/// The organization that a call is about, where anybody can log in by a link.
async fn home(app: &TestApp, call: &Call) -> String {
    let organization = match (call.text("organization_id"), call.fields.get("organization_ids")) {
        (Some(id), _) => id.to_owned(),
        (None, Some(ids)) => ids[0].as_str().expect("an organization").to_owned(),
        (None, None) => {
            let shown = call.text("session_token").expect("a session, if nothing else");
            app.check(shown).await.ok()["organization"]["organization_id"].as_str().expect("an id").to_owned()
        }
    };
    let open = json!({ "mfa_policy": "OPTIONAL", "auth_methods": "ALL_ALLOWED" });
    app.put(&format!("/v1/b2b/organizations/{organization}"), open).await.ok();
    organization
}

/// The session of a new member with these roles.
async fn session_in(app: &TestApp, organization: &str, roles: testkit::Value) -> Answer {
    let member = app.newcomer(organization, &address(), json!({ "roles": roles })).await;
    app.link_login(&member).await.ok()
}

/// Of a domain that gives no roles.
fn address() -> String {
    format!("bob-{}@plain.example", number())
}

fn sign(call: &Call) -> char {
    if call.uri().contains('?') { '&' } else { '?' }
}

#[track_caller]
fn refused(operation: &str, answer: &Answer, expected: (u16, &str)) {
    assert_eq!(
        (answer.status.as_u16(), &answer["error_type"]),
        (expected.0, &json!(expected.1)),
        "{operation}"
    );
    assert_refused(answer, expected);
}
