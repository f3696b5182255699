//! What a page is answered: never more than a page may know.

use super::{PageRules, Told, cookies};
use crate::{
    Api,
    endpoint::Context,
    error::{Error, Result},
};
use axum::{http::header, response::Response};
use domain::{Refusal, discretion, webotp::Host};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

pub(super) async fn respond<A: Serialize>(
    api: &Api,
    context: &Context,
    (rules, cookie_domain): (PageRules, Option<&Host>),
    outcome: Result<A>,
) -> Response {
    let outcome = outcome.and_then(shown);
    let is_hidden = rules.told == Told::Nothing || outcome.is_err() && rules.told != Told::Everything;
    let outcome = discreet(rules.told, outcome);
    if is_hidden {
        sleep_until(next_tick(context.since, api.tick)).await;
    }
    let mut outcome = outcome;
    let set = match (&mut outcome, cookie_domain) {
        (Ok(answer), Some(domain)) => cookies::take(answer, domain),
        (Ok(_), None) | (Err(_), _) => Vec::new(),
    };
    let mut response = context.respond(outcome);
    for cookie in set {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What is the same for everybody is told as it is; the rest as the route demands.
fn discreet(told: Told, outcome: Result<Map<String, Value>>) -> Result<Map<String, Value>> {
    let is_anybodys = match &outcome {
        Err(Error::Refused(refusal)) => discretion::is_told_to_strangers(refusal),
        Err(Error::Malformed(_) | Error::TooFast(_) | Error::Broke(_)) => true,
        Ok(_) => false,
    };
    // Passwords are hashed, or as if, for everybody: whoever finds the queue full learns nothing.
    let is_busy = matches!(&outcome, Err(Error::Refused(Refusal::TooManyRequests)));
    match (told, outcome) {
        (_, Err(error)) if is_anybodys => Err(error),
        (Told::Everything, outcome) => outcome,
        (Told::Alike(_), Err(error)) if is_busy => Err(error),
        (Told::Alike(_), Ok(answer)) => Ok(answer),
        (Told::Alike(stands_for), Err(_)) => Err(stands_for.refusal().into()),
        (Told::Nothing, _) => Ok(nothing()),
    }
}

/// As after a mail, whether or not one left.
fn nothing() -> Map<String, Value> {
    let fields = json!({ "member_id": "", "member_created": false, "member": null, "organization": null });
    fields.as_object().cloned().unwrap_or_default()
}

/// The end of the slice of time that it is: how long work took within one shows nowhere.
fn next_tick(since: Instant, tick: Duration) -> Instant {
    if tick.is_zero() {
        return since;
    }
    let slices = since.elapsed().as_nanos() / tick.as_nanos() + 1;
    since + tick * u32::try_from(slices).unwrap_or(u32::MAX)
}

/// The answer without what browsers never get, and with every field that the
/// SDK reads of a login.
fn shown<A: Serialize>(answer: A) -> Result<Map<String, Value>> {
    let broke = |what: String| Error::Broke(what);
    let value = serde_json::to_value(answer).map_err(|error| broke(error.to_string()))?;
    let Value::Object(mut fields) = value else { return Err(broke("an answer is no object".to_owned())) };
    fields.values_mut().for_each(hide);
    if fields.get("member_session").is_some_and(Value::is_object) {
        complete(&mut fields);
    }
    Ok(fields)
}

/// Trusted metadata is between the project's backend and this server.
fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "trusted_metadata" => *value = json!({}),
                    "untrusted_metadata" | "custom_claims" => {}
                    _ => hide(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn complete(fields: &mut Map<String, Value>) {
    let inside = [
        ("member_authenticated", json!(true)),
        ("intermediate_session_token", json!("")),
        ("mfa_required", Value::Null),
        ("primary_required", Value::Null),
    ];
    for (name, value) in inside {
        fields.entry(name).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_metadata_is_blank_wherever_it_is() {
        let answer = json!({
            "member": { "trusted_metadata": { "plan": "gold" }, "untrusted_metadata": { "trusted_metadata": 1 } },
            "discovered_organizations": [{ "organization": { "trusted_metadata": { "seats": 3 } } }],
        });
        let shown = Value::Object(shown(answer).ok().unwrap());
        assert_eq!(shown["member"]["trusted_metadata"], json!({}));
        assert_eq!(shown["member"]["untrusted_metadata"]["trusted_metadata"], json!(1));
        assert_eq!(shown["discovered_organizations"][0]["organization"]["trusted_metadata"], json!({}));
    }

    #[tokio::test]
    async fn work_ends_at_the_end_of_its_slice() {
        let since = Instant::now();
        let tick = Duration::from_hours(1);
        assert_eq!(next_tick(since, tick), since + tick);
        assert_eq!(next_tick(since, Duration::ZERO), since);
    }
}
