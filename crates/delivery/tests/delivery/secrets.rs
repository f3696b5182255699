use crate::samples::{NOW, mail, provider, send_by, text};
use delivery::{Carrier, Inbox, Mailer, SignedWebhook, Twilio, TwilioConfig, WebhookConfig};

fn assert_hides(shown: &str, hidden: &[&str]) {
    for secret in hidden {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_text_message_shows_neither_text_nor_number() {
    let shown = format!("{:#?}", text("text-1"));
    assert!(shown.contains("text-1") && shown.contains("+12…23"), "{shown}");
    assert_hides(&shown, &["493027", "Your code", "2025550123"]);
}

#[test]
fn a_mail_shows_nothing_of_its_content() {
    let shown = format!("{:#?}", mail("mail-1"));
    assert!(shown.contains("mail-1") && shown.contains("acme.com"), "{shown}");
    assert_hides(&shown, &["493027", "t0ken", "Sign in", "href", "Ada", "ada"]);
}

#[tokio::test]
async fn the_inbox_shows_nothing_of_its_messages() {
    let inbox = Inbox::default();
    send_by(Carrier::Inbox(inbox.clone())).await.unwrap();
    Mailer::Inbox(inbox.clone()).send(&mail("mail-1"), NOW).await.unwrap();
    let shown = format!("{inbox:?} {:?}", inbox.messages(None));
    assert_hides(&shown, &["493027", "t0ken", "Sign in", "2025550123", "Ada"]);
}

#[test]
fn providers_show_none_of_their_secrets() {
    let (url, secret) =
        ("https://sms.acme.com/?key=k3y".to_owned(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
    let webhook = SignedWebhook::new(&WebhookConfig { url, secret }).unwrap();
    let twilio = Twilio::new(TwilioConfig {
        account_sid: "AC0123".to_owned(),
        auth_token: "t0p-secret".into(),
        from: "+15005550006".to_owned(),
        base_url: None,
        receipts: None,
    });
    let shown =
        format!("{:?} {:?}", provider(Carrier::Webhook(webhook)), provider(Carrier::Twilio(twilio.unwrap())));
    assert_hides(&shown, &["k3y", "MfKQ", "t0p-secret"]);
}
