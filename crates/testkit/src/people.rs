//! Organizations and members to test with.

use crate::{Answer, TestApp};
use delivery::Message;
use domain::{Timestamp, factors::totp::TotpSecret};
use serde_json::{Value, json};
use std::time::Duration;

/// A member with a password, and the organization it is in.
#[derive(Debug, Clone)]
pub struct Person {
    pub organization: String,
    pub member: String,
    pub email: String,
}

impl Person {
    /// The path of the member, for the routes below it.
    pub fn path(&self) -> String {
        format!("/v1/b2b/organizations/{}/members/{}", self.organization, self.member)
    }
}

/// Of every person made here.
pub const PASSWORD: &str = "correct horse battery staple";
/// Good enough to take its place.
pub const NEW_PASSWORD: &str = "seven green bicycles on the moon";
/// MD5 of it: quick to check; the first login replaces it.
const PASSWORD_MD5: &str = "9cc2ae8a1ba7a93da39b46fc1019c481";

impl TestApp {
    /// An organization with these settings; its id.
    pub async fn organization(&self, settings: Value) -> String {
        let mut body = json!({ "organization_name": "Acme" });
        body.as_object_mut().expect("an object").extend(settings.as_object().expect("an object").clone());
        self.post("/v1/b2b/organizations", body).await.ok().body["organization"]["organization_id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    /// An organization where everybody needs a second factor, and ada in it.
    pub async fn ada(&self) -> Person {
        let organization = self.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        self.person(&organization, "ada@acme.example").await
    }

    /// A member as a backend creates one: active, without any factor.
    pub async fn newcomer(&self, organization: &str, email: &str, more: Value) -> Person {
        let path = format!("/v1/b2b/organizations/{organization}/members");
        let body = with(json!({ "email_address": email }), more);
        let member = self.post(&path, body).await.ok().text("member_id");
        Person { organization: organization.to_owned(), member, email: email.to_owned() }
    }

    /// Changes a member.
    pub async fn change(&self, who: &Person, fields: Value) -> Answer {
        self.put(&who.path(), fields).await
    }

    /// An active member with a password and no second factor.
    pub async fn person(&self, organization: &str, email: &str) -> Person {
        self.person_with(organization, email, json!({})).await
    }

    /// With more fields of the import, such as a number.
    pub async fn person_with(&self, organization: &str, email: &str, more: Value) -> Person {
        let body = json!({ "organization_id": organization, "email_address": email,
                           "hash": PASSWORD_MD5, "hash_type": "md_5" });
        let member = self.post("/v1/b2b/passwords/migrate", with(body, more)).await.ok().text("member_id");
        Person { organization: organization.to_owned(), member, email: email.to_owned() }
    }

    pub async fn password_login(&self, who: &Person) -> Answer {
        self.password_login_with(who, json!({})).await
    }

    /// With more fields, such as a session to carry along.
    pub async fn password_login_with(&self, who: &Person, more: Value) -> Answer {
        let body =
            json!({ "organization_id": who.organization, "email_address": who.email, "password": PASSWORD });
        self.post("/v1/b2b/passwords/authenticate", with(body, more)).await
    }

    /// Mails a link to an address; the token in it.
    pub async fn mail_link(&self, organization: &str, email: &str, more: Value) -> String {
        let before = self.inbox.messages(Some(email)).iter().filter(|it| it.link.is_some()).count();
        let body = json!({ "organization_id": organization, "email_address": email });
        self.post("/v1/b2b/magic_links/email/login_or_signup", with(body, more)).await.ok();
        let link = self.letter(email, |all| all.iter().filter_map(|it| it.link.clone()).nth(before)).await;
        link.split("token=").last().expect("a token").to_owned()
    }

    /// Mails a link that sets a password; the token in it.
    pub async fn mail_reset(&self, organization: &str, email: &str, more: Value) -> String {
        let before = self.inbox.messages(Some(email)).iter().filter(|it| it.link.is_some()).count();
        let body = json!({ "organization_id": organization, "email_address": email });
        self.post("/v1/b2b/passwords/email/reset/start", with(body, more)).await.ok();
        let link = self.letter(email, |all| all.iter().filter_map(|it| it.link.clone()).nth(before)).await;
        link.split("&token=").last().expect("a token").to_owned()
    }

    /// Sets the new password by the token of a mailed link.
    pub async fn spend_reset(&self, token: &str, more: Value) -> Answer {
        let body = with(json!({ "password_reset_token": token, "password": NEW_PASSWORD }), more);
        self.post("/v1/b2b/passwords/email/reset", body).await
    }

    /// Trades the token of a mailed link for a login.
    pub async fn spend_link(&self, token: &str, more: Value) -> Answer {
        let body = with(json!({ "magic_links_token": token }), more);
        self.post("/v1/b2b/magic_links/authenticate", body).await
    }

    /// Logs a member in by a mailed link: quicker than a password, which is hashed.
    pub async fn link_login(&self, who: &Person) -> Answer {
        let token = self.mail_link(&who.organization, &who.email, json!({})).await;
        self.spend_link(&token, json!({})).await
    }

    /// What is wanted of the mails to an address, as soon as one that has it arrives.
    pub async fn letter<T>(&self, address: &str, wanted: impl Fn(&[Message]) -> Option<T>) -> T {
        let arrival = async {
            let mut looks = 0;
            loop {
                if let Some(found) = wanted(&self.inbox.messages(Some(address))) {
                    return found;
                }
                looks += 1;
                // A mail that a jump of the clock left in the outbox: a server works on it every second.
                if looks % 1000 == 0 {
                    self.outbox_turn().await;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), arrival).await.expect("the mail arrives")
    }

    /// The token of a new intermediate session, by password.
    pub async fn halfway(&self, who: &Person) -> String {
        let token = self.password_login(who).await.ok().text("intermediate_session_token");
        assert_ne!(token, "", "the member is inside already");
        token
    }

    /// Trades evidence for a session. `route` is `otps/sms`, `totp` or `recovery_codes`.
    pub async fn complete(&self, who: &Person, route: &str, evidence: Value) -> Answer {
        let verb = if route == "recovery_codes" { "recover" } else { "authenticate" };
        let body = json!({ "organization_id": who.organization, "member_id": who.member });
        self.post(&format!("/v1/b2b/{route}/{verb}"), with(body, evidence)).await
    }

    pub async fn send_sms(&self, who: &Person, more: Value) -> Answer {
        let body = json!({ "organization_id": who.organization, "member_id": who.member });
        self.post("/v1/b2b/otps/sms/send", with(body, more)).await
    }

    /// Enrols a number by a whole login; the token of the session.
    pub async fn enrol_sms(&self, who: &Person, number: &str) -> String {
        let ist = self.halfway(who).await;
        self.send_sms(who, json!({ "mfa_phone_number": number, "intermediate_session_token": ist }))
            .await
            .ok();
        let code = self.last_code(number).await;
        let evidence = json!({ "code": code, "intermediate_session_token": ist });
        self.complete(who, "otps/sms", evidence).await.ok().text("session_token")
    }

    /// Gives the member an active authenticator app by import; its secret, base32.
    pub async fn import_totp(&self, who: &Person) -> String {
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        let body = json!({ "organization_id": who.organization, "member_id": who.member, "secret": secret,
                           "recovery_codes": [] });
        self.post("/v1/b2b/totp/migrate", body).await.ok();
        secret.to_owned()
    }

    pub async fn member(&self, who: &Person) -> Value {
        let path = format!("/v1/b2b/organizations/{}/member?member_id={}", who.organization, who.member);
        self.get(&path).await.ok().body["member"].clone()
    }
}

/// The code an authenticator app shows at a moment.
pub fn code_of(secret: &str, now: Timestamp) -> String {
    TotpSecret::parse(secret).expect("a secret").code_at(now).expose().to_owned()
}

fn with(mut body: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (body.as_object_mut(), more) {
        fields.extend(more);
    }
    body
}
