//! Traces: what happened, within what, and nobody's name or secret.

use crate::{
    client::{Answer, Client},
    collector::{Collector, attribute},
    gateway::{Gateway, code_in},
    installation::Installation,
    login::{Ada, PASSWORD, WEBHOOK_SECRET, with_webhook},
    post_office::PostOffice,
};
use axum::http::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use serde_json::json;

const CALLERS_TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLERS_SPAN: &str = "b7ad6b7169203331";
const LOGIN: &str = "POST /v1/b2b/passwords/authenticate";
const WHOAMI: &str = "GET /v1/debug/whoami";

fn traced(installation: &Installation, endpoint: &str, more: &str) {
    installation.add(&format!("telemetry.otlp_endpoint = \"{endpoint}\"\n{more}"));
}

async fn installed() -> (Installation, Gateway) {
    let (gateway, office) = (Gateway::answering(StatusCode::OK).await, PostOffice::open().await);
    (with_webhook(&gateway, &office), gateway)
}

/// Asks who is asking, with a context of one's own.
async fn ask_within(client: &Client, traceparent: &str) {
    let asked = client.request("GET", "/v1/debug/whoami?marker=in-the-query");
    let asked = asked.header("traceparent", traceparent).header("tracestate", "vendor=in-the-state");
    Answer::to(asked).await.ok();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, it| text + &format!("{it:02x}"))
}

fn within<'a>(spans: &'a [Span], request: &Span, name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|it| it.parent_span_id == request.span_id && it.name == name).collect()
}

#[tokio::test]
async fn a_login_is_one_trace_with_its_transactions_its_hashing_and_its_text() {
    let (collector, (installation, _gateway)) = (Collector::open().await, installed().await);
    traced(&installation, &collector.url, "telemetry.sample_ratio = 1.0\n");
    let (server, client) = installation.open().await;
    let ada = Ada::of(&client).await;
    let answer = ada.give_password(PASSWORD).await.ok();
    let metrics = crate::operations::metrics(&server).await;
    server.stop().await.ok();
    let (request, spans) = (collector.span(LOGIN).await, collector.spans());
    for (key, expected) in [
        ("http.request.method", "POST"),
        ("http.route", "/v1/b2b/passwords/authenticate"),
        ("http.response.status_code", "200"),
        ("url.scheme", "http"),
        ("error.type", ""),
        ("vestibule.request_id", &answer.text("request_id")),
    ] {
        assert_eq!(attribute(&request, key), expected, "{key} of {request:#?}");
    }
    assert_eq!((request.kind(), request.parent_span_id.as_slice()), (SpanKind::Server, &[][..]));
    let transactions = within(&spans, &request, "transaction");
    let flows: Vec<_> = transactions.iter().map(|it| attribute(it, "vestibule.flow")).collect();
    assert!(flows.iter().any(|it| it == "flows/primary/passwords"), "{flows:?}");
    assert!(transactions.iter().any(|it| attribute(it, "vestibule.outcome") == "committed"));
    assert!(!within(&spans, &request, "hash password").is_empty(), "{spans:#?}");
    let call = within(&spans, &request, "provider call")[0];
    let told = ["vestibule.channel", "vestibule.provider", "vestibule.outcome"];
    assert_eq!(told.map(|it| attribute(call, it)), ["sms", "gateway", "accepted"]);
    assert_eq!((call.kind(), &call.trace_id), (SpanKind::Client, &request.trace_id));
    assert!(metrics.contains("vestibule_ready 1"), "{metrics}");
}

