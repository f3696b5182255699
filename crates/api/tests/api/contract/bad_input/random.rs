//! Whatever the body: no answer is a failure of the server.

use super::MARKER;
use crate::contract::{
    calls::Call,
    errors::assert_well_refused,
    scenarios::ready,
    specification::{Place, served},
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Map, Number};
use testkit::{TestApp, Value, on_both_databases};
use tokio::{runtime::Handle, task::block_in_place};

const CASES: u32 = 24;

on_both_databases! {
    async fn no_random_fields_break_an_operation(app: TestApp) {
        for route in served().into_iter().filter(|it| it.takes_a_body()) {
            let call = ready(&app, &route.operation).await;
            let names: Vec<String> = route.fields_in(Place::Body).map(|it| it.name.clone()).collect();
            if names.is_empty() {
                continue;
            }
            let changes = proptest::collection::vec((select(names), value()), 1..6);
            runner().run(&changes, |changes| {
                let call = changes.into_iter().fold(call.clone(), |call, (name, value)| call.with(&name, value));
                holds(&app, &call, call.body().to_string().into_bytes());
                Ok(())
            })
            .expect("no failure");
        }
    }

    async fn no_random_bytes_break_an_operation(app: TestApp) {
        let bytes = prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            value().prop_map(|it| it.to_string().into_bytes()),
            "[\\{\\}\\[\\]:,\"0-9a-z \\\\]{0,60}".prop_map(String::into_bytes),
        ];
        for route in served().into_iter().filter(|it| it.takes_a_body()) {
            let named = route.fields_in(Place::Path).map(|it| (it.name.clone(), Value::from("acme")));
            let call = Call { operation: &route.operation, fields: named.collect() };
            runner().run(&bytes, |body| {
                holds(&app, &call, body);
                Ok(())
            })
            .expect("no failure");
        }
    }
}

/// The same cases in every run.
fn runner() -> TestRunner {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn holds(app: &TestApp, call: &Call, body: Vec<u8>) {
    let uri = call.uri();
    let answer = block_in_place(|| Handle::current().block_on(call.send_raw(app, &uri, body)));
    if answer.status != 200 {
        assert_well_refused(&answer);
        assert!(!answer.body.to_string().contains(MARKER), "{}", answer.body);
    }
}

/// Any JSON, with what parsers and databases stumble over.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-5_i64..600_000).prop_map(Value::from),
        any::<f64>().prop_map(|it| Number::from_f64(it).map_or(Value::Null, Value::Number)),
        any::<String>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..6)
                .prop_map(|it| Value::Object(it.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![select(ODD).prop_map(str::to_owned), ".{0,40}", "[a-z0-9_.@+-]{1,300}"]
}

/// Texts that mean something somewhere.
const ODD: &[&str] = &[
    "",
    " ",
    MARKER,
    "true",
    "null",
    "enroll",
    "123456",
    "abcd-ef01-2345",
    "ada@acme.example",
    "@",
    "+12025550100",
    "+1",
    "acme",
    "search",
    "..",
    "RESTRICTED",
    "totp",
    "sms_otp",
    "md_5",
    "bcrypt",
    "$2a$10$",
    "$argon2id$v=19$m=65536,t=2,p=1$",
    "http://localhost:3000/authenticate",
    "https://",
    "eyJhbGciOiJub25lIn0.e30.",
    "'; DROP TABLE members; --",
    "%00",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "organization-test-00000000-0000-4000-8000-000000000001",
    "member-test-00000000-0000-4000-8000-000000000001",
];
