//! The server key is replaced, and killed at every point of it.

use super::{published, show_jwt};
use domain::{sealing::Sealed, server_key::ServerKey};
use flows::{
    Error,
    secrets::{self, KEY_CHECK, Kind, Step},
};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use store::installation::{self, Mode};
use testkit::{Person, TestApp, Value, code_of, json, on_both_databases};

pub(super) const HOUR: i64 = 60 * 60;

/// The key file of every node before and after a version was added.
pub(super) fn file(versions: &[u32]) -> ServerKey {
    let line = |version: &u32| {
        let seed = u64::from(*version) - 1; // version 1 is every test's own
        ServerKey::generate_version(*version, &mut ChaCha20Rng::seed_from_u64(seed)).to_string()
    };
    ServerKey::parse(&versions.iter().map(line).collect::<String>()).expect("a key")
}

/// Marks the database as `serve` does, and puts version 2 into the file.
pub(super) async fn stage(app: &TestApp) {
    let node = &app.api.app;
    let luck = &mut (app.api.entropy)();
    let check = Sealed::seal(&node.server_key, &KEY_CHECK, b"vestibule", luck).expect("sealed");
    let mut tx = node.db.write().await.expect("a transaction");
    assert!(installation::mark(&mut tx, Mode::Serve, &check, app.now()).await.expect("no fault"));
    tx.commit().await.expect("a commit");
    node.server_key.take_up(file(&[1, 2])).expect("taken up");
}

/// Activates and renews, and is killed after some steps.
pub(super) async fn rotate(app: &TestApp, mut steps_left: usize) -> Result<u64, Error> {
    let rng = &mut (app.api.entropy)();
    let mut step = |_: Step| {
        steps_left = steps_left.checked_sub(1).ok_or_else(|| Error::Operator("killed".to_owned()))?;
        Ok(())
    };
    secrets::activate(&app.api.app, (app.now(), rng), &mut step).await?;
    secrets::renew(&app.api.app, (app.now(), 2), rng, &mut step).await
}

pub(super) async fn retire(app: &TestApp, force: bool) -> Result<Vec<String>, Error> {
    let dies = secrets::retire(&app.api.app, (1, force), (app.now(), &mut (app.api.entropy)())).await?;
    app.api.app.server_key.take_up(file(&[2])).expect("taken up");
    Ok(dies)
}

/// A member with everything that hangs on the server key.
struct Ada {
    who: Person,
    secret: String,
    codes: Vec<String>,
    session: Value,
}

async fn ada(app: &TestApp) -> Ada {
    let who = app.ada().await;
    let token = app.between(&who).await;
    let created = app.create_totp(&who, json!({ "intermediate_session_token": token })).await.ok();
    let secret = created.text("secret");
    let codes = serde_json::from_value(created["recovery_codes"].clone()).expect("codes");
    let body = json!({ "organization_id": who.organization, "member_id": who.member, "code": code_of(&secret, app.now()),
                       "intermediate_session_token": token });
    let session = app.post("/v1/b2b/totp/authenticate", body).await.ok().body;
    Ada { who, secret, codes, session }
}

impl Ada {
    /// Whatever stands in the database, the member notices nothing.
    async fn notices_nothing(&self, app: &TestApp) {
        let shown = show_jwt(app, self.session["session_jwt"].as_str().expect("a JWT")).await.ok();
        assert_eq!(shown["session_token"], self.session["session_token"], "derived, or opened");
        app.check(self.session["session_token"].as_str().expect("a token")).await.ok();
        assert!(!app.recovery_codes(&self.who).await.is_empty());
        app.advance(30);
        let token = app.between(&self.who).await;
        let body = json!({ "organization_id": self.who.organization, "member_id": self.who.member,
                           "code": code_of(&self.secret, app.now()), "intermediate_session_token": token });
        app.post("/v1/b2b/totp/authenticate", body).await.ok();
    }

    async fn recovers_with(&self, app: &TestApp, code: usize) -> testkit::Answer {
        let token = app.between(&self.who).await;
        let body = json!({ "organization_id": self.who.organization, "member_id": self.who.member,
                           "recovery_code": self.codes[code], "intermediate_session_token": token });
        app.post("/v1/b2b/recovery_codes/recover", body).await
    }
}

