use crate::{
    gateway,
    post_office::{Manner, PostOffice},
    samples::{MOMENT, NOW, mail, promptly, referred_to},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use delivery::{
    Accepted, ConfigurationFault, DeliveryFault, Mail, Mailer, Security, Smtp, SmtpConfig, SmtpCredentials,
};
use domain::{email::EmailAddress, time::Span};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        credentials: None,
        from_name: "Acme".to_owned(),
        from_address: EmailAddress::parse("door@vestibule.example").unwrap(),
        trusted: None,
        dkim: Vec::new(),
    }
}

async fn send(config: SmtpConfig, mail: &Mail) -> Result<Accepted, DeliveryFault> {
    Mailer::Smtp(Box::new(Smtp::new(&config).unwrap())).send(mail, NOW).await
}

async fn letter(mail: &Mail) -> Vec<String> {
    let office = PostOffice::open(Manner::Obliging).await;
    assert_eq!(send(config(office.port), mail).await, Ok(referred_to("mail-1")));
    office.letter()
}

fn count_starting(lines: &[String], start: &str) -> usize {
    lines.iter().filter(|line| line.to_ascii_lowercase().starts_with(start)).count()
}

#[tokio::test]
async fn a_mail_arrives_as_text_and_html() {
    let letter = letter(&mail("mail-1")).await;
    let lines = [
        "Message-ID: <mail-1@vestibule.example>",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
        "From: Acme <door@vestibule.example>",
        "To: Ada@acme.com",
        "Subject: Sign in to Acme",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Open https://acme.com/in?token=t0ken",
        "Content-Type: text/html; charset=utf-8",
        "<a href=\"https://acme.com/in?token=t0ken\">Sign in</a>",
    ];
    for line in lines {
        assert!(letter.iter().any(|written| written == line), "{line} in {letter:#?}");
    }
    assert_eq!(count_starting(&letter, "content-type: multipart/alternative"), 1);
}

#[tokio::test]
async fn the_envelope_names_sender_and_recipient() {
    let office = PostOffice::open(Manner::Obliging).await;
    assert_eq!(send(config(office.port), &mail("mail-1")).await, Ok(referred_to("mail-1")));
    for line in ["EHLO vestibule.example", "MAIL FROM:<door@vestibule.example>", "RCPT TO:<Ada@acme.com>"] {
        assert!(office.heard_command(line), "{line} in {:#?}", office.heard());
    }
}

#[tokio::test]
async fn a_subject_cannot_add_headers() {
    let sneaky = "Hi\r\nBcc: eve@evil.com\r\n\r\nCome in";
    let letter = letter(&Mail { subject: sneaky.to_owned(), ..mail("mail-1") }).await;
    assert_eq!(
        (count_starting(&letter, "subject: "), count_starting(&letter, "bcc:")),
        (1, 0),
        "{letter:#?}"
    );
    assert!(!letter.iter().any(|line| line.contains("Come in")));
}

#[tokio::test]
async fn an_id_cannot_add_headers() {
    let office = PostOffice::open(Manner::Obliging).await;
    let sent = send(config(office.port), &mail("mail-1>\r\nBcc: eve@evil.com")).await;
    assert_eq!(sent, Err(DeliveryFault::Unsendable));
    assert!(office.heard().is_empty());
}

#[tokio::test]
async fn a_text_cannot_end_the_mail_early() {
    let sneaky = "Hello\r\n.\r\nRSET\n.\nRSET\n";
    let letter = letter(&Mail { text: sneaky.to_owned(), ..mail("mail-1") }).await;
    assert_eq!((count_starting(&letter, ".."), count_starting(&letter, "rset")), (2, 2), "{letter:#?}");
    assert!(letter.iter().any(|line| line.starts_with("<a href")), "{letter:#?}");
    assert!(!letter.iter().any(|line| line.ends_with("<LF>")), "{letter:#?}");
}

#[tokio::test]
async fn any_language_travels_as_ascii() {
    let mail =
        Mail { subject: "Grüße".to_owned(), text: "Größe, こんにちは".to_owned(), ..mail("mail-1") };
    let letter = letter(&mail).await;
    assert!(letter.iter().all(|line| line.is_ascii()), "{letter:#?}");
    assert!(letter.contains(&format!("Subject: =?utf-8?b?{}?=", STANDARD.encode("Grüße"))), "{letter:#?}");
}

#[tokio::test]
async fn credentials_are_presented() {
    let office = PostOffice::open(Manner::Obliging).await;
    let credentials = SmtpCredentials { username: "acme".to_owned(), password: "pass".into() };
    let config = SmtpConfig { credentials: Some(credentials), ..config(office.port) };
    assert_eq!(send(config, &mail("mail-1")).await, Ok(referred_to("mail-1")));
    assert!(office.heard().contains(&format!("AUTH PLAIN {}", STANDARD.encode("\0acme\0pass"))));
}

