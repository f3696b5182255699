//! Projects as code, at the command line.

use crate::installation::{Installation, value};
use std::fs;

const DOCUMENT: &str = r#"
[redirect_urls]
login = ["https://app.example.com/authenticate"]

[passwords]
policy = "luds"
minimum_length = 12
minimum_complexity = 3

[lock]
threshold = 5

[sms]
countries = ["CH", "DE"]

[sdk]
enabled = true
origins = ["https://app.example.com"]
"#;

#[test]
fn a_dry_run_shows_the_difference_and_an_applied_document_has_none() {
    let installation = Installation::new();
    let created = installation.run(&["project", "create", "--name", "Acme", "--env", "live"]).ok();
    let project = value(&created, "project_id");
    fs::write(installation.path("project.toml"), DOCUMENT).unwrap();
    let apply = ["apply", "project.toml", "--project", project.as_str()];
    let dry = [&apply[..], &["--dry-run"]].concat();

    let told = installation.run(&dry);
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.out.contains("lock.threshold: 10 -> 5\n") && told.out.contains("would change."), "{told:?}");
    assert!(installation.run(&apply).ok().contains("settings changed."));
    assert_eq!(installation.run(&dry).ok(), "Nothing to change.\n");
    assert_eq!(installation.run(&apply).ok(), "Nothing to change.\n");

    let exported = installation.run(&["project", "export", "--project", &project]).ok();
    fs::write(installation.path("back.toml"), exported).unwrap();
    let back = ["apply", "back.toml", "--project", project.as_str(), "--dry-run", "--json"];
    assert_eq!(installation.run(&back).ok(), "[]\n");
}

#[test]
fn a_wrong_document_is_refused_whole() {
    let installation = Installation::new();
    let created = installation.run(&["project", "create", "--name", "Acme", "--env", "live"]).ok();
    let project = value(&created, "project_id");
    for (document, word) in [
        ("[locks]\n", "locks"),
        ("[lock]\nthreshold = 3\n[sms]\ncountries = [\"Mars\"]\n", "sms.countries"),
        ("[redirect_urls]\nlogin = [\"http://localhost/\"]\n", "redirect_urls.login"),
    ] {
        fs::write(installation.path("project.toml"), document).unwrap();
        let refused = installation.run(&["apply", "project.toml", "--project", &project]).refused();
        assert!(refused.contains("project.toml") && refused.contains(word), "{refused}");
    }
    assert!(installation.run(&["project", "show", &project]).ok().contains("lock.threshold = 10"));
}

const SENDING: &str = r#"
[[templates.mails]]
template_id = "welcome"
is_default = true

[templates.mails.content]
type = "custom"
kind = "login"
locale = "en"
subject = "Log in to {{ organization_name }}"
text = "{{ link }}"
html = '<a href="{{ link }}">Log in</a>'

[[webhooks.endpoints]]
url = "https://127.0.0.1:1/in"
events = ["direct.member.*"]
"#;

#[test]
fn templates_and_webhook_endpoints_come_and_go_with_the_document() {
    let installation = Installation::new();
    installation.add("[webhooks]\nallow_private = [\"127.0.0.1\"]\n");
    let created = installation.run(&["project", "create", "--name", "Acme", "--env", "live"]).ok();
    let project = value(&created, "project_id");
    let apply = ["apply", "project.toml", "--project", project.as_str()];
    let dry = [&apply[..], &["--dry-run"]].concat();
    fs::write(installation.path("project.toml"), SENDING).unwrap();

    let told = installation.run(&dry);
    assert_eq!(told.code, Some(2), "{told:?}");
    for path in
        ["templates.mails.welcome[en]: null -> {", "webhooks.endpoints.https://127.0.0.1:1/in: null -> {"]
    {
        assert!(told.out.contains(path) && !told.out.contains("whsec_"), "{told:?}");
    }
    let made = installation.run(&apply).ok();
    assert!(made.contains("2 settings changed.") && value(&made, "secret").starts_with("whsec_"), "{made}");
    assert_eq!(installation.run(&apply).ok(), "Nothing to change.\n");

    let exported = installation.run(&["project", "export", "--project", &project]).ok();
    assert!(exported.contains("[[webhooks.endpoints]]") && !exported.contains("whsec_"), "{exported}");
    fs::write(installation.path("back.toml"), exported).unwrap();
    let back = ["apply", "back.toml", "--project", project.as_str(), "--dry-run", "--json"];
    assert_eq!(installation.run(&back).ok(), "[]\n");

    fs::write(installation.path("project.toml"), "[templates]\n[webhooks]\n").unwrap();
    assert!(installation.run(&apply).ok().contains("2 settings changed."));
    assert_eq!(installation.run(&["template", "list", "--project", &project]).ok(), "");
    assert_eq!(installation.run(&["webhook", "list", "--project", &project]).ok(), "");

    fs::write(installation.path("project.toml"), SENDING).unwrap();
    let made = installation.run(&[&apply[..], &["--json"]].concat()).ok();
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    assert!(
        made[1]["secret"].as_str().unwrap().starts_with("whsec_") && made[0].get("secret").is_none(),
        "{made}"
    );
}

#[test]
fn a_wrong_template_or_endpoint_is_named_and_nothing_is_applied() {
    let installation = Installation::new();
    let created = installation.run(&["project", "create", "--name", "Acme", "--env", "live"]).ok();
    let project = value(&created, "project_id");
    for (right, wrong, told) in [
        ("kind = \"login\"", "kind = \"unlock\"", "unknown variant `unlock`, expected one of `login`"),
        ("locale = \"en\"", "locale = \"xx\"", "unknown locale \"xx\", one of en"),
        ("is_default", "default", "unknown field `default`"),
        ("text = \"{{ link }}\"", "texts = \"\"", "unknown field `texts`"),
        ("text = \"{{ link }}\"", "text = \"{{ link }}\\u0007\"", "welcome[en]: text: the character U+0007"),
        ("Log in to {", "Log in\\r\\nBcc: eve@evil.example {", "welcome[en]: subject: one line"),
        ("events", "secret = \"whsec_\"\nevents", "unknown field `secret`"),
        ("events", "enabled = 1\nevents", "enabled"),
        ("direct.member.*", "direct member", "\"https://127.0.0.1:1/in\": events: "),
        ("https://", "https://", "\"https://127.0.0.1:1/in\": this server may not call it"),
    ] {
        fs::write(installation.path("project.toml"), SENDING.replacen(right, wrong, 1)).unwrap();
        let refused = installation.run(&["apply", "project.toml", "--project", &project]).refused();
        assert!(refused.contains("project.toml") && refused.contains(told), "{wrong}: {refused}");
    }
    assert_eq!(installation.run(&["template", "list", "--project", &project]).ok(), "");
}

#[test]
fn an_admin_token_is_told_once_listed_and_revoked() {
    let installation = Installation::new();
    let made = installation.run(&["admin-token", "create", "--name", "terraform", "--lasts", "30d"]).ok();
    let (id, token) = (value(&made, "id"), value(&made, "token"));
    assert!(token.starts_with("vestibule-admin-") && token.len() > 50, "{made}");
    let listed = installation.run(&["admin-token", "list"]).ok();
    assert!(listed.contains(&id) && listed.contains("terraform") && !listed.contains(&token), "{listed}");
    installation.run(&["admin-token", "revoke", &id]).ok();
    assert_eq!(installation.run(&["admin-token", "list"]).ok(), "");
    assert!(installation.run(&["admin-token", "revoke", &id]).refused().contains("no admin token"));
    installation.run(&["admin-token", "create", "--name", "x", "--lasts", "367d"]).refused();
}
