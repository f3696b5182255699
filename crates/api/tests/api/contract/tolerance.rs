//! What the official clients really send, each in its own way.

use super::{
    answers::assert_as_promised,
    calls::{Call, Stage},
    errors::assert_refused,
    scenarios::{ready, somebody},
    specification::{Place, served},
};
use axum::http::Method;
use testkit::{Answer, Value, json, on_both_databases};

on_both_databases! {
    /// Unset optionals as null, path parameters in the body, everything but
    /// letters and digits encoded in the path, a body on every method.
    async fn every_operation_succeeds_as_the_rust_client_calls_it(app: TestApp) {
        for route in served() {
            let call = only_required(ready(&app, &route.operation).await);
            let mut body = Value::Object(call.fields.clone());
            for field in route.fields_in(Place::Body).filter(|it| !call.fields.contains_key(&it.name)) {
                body[&field.name] = Value::Null;
            }
            let answer = call.send_raw(&app, &call.uri(), body.to_string()).await;
            assert_as_promised(&route.operation, &answer);
        }
    }

    /// Path parameters in the query and in the body, fields of a newer client, a body of `null` on a GET.
    async fn every_operation_succeeds_as_the_python_client_calls_it(app: TestApp) {
        for route in served() {
            let call = ready(&app, &route.operation).await;
            let uri = call.uri();
            let repeated = route.fields_in(Place::Path).filter_map(|it| Some((&it.name, call.text(&it.name)?)));
            let repeated: Vec<String> = repeated.map(|(name, value)| format!("{name}={value}")).collect();
            let separator = if uri.contains('?') { '&' } else { '?' };
            let uri = format!("{uri}{separator}a_newer_field=1&{}", repeated.join("&"));
            let body = match route.method() {
                Method::GET => Value::Null,
                _ => Value::Object(call.fields.clone()),
            };
            assert_as_promised(&route.operation, &call.send_raw(&app, &uri, body.to_string()).await);
        }
    }

    /// A field of a newer client, on every operation; empty strings for unset tokens.
    async fn unknown_fields_and_empty_tokens_count_for_nothing(app: TestApp) {
        let tokens = ["session_token", "session_jwt", "intermediate_session_token", "telemetry_id",
                      "pkce_code_verifier", "locale", "mfa_phone_number", "set_mfa_enrollment",
                      "external_id", "organization_external_id", "organization_slug"];
        for route in served() {
            let call = ready(&app, &route.operation).await.with("a_newer_field", json!({ "x": [1] }));
            let unset = tokens.iter().filter(|it| route.has(it) && !call.fields.contains_key(**it));
            let call = unset.fold(call.clone(), |call, token| call.with(token, ""));
            assert_as_promised(&route.operation, &call.send(&app).await);
        }
    }

    async fn no_body_an_empty_one_and_null_are_the_same(app: TestApp) {
        for route in served().into_iter().filter(|it| it.method() != Method::GET) {
            let mut stage = Stage::set(&app, &route.operation).await;
            let mut answers = Vec::new();
            for body in ["", "{}", "null", " \n\t"] {
                let answer = stage.send_raw(body).await;
                answers.push((answer.status, answer["error_type"].clone(), answer["error_message"].clone()));
            }
            assert!(answers.iter().all(|it| it == &answers[0]), "{}: {answers:?}", route.operation);
            let wants_a_token = matches!(
                route.operation.as_str(),
                "sessions.authenticate"
                    | "sessions.revoke"
                    | "sessions.exchange"
                    | "discovery.organizations.list"
                    | "organizations.members.search"
                    | "organizations.members.unlinkRetiredEmail"
            );
            let needs_nothing = route.request.iter().all(|it| {
                // The Go client leaves out a list that is empty.
                it.optional || it.place == Place::Path || it.kind == "array<string>"
            });
            let expected = if needs_nothing && !wants_a_token { 200 } else { 400 };
            assert_eq!(answers[0].0, expected, "{}: {answers:?}", route.operation);
        }
    }

    async fn a_get_reads_no_body_and_a_delete_any(app: TestApp) {
        let fields = json!({ "organization_id": "another", "member_id": 7, "name": null });
        let bodies = ["", "{}", "null", &fields.to_string()];
        for route in served().into_iter().filter(|it| !it.takes_a_body()) {
            let mut stage = Stage::set(&app, &route.operation).await;
            for body in bodies {
                assert_as_promised(&route.operation, &stage.send_raw(body.to_owned()).await);
            }
            if route.method() == Method::GET {
                assert_as_promised(&route.operation, &stage.send_raw("not JSON").await);
            }
        }
    }

    async fn null_clears_nothing(app: TestApp) {
        for operation in ["organizations.update", "organizations.members.update"] {
            let call = ready(&app, operation).await;
            let before = content(call.send(&app).await.ok());
            let nulls = call.route().fields_in(Place::Body).map(|it| it.name.as_str());
            let nulls = nulls.fold(call.clone(), |call, name| call.with(name, Value::Null));
            assert_eq!(content(nulls.send(&app).await.ok()), before);
            assert_eq!(content(call.without(&["email_address"]).send(&app).await.ok()), before);
        }
    }

    async fn truth_in_a_query_is_written_as_each_language_writes_it(app: TestApp) {
        let ada = somebody(&app, json!({})).await;
        app.delete(&ada.path()).await.ok();
        let found = |written: &'static str| {
            let fields = json!({ "member_id": ada.member, "include_deleted": written });
            let app = &app;
            async move { Call::new("organizations.members.dangerouslyGet", fields).send(app).await }
        };
        for truth in ["true", "True", "TRUE", "1"] {
            found(truth).await.ok();
        }
        for untruth in ["false", "False", "0", ""] {
            assert_refused(&found(untruth).await, (404, "member_not_found"));
        }
        for neither in ["yes", "2", "null", "true ", "tru"] {
            assert_refused(&found(neither).await, (400, "bad_request"));
        }
    }

    async fn the_path_is_decoded_after_it_is_split(app: TestApp) {
        let call = ready(&app, "organizations.create").await.with("organization_external_id", "crm|42");
        let organization = call.send(&app).await.ok()["organization"]["organization_id"].clone();
        let named = async |path: &str| app.get(&format!("/v1/b2b/organizations/{path}")).await;
        let id = organization.as_str().expect("an id");
        for path in ["crm%7C42", "crm%7c42", &id.replace('-', "%2D"), id] {
            let answer = named(path).await.ok();
            assert_eq!(answer["organization"]["organization_id"], organization, "{path}");
        }
        assert_refused(&named("crm%257C42").await, (404, "organization_not_found"));
        assert_refused(&named("crm%2F42").await, (404, "organization_not_found"));
    }
}

/// Everything but what differs from answer to answer.
fn content(mut answer: Answer) -> Value {
    answer.body["request_id"].take();
    answer.body
}

/// Without the optional fields that can be left out of this call.
fn only_required(call: Call) -> Call {
    let kept = ["member_id", "session_token", "intermediate_session_token", "mfa_phone_number", "email_id"];
    let optional = call.route().request.iter().filter(|it| it.optional && !kept.contains(&it.name.as_str()));
    let optional: Vec<&str> = optional.map(|it| it.name.as_str()).collect();
    call.without(&optional)
}
