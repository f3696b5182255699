//! The recipes of docs/proxies.md, read by the proxies they are for, where those are installed.

use crate::process::Ended;
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// The recipe for a proxy, as it stands in the document.
fn recipe(language: &str) -> String {
    let document = include_str!("../../../../docs/proxies.md");
    let after = document.split_once(&format!("```{language}\n")).unwrap().1;
    after.split_once("```").unwrap().0.to_owned()
}

/// None where the program is not there, or cannot make what it needs.
fn ran(program: &str, words: &[&str]) -> Option<Ended> {
    let Ok(output) = Command::new(program).args(words).output() else {
        eprintln!("there is no {program}: its recipe is not tried");
        return None;
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Some(Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) })
}

/// A certificate and its key, and both in one file as the other proxy wants them.
fn certificate(folder: &Path) -> Option<()> {
    let (certificate, key) = (folder.join("auth.crt"), folder.join("auth.key"));
    let places = ["-keyout", key.to_str()?, "-out", certificate.to_str()?];
    let made =
        ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=auth.example.com"];
    ran("openssl", &[&made[..], &places].concat()).filter(|it| it.code == Some(0))?;
    let both = [fs::read(certificate).unwrap(), fs::read(key).unwrap()].concat();
    fs::write(folder.join("auth.pem"), both).unwrap();
    Some(())
}

#[test]
fn nginx_reads_its_recipe() {
    let folder = TempDir::new().unwrap();
    let here = folder.path().display();
    let Some(()) = certificate(folder.path()) else { return };
    let places = [("/etc/ssl/", format!("{here}/")), ("/var/log/nginx/", format!("{here}/"))];
    let recipe = places.iter().fold(recipe("nginx"), |text, (from, to)| text.replace(from, to));
    let config = folder.path().join("nginx.conf");
    let whole = format!("pid {here}/pid;\nerror_log {here}/log;\nevents {{}}\nhttp {{\n{recipe}}}\n");
    fs::write(&config, whole).unwrap();
    let Some(ended) = ran("nginx", &["-t", "-c", config.to_str().unwrap()]) else { return };
    assert!(ended.code == Some(0) && !ended.err.contains("[emerg]"), "{ended:?}");
}

#[test]
fn haproxy_reads_its_recipe() {
    let folder = TempDir::new().unwrap();
    let Some(()) = certificate(folder.path()) else { return };
    let config = folder.path().join("haproxy.cfg");
    let recipe = recipe("haproxy").replace("/etc/haproxy/", &format!("{}/", folder.path().display()));
    // Without the defaults of a package: the recipe says itself that it is about HTTP.
    let waits = "defaults\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n";
    fs::write(&config, format!("{waits}{recipe}")).unwrap();
    let Some(ended) = ran("haproxy", &["-c", "-f", config.to_str().unwrap()]) else { return };
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(recipe.matches("mode http\n").count() == 2, "both halves");
}