#[tokio::test]
async fn nothing_that_was_said_is_in_a_trace() {
    let (collector, (installation, gateway)) = (Collector::open().await, installed().await);
    let more = "telemetry.sample_ratio = 1.0\ntelemetry.header_files.authorization = \"otlp.secret\"\n";
    installation.secret_file("otlp.secret", "Bearer c0llector-secret\n");
    traced(&installation, &collector.url, more);
    let credentials = installation.create_project();
    let mut serve = installation.command(&["serve"]);
    serve.env("RUST_LOG", "trace"); // what the log tells is not told there
    let (server, url) = installation.serve_with(serve).await;
    let client = Client::new(&url, &credentials);
    let ada = Ada::of(&client).await;
    assert_eq!(ada.give_password("a wr0ng-password").await.status, 401);
    let first = ada.give_password(PASSWORD).await.ok().text("intermediate_session_token");
    let code = code_in(&gateway.last_call().body);
    let second = ada.give_code(&first, &code).await.ok();
    let (token, member) = (second.text("session_token"), second.text("member_id"));
    client.session(&token).await.ok();
    client.get("/v1/b2b/organizations/acme").await.ok();
    assert_eq!(client.get("/v1/no-such-route/in-the-path?marker=in-the-query").await.status, 404);
    ask_within(&client, &format!("00-{CALLERS_TRACE}-{CALLERS_SPAN}-01")).await;
    let organization = second.body["organization"]["organization_id"].as_str().unwrap().to_owned();
    let log = server.stop().await.err;
    collector.span(WHOAMI).await;
    let posts = collector.posts();
    let bytes: Vec<u8> = posts.iter().flat_map(|it| it.2.to_vec()).collect();
    let sent = String::from_utf8_lossy(&bytes);
    let said: [&str; 18] = [
        PASSWORD,
        "a wr0ng-password",
        "ada@acme.example",
        "2025550123",
        "in-the-query",
        "in-the-path",
        "in-the-state",
        "acme",
        "c0llector-secret",
        &first,
        &token,
        &code,
        &credentials.secret,
        &credentials.project_id,
        &member,
        WEBHOOK_SECRET,
        &organization,
        &gateway.url,
    ];
    for secret in said {
        assert!(!sent.contains(secret), "{secret} was sent");
    }
    assert!(posts.iter().all(|it| it.0 == "/otlp/v1/traces"));
    assert!(posts.iter().all(|it| it.1["authorization"] == "Bearer c0llector-secret"));
    assert!(!log.contains("c0llector-secret") && !log.contains("vestibule_traces"), "{log}");
    let spans = collector.spans();
    assert!(spans.iter().all(|it| it.events.is_empty() && it.trace_state.is_empty()));
    assert!(gateway.calls().iter().all(|it| !it.headers.contains_key("traceparent")), "told to a provider");
    let refused = spans.iter().find(|it| attribute(it, "error.type") == "unauthorized_credentials").unwrap();
    assert_eq!(attribute(refused, "http.response.status_code"), "401");
}

#[tokio::test]
async fn a_ratio_of_nothing_sends_nothing_whatever_a_stranger_says() {
    let (collector, installation) = (Collector::open().await, Installation::new());
    traced(&installation, &collector.url, "telemetry.sample_ratio = 0.0\n");
    let (server, client) = installation.open().await;
    ask_within(&client, &format!("00-{CALLERS_TRACE}-{CALLERS_SPAN}-01")).await;
    server.stop().await.ok();
    assert!(collector.posts().is_empty(), "{:#?}", collector.spans());
}

#[tokio::test]
async fn a_strangers_context_is_linked_and_no_parent() {
    let (collector, installation) = (Collector::open().await, Installation::new());
    traced(&installation, &collector.url, "telemetry.sample_ratio = 1.0\n");
    let (server, client) = installation.open().await;
    ask_within(&client, &format!("00-{CALLERS_TRACE}-{CALLERS_SPAN}-00")).await;
    server.stop().await.ok();
    let request = collector.span(WHOAMI).await;
    assert!(hex(&request.trace_id) != CALLERS_TRACE && request.parent_span_id.is_empty(), "{request:#?}");
    let links: Vec<_> = request.links.iter().map(|it| (hex(&it.trace_id), hex(&it.span_id))).collect();
    assert_eq!(links, [(CALLERS_TRACE.to_owned(), CALLERS_SPAN.to_owned())]);
    assert_eq!(request.links[0].trace_state, "");
}