on_both_databases! {
    async fn a_rotation_killed_after_any_step_harms_nobody_and_can_be_finished(app: TestApp) {
        let ada = ada(&app).await;
        stage(&app).await;
        let mut killed = 0;
        while rotate(&app, killed).await.is_err() {
            ada.notices_nothing(&app).await;
            killed += 1;
            assert!(killed < 100, "it ends");
        }
        assert!(killed > 4, "there were points to be killed at");
        let status = secrets::status(&app.api.app, app.now()).await.expect("a status");
        assert_eq!((status.sealing, status.to_renew()), (2, 0));
        app.advance(HOUR);
        assert_eq!(retire(&app, false).await.expect("nothing needs it"), Vec::<String>::new());
        // The session is over by now; everything else works without version 1.
        ada.recovers_with(&app, 0).await.ok();
        published(&app).await;
    }

    async fn nobody_is_logged_out_when_the_old_version_is_gone(app: TestApp) {
        let ada = ada(&app).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        assert!(retire(&app, true).await.is_ok(), "by force: the hour is not over");
        ada.notices_nothing(&app).await;
        for code in [1, 2] {
            ada.recovers_with(&app, code).await.ok();
        }
        assert_eq!(ada.recovers_with(&app, 1).await.status, 401, "spent");
    }

    async fn a_code_that_is_on_its_way_stays_good(app: TestApp) {
        let who = app.ada().await;
        let token = app.between(&who).await;
        stage(&app).await;
        let number = "+12025550123";
        let body = json!({ "organization_id": who.organization, "member_id": who.member, "mfa_phone_number": number,
                           "intermediate_session_token": token });
        app.post("/v1/b2b/otps/sms/send", body).await.ok();
        rotate(&app, 100).await.expect("rotated");
        let body = json!({ "organization_id": who.organization, "member_id": who.member,
                           "code": app.last_code(number).await, "intermediate_session_token": token });
        app.post("/v1/b2b/otps/sms/authenticate", body).await.ok();
    }

    async fn codes_kept_as_digests_alone_keep_their_version_and_hold_it(app: TestApp) {
        app.set("recovery_codes.readable", "false").await;
        let ada = ada(&app).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        ada.recovers_with(&app, 0).await.ok();
        app.advance(HOUR);
        let refused = retire(&app, false).await.expect_err("needed").to_string();
        assert!(refused.contains("9 recovery codes") && refused.contains("--force"), "{refused}");
        assert_eq!(retire(&app, true).await.expect("by force").len(), 1);
        assert_eq!(ada.recovers_with(&app, 1).await.status, 401);
    }

    async fn what_could_be_renewed_is_never_given_up(app: TestApp) {
        ada(&app).await;
        stage(&app).await;
        assert!(retire(&app, true).await.expect_err("it seals").to_string().contains("seals everything new"));
        rotate(&app, 1).await.expect_err("killed");
        app.advance(HOUR / 2);
        assert!(retire(&app, true).await.expect_err("needed").to_string().contains("secrets rotate"));
    }

    async fn another_node_follows_once_it_has_the_file(app: TestApp) {
        let other = app.another_node();
        let ada = ada(&app).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        assert!(secrets::follow(&other.api.app).await.is_err(), "its file is old");
        other.api.app.server_key.take_up(file(&[1, 2])).expect("taken up");
        assert_eq!(secrets::follow(&other.api.app).await.expect("followed"), 2);
        assert_eq!(other.api.app.server_key.sealing(), 2);
        ada.notices_nothing(&other).await;
    }

    async fn a_node_that_has_not_changed_over_yet_is_understood(app: TestApp) {
        let other = app.another_node();
        stage(&app).await;
        other.api.app.server_key.take_up(file(&[1, 2])).expect("taken up");
        rotate(&app, 100).await.expect("rotated");
        let late = ada(&other).await; // sealed under version 1, after all was renewed
        late.notices_nothing(&app).await;
        let status = secrets::status(&app.api.app, app.now()).await.expect("a status");
        assert!(status.uses.iter().any(|it| (it.kind, it.version) == (Kind::OrganizationKeys, 1)));
        rotate(&app, 100).await.expect("again");
        let status = secrets::status(&app.api.app, app.now()).await.expect("a status");
        assert_eq!(status.to_renew(), 0);
    }
}
