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
