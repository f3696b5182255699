//! One of everything that a request can name, all of one member.

use crate::contract::scenarios::{email, number, phone};
use std::collections::HashMap;
use testkit::{Person, TestApp, Value, json};

pub struct Belongings {
    owner: Person,
    references: HashMap<&'static str, Vec<String>>,
}

impl Belongings {
    /// In an organization of their own, with every alias there is.
    pub async fn of_a_stranger(app: &TestApp) -> Self {
        let (slug, external_id) = (format!("their-name-{}", number()), format!("their.number-{}", number()));
        let names = json!({ "organization_slug": slug, "organization_external_id": external_id });
        let organization = app.organization(names).await;
        let mut this = Self::of_a_neighbour(app, &organization).await;
        this.references.insert("organization_id", vec![organization, slug, external_id]);
        this
    }

    pub async fn of_a_neighbour(app: &TestApp, organization: &str) -> Self {
        let external_id = format!("their.person-{}", number());
        let more = json!({ "external_id": external_id, "mfa_phone_number": phone(),
                           "set_phone_number_verified": true });
        let owner = app.person_with(organization, &email(), more).await;
        let session = session_of(app, &owner).await;
        app.change(&owner, json!({ "mfa_enrolled": true })).await.ok();
        let password = app.member(&owner).await["member_password_id"].clone();
        let text = |value: &Value| vec![value.as_str().expect("a text").to_owned()];
        let client = app.m2m_client(json!({})).await["client_id"].clone();
        let references = HashMap::from([
            ("client_id", text(&client)),
            ("member_id", vec![owner.member.clone(), external_id]),
            ("email_address", vec![owner.email.clone()]),
            ("member_password_id", text(&password)),
            ("member_session_id", text(&session["member_session"]["member_session_id"])),
            ("session_token", text(&session["session_token"])),
            ("session_jwt", text(&session["session_jwt"])),
            ("intermediate_session_token", vec![app.between(&owner).await]),
            ("password_reset_token", vec![app.mail_reset(organization, &owner.email, json!({})).await]),
            ("magic_links_token", vec![app.mail_link(organization, &owner.email, json!({})).await]),
        ]);
        app.import_totp(&owner).await;
        Self { owner, references }
    }

    pub fn values(&self, field: &str) -> &[String] {
        self.references.get(field).map_or(&[], Vec::as_slice)
    }

    fn first(&self, field: &str) -> &str {
        &self.values(field)[0]
    }

    /// Everything the API shows of the owner.
    pub async fn state(&self, app: &TestApp) -> Vec<Value> {
        let Person { organization, member, .. } = &self.owner;
        let sessions = format!("/v1/b2b/sessions?organization_id={organization}&member_id={member}");
        vec![
            app.get(&format!("/v1/b2b/organizations/{organization}")).await.ok()["organization"].clone(),
            app.member(&self.owner).await,
            app.get(&sessions).await.ok()["member_sessions"].clone(),
            json!(app.recovery_codes(&self.owner).await),
            app.get(&format!("/v1/m2m/clients/{}", self.first("client_id"))).await.ok()["m2m_client"].clone(),
        ]
    }

    /// Nothing was spent or revoked.
    pub async fn assert_alive(&self, app: &TestApp) {
        app.check(self.first("session_token")).await.ok();
        let more = json!({ "intermediate_session_token": self.first("intermediate_session_token") });
        app.send_sms(&self.owner, more).await.ok();
        app.spend_link(self.first("magic_links_token"), json!({})).await.ok();
        app.spend_reset(self.first("password_reset_token"), json!({})).await.ok();
    }
}

/// A whole login, whatever the organization asks for.
async fn session_of(app: &TestApp, who: &Person) -> testkit::Answer {
    let login = app.link_login(who).await.ok();
    if login["member_authenticated"] == json!(true) {
        return login;
    }
    let number = login["member"]["mfa_phone_number"].as_str().expect("a number");
    let evidence = json!({ "code": app.last_code(number).await,
                           "intermediate_session_token": login["intermediate_session_token"] });
    app.complete(who, "otps/sms", evidence).await.ok()
}
