//! What each key that is derived from the server key is for.

use super::{Pepper, ServerKey};
use crate::sealing::SealError;
use aws_lc_rs::hmac;

impl ServerKey {
    /// The key for digests of short codes that are made now.
    pub fn passcode_key(&self) -> Pepper {
        self.present(|it| it.passcode.clone())
    }

    /// The key that a short code's digest names. A code of a version that is
    /// gone matches nothing: it is digested under the present one.
    pub fn passcode_key_of(&self, version: u32) -> Pepper {
        self.pepper(version, |it| it.passcode.clone()).unwrap_or_else(|_| self.passcode_key())
    }

    /// The key for digests of recovery codes that are made now.
    pub fn recovery_code_key(&self) -> Pepper {
        self.present(|it| it.recovery_code.clone())
    }

    /// # Errors
    /// `MissingVersion`.
    pub fn recovery_code_key_of(&self, version: u32) -> Result<Pepper, SealError> {
        self.pepper(version, |it| it.recovery_code.clone())
    }

    /// The key that turns a seed into a session token.
    ///
    /// # Errors
    /// `MissingVersion`.
    pub(crate) fn session_token_key_of(&self, version: u32) -> Result<Pepper, SealError> {
        self.pepper(version, |it| it.session_token.clone())
    }

    /// The key that signs the cursors of searches.
    pub(crate) fn cursor_key(&self) -> hmac::Key {
        self.present(|it| it.cursor.clone()).key
    }

    /// Every key that may have signed a cursor.
    pub(crate) fn cursor_keys(&self) -> Vec<hmac::Key> {
        self.peppers(|it| it.cursor.clone()).into_iter().map(|it| it.key).collect()
    }

    /// The key for digests of clients' secrets that are made now.
    pub fn client_secret_key(&self) -> Pepper {
        self.present(|it| it.client_secret.clone())
    }

    /// Every key that a client's secret may have been digested under.
    pub fn client_secret_keys(&self) -> Vec<Pepper> {
        self.peppers(|it| it.client_secret.clone())
    }

    /// The key for digests of addresses and numbers in the delivery ledger.
    pub fn recipient_key(&self) -> Pepper {
        self.present(|it| it.recipient.clone())
    }

    /// Every key that a recipient may have been digested under.
    pub fn recipient_keys(&self) -> Vec<Pepper> {
        self.peppers(|it| it.recipient.clone())
    }

    /// The key that closes backups made now.
    pub(crate) fn backup_key(&self) -> Pepper {
        self.present(|it| it.backup.clone())
    }

    /// # Errors
    /// `MissingVersion`.
    pub(crate) fn backup_key_of(&self, version: u32) -> Result<Pepper, SealError> {
        self.pepper(version, |it| it.backup.clone())
    }
}
