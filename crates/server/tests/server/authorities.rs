//! On whose word sessions open: what the operator arranges at the command line.

use crate::installation::{Installation, value};
use std::fs;

const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----
";

fn create<'a>(project: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let begin = ["trusted-token-profile", "create", "--project", project, "--name", "Acme"];
    [&begin[..], &["--issuer", "https://issuer.example", "--audience", "us"], more].concat()
}

#[test]
fn an_issuer_is_trusted_listed_and_trusted_no_more() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    let key = installation.path("issuer.pem");
    fs::write(&key, KEY).unwrap();
    let key = key.display().to_string();
    let printed = installation.run(&create(&project, &["--public-key", &key, "--can-jit-provision"])).ok();
    let id = value(&printed, "profile_id");
    assert!(id.starts_with("trusted-token-profile-"), "{printed}");
    let list = ["trusted-token-profile", "list", "--project", &project];
    let listed = installation.run(&list).ok();
    assert!(listed.contains(&id) && listed.contains(r#""can_jit_provision":true"#), "{listed}");
    let delete = ["trusted-token-profile", "delete", "--project", &project, &id];
    installation.run(&delete).ok();
    assert!(installation.run(&delete).refused().contains("No such trusted token profile"));
    assert_eq!(installation.run(&list).ok(), "");
}

#[test]
fn an_issuer_without_usable_keys_is_not_trusted() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    let empty = installation.path("empty.pem");
    fs::write(&empty, "no key").unwrap();
    let empty = empty.display().to_string();
    for keys in [&["--public-key", &empty][..], &["--jwks-url", "http://issuer.example/jwks"]] {
        installation.run(&create(&project, keys)).refused();
    }
}

#[test]
fn nobody_is_impersonated_without_a_member_and_a_reason() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    let begin =
        ["impersonate", "--project", &project, "--organization", "nowhere", "--member", "ada@acme.com"];
    let whole = [&begin[..], &["--as", "grace@support.example", "--reason", "a ticket"]].concat();
    assert!(installation.run(&whole).refused().contains("No such organization"));
    let idle = [&begin[..], &["--as", "grace@support.example", "--reason", " "]].concat();
    assert!(installation.run(&idle).refused().contains("reason"));
}
