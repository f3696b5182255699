//! Organizations and members to log in with.

use crate::{
    api::{Client, Unanswered, text},
    authenticator::Authenticator,
};
use serde_json::json;
use std::{cell::RefCell, rc::Rc};

#[derive(Clone)]
pub struct Organization {
    id: Rc<str>,
    factor: SecondFactor,
}

#[derive(Clone, Copy)]
pub enum SecondFactor {
    /// The organization requires one, and each member has an authenticator app.
    Required,
    /// Nobody has one, and nobody asks for it.
    None,
}

pub struct Member {
    pub organization_id: Rc<str>,
    pub id: String,
    pub email: String,
    /// Of the authenticator; once in an organization.
    pub number: usize,
    pub authenticator: Authenticator,
    /// The last link mailed to them that we know of.
    pub last_link: RefCell<String>,
}

impl Organization {
    pub async fn create(client: &mut Client, factor: SecondFactor) -> Result<Self, Unanswered> {
        let wanted =
            json!({ "organization_name": format!("Bench {}", factor.name()), "mfa_policy": factor.policy() });
        let answer = client.post("/v1/b2b/organizations", &wanted).await?;
        Ok(Self { id: text(&answer, "/organization/organization_id")?.into(), factor })
    }

    /// A new one, active and, where it is required, with a second factor.
    pub async fn member(&self, client: &mut Client, number: usize) -> Result<Member, Unanswered> {
        // No address is in two organizations: they would share a mailbox.
        let email = format!("{}-{number}@example.com", self.factor.name());
        let path = format!("/v1/b2b/organizations/{}/members", self.id);
        let id = text(&client.post(&path, &json!({ "email_address": email })).await?, "/member_id")?;
        let member = Member::known(&self.id, id, email, number);
        match self.factor {
            SecondFactor::Required => member.enrol(client).await?,
            SecondFactor::None => {}
        }
        Ok(member)
    }
}

impl Member {
    /// One who was created before.
    pub fn known(organization_id: &str, id: String, email: String, number: usize) -> Self {
        let authenticator = Authenticator::numbered(number);
        Self {
            organization_id: organization_id.into(),
            id,
            email,
            number,
            authenticator,
            last_link: RefCell::default(),
        }
    }

    async fn enrol(&self, client: &mut Client) -> Result<(), Unanswered> {
        let secret = json!({
            "organization_id": *self.organization_id, "member_id": self.id,
            "secret": self.authenticator.base32(), "recovery_codes": [],
        });
        client.post("/v1/b2b/totp/migrate", &secret).await.map(|_| ())
    }
}

impl SecondFactor {
    fn name(self) -> &'static str {
        match self {
            Self::Required => "enrolled",
            Self::None => "guest",
        }
    }

    fn policy(self) -> &'static str {
        match self {
            Self::Required => "REQUIRED_FOR_ALL",
            Self::None => "OPTIONAL",
        }
    }
}
