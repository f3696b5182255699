//! Codes and links that prove an address.

use crate::{Answer, Person, TestApp};
use serde_json::{Value, json};

impl TestApp {
    /// Mails a code to an address in an organization; the code.
    pub async fn mail_code(&self, organization: &str, email: &str, more: Value) -> String {
        let body = json!({ "organization_id": organization, "email_address": email });
        self.next_code(email, "/v1/b2b/otps/email/login_or_signup", with(body, more)).await
    }

    /// Mails a code to an address alone; the code.
    pub async fn mail_discovery_code(&self, email: &str) -> String {
        let body = json!({ "email_address": email });
        self.next_code(email, "/v1/b2b/otps/email/discovery/send", body).await
    }

    /// Makes a call that mails a code; the code.
    pub async fn next_code(&self, email: &str, path: &str, body: Value) -> String {
        let before = self.inbox.messages(Some(email)).iter().filter(|it| it.code.is_some()).count();
        self.post(path, body).await.ok();
        self.letter(email, |all| all.iter().filter_map(|it| it.code.clone()).nth(before)).await
    }

    /// Makes a call that mails a link; the token in it.
    pub async fn next_link(&self, email: &str, path: &str, body: Value) -> String {
        let before = self.inbox.messages(Some(email)).iter().filter(|it| it.link.is_some()).count();
        self.post(path, body).await.ok();
        let link = self.letter(email, |all| all.iter().filter_map(|it| it.link.clone()).nth(before)).await;
        link.split("token=").last().expect("a token").to_owned()
    }

    /// Trades a code for a login, at the address in the organization.
    pub async fn spend_code(&self, who: &Person, code: &str, more: Value) -> Answer {
        let body = json!({ "organization_id": who.organization, "email_address": who.email, "code": code });
        self.post("/v1/b2b/otps/email/authenticate", with(body, more)).await
    }

    /// Trades a code for an intermediate session of the address alone.
    pub async fn spend_discovery_code(&self, email: &str, code: &str) -> Answer {
        let body = json!({ "email_address": email, "code": code });
        self.post("/v1/b2b/otps/email/discovery/authenticate", body).await
    }

    /// A member who has proved the address.
    pub async fn verified(&self, organization: &str, email: &str) -> Person {
        let who = self.newcomer(organization, email, json!({})).await;
        self.link_login(&who).await.ok();
        who
    }
}

/// Six digits that are not these.
pub fn another_code(code: &str) -> String {
    let number: u32 = code.parse().expect("six digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

fn with(mut body: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (body.as_object_mut(), more) {
        fields.extend(more);
    }
    body
}
