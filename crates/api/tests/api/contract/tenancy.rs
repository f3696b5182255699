//! Every route, with an id or a token of another member, organization or project in its place.

mod belongings;
mod expectations;

use super::{
    calls::{Call, Stage},
    scenarios::somebody,
    specification::{Route, served},
};
use belongings::Belongings;
use expectations::{Expected, Whose, expected};
use testkit::{Answer, TestApp, json, on_both_databases};

/// What names somebody or something of somebody.
const REFERENCES: [&str; 11] = [
    "organization_id",
    "member_id",
    "email_address",
    "member_session_id",
    "member_password_id",
    "session_token",
    "session_jwt",
    "intermediate_session_token",
    "magic_links_token",
    "password_reset_token",
    "client_id",
];
/// Of these a call shows one.
const CREDENTIALS: [&str; 3] = ["session_token", "session_jwt", "intermediate_session_token"];

on_both_databases! {
    async fn what_another_project_has_is_what_never_was(app: TestApp) {
        let there = app.another_project().await;
        let theirs = Belongings::of_a_stranger(&there).await;
        let before = theirs.state(&there).await;
        every_reference(&app, Whose::Project, &theirs).await;
        assert_eq!(theirs.state(&there).await, before);
        theirs.assert_alive(&there).await;
    }

    async fn what_another_organization_has_is_what_never_was_in_this_one(app: TestApp) {
        let theirs = Belongings::of_a_stranger(&app).await;
        let before = theirs.state(&app).await;
        every_reference(&app, Whose::Organization, &theirs).await;
        assert_eq!(theirs.state(&app).await, before);
        theirs.assert_alive(&app).await;
    }

    async fn what_another_member_has_proves_nothing_for_this_one(app: TestApp) {
        let names_a_member = |route: &Route| route.has("organization_id") && route.has("session_token");
        for route in served().into_iter().filter(|it| names_a_member(it)) {
            let mut stage = Stage::set(&app, &route.operation).await;
            let organization = stage.call.text("organization_id").expect("an organization").to_owned();
            let theirs = Belongings::of_a_neighbour(&app, &organization).await;
            let before = theirs.state(&app).await;
            every_reference_of(route, &mut stage, Whose::Neighbour, &theirs).await;
            assert_eq!(theirs.state(&app).await, before, "{}", route.operation);
            theirs.assert_alive(&app).await;
        }
    }

    async fn a_link_takes_no_progress_of_another_member(app: TestApp) {
        let ada = somebody(&app, json!({})).await;
        let theirs = Belongings::of_a_neighbour(&app, &ada.organization).await;
        for field in CREDENTIALS {
            let token = app.mail_link(&ada.organization, &ada.email, json!({})).await;
            let shown = theirs.values(field)[0].clone();
            let answer = app.spend_link(&token, json!({ field: shown })).await;
            if field == "intermediate_session_token" {
                let refusal = (400, "invalid_intermediate_session_token_for_organization");
                assert_eq!(answer.refusal(), refusal);
            } else {
                assert_own_session(&answer.ok(), &theirs, field);
            }
        }
        theirs.assert_alive(&app).await;
    }

    async fn a_name_denotes_what_each_project_gave_it_to(app: TestApp) {
        let there = app.another_project().await;
        let named = json!({ "organization_slug": "acme", "organization_external_id": "crm|1" });
        let (here_id, there_id) = (app.organization(named.clone()).await, there.organization(named).await);
        for name in ["acme", "crm%7C1"] {
            let path = format!("/v1/b2b/organizations/{name}");
            let (here, there) = (app.get(&path).await.ok(), there.get(&path).await.ok());
            assert_eq!(here["organization"]["organization_id"], json!(here_id));
            assert_eq!(there["organization"]["organization_id"], json!(there_id));
        }
    }
}

async fn every_reference(app: &TestApp, whose: Whose, theirs: &Belongings) {
    for route in served() {
        let mut stage = Stage::set(app, &route.operation).await;
        every_reference_of(route, &mut stage, whose, theirs).await;
    }
}

/// Puts each of their references in the place of ours; what is ours works on.
async fn every_reference_of(route: &'static Route, stage: &mut Stage<'_>, whose: Whose, theirs: &Belongings) {
    for field in REFERENCES.into_iter().filter(|it| route.has(it)) {
        for value in theirs.values(field) {
            let what = format!("{} with the {field} {value} of another {whose:?}", route.operation);
            match expected(route, field, whose) {
                Expected::AsIfItNeverWas => {
                    let answer = stage.send(|call| swap(call, field, value)).await;
                    let never = stage.send(|call| swap(call, field, &never(field, value))).await;
                    assert_alike(&answer, &never, &what);
                }
                Expected::AsIfNobodyThere(member) => {
                    let answer = stage.send(|call| call.with(field, value.clone())).await;
                    let nobody = |call: Call| {
                        let unknown = never(member, call.text(member).expect("a reference"));
                        call.with(field, value.clone()).with(member, unknown)
                    };
                    assert_alike(&answer, &stage.send(nobody).await, &what);
                    assert_ne!(answer.status, 200, "{what}");
                }
                Expected::Refused(error_type) => {
                    let answer = stage.send(|call| swap(call, field, value)).await;
                    assert_eq!(answer.refusal(), (400, error_type), "{what}: {}", answer.body);
                }
                Expected::NotAdmitted(error_type) => {
                    let answer = stage.send(|call| swap(call, field, value)).await;
                    assert_eq!(answer.refusal(), (403, error_type), "{what}: {}", answer.body);
                }
                Expected::Ignored => {
                    let answer = stage.send(|call| swap(call, field, value)).await.ok();
                    assert_own_session(&answer, theirs, &what);
                }
                Expected::OfTheProject => {}
            }
        }
    }
    let answer = stage.send(|call| call).await;
    assert_eq!(answer.status, 200, "{} fails after all that: {}", route.operation, answer.body);
}

/// The call with another reference; of credentials, and of what can be revoked, it shows only this.
fn swap(call: Call, field: &str, value: &str) -> Call {
    let alone = call.operation == "sessions.revoke" || CREDENTIALS.contains(&field);
    let call = match alone {
        true if call.operation == "sessions.revoke" => call.without(&REFERENCES),
        true => call.without(&CREDENTIALS),
        false => call,
    };
    call.with(field, value)
}

/// A reference of the same form that nobody ever had.
fn never(field: &str, value: &str) -> String {
    if field == "email_address" {
        return format!("nobody-{value}");
    }
    let (kept, changed) = value.split_at(value.len() - 8);
    let other = |c: char| c.to_digit(16).map_or('x', |it| char::from_digit((it + 1) % 16, 16).unwrap_or('x'));
    format!("{kept}{}", changed.chars().map(other).collect::<String>())
}

/// A session of this login's factor alone.
#[track_caller]
fn assert_own_session(answer: &Answer, theirs: &Belongings, what: &str) {
    let session = &answer["member_session"];
    let factors = session["authentication_factors"].as_array().map(Vec::len);
    assert_eq!(factors, Some(1), "{what}: {session}");
    assert_ne!(session["member_session_id"], json!(theirs.values("member_session_id")[0]), "{what}");
}

#[track_caller]
fn assert_alike(answer: &Answer, never: &Answer, what: &str) {
    let said = |it: &Answer| (it.status, it["error_type"].clone(), it["error_message"].clone());
    assert_eq!(said(answer), said(never), "{what}");
}
