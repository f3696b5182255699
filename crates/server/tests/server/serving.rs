//! `serve`: where it listens, over TLS or not, and what it refuses to start with.

use crate::{
    installation::Installation,
    process::{PATIENCE, run},
};
use serde_json::json;
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn a_second_serve_on_the_same_file_is_refused() {
    let installation = Installation::new();
    let (_server, client) = installation.open().await;
    let complaint = installation.run(&["serve"]).refused();
    assert!(complaint.contains("vestibule.db") && complaint.contains("another process"), "{complaint}");
    client.get("/v1/debug/whoami").await.ok();
}

#[tokio::test]
async fn a_file_is_free_again_after_a_kill() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let acme = json!({ "organization_name": "Acme", "organization_slug": "acme" });
    client.post("/v1/b2b/organizations", acme).await.ok();
    server.signal("KILL");
    server.end().await;
    let (_server, url) = installation.serve().await;
    client.at(&url).get("/v1/b2b/organizations/acme").await.ok();
}

#[test]
fn a_taken_port_is_named() {
    let (installation, taken) = (Installation::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = taken.local_addr().unwrap();
    installation.configure(&format!("listen = \"{address}\"\n"));
    let ended = installation.run(&["serve"]);
    assert_eq!(ended.code, Some(1));
    let last = ended.err.lines().last().unwrap();
    assert!(last.starts_with("vestibule: ") && last.contains(&address.to_string()), "{}", ended.err);
}

#[test]
fn a_wrong_server_key_is_refused_and_the_right_one_still_works() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    let right = fs::read_to_string(installation.path("server.key")).unwrap();
    let other = fs::read_to_string(Installation::new().path("server.key")).unwrap();
    installation.secret_file("server.key", &other);
    for words in [&["serve"][..], &["migrate"], &["project", "show"]] {
        let ended = installation.run(words);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains("server key") && ended.err.contains("another key file"), "{}", ended.err);
    }
    installation.secret_file("server.key", &right);
    assert!(installation.run(&["project", "show"]).ok().contains(&project));
    installation.secret_file("server.key", &format!("{right}{}", other.replace("v1", "v2")));
    assert!(installation.run(&["project", "show"]).ok().contains(&project), "a second version may join");
}

#[tokio::test]
async fn behind_a_proxy_any_address_may_be_listened_on() {
    let installation = Installation::new();
    installation.configure(
        "listen = \"0.0.0.0:0\"\nbehind_proxy = true\npublic_url = \"https://auth.example.com\"\n",
    );
    let (_server, client) = installation.open().await;
    let answer = client.get("/v1/debug/whoami").await.ok();
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn over_tls_the_certificate_is_shown_and_nothing_is_said_in_the_clear() {
    let installation = Installation::new();
    if !make_certificate(installation.folder()) {
        return eprintln!("there is no openssl: the test of TLS is skipped");
    }
    installation.configure(
        "public_url = \"https://localhost\"\n[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n",
    );
    installation.run(&["check-config"]).ok();
    let (_server, url) = installation.serve().await;
    let port = url.rsplit(':').next().unwrap();
    let curl = |more: &[&str]| {
        let mut curl = Command::new("curl");
        curl.args(["-si", "--noproxy", "*", "--max-time", "20"])
            .args(more)
            .current_dir(installation.folder());
        run(&mut curl)
    };
    let secure = format!("https://localhost:{port}/v1/debug/whoami");
    let answer = curl(&["--cacert", "cert.pem", &secure]).ok();
    assert!(answer.contains("unauthorized_credentials"), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: "), "{answer}");
    curl(&["--cacert", "cert.pem", "--http1.1", &secure]).ok();
    assert_ne!(curl(&[&secure]).code, Some(0), "nobody has to trust it");
    assert_ne!(curl(&[&format!("http://localhost:{port}/v1/debug/whoami")]).code, Some(0));
}

#[test]
fn a_certificate_that_cannot_be_read_is_named() {
    let installation = Installation::new();
    installation.configure("[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n");
    for words in [["serve"], ["check-config"]] {
        let ended = installation.run(&words);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains("cert.pem"), "{}", ended.err);
    }
}

/// As the manual of `openssl` says; false where there is none.
fn make_certificate(folder: &Path) -> bool {
    if Command::new("openssl").arg("version").output().is_err() {
        return false;
    }
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]);
    run(openssl.current_dir(folder)).ok();
    true
}

#[tokio::test]
async fn a_client_that_dawdles_is_let_go() {
    let installation = Installation::new();
    let (_server, client) = installation.open().await;
    let address = client.url.strip_prefix("http://").unwrap();
    let dawdle = async |said: &[u8]| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(said).await.unwrap();
        let since = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
        assert!(answer.is_ok(), "{:?} is waited on for ever", String::from_utf8_lossy(said));
        assert!(since.elapsed() > Duration::from_secs(5), "a slow network is no crime");
    };
    tokio::join!(
        dawdle(b""),
        dawdle(b"GET / HTTP/1.1\r\nHost: a\r\n"),
        dawdle(b"POST /v1/b2b/organizations HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"),
        dawdle(b"PRI * HTTP/2.0\r\n"),
    );
}

#[tokio::test]
async fn a_crash_leaves_no_picture_of_the_memory() {
    let (server, _client) = Installation::new().open().await;
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    assert!(core.trim_start().starts_with("0 "), "{limits}");
}
