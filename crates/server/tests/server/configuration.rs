//! `init`, `check-config`, and what is refused in a configuration.

use crate::{
    installation::{Installation, value},
    process::{run, vestibule},
};
use std::{fs, os::unix::fs::MetadataExt};
use tempfile::TempDir;

#[test]
fn init_writes_a_commented_configuration_and_a_key_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();
    run(&mut vestibule(folder.path(), &["init", "--dir", "new"])).ok();
    let config = fs::read_to_string(folder.path().join("new/vestibule.toml")).unwrap();
    for word in [
        "listen = ",
        "public_url = ",
        "database = ",
        "# [tls]",
        "# [[sms.providers]]",
        "# kind = \"webhook\"",
        "# kind = \"twilio\"",
        "# [mail.smtp]",
    ] {
        assert!(config.contains(word), "{word}");
    }
    let key = folder.path().join("new/server.key");
    assert_eq!(fs::metadata(&key).unwrap().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&key).unwrap().starts_with("v1 "));
    run(&mut vestibule(folder.path(), &["check-config", "--config", "new/vestibule.toml"])).ok();
}

#[test]
fn init_overwrites_neither_file() {
    for file in ["vestibule.toml", "server.key"] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join(file), "mine").unwrap();
        let complaint = run(&mut vestibule(folder.path(), &["init"])).refused();
        assert!(complaint.contains(file), "{complaint}");
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside it");
    }
}

#[test]
fn two_keys_are_not_the_same() {
    let key = |it: &Installation| fs::read(it.path("server.key")).unwrap();
    assert_ne!(key(&Installation::new()), key(&Installation::new()));
}

#[test]
fn a_key_that_others_can_read_is_refused_with_advice() {
    let installation = Installation::new();
    for mode in [0o640, 0o604, 0o644] {
        installation.permit("server.key", mode);
        for words in [&["serve"][..], &["migrate"], &["check-config"], &["project", "show"]] {
            let complaint = installation.run(words).refused();
            assert!(complaint.contains("server.key") && complaint.contains("chmod 600"), "{complaint}");
        }
    }
    assert!(!installation.path("vestibule.db").exists(), "nothing was made");
}

#[test]
fn a_missing_or_damaged_key_is_named() {
    let installation = Installation::new();
    installation.secret_file("server.key", "v1 short\n");
    assert!(installation.run(&["serve"]).refused().contains("line 1"));
    fs::remove_file(installation.path("server.key")).unwrap();
    assert!(installation.run(&["serve"]).refused().contains("server.key"));
}

#[test]
fn an_unknown_key_of_the_file_is_named_with_its_line() {
    let installation = Installation::new();
    installation.configure("[mail]\nprovider = \"none\"\nprovidr = \"smtp\"\n");
    let complaint = installation.run(&["check-config"]).refused();
    assert!(complaint.contains("vestibule.toml") && complaint.contains("line 4"), "{complaint}");
    assert!(complaint.contains("unknown field `providr`"), "{complaint}");
}

#[test]
fn an_unknown_variable_is_named() {
    let installation = Installation::new();
    for (name, word) in [("VESTIBULE__LISSTEN", "lissten"), ("VESTIBULE__SMS__PROVIDR", "providr")] {
        let complaint = run(installation.command(&["check-config"]).env(name, "x")).refused();
        assert!(complaint.contains(name) && complaint.contains(word), "{complaint}");
    }
}

#[test]
fn a_variable_of_the_wrong_kind_is_named() {
    let installation = Installation::new();
    let complaint =
        run(installation.command(&["check-config"]).env("VESTIBULE__BEHIND_PROXY", "perhaps")).refused();
    assert!(complaint.contains("VESTIBULE__BEHIND_PROXY"), "{complaint}");
}

#[test]
fn what_is_hardly_meant_is_warned_of() {
    let installation = Installation::new();
    installation.configure("proxy.trusted_hops = 1\ndatabase = \"postgres://ada:pw@localhost/one\"\n");
    installation.permit("vestibule.toml", 0o644);
    let ended = run(installation.command(&["check-config"]).env("VESTIBULE_MAIL_PROVIDER", "smtp"));
    for word in ["trusted_hops", "chmod 600", "VESTIBULE__MAIL__PROVIDER"] {
        assert!(ended.err.contains(word), "{word}: {ended:?}");
    }
    ended.ok();
}

#[test]
fn the_operators_port_is_not_the_apis() {
    let installation = Installation::new();
    installation.configure("listen = \"127.0.0.1:7650\"\n");
    let mut command = installation.command(&["check-config"]);
    let complaint = run(command.env("VESTIBULE__OPERATIONS__LISTEN", "127.0.0.1:7650")).refused();
    assert!(complaint.contains("operations.listen"), "{complaint}");
}

