//! Servers that their operator configured otherwise.

use crate::TestApp;
use delivery::{Breaches, Mailer, Texts};
use flows::{
    App,
    organization_keys::{Kept, OrganizationKeys},
};

impl TestApp {
    /// The same, on a server whose operator configured a source of breached passwords.
    #[must_use]
    pub fn knowing(&self, breaches: Breaches) -> Self {
        let mut app = self.anew();
        app.breaches = breaches;
        self.over(app)
    }

    /// The same, on a server that keeps the keys of organizations elsewhere.
    #[must_use]
    pub fn keeping_keys(&self, kept: Kept) -> Self {
        let mut app = self.anew();
        app.organization_keys = OrganizationKeys::kept(kept);
        self.over(app)
    }

    fn anew(&self) -> App {
        let before = &self.api.app;
        let (texts, mailer) = (Texts::inbox(self.inbox.clone()), Mailer::Inbox(self.inbox.clone()));
        App::new(before.db.clone(), before.server_key.copied(), texts, mailer, before.strictness)
    }
}
