//! Between the doors: arranging second factors, and what the API does not show of them.

use crate::{Answer, PROJECT_ID, Person, TestApp};
use domain::{audit::AuditEvent, members::Member};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};
use store::{signing_keys, signing_keys::SigningKey};
use tokio::sync::OnceCell;

impl TestApp {
    /// The token of a new intermediate session, by link.
    pub async fn between(&self, who: &Person) -> String {
        let token = self.link_login(who).await.ok().text("intermediate_session_token");
        assert_ne!(token, "", "the member is inside already");
        token
    }

    /// Begins the registration of an authenticator app.
    pub async fn create_totp(&self, who: &Person, more: Value) -> Answer {
        let mut body = json!({ "organization_id": who.organization, "member_id": who.member });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.post("/v1/b2b/totp", body).await
    }

    /// The member's unused recovery codes.
    pub async fn recovery_codes(&self, who: &Person) -> Vec<String> {
        let path = format!("/v1/b2b/recovery_codes/{}/{}", who.organization, who.member);
        let codes = self.get(&path).await.ok()["recovery_codes"].clone();
        serde_json::from_value(codes).expect("a list of codes")
    }

    /// How many texts went to a number; they are handed over before the answer.
    pub fn texts(&self, number: &str) -> usize {
        self.inbox.messages(Some(number)).len()
    }

    /// Checks a session by its token.
    pub async fn check(&self, session_token: &str) -> Answer {
        self.post("/v1/b2b/sessions/authenticate", json!({ "session_token": session_token })).await
    }

    /// The member's row.
    pub async fn row(&self, who: &Person) -> Member {
        let mut conn = self.api.app.db.read().await.expect("a connection");
        let id = who.member.parse().expect("a member id");
        let project = PROJECT_ID.parse().expect("a project id");
        let found = store::members::in_project(&mut conn, &project, &id).await.expect("no fault");
        found.expect("a member").1
    }

    /// Second-factor failures in a row, and since the last completed second factor.
    pub async fn failures(&self, who: &Person) -> (i64, i64) {
        let row = self.row(who).await;
        (row.second_factor_failures, row.second_factor_failures_total)
    }

    /// The audit log of an organization, oldest first.
    pub async fn audit_log(&self, organization: &str) -> Vec<AuditEvent> {
        let mut conn = self.api.app.db.read().await.expect("a connection");
        let (project, organization) = (PROJECT_ID.parse(), organization.parse());
        let (project, organization) = (project.expect("a project id"), organization.expect("an id"));
        store::audit::of_organization(&mut conn, &project, &organization, 10_000).await.expect("no fault")
    }

    /// One signing key for all: making one takes a core a tenth of a second.
    pub(crate) async fn take_signing_key(&self) {
        static MADE: OnceCell<SigningKey> = OnceCell::const_new();
        let key = MADE.get_or_init(|| self.make_signing_key()).await;
        let mut tx = self.api.app.db.write().await.expect("a transaction");
        signing_keys::add(&mut tx, key).await.expect("no fault");
        tx.commit().await.expect("a commit");
    }

    async fn make_signing_key(&self) -> SigningKey {
        let project = PROJECT_ID.parse().expect("a project id");
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        flows::signer::ensure_key(&self.api.app, &project, self.now(), rng).await.expect("a key");
        let mut conn = self.api.app.db.read().await.expect("a connection");
        let keys = signing_keys::of_project(&mut conn, &project).await.expect("no fault");
        keys.into_iter().next().expect("the key")
    }
}
