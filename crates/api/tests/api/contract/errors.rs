//! Refusals: five fields, one status for each type, and the headers of every answer.

use super::{
    shapes::faults,
    specification::{error_types, specification},
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeMap;
use testkit::{Answer, PROJECT_ID, SECRET, TestApp, json, on_both_databases};

/// RFC 6749, sections 4.1.2.1 and 5.2, and one word of ours.
const OAUTH_ERRORS: [&str; 7] = [
    "access_denied",
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "project_not_found",
    "temporarily_unavailable",
    "unsupported_grant_type",
];

/// Holds a refusal against the contract.
#[track_caller]
pub fn assert_refused(answer: &Answer, expected: (u16, &str)) {
    assert_well_refused(answer);
    assert_eq!(answer.refusal(), expected, "{}", answer.body);
}

/// Of any status and type, but proper.
#[track_caller]
pub fn assert_well_refused(answer: &Answer) {
    let is_oauth = !answer["error"].is_null();
    let (form, texts) = if is_oauth {
        (&specification().error.oauth2, ["request_id", "error_description", "error_uri"])
    } else {
        (&specification().error.json, ["request_id", "error_message", "error_url"])
    };
    let found = faults(form, &answer.body);
    assert!(found.is_empty(), "{found:#?} in {} {}", answer.status, answer.body);
    assert!(answer.status.is_client_error(), "{} {}", answer.status, answer.body);
    assert_eq!(answer["status_code"], json!(answer.status.as_u16()));
    let known = if is_oauth { OAUTH_ERRORS.to_vec() } else { error_types() };
    assert!(known.contains(&answer.refusal().1), "{}", answer.body);
    for text in texts {
        assert_ne!(answer[text], json!(""), "{text}");
    }
    assert_guarded(answer);
}

/// Nothing is cached, sniffed, framed or sent on.
#[track_caller]
pub fn assert_guarded(answer: &Answer) {
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        let sent: Vec<_> = answer.headers.get_all(&name).iter().collect();
        assert_eq!(sent, [value], "{name}: {} {}", answer.status, answer.body);
    }
}

on_both_databases! {
    async fn without_credentials_no_route_but_the_public_keys_answers(app: TestApp) {
        let wrong = wrong_credentials(&app.another_project().await);
        for route in api::routes().table() {
            let expected = (401, "unauthorized_credentials");
            for authorization in &wrong {
                let answer = bare(&app, &route.method, route.path, authorization.as_deref()).await;
                match route.access {
                    api::endpoint::Access::Secret | api::endpoint::Access::Admin => {
                        assert_refused(&answer, expected);
                    }
                    // A project named {project_id} there is not; but the call is heard.
                    api::endpoint::Access::Public | api::endpoint::Access::Page(_) => assert_refused(&answer, (404, "project_not_found")),
                    // Nor here; where the path names none, the user of the credentials may name one.
                    api::endpoint::Access::OAuth => {
                        let named = route.is_alias && answer["error"] == json!("invalid_request");
                        assert_refused(&answer, if named { (400, "invalid_request") } else { (404, "project_not_found") });
                    }
                }
            }
        }
    }

    async fn the_public_keys_are_shown_with_and_without_credentials(app: TestApp) {
        let path = format!("/v1/b2b/sessions/jwks/{PROJECT_ID}");
        let with = app.get(&path).await.ok();
        let without = bare(&app, &Method::GET, &path, None).await.ok();
        assert_eq!(with["keys"], without["keys"]);
        assert_eq!(with["keys"].as_array().map(Vec::len), Some(1));
    }

    async fn a_path_or_method_that_is_not_there_is_refused_in_json(app: TestApp) {
        for path in ["/", "/v1", "/v1/b2b/organizations/", "/v1/b2b/nothing", "/v1/fingerprint"] {
            assert_refused(&bare(&app, &Method::GET, path, None).await, (404, "route_not_found"));
        }
        let table = api::routes();
        for route in table.table() {
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                let known = table.table().iter().any(|it| it.path == route.path && it.method == method);
                if !known {
                    let answer = bare(&app, &method, route.path, Some(app.authorization())).await;
                    assert_refused(&answer, (405, "method_not_allowed"));
                }
            }
        }
    }

    async fn a_path_that_is_not_text_is_refused_in_json(app: TestApp) {
        for (segment, expected) in [
            ("%FF", (400, "bad_request")),
            ("%00", (400, "bad_request")),
            ("%ED%A0%80", (400, "bad_request")),
            ("a%2Fb", (404, "organization_not_found")),
            ("%E2%80%AE", (404, "organization_not_found")),
        ] {
            let answer = app.get(&format!("/v1/b2b/organizations/{segment}")).await;
            assert_refused(&answer, expected);
        }
    }

    async fn a_node_that_is_not_ready_says_so_on_every_route(app: TestApp) {
        app.api.readiness.set(api::readiness::Obstacle::Clock, true);
        for route in api::routes().table() {
            let answer = bare(&app, &route.method, route.path, Some(app.authorization())).await;
            let errors = &specification().error;
            let (error_type, form) = match route.access {
                api::endpoint::Access::OAuth => ("temporarily_unavailable", &errors.oauth2),
                api::endpoint::Access::Secret
                | api::endpoint::Access::Public
                | api::endpoint::Access::Admin
                | api::endpoint::Access::Page(_) => {
                    ("server_unavailable", &errors.json)
                }
            };
            assert_eq!(answer.refusal(), (503, error_type));
            assert!(faults(form, &answer.body).is_empty());
            assert_guarded(&answer);
        }
    }
}

