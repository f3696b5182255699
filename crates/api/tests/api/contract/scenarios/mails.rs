//! The operations that prove an address by mail.

use super::{email, number, profile, somebody, wishes, with};
use testkit::{TestApp, Value, json};

const URL: &str = "http://localhost:3000/authenticate";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub async fn link_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({})).await;
    match operation {
        "magicLinks.email.loginOrSignup" => json!({
            "organization_id": ada.organization, "email_address": ada.email, "locale": "fr",
            "login_redirect_url": URL, "signup_redirect_url": URL, "pkce_code_challenge": CHALLENGE,
            "login_expiration_minutes": 30, "signup_expiration_minutes": 30,
        }),
        "magicLinks.email.invite" => {
            let own = json!({
                "organization_id": ada.organization, "email_address": email(), "locale": "es",
                "invite_redirect_url": URL, "invited_by_member_id": ada.member,
                "invite_expiration_minutes": 60,
            });
            let profile = profile();
            let told = ["name", "trusted_metadata", "untrusted_metadata", "roles"];
            told.into_iter().fold(own, |own, field| with(own, json!({ field: profile[field] })))
        }
        "magicLinks.email.discovery.send" => json!({
            "email_address": email(), "locale": "ptbr", "discovery_redirect_url": URL,
            "pkce_code_challenge": CHALLENGE, "discovery_expiration_minutes": 30,
        }),
        "magicLinks.authenticate" => {
            let token = app.mail_link(&ada.organization, &ada.email, json!({})).await;
            with(json!({ "magic_links_token": token, "locale": "en" }), wishes())
        }
        "magicLinks.discovery.authenticate" => {
            let path = "/v1/b2b/magic_links/email/discovery/send";
            let token = app.next_link(&ada.email, path, json!({ "email_address": ada.email })).await;
            json!({ "discovery_magic_links_token": token })
        }
        _ => panic!("{operation} has no scenario"),
    }
}

pub async fn code_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({})).await;
    let named = json!({ "organization_id": ada.organization, "email_address": ada.email });
    match operation {
        "otps.email.loginOrSignup" => {
            let own = json!({ "locale": "fr", "login_expiration_minutes": 5,
                              "signup_expiration_minutes": 5 });
            with(named, own)
        }
        "otps.email.authenticate" => {
            let code = app.mail_code(&ada.organization, &ada.email, json!({})).await;
            with(with(named, json!({ "code": code, "locale": "en" })), wishes())
        }
        "otps.email.discovery.send" => {
            json!({ "email_address": ada.email, "locale": "es", "discovery_expiration_minutes": 5 })
        }
        "otps.email.discovery.authenticate" => {
            json!({ "email_address": ada.email, "code": app.mail_discovery_code(&ada.email).await })
        }
        _ => panic!("{operation} has no scenario"),
    }
}

/// The changes of a member's address.
pub async fn address_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({})).await;
    let named = json!({ "organization_id": ada.organization, "member_id": ada.member });
    match operation {
        "organizations.members.startEmailUpdate" => {
            let delivery = ["EMAIL_MAGIC_LINK", "EMAIL_OTP"][usize::from(number().is_multiple_of(2))];
            let own = json!({ "email_address": email(), "login_redirect_url": URL, "locale": "en",
                              "delivery_method": delivery });
            with(named, own)
        }
        "organizations.members.unlinkRetiredEmail" => {
            let changed = app.change(&ada, json!({ "email_address": email() })).await.ok();
            let retired = &changed["member"]["retired_email_addresses"][0];
            with(named, retired.clone())
        }
        _ => panic!("{operation} has no scenario"),
    }
}
