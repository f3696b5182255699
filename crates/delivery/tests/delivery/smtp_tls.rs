//! Mail over TLS: who is believed, what is said before, and what a broken-off end means.

use crate::{
    authority::Authority,
    post_office::{Layer, Manner, PostOffice},
    samples::{NOW, mail, referred_to},
};
use delivery::{Accepted, DeliveryFault, Mailer, Security, Smtp, SmtpConfig, SmtpCredentials};
use domain::email::EmailAddress;

const BOTH: [Security; 2] = [Security::Tls, Security::StartTls];

fn config(port: u16, security: Security, trusted: Option<String>) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        credentials: Some(SmtpCredentials { username: "acme".to_owned(), password: "pass".into() }),
        from_name: "Acme".to_owned(),
        from_address: EmailAddress::parse("door@vestibule.example").unwrap(),
        trusted,
        dkim: Vec::new(),
    }
}

async fn send(config: SmtpConfig) -> Result<Accepted, DeliveryFault> {
    Mailer::Smtp(Box::new(Smtp::new(&config).unwrap())).send(&mail("mail-1"), NOW).await
}

async fn office(authority: &Authority, security: Security, name: &str, manner: Manner) -> PostOffice {
    let tls = authority.server(name);
    let layer = match security {
        Security::Tls => Layer::FromTheFirstByte(tls),
        Security::StartTls => Layer::WhenAsked(tls),
        Security::None => Layer::Plain,
    };
    PostOffice::behind(layer, manner).await
}

/// Nothing that names anybody or proves anything.
fn was_told_nothing(office: &PostOffice) -> bool {
    !["AUTH", "MAIL", "RCPT", "DATA"].iter().any(|it| office.heard_command(it))
}

#[tokio::test]
async fn a_mail_arrives_under_a_private_authority_by_either_way_of_tls() {
    let authority = Authority::new();
    for security in BOTH {
        let office = office(&authority, security, "127.0.0.1", Manner::Obliging).await;
        let sent = send(config(office.port, security, Some(authority.pem()))).await;
        assert_eq!(sent, Ok(referred_to("mail-1")), "{security:?}");
        assert!(office.letter().iter().any(|it| it == "Subject: Sign in to Acme"), "{:#?}", office.heard());
    }
}

#[tokio::test]
async fn credentials_come_after_starttls_and_the_server_is_greeted_again() {
    let authority = Authority::new();
    let office = office(&authority, Security::StartTls, "127.0.0.1", Manner::Obliging).await;
    send(config(office.port, Security::StartTls, Some(authority.pem()))).await.unwrap();
    let verbs: Vec<String> =
        office.heard().iter().take(5).map(|it| it.split([' ', ':']).next().unwrap().to_owned()).collect();
    assert_eq!(verbs, ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"]);
}

#[tokio::test]
async fn a_certificate_of_somebody_else_or_for_somebody_else_is_told_nothing() {
    let authority = Authority::new();
    for security in BOTH {
        for (trusted, name) in [
            (Some(Authority::new().pem()), "127.0.0.1"), // another authority
            (None, "127.0.0.1"),                         // the usual ones know no private authority
            (Some(authority.pem()), "127.0.0.2"),
            (Some(authority.pem()), "post.acme.com"),
        ] {
            let office = office(&authority, security, name, Manner::Obliging).await;
            let sent = send(config(office.port, security, trusted)).await;
            assert_eq!(sent, Err(DeliveryFault::Unreachable), "{security:?} {name}");
            assert!(was_told_nothing(&office), "{:#?}", office.heard());
        }
    }
}

#[tokio::test]
async fn starttls_that_is_not_offered_or_not_given_ends_it_in_the_clear() {
    let authority = Authority::new();
    for (manner, fault) in [
        (Manner::Obliging, DeliveryFault::Unreachable), // the offer was stripped on the way
        (Manner::RefusingStartTls, DeliveryFault::Refused { status: 454, code: None }),
    ] {
        let office = PostOffice::open(manner).await;
        let sent = send(config(office.port, Security::StartTls, Some(authority.pem()))).await;
        assert_eq!(sent, Err(fault));
        assert!(was_told_nothing(&office), "{:#?}", office.heard());
    }
}

#[tokio::test]
async fn refused_credentials_are_a_refusal_and_no_mail_follows() {
    let authority = Authority::new();
    for security in BOTH {
        let office = office(&authority, security, "127.0.0.1", Manner::RefusingCredentials).await;
        let config = || config(office.port, security, Some(authority.pem()));
        let refused = Err(DeliveryFault::Refused { status: 535, code: None });
        assert_eq!(send(config()).await, refused, "{security:?}");
        assert!(!office.heard_command("MAIL"));
        let checked = Mailer::Smtp(Box::new(Smtp::new(&config()).unwrap())).check().await;
        assert_eq!(checked, refused.map(|_: Accepted| ()), "and the doctor says so");
    }
}

#[tokio::test]
async fn a_mail_that_may_have_arrived_is_told_apart_and_goes_again_under_the_same_message_id() {
    let authority = Authority::new();
    let office = office(&authority, Security::Tls, "127.0.0.1", Manner::HangingUpAfterData).await;
    for _ in 0..2 {
        let sent = send(config(office.port, Security::Tls, Some(authority.pem()))).await;
        assert_eq!(sent, Err(DeliveryFault::BrokenOff));
    }
    let id = "Message-ID: <mail-1@vestibule.example>".to_owned();
    let letters = office.letters();
    assert!(letters.len() == 2 && letters.iter().all(|it| it.contains(&id)), "{letters:#?}");
}
