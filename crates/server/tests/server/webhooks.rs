//! Webhook endpoints, at the command line.

use crate::installation::{Installation, value};

#[test]
fn an_endpoint_is_added_tried_replayed_rotated_and_removed() {
    let installation = Installation::new();
    installation.add("[webhooks]\nallow_private = [\"127.0.0.1\"]\n");
    let created = installation.run(&["project", "create", "--name", "Acme", "--env", "test"]).ok();
    let project = value(&created, "project_id");
    let webhook = |words: &[&str]| {
        installation.run(&[&["webhook"], words, &["--project", project.as_str()][..]].concat())
    };

    for (url, reason) in
        [("https://10.0.0.1/", "a private address"), ("http://acme.example/", "an https URL")]
    {
        let refused = webhook(&["add", "--url", url]).refused();
        assert!(refused.contains(reason), "{refused}");
    }
    // Nobody listens there.
    let made = webhook(&["add", "--url", "https://127.0.0.1:1/in", "--event", "direct.member.*"]).ok();
    let (id, secret) = (value(&made, "endpoint_id"), value(&made, "secret"));
    let listed = webhook(&["list"]).ok();
    assert!(listed.contains(&id) && listed.contains("direct.member.*  well"), "{listed}");
    assert!(secret.starts_with("whsec_") && !listed.contains(&secret), "{made}");

    let tested = webhook(&["test", &id]);
    assert_eq!(tested.code, Some(1), "{tested:?}");
    let event = tested.out.split(' ').next().unwrap().to_owned();
    let waiting = webhook(&["deliveries", &id, "--state", "pending"]).ok();
    assert!(waiting.contains(&event) && waiting.contains("pending  1 attempts"), "{waiting}");
    assert_eq!(webhook(&["deliveries", &id, "--state", "dead"]).ok(), "");
    assert!(webhook(&["list"]).ok().contains("failing since"));

    assert!(webhook(&["replay", &id, "--event", &event]).ok().starts_with("1 will be sent again"));
    assert!(webhook(&["deliveries", &id]).ok().contains("pending  0 attempts"));
    let since = webhook(&["replay", &id, "--dead-since", "2026-01-31T08:00:00Z"]).ok();
    assert!(since.starts_with("0 will be"), "{since}");
    assert_eq!(webhook(&["replay", &id]).code, Some(2), "neither an event nor a time");

    let rotated = webhook(&["rotate", &id]).ok();
    assert_ne!(value(&rotated, "secret"), secret);
    webhook(&["remove", &id]).ok();
    assert_eq!(webhook(&["list"]).ok(), "");
    webhook(&["test", &id]).refused();
}
