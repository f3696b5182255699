//! Whatever is sent, the answer is proper, tells nothing of it, and nothing changes.

mod bodies;
mod random;
mod values;

use super::{
    calls::{Call, Stage},
    errors::assert_well_refused,
    specification::{Field, Place, Route, served},
};
use testkit::{Answer, TestApp, Value};

/// In everything that is sent wrong; in no answer.
const MARKER: &str = "MARKER-7731";

/// Refused as bad, with no word of what was sent.
#[track_caller]
fn assert_refused_in_silence(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    assert_well_refused(answer);
    let said = answer.body.to_string().to_ascii_lowercase();
    assert!(!said.contains("marker") && !said.contains("7731773"), "{what}: {said}");
}

/// What a call names, as it is now.
async fn state(app: &TestApp, call: &Call) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some(organization) = call.text("organization_id") {
        let path = format!("/v1/b2b/organizations/{organization}");
        found.push(app.get(&path).await["organization"].clone());
        for key in ["member_id", "email_address"] {
            if let Some(value) = call.text(key) {
                found.push(app.get(&format!("{path}/member?{key}={value}")).await["member"].clone());
            }
        }
    }
    found
}

/// The operations with a body that is read, each ready, and unchanged after what is done with it.
async fn on_every_stage<F>(app: &TestApp, done: F)
where
    F: AsyncFn(&'static Route, &mut Stage<'_>),
{
    for route in served().into_iter().filter(|it| it.takes_a_body()) {
        let mut stage = Stage::set(app, &route.operation).await;
        let before = state(app, &stage.call).await;
        done(route, &mut stage).await;
        assert_eq!(state(app, &stage.call).await, before, "{}", route.operation);
        let answer = stage.call.send(app).await;
        assert_eq!(answer.status, 200, "{} fails after all that: {}", route.operation, answer.body);
    }
}

/// The fields of the body that are read.
fn read_fields(route: &Route) -> impl Iterator<Item = &Field> {
    let ignored = ["telemetry_id", "preserve_existing_sessions"];
    route.fields_in(Place::Body).filter(move |it| !ignored.contains(&it.name.as_str()))
}