#[tokio::test]
async fn a_recipient_nobody_knows_is_a_final_refusal() {
    let office = PostOffice::open(Manner::RefusingRecipients).await;
    let sent = send(config(office.port), &mail("mail-1")).await;
    assert_eq!(sent, Err(DeliveryFault::InvalidMailbox));
}

/// Takes every recipient, and refuses every mail as spam; its port.
async fn suspicious() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut caller, _) = listener.accept().await.unwrap();
        let (reading, mut writing) = caller.split();
        let mut lines = BufReader::new(reading).lines();
        writing.write_all(b"220 post.acme.com\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let reply = match line.as_str() {
                "DATA" => "354 go on\r\n",
                "." => "554 5.7.1 spam\r\n",
                it if ["EHLO", "MAIL", "RCPT"].iter().any(|verb| it.starts_with(verb)) => "250 ok\r\n",
                _ => continue,
            };
            writing.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    port
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_not_to_be_tried_again() {
    let fault = send(config(suspicious().await), &mail("mail-1")).await.unwrap_err();
    assert_eq!(fault, DeliveryFault::Rejected { status: 554, code: None });
    assert_eq!((fault.is_passing(), fault.is_ambiguous()), (false, false));
}

#[tokio::test]
async fn while_a_server_is_silent_one_mail_at_a_time_finds_out() {
    let office = PostOffice::open(Manner::SilentAfterData).await;
    let mailer = Mailer::Smtp(Box::new(Smtp::new(&config(office.port)).unwrap().within(MOMENT)));
    for _ in 0..3 {
        assert!(mailer.admit(NOW));
        mailer.send(&mail("mail-1"), NOW).await.unwrap_err();
    }
    assert_eq!([mailer.admits(NOW), mailer.admit(NOW)], [false, false]);
    let later = NOW.plus(Span::seconds(10));
    assert_eq!([mailer.admits(later), mailer.admit(later), mailer.admit(later)], [true, true, false]);
}

#[tokio::test]
async fn a_silent_server_is_given_up_on_and_the_next_mail_begins_anew() {
    let office = PostOffice::open(Manner::SilentAfterData).await;
    let mailer = Mailer::Smtp(Box::new(Smtp::new(&config(office.port)).unwrap().within(MOMENT * 10)));
    assert_eq!(promptly(mailer.send(&mail("mail-1"), NOW)).await, Err(DeliveryFault::TimedOut));
    assert_eq!(promptly(mailer.send(&mail("mail-2"), NOW)).await, Err(DeliveryFault::TimedOut));
    assert_eq!(office.heard().iter().filter(|line| line.starts_with("EHLO")).count(), 2);
}

#[tokio::test]
async fn an_absent_server_is_unreachable() {
    let port = gateway::absent().await.rsplit_once(':').unwrap().1.parse().unwrap();
    assert_eq!(send(config(port), &mail("mail-1")).await, Err(DeliveryFault::Unreachable));
}

#[tokio::test]
async fn a_server_without_starttls_is_told_nothing() {
    let office = PostOffice::open(Manner::Obliging).await;
    let config = SmtpConfig { security: Security::StartTls, ..config(office.port) };
    assert_eq!(send(config, &mail("mail-1")).await, Err(DeliveryFault::Unreachable));
    assert!(!office.heard_command("MAIL") && !office.heard_command("AUTH"));
}

#[test]
fn an_impossible_configuration_is_refused() {
    let refused = |config| Smtp::new(&config).err();
    assert_eq!(refused(config(25)), None);
    assert_eq!(refused(config(0)), Some(ConfigurationFault::SmtpHost));
    let nowhere = SmtpConfig { host: "smtp acme".to_owned(), ..config(25) };
    assert_eq!(refused(nowhere), Some(ConfigurationFault::SmtpHost));
    let exposed = SmtpConfig { host: "smtp.acme.com".to_owned(), ..config(25) };
    assert_eq!(refused(exposed), Some(ConfigurationFault::SmtpWithoutTls));
    let two_lines = SmtpConfig { from_name: "Acme\r\nBcc: eve@evil.com".to_owned(), ..config(25) };
    assert_eq!(refused(two_lines), Some(ConfigurationFault::SmtpFrom));
    let credentials = SmtpCredentials { username: "acme".to_owned(), password: "".into() };
    let unproven = SmtpConfig { credentials: Some(credentials), ..config(25) };
    assert_eq!(refused(unproven), Some(ConfigurationFault::SmtpCredentials));
}