/// Everything that is not `Basic id:secret` of one project, and nothing at all.
fn wrong_credentials(other: &TestApp) -> Vec<Option<String>> {
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let right = basic(&format!("{PROJECT_ID}:{SECRET}"));
    let (_, bare) = right.split_once(' ').expect("a scheme");
    let (there, secret_there) = credentials(other);
    let wrong = [
        basic(&format!("{PROJECT_ID}:wrong")),
        basic(&format!("{PROJECT_ID}:")),
        basic(&format!("{PROJECT_ID}:{SECRET} ")),
        basic(&format!("{PROJECT_ID}:{secret_there}")),
        basic(&format!("{there}:{SECRET}")),
        basic(PROJECT_ID),
        basic(&format!(":{SECRET}")),
        format!("Bearer {bare}"),
        format!("Bearer {SECRET}"),
        format!("Basic{bare}"),
        format!("Basic {}", &bare[1..]),
        "Basic".to_owned(),
        "Basic ?".to_owned(),
        String::new(),
    ];
    std::iter::once(None).chain(wrong.into_iter().map(Some)).collect()
}

/// Id and secret of a project.
fn credentials(app: &TestApp) -> (String, String) {
    let (_, encoded) = app.authorization().split_once(' ').expect("a scheme");
    let text = String::from_utf8(STANDARD.decode(encoded).expect("base64")).expect("text");
    let (id, secret) = text.split_once(':').expect("a secret");
    (id.to_owned(), secret.to_owned())
}

/// A call with no body and with this `Authorization`, if any.
async fn bare(app: &TestApp, method: &Method, path: &str, authorization: Option<&str>) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = match authorization {
        Some(it) => request.header(header::AUTHORIZATION, it),
        None => request,
    };
    app.send(request.body(Body::empty()).expect("a request")).await
}

/// `(S::NOT_FOUND, "member_not_found")` and its like, as the table of refusals holds them.
fn refusals() -> Vec<(String, String)> {
    let table = concat!(include_str!("../../../src/error.rs"), include_str!("../../../src/error/rbac.rs"));
    let pairs = table.split("S::").skip(1).filter_map(|rest| {
        let (status, rest) = rest.split_once(", \"")?;
        let (error_type, _) = rest.split_once("\")")?;
        Some((status.to_owned(), error_type.to_owned()))
    });
    pairs.filter(|(status, _)| status.chars().all(|c| c.is_ascii_uppercase() || c == '_')).collect()
}

/// No official client calls the admin API.
const OF_ADMINISTRATION: [&str; 5] = [
    "precondition_failed",
    "precondition_required",
    "too_many_webhook_endpoints",
    "webhook_endpoint_not_found",
    "webhook_event_not_found",
];

/// A rule that the contract has not, and that holds only where the operator sets it.
const OF_OUR_OWN: [&str; 1] = ["phone_number_on_hold"];

#[test]
fn every_error_type_is_known_and_has_one_status() {
    let mut statuses: BTreeMap<String, String> = BTreeMap::new();
    for (status, error_type) in refusals() {
        let is_known = error_types().contains(&error_type.as_str());
        assert!(
            is_known
                || OF_ADMINISTRATION.contains(&error_type.as_str())
                || OF_OUR_OWN.contains(&error_type.as_str()),
            "{error_type} is no known error_type"
        );
        let before = statuses.entry(error_type.clone()).or_insert_with(|| status.clone());
        assert_eq!(*before, status, "{error_type} has two statuses");
    }
    assert!(statuses.len() > 100, "the table was read");
    assert!(error_types().contains(&"internal_server_error"));
}