#[test]
fn a_file_that_is_missing_is_named_with_its_key() {
    let installation = Installation::new();
    let export = "[audit.export]\ndestination = \"syslog+tls://localhost\"\nca_file = \"ca.pem\"\n";
    for (key, config) in [
        ("server_key_file: ", "server_key_file = \"no.key\"\n"),
        ("audit.export: ca_file: ", export),
        (
            "secret_file: ",
            "[[sms.providers]]\nkind = \"webhook\"\nname = \"gateway\"\nurl = \"https://sms.acme.com\"\nsecret_file = \"no\"\n",
        ),
    ] {
        installation.configure(config);
        let complaint = installation.run(&["check-config"]).refused();
        assert!(complaint.contains(key) && complaint.contains("No such file"), "{complaint}");
    }
    fs::write(installation.path("ca.pem"), "no certificate").unwrap();
    installation.configure(export);
    let complaint = installation.run(&["check-config"]).refused();
    assert!(complaint.contains("ca_file") && complaint.contains("certificates, PEM"), "{complaint}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let installation = Installation::new();
    installation.configure("listen = \"127.0.0.1:1\"\npublic_url = \"http://localhost:1\"\n");
    installation.secret_file("smtp.secret", "t0p-secret");
    let shown = run(installation.command(&["check-config"]).envs([
        ("VESTIBULE__LISTEN", "127.0.0.1:2"),
        ("VESTIBULE__BEHIND_PROXY", "true"),
        ("VESTIBULE__PASSWORDS__ITERATIONS", "3"),
        ("VESTIBULE__MAIL__PROVIDER", "smtp"),
        ("VESTIBULE__MAIL__SMTP__HOST", "smtp.acme.com"),
        ("VESTIBULE__MAIL__SMTP__PORT", "465"),
        ("VESTIBULE__MAIL__SMTP__SECURITY", "tls"),
        ("VESTIBULE__MAIL__SMTP__USERNAME", "0123"),
        ("VESTIBULE__MAIL__SMTP__PASSWORD_FILE", "smtp.secret"),
        ("VESTIBULE__MAIL__SMTP__FROM_ADDRESS", "door@acme.com"),
        ("VESTIBULE__MAIL__SMTP__FROM_NAME", "+12025550123"),
    ]))
    .ok();
    for (name, expected) in [
        ("listen", "\"127.0.0.1:2\""),
        ("public_url", "\"http://localhost:1\""),
        ("behind_proxy", "true"),
        ("iterations", "3"),
        ("username", "\"0123\""),
        ("from_name", "\"+12025550123\""),
    ] {
        assert_eq!(value(&shown, name), expected);
    }
}

#[test]
fn check_config_shows_no_secret() {
    let installation = Installation::new();
    installation.configure(
        "database = \"postgres://ada:pg-passw0rd@localhost/one\"\n\
         [[sms.providers]]\nkind = \"webhook\"\nname = \"gateway\"\nurl = \"https://sms.acme.com/?key=k3y\"\nsecret_file = \"sms.secret\"\n\
         [mail]\nprovider = \"smtp\"\n\
         [mail.smtp]\nhost = \"smtp.acme.com\"\nport = 465\nsecurity = \"tls\"\nusername = \"ada\"\n\
         password_file = \"smtp.secret\"\nfrom_address = \"door@acme.com\"\n",
    );
    installation.secret_file("sms.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    installation.secret_file("smtp.secret", "smtp-passw0rd");
    let shown = installation.run(&["check-config"]).ok();
    let key = fs::read_to_string(installation.path("server.key")).unwrap();
    for secret in ["passw0rd", "MfKQ", "k3y", key.split_whitespace().last().unwrap()] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert_eq!(value(&shown, "database"), "\"postgres://ada@localhost/one\"");
    assert_eq!(value(&shown, "password_file"), "\"smtp.secret\"");
}

#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    let installation = Installation::new();
    installation.configure(
        "[[sms.providers]]\nkind = \"webhook\"\nname = \"gateway\"\nurl = \"https://sms.acme.com\"\nsecret_file = \"sms.secret\"\n",
    );
    assert!(installation.run(&["check-config"]).refused().contains("sms.secret"), "it is missing");
    installation.secret_file("sms.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    installation.permit("sms.secret", 0o644);
    let complaint = installation.run(&["serve"]).refused();
    assert!(complaint.contains("sms.secret") && complaint.contains("chmod 600"), "{complaint}");
}

#[test]
fn what_would_go_out_in_the_clear_is_refused() {
    let installation = Installation::new();
    installation.secret_file("sms.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    for (config, key) in [
        ("listen = \"0.0.0.0:7650\"\n", "listen"),
        ("public_url = \"http://auth.example.com\"\n", "public_url"),
        (
            "[[sms.providers]]\nkind = \"webhook\"\nname = \"gateway\"\nurl = \"http://sms.acme.com\"\nsecret_file = \"sms.secret\"\n",
            "gateway",
        ),
        (
            "[mail]\nprovider = \"smtp\"\n[mail.smtp]\nhost = \"smtp.acme.com\"\nport = 25\nsecurity = \"none\"\nfrom_address = \"a@acme.com\"\n",
            "mail.smtp",
        ),
    ] {
        installation.configure(config);
        let complaint = installation.run(&["serve"]).refused();
        assert!(complaint.contains(key), "{complaint}");
    }
}

#[test]
fn a_database_that_cannot_be_is_refused_without_repeating_its_password() {
    let installation = Installation::new();
    for url in
        [":memory:", "", "mysql://ada:passw0rd@localhost/one", "postgres://ada:passw0rd@localhost:port/one"]
    {
        installation.configure(&format!("database = \"{url}\"\n"));
        let complaint = installation.run(&["check-config"]).refused();
        assert!(complaint.contains("database") && !complaint.contains("passw0rd"), "{complaint}");
    }
    installation.configure("database = \"postgres://ada:passw0rd@127.0.0.1:1/one\"\n");
    let complaint = installation.run(&["migrate"]).refused();
    assert!(!complaint.contains("passw0rd"), "nobody listens there: {complaint}");
}

#[test]
fn a_missing_configuration_comes_with_advice() {
    let folder = TempDir::new().unwrap();
    let complaint = run(&mut vestibule(folder.path(), &["serve", "--config", "my.toml"])).refused();
    assert!(complaint.contains("my.toml") && complaint.contains("vestibule init"), "{complaint}");
}
