//! Known breaches, by a list and by a service that may misbehave.

use crate::gateway::{Gateway, absent, silent};
use delivery::{Breaches, ConfigurationFault, Unanswered};
use domain::passwords::Password;
use std::{fmt::Write, fs, path::PathBuf, time::Instant};

/// SHA-1 of `password`.
const PRINT: &str = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";

fn password(text: &str) -> Password {
    Password::parse(text.to_owned()).unwrap()
}

async fn asked(gateway: &Gateway) -> Result<bool, Unanswered> {
    Breaches::range(&format!("{}/range", gateway.url)).unwrap().know(&password("password")).await
}

#[tokio::test]
async fn a_service_learns_five_digits() {
    let body = format!("{}:37\r\n{}:0\r\n", &PRINT[5..], "0".repeat(35));
    let gateway = Gateway::answering(200, &body).await;
    assert_eq!(asked(&gateway).await, Ok(true));
    let call = gateway.only_call();
    assert_eq!((call.path.as_str(), call.header("add-padding")), ("/range/5BAA6", "true"));
    let other = Breaches::range(&gateway.url).unwrap().know(&password("another")).await;
    assert_eq!(other, Ok(false));
}

#[tokio::test]
async fn padding_is_no_breach() {
    let gateway = Gateway::answering(200, &format!("{}:0", &PRINT[5..])).await;
    assert_eq!(asked(&gateway).await, Ok(false));
}

#[tokio::test]
async fn a_service_that_misbehaves_has_not_answered() {
    for (status, body) in [
        (500, String::new()),
        (404, String::new()),
        (200, "<html>log in to the network</html>".to_owned()),
        (200, format!("{}:x", &PRINT[5..])),
        (200, format!("{}:1\n", "0".repeat(35)).repeat(10_000)),
    ] {
        assert_eq!(asked(&Gateway::answering(status, &body).await).await, Err(Unanswered), "{status}");
    }
    let there = Gateway::answering(200, "").await;
    assert_eq!(asked(&Gateway::redirecting_to(&there.url).await).await, Err(Unanswered));
    assert!(there.calls().is_empty());
}

#[tokio::test]
async fn a_service_that_hangs_holds_nobody_up() {
    let (_listener, url) = silent().await;
    for url in [url, absent().await] {
        let (breaches, began) = (Breaches::range(&url).unwrap(), Instant::now());
        assert_eq!(breaches.know(&password("password")).await, Err(Unanswered));
        assert_eq!(breaches.failing_open(true).know(&password("password")).await, Ok(false));
        assert!(began.elapsed().as_secs() < 6);
    }
}

#[test]
fn a_service_is_asked_over_tls() {
    let refused = Breaches::range("http://breaches.acme.com/range/").err();
    assert_eq!(refused, Some(ConfigurationFault::Url));
    assert!(Breaches::range("https://breaches.acme.com/range/").is_ok());
}

#[tokio::test]
async fn every_line_of_a_list_is_found_and_nothing_else() {
    for (end, count) in [("\r\n", ":12"), ("\n", ""), ("\n", ":123456789")] {
        let mut prints: Vec<String> = (0..200u64).map(|it| print(&format!("password {it}"))).collect();
        prints.sort_unstable();
        let text = prints.iter().fold(String::new(), |mut text, it| {
            write!(text, "{it}{count}{end}").unwrap();
            text
        });
        for text in [text.as_str(), text.trim_end()] {
            let file = file("list", text);
            let breaches = Breaches::list(&file).unwrap();
            for it in 0..200 {
                assert_eq!(breaches.know(&password(&format!("password {it}"))).await, Ok(true));
                assert_eq!(breaches.know(&password(&format!("other {it}"))).await, Ok(false));
            }
            fs::remove_file(file).unwrap();
        }
    }
}

#[tokio::test]
async fn an_empty_list_knows_nothing_and_a_wrong_one_is_refused() {
    let empty = file("empty", "");
    assert_eq!(Breaches::list(&empty).unwrap().know(&password("password")).await, Ok(false));
    for wrong in ["password\n", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8 12\n", &"x".repeat(1000)] {
        let refused = Breaches::list(&file("wrong", wrong)).err();
        assert_eq!(refused, Some(ConfigurationFault::BreachList));
    }
    assert!(Breaches::list(&PathBuf::from("/nowhere")).is_err());
}

fn print(text: &str) -> String {
    use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
    data_encoding::HEXUPPER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref())
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("breaches-{name}-{}-{}", std::process::id(), text.len()));
    fs::write(&path, text).unwrap();
    path
}
