//! Whole bodies: not JSON, not an object, too deep, too long, ambiguous.

use super::{MARKER, assert_refused_in_silence, on_every_stage};
use crate::contract::calls::{Call, Stage};
use axum::{body::Body, http::Method};
use testkit::{json, on_both_databases};

const MOST: usize = 64 * 1024;

on_both_databases! {
    async fn a_body_that_is_no_clear_json_object_is_refused(app: TestApp) {
        on_every_stage(&app, async |route, stage| {
            for (what, body) in unclear_bodies() {
                let answer = stage.send_raw(body).await;
                assert_refused_in_silence(&answer, &format!("{} {what}", route.operation));
                assert_eq!(answer.refusal().1, route.malformed());
            }
        })
        .await;
    }

    async fn every_field_is_looked_at_for_what_no_text_may_hold(app: TestApp) {
        on_every_stage(&app, async |route, stage| {
            for name in stage.call.body().as_object().expect("an object").keys() {
                for forbidden in [r"\u0000", r"\ud800", r"\udc00\ud800", "\u{1}"] {
                    let body = stage.call.clone().with(name, MARKER).body().to_string();
                    let answer = stage.send_raw(body.replace(MARKER, &format!("{MARKER}{forbidden}"))).await;
                    assert_refused_in_silence(&answer, &format!("{} {name} {forbidden}", route.operation));
                }
            }
        })
        .await;
    }

    async fn a_delete_reads_its_body_as_strictly(app: TestApp) {
        let mut stage = Stage::set(&app, "organizations.delete").await;
        for (what, body) in unclear_bodies() {
            assert_refused_in_silence(&stage.send_raw(body).await, what);
        }
        stage.send(|call| call).await.ok();
    }

    async fn a_body_may_fill_64_kib_and_nest_32_levels(app: TestApp) {
        let call = Call::new("passwords.strengthCheck", json!({ "password": "correct horse battery" }));
        let full = |length: usize| {
            let body = call.clone().with("padding", "").body().to_string();
            body.replace(r#""padding":"""#, &format!(r#""padding":"{}""#, "x".repeat(length - body.len())))
        };
        let uri = call.uri();
        call.send_raw(&app, &uri, full(MOST)).await.ok();
        assert_refused_in_silence(&call.send_raw(&app, &uri, full(MOST + 1)).await, "64 KiB and a byte");
        let deep = |levels: usize| format!(r#"{{"password": "x", "deep": {}}}"#, nested(levels - 1));
        call.send_raw(&app, &uri, deep(32)).await.ok();
        assert_refused_in_silence(&call.send_raw(&app, &uri, deep(33)).await, "33 levels");
    }

    async fn a_parameter_that_holds_u_0000_is_refused(app: TestApp) {
        for path in [
            "/v1/b2b/organizations/%00",
            "/v1/b2b/organizations/acme/member?member_id=%00",
            "/v1/b2b/sessions?organization_id=acme&member_id=a%00b",
            "/v1/debug/whoami?%00=1",
        ] {
            assert_refused_in_silence(&app.call(Method::GET, path, None).await, path);
        }
    }
}

/// Each with the marker where it can be.
fn unclear_bodies() -> Vec<(&'static str, Body)> {
    let text = |body: String| Body::from(body);
    let twice = |value: &str| format!(r#"{{"{MARKER}": {value}, "{MARKER}": {value}}}"#);
    vec![
        ("a key twice", text(twice("1"))),
        ("a key twice inside", text(format!(r#"{{"trusted_metadata": {}}}"#, twice("null")))),
        ("a key twice, once escaped", text(r#"{"marker": 1, "\u006darker": 2}"#.to_owned())),
        (
            "an organization twice",
            text(r#"{"organization_id": "marker", "organization_id": "marker"}"#.into()),
        ),
        ("100 levels", text(nested(100))),
        ("100 levels in a field", text(format!(r#"{{"trusted_metadata": {}}}"#, nested(100)))),
        ("10,000 levels", text("[".repeat(10_000))),
        ("a key with U+0000", text(format!(r#"{{"{MARKER}\u0000": 1}}"#))),
        ("a lone surrogate in a key", text(format!(r#"{{"{MARKER}\ud800": 1}}"#))),
        ("no UTF-8", Body::from([br#"{"name": "MARKER-7731"#.as_slice(), b"\xff\xfe\"}"].concat())),
        ("an encoded surrogate", Body::from([br#"{"name": ""#.as_slice(), b"\xed\xa0\x80\"}"].concat())),
        ("UTF-16", Body::from("{}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())),
        ("a byte order mark", text("\u{feff}{}".to_owned())),
        ("cut off", text(format!(r#"{{"name": "{MARKER}"#))),
        ("cut off after a comma", text(format!(r#"{{"name": "{MARKER}","#))),
        ("two bodies", text(format!(r#"{{}} {{"name": "{MARKER}"}}"#))),
        ("a list", text(format!(r#"["{MARKER}"]"#))),
        ("a list of bodies", text("[{}]".to_owned())),
        ("a text", text(format!(r#""{MARKER}""#))),
        ("a number", text("7731773".to_owned())),
        ("a truth", text("true".to_owned())),
        ("no JSON", text(MARKER.to_owned())),
        ("single quotes", text(format!("{{'name': '{MARKER}'}}"))),
        ("a comment", text(format!("{{}} // {MARKER}"))),
        ("a form", text(format!("name={MARKER}&organization_id={MARKER}"))),
        ("no number", text(r#"{"session_duration_minutes": NaN}"#.to_owned())),
        ("a number beyond all", text(r#"{"session_duration_minutes": 1e999}"#.to_owned())),
        ("64 KiB and a byte", text(format!(r#"{{"name": "{}"}}"#, "x".repeat(MOST)))),
        ("a megabyte", text(" ".repeat(1 << 20))),
    ]
}

fn nested(levels: usize) -> String {
    format!(r#"{}"{MARKER}"{}"#, "[".repeat(levels), "]".repeat(levels))
}
