//! What is mailed.

use super::{open_house, send};
use testkit::{TestApp, Value, json, on_both_databases};

/// Subject and text of the first mail to ada.
async fn letter(app: &TestApp) -> (String, String) {
    let mail = app.letter("ada@acme.example", |all| all.first().cloned()).await;
    (mail.subject.expect("a subject"), mail.text)
}

/// What ada is mailed in an organization of this name, in the language asked for.
async fn mailed(app: &TestApp, name: &str, fields: Value) -> (String, String) {
    let organization = app.organization(json!({ "organization_name": name })).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await;
    send(app, &organization, fields).await.ok();
    letter(app).await
}

on_both_databases! {
    async fn a_link_lands_on_the_registered_url_with_its_kind_and_token(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let sent = send(&app, &organization, json!({})).await.ok();
        assert_eq!((&sent["member_id"], &sent["member_created"]), (&json!(ada.member), &json!(false)));
        let mail = app.letter(&ada.email, |all| all.first().cloned()).await;
        let link = mail.link.expect("a link");
        let token = link
            .strip_prefix(
                "http://localhost:3000/authenticate?stytch_token_type=multi_tenant_magic_links&token=",
            )
            .expect("the shape that every client reads");
        assert!(token.len() >= 43, "at least 256 bits");
        assert!(
            token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
            "nothing to escape"
        );
        assert!(mail.text.contains(&link));
        assert!(!sent.body.to_string().contains(token), "the answer never holds it");
        app.spend_link(token, json!({})).await.ok();
    }

    async fn a_member_is_greeted_with_a_login(app: TestApp) {
        let (subject, text) = mailed(&app, "Acme", json!({})).await;
        assert_eq!(subject, "Log in to Acme");
        assert!(text.contains("expires in 60 minutes"), "{text}");
    }

    async fn a_newcomer_is_greeted_with_a_signup(app: TestApp) {
        let organization = open_house(&app).await;
        send(&app, &organization, json!({ "signup_expiration_minutes": 30, "login_expiration_minutes": 5 }))
            .await
            .ok();
        let (subject, text) = letter(&app).await;
        assert_eq!(subject, "Sign up for Acme");
        assert!(text.contains("expires in 30 minutes"), "{text}");
    }

    async fn a_spanish_mail_is_spanish(app: TestApp) {
        let (subject, text) = mailed(&app, "Acme", json!({ "locale": "es" })).await;
        assert_eq!(subject, "Inicia sesión en Acme");
        assert!(text.contains("caduca en 60 minutos"), "{text}");
    }

    async fn a_brazilian_mail_is_portuguese_in_either_spelling(app: TestApp) {
        for (name, locale) in [("One", "pt-br"), ("Two", "ptbr")] {
            let organization = app.organization(json!({ "organization_name": name })).await;
            app.newcomer(&organization, "ada@acme.example", json!({})).await;
            send(&app, &organization, json!({ "locale": locale })).await.ok();
            let subject = format!("Entre em {name}");
            let ours = |all: &[_]| {
                all.iter().find(|it: &&delivery::Message| it.subject.as_deref() == Some(&subject)).cloned()
            };
            app.letter("ada@acme.example", ours).await;
        }
    }

    async fn a_japanese_mail_is_japanese(app: TestApp) {
        let (subject, text) = mailed(&app, "Acme", json!({ "locale": "ja" })).await;
        assert_eq!(subject, "Acme へのログイン");
        assert!(text.contains("有効期限は60分"), "{text}");
    }

    async fn a_hostile_name_brings_no_link_and_no_line(app: TestApp) {
        let hostile = "Win \u{202e}at https://evil.example/x now\r\nBcc: eve@evil.example <b>evil.example";
        let (subject, text) = mailed(&app, hostile, json!({})).await;
        assert_eq!(subject, "Log in to Win at nowBcc: b evil. e");
        assert!(!text.contains("evil.example") && !text.contains("https://"), "{text}");
        assert_eq!(text.matches("://").count(), 1, "only our own link: {text}");
    }

    async fn a_name_of_nothing_but_marks_still_has_a_subject(app: TestApp) {
        let (subject, _) = mailed(&app, "\u{200b}\u{202e}", json!({})).await;
        assert_eq!(subject, "Log in to your organization");
    }

    async fn a_long_name_is_cut(app: TestApp) {
        let (subject, _) = mailed(&app, &"A".repeat(128), json!({})).await;
        assert_eq!(subject, format!("Log in to {}", "A".repeat(64)));
    }
}
