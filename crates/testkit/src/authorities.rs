//! Sessions that open on somebody's word.

use crate::{Answer, PROJECT_ID, Person, TestApp};
use domain::{audit::Actor, email::EmailAddress, projects::Project};
use flows::impersonation::{self, Mint};
use serde_json::json;

impl TestApp {
    /// A token to act in a member's name, as the operator mints one.
    pub async fn mint_impersonation(&self, who: &Person) -> String {
        self.try_to_mint_impersonation(who, "She cannot find the button").await.expect("a token")
    }

    /// The token, or the refusal of the operator's wish.
    ///
    /// # Errors
    /// The refusals of minting.
    pub async fn try_to_mint_impersonation(&self, who: &Person, reason: &str) -> flows::Result<String> {
        let project = self.project().await;
        let wanted = Mint {
            project: &project,
            organization: &who.organization,
            member: &who.email,
            impersonator_id: "operator",
            impersonator_email_address: EmailAddress::parse("grace@support.example").expect("an address"),
            reason,
            actor: Actor::Operator,
        };
        let luck = (self.now(), &mut (self.api.entropy)());
        Ok(impersonation::mint(&self.api.app, wanted, luck).await?.token.expose().to_owned())
    }

    /// A session in a member's name.
    pub async fn impersonate(&self, who: &Person) -> Answer {
        let token = self.mint_impersonation(who).await;
        self.post("/v1/b2b/impersonation/authenticate", json!({ "impersonation_token": token })).await
    }

    /// The project under test.
    pub async fn project(&self) -> Project {
        let id = PROJECT_ID.parse().expect("a project id");
        let mut conn = self.api.app.db.read().await.expect("a connection");
        store::projects::find(&mut conn, &id).await.expect("no fault").expect("a project")
    }
}
