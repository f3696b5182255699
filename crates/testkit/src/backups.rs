//! Backups of the application under test.

use crate::{TestApp, app::Setup};
use domain::sealing::Sealed;
use flows::{backup, secrets::KEY_CHECK};
use std::sync::Arc;
use store::installation::{self, Mode};

impl TestApp {
    /// Marks the database as `serve` does.
    pub async fn mark(&self) {
        let app = &self.api.app;
        let check = Sealed::seal(&app.server_key, &KEY_CHECK, b"vestibule", &mut (self.api.entropy)());
        let mut tx = app.db.write().await.expect("a transaction");
        let check = check.expect("sealed");
        installation::mark(&mut tx, Mode::Serve, &check, self.now()).await.expect("no fault");
        tx.commit().await.expect("a commit");
    }

    /// A backup of everything, as `vestibule backup` writes it.
    pub async fn backup(&self) -> Vec<u8> {
        self.mark().await;
        let (app, mut out) = (&self.api.app, Vec::new());
        backup::write(&app.db, &app.server_key, &mut out, (self.now(), "test")).await.expect("a backup");
        out
    }

    /// Another server of the same key and clock, over another database into
    /// which a backup was put as `vestibule restore` does, and the keys of organizations.
    pub async fn restored(&self, setup: Setup, file: &[u8], keep_recovery_codes: bool) -> Self {
        let this = self.restored_without_keys(setup, file, keep_recovery_codes).await;
        let keys = backup::carried(&self.api.app.db).await.expect("keys");
        backup::put_back(&this.api.app, keys).await.expect("put back");
        let luck = (this.now(), &mut (this.api.entropy)());
        flows::organizations::erasure::again(&this.api.app, luck).await.expect("erased again");
        this
    }

    /// As long as nobody brings the keys of organizations.
    pub async fn restored_without_keys(&self, setup: Setup, file: &[u8], keep_recovery_codes: bool) -> Self {
        setup.db.drop_everything().await.expect("an empty database");
        backup::load(&setup.db, &self.api.app.server_key, file).await.expect("put back");
        let shared = (self.inbox.clone(), self.clock.clone(), self.api.app.strictness);
        let this = Self::node(setup.db, shared, 2 << 32, Arc::new(setup.keep));
        let (app, luck) = (&this.api.app, &mut (this.api.entropy)());
        flows::audit::keys::open(&app.db, &app.server_key, (this.now(), luck)).await.expect("an audit key");
        let luck = (this.now(), &mut (this.api.entropy)());
        backup::void(&this.api.app, keep_recovery_codes, luck).await.expect("made void");
        backup::finish(&this.api.app.db).await.expect("finished");
        this
    }
}
