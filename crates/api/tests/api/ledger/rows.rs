//! One row for every message, masked and without its secret.

use super::{NUMBER, ask, enter, settled};
use domain::messages::{Purpose, Reason, State};
use testkit::{another_code, json, on_both_databases};

fn states(all: &[store::messages::Message], purpose: Purpose) -> Vec<State> {
    all.iter().filter(|it| it.purpose == purpose).map(|it| it.state).collect()
}

on_both_databases! {
    async fn every_kind_of_message_is_a_row(app: TestApp) {
        let ada = app.ada().await;
        let (organization, email) = (ada.organization.clone(), ada.email.clone());
        app.mail_link(&organization, &email, json!({})).await;
        app.mail_reset(&organization, &email, json!({})).await;
        app.mail_code(&organization, &email, json!({})).await;
        app.mail_discovery_code("eve@acme.example").await;
        let body = json!({ "email_address": "eve@acme.example" });
        app.next_link("eve@acme.example", "/v1/b2b/magic_links/email/discovery/send", body).await;
        let body = json!({ "organization_id": organization, "email_address": "bob@acme.example" });
        app.next_link("bob@acme.example", "/v1/b2b/magic_links/email/invite", body).await;
        ask(&app, &ada).await.1.ok();
        let all = settled(&app).await;
        let mut found: Vec<&str> = all.iter().map(|it| it.purpose.as_str()).collect();
        found.sort_unstable();
        let wanted = ["discovery_code", "discovery_link", "email_code", "invite", "magic_link", "passcode",
                      "password_reset"];
        assert_eq!(found, wanted);
        for it in &all {
            assert_eq!(it.state, State::Accepted, "{it:?}");
            assert_eq!((it.reason, it.attempts), (Reason::Requested, 1), "{it:?}");
            assert_eq!((it.sealed_body.is_none(), it.carries.is_some()), (true, true), "{it:?}");
            assert_eq!(app.attempts(it).await.len(), 1);
            assert!(!it.recipient.contains("bob@") && !it.recipient.contains(&NUMBER[2..9]), "{it:?}");
            let whose = it.organization_id.as_ref().map(|it| it.as_str() == organization);
            assert!(whose.unwrap_or(true), "{it:?}");
        }
        let text = all.iter().find(|it| it.purpose == Purpose::Passcode).unwrap();
        assert_eq!(text.member_id.as_ref().unwrap().as_str(), ada.member);
        assert_eq!(text.country.unwrap().to_string(), "US");
        assert_eq!(text.provider.as_deref(), Some("inbox"));
    }

    async fn what_waits_is_sealed(app: TestApp) {
        let ada = app.ada().await;
        app.inbox.set_down(true);
        ask(&app, &ada).await;
        let stored = app.everything_stored().await;
        app.inbox.set_down(false);
        app.advance(3);
        app.outbox_turn().await;
        let sent = app.sent_to(NUMBER).await;
        let (text, code) = (sent[0].text.as_bytes(), sent[0].code.clone().unwrap());
        assert!(!stored.windows(text.len()).any(|it| it == text));
        let written = format!("\"{code}\"");
        assert!(!stored.windows(written.len()).any(|it| it == written.as_bytes()));
    }

    async fn wrong_entries_are_counted_and_the_right_one_verifies(app: TestApp) {
        let ada = app.ada().await;
        let (token, _) = ask(&app, &ada).await;
        let code = app.last_code(NUMBER).await;
        enter(&app, &ada, &token, &another_code(&code)).await;
        assert_eq!(app.ledger().await[0].wrong_guesses, 1);
        enter(&app, &ada, &token, &code).await.ok();
        let text = app.ledger().await.remove(0);
        assert_eq!((text.state, text.wrong_guesses), (State::Verified, 1));
    }

    async fn what_was_mailed_is_verified_by_its_use(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let token = app.mail_link(&organization, &ada.email, json!({})).await;
        app.spend_link(&token, json!({})).await.ok();
        let token = app.mail_reset(&organization, &ada.email, json!({})).await;
        app.spend_reset(&token, json!({})).await.ok();
        let code = app.mail_code(&organization, &ada.email, json!({})).await;
        app.spend_code(&ada, &another_code(&code), json!({})).await;
        app.spend_code(&ada, &code, json!({})).await.ok();
        let all = settled(&app).await;
        for purpose in [Purpose::MagicLink, Purpose::PasswordReset, Purpose::EmailCode] {
            assert_eq!(states(&all, purpose), [State::Verified], "{purpose}");
        }
        assert_eq!(all.iter().map(|it| it.wrong_guesses).sum::<i64>(), 1);
    }

    async fn a_refused_call_leaves_no_row(app: TestApp) {
        app.set("sms.countries", "CH").await;
        let ada = app.ada().await;
        let (_, refused) = ask(&app, &ada).await;
        assert_eq!(refused.refusal(), (400, "invalid_phone_number_country_code"));
        assert!(app.ledger().await.is_empty());
        assert_eq!(app.texts(NUMBER), 0);
    }
}