#[tokio::test]
async fn a_trusted_callers_context_is_the_parent_and_decides() {
    let (collector, installation) = (Collector::open().await, Installation::new());
    traced(&installation, &collector.url, "telemetry.sample_ratio = 0.0\ntelemetry.trust_parent = true\n");
    let (server, client) = installation.open().await;
    ask_within(&client, &format!("00-{CALLERS_TRACE}-{CALLERS_SPAN}-01")).await;
    server.stop().await.ok();
    let request = collector.span(WHOAMI).await;
    let parent = (hex(&request.trace_id), hex(&request.parent_span_id));
    assert_eq!(parent, (CALLERS_TRACE.to_owned(), CALLERS_SPAN.to_owned()));
    assert_eq!(request.trace_state, "vendor=in-the-state");
}

#[tokio::test]
async fn a_malformed_context_is_ignored() {
    let (collector, installation) = (Collector::open().await, Installation::new());
    traced(&installation, &collector.url, "telemetry.sample_ratio = 1.0\ntelemetry.trust_parent = true\n");
    let (server, client) = installation.open().await;
    let (nobody, long) = (format!("00-{}-{CALLERS_SPAN}-01", "0".repeat(32)), "0".repeat(4096));
    let malformed: [&str; 5] = ["", "nonsense", "00-xyz-abc-01", &nobody, &long];
    for traceparent in malformed {
        ask_within(&client, traceparent).await;
    }
    server.stop().await.ok();
    collector.span(WHOAMI).await;
    let spans = collector.spans();
    let requests: Vec<_> = spans.iter().filter(|it| it.name == WHOAMI).collect();
    assert_eq!(requests.len(), malformed.len());
    assert!(requests.iter().all(|it| it.parent_span_id.is_empty() && it.links.is_empty()), "{requests:#?}");
}

#[tokio::test]
async fn a_collector_that_never_answers_holds_up_neither_requests_nor_the_end() {
    let installation = Installation::new();
    traced(&installation, &Collector::hanging().await, "telemetry.sample_ratio = 1.0\n");
    let (server, client) = installation.open().await;
    for place in 0..20 {
        let acme = json!({ "organization_name": "Acme", "organization_slug": format!("acme-{place}") });
        client.post("/v1/b2b/organizations", acme).await.ok();
    }
    let ended = server.stop().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let complaints = ended.err.lines().filter(|it| it.contains("collector of traces took nothing")).count();
    assert!(complaints <= 1, "{}", ended.err);
}

#[tokio::test]
async fn a_collector_that_is_not_there_is_counted_complained_of_once_and_found_by_doctor() {
    let installation = Installation::new();
    traced(&installation, "http://127.0.0.1:1", "telemetry.sample_ratio = 1.0\n");
    let (server, client) = installation.open().await;
    let lost = "vestibule_trace_spans_dropped_total{reason=\"not_taken\"}";
    for _ in 0..200 {
        client.get("/v1/debug/whoami").await.ok();
        if crate::operations::metrics(&server).await.contains(lost) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(crate::operations::metrics(&server).await.contains(lost));
    let log = server.stop().await.err;
    assert_eq!(log.matches("collector of traces took nothing").count(), 1, "{log}");
    let report = installation.run(&["doctor"]).out;
    assert!(report.contains("WARNING  traces: to http://127.0.0.1:1/v1/traces"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_traces_are_made_is_told() {
    let (collector, installation) = (Collector::open().await, Installation::new());
    assert!(installation.run(&["check-config"]).ok().contains("# Traces: off."));
    assert!(installation.run(&["doctor"]).out.contains("ok       traces: off"));
    traced(&installation, &collector.url, "");
    let told = format!("to {}/v1/traces, 10 % of requests", collector.url);
    assert!(installation.run(&["check-config"]).ok().contains(&format!("# Traces: {told}.")));
    assert!(installation.run(&["doctor"]).out.contains(&format!("ok       traces: {told}")));
    installation.configure("telemetry.otlp_endpoint = \"http://collector.example.com:4318\"\n");
    assert!(installation.run(&["check-config"]).refused().contains("telemetry.otlp_endpoint"));
}
