//! One field at a time: of the wrong type, out of range, far too long.

use super::{MARKER, assert_refused_in_silence, on_every_stage, read_fields};
use crate::contract::{
    calls::Stage,
    errors::assert_well_refused,
    specification::{Field, served},
};
use std::time::{Duration, Instant};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn a_field_of_the_wrong_type_is_refused_by_name_only(app: TestApp) {
        on_every_stage(&app, async |route, stage| {
            for field in read_fields(route) {
                for wrong in of_another_type(&field.kind) {
                    let what = format!("{} {}: {wrong}", route.operation, field.name);
                    let answer = stage.send(|call| call.with(&field.name, wrong)).await;
                    if field.name == "authorization_check" {
                        assert_well_refused(&answer);
                    } else {
                        assert_refused_in_silence(&answer, &what);
                    }
                }
            }
        })
        .await;
    }

    async fn a_required_field_that_is_missing_or_null_is_named(app: TestApp) {
        on_every_stage(&app, async |route, stage| {
            // The Go client leaves out a list that is empty.
            // Of a client's name there is another place, the header.
            let is_needed =
                |it: &&Field| !it.optional && it.kind != "array<string>" && (!route.is_oauth() || !it.name.starts_with("client_"));
            for field in read_fields(route).filter(is_needed) {
                let missing = stage.send(|call| call.without(&[&field.name])).await;
                let null = stage.send(|call| call.with(&field.name, Value::Null)).await;
                for answer in [missing, null] {
                    assert_eq!(answer.refusal(), (400, route.malformed()));
                    assert!(answer.body.to_string().contains(&format!("The field {}", field.name)), "{}", answer.body);
                }
            }
        })
        .await;
    }

    async fn a_number_out_of_range_is_refused(app: TestApp) {
        on_every_stage(&app, async |route, stage| {
            for field in read_fields(route).filter(|it| it.kind.ends_with("int32")) {
                // The Go client sends a limit of 0 where it wants none.
                let zero = if field.name == "limit" { "1001" } else { "0" };
                for wrong in ["-1", zero, "-9223372036854775808", "9223372036854775807", "18446744073709551615",
                              "99999999999999999999999", "1e3", "30.5", "1e400", "-0.0"] {
                    let body = stage.call.clone().with(&field.name, MARKER).body().to_string();
                    let answer = stage.send_raw(body.replace(&format!("\"{MARKER}\""), wrong)).await;
                    assert_refused_in_silence(&answer, &format!("{} {}: {wrong}", route.operation, field.name));
                }
            }
        })
        .await;
    }

    async fn a_text_that_is_far_too_long_breaks_nothing(app: TestApp) {
        on_every_stage(&app, async |route, stage| {
            let is_text = |field: &&Field| field.kind == "string" || field.kind.starts_with("enum:");
            // A primary login ignores a session that is not alive.
            let is_ignored = |field: &&Field| match field.name.as_str() {
                "session_token" | "session_jwt" => route.has("locale") || route.operation == "sessions.attest",
                // No token is too long to be asked about: it is not active.
                "token" | "token_type_hint" => route.is_oauth(),
                _ => false,
            };
            for field in read_fields(route).filter(is_text).filter(|it| !is_ignored(it)) {
                let long = MARKER.repeat(5000);
                let answer = stage.send(|call| call.with(&field.name, long)).await;
                assert_well_refused(&answer);
                assert!(!answer.body.to_string().contains(MARKER), "{} {}", route.operation, field.name);
            }
        })
        .await;
    }

    async fn a_list_of_ten_thousand_holds_nobody_up(app: TestApp) {
        let list: Vec<Value> = (0..10_000).map(three_characters).collect();
        for route in served().into_iter().filter(|it| it.takes_a_body()) {
            let mut stage = Stage::set(&app, &route.operation).await;
            for field in read_fields(route).filter(|it| it.kind.starts_with("array<")) {
                let (name, began) = (format!("{} {}", route.operation, field.name), Instant::now());
                let answer = stage.send(|call| call.with(&field.name, list.clone())).await;
                if answer.status.is_success() {
                    assert!(field.name.starts_with("allowed_") || field.name.ends_with("_connections"), "{name}");
                } else {
                    assert!(began.elapsed() < Duration::from_secs(1), "{name}: {:?}", began.elapsed());
                    assert_well_refused(&answer);
                }
            }
        }
    }
}

/// Values of every type but this one, each with the marker where it has room.
fn of_another_type(kind: &str) -> Vec<Value> {
    let text = json!(MARKER);
    let number = json!(7_731_773);
    let fraction = json!(7_731_773.5);
    let truth = json!(true);
    let list = json!([MARKER]);
    let object = json!({ "marker_7731": MARKER });
    let in_a_list = [&number, &list, &object, &Value::Null].map(|it| json!([it]));
    match kind {
        "string" => vec![number, fraction, truth, list, object],
        "boolean" => vec![text, json!("true"), number, json!(1), list, object],
        "int32" | "uint32" => vec![text, json!("30"), fraction, truth, list, object],
        "object" => vec![text, number, truth, list],
        "array<string>" => [text, number, truth, object].into_iter().chain(in_a_list).collect(),
        it if it.starts_with("enum:") => vec![number, truth, list, object, text],
        it if it.starts_with("array<") => {
            vec![text, number, truth, object, list.clone(), json!([list]), json!([null])]
        }
        _ => {
            vec![text, number, truth, list, json!([]), json!({ "salt": [MARKER], "prepend_salt": [MARKER] })]
        }
    }
}

/// Another text for each number below 46,656.
fn three_characters(number: u32) -> Value {
    let digit = |it: u32| char::from_digit(it % 36, 36).expect("a digit");
    json!(String::from_iter([digit(number / 1296), digit(number / 36), digit(number)]))
}
