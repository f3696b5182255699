//! The server key: kept outside the database, the root of every other key.

use aws_lc_rs::{hkdf, hmac};
use base64::{Engine, engine::general_purpose::STANDARD};
use rand::RngCore;
use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// Versioned 256-bit keys, and what is derived from them. The newest seals;
/// every one can open what names its version.
pub struct ServerKey {
    versions: Vec<(u32, Zeroizing<[u8; 32]>)>,
    passcode_key: hmac::Key,
    recovery_code_key: hmac::Key,
    session_token_key: hmac::Key,
    cursor_key: hmac::Key,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ServerKeyError {
    #[error("the server key file holds no key; each line is `v<number> <base64 of 32 bytes>`, newest last")]
    Empty,
    #[error("line {0} of the server key file is not `v<number> <base64 of 32 bytes>`")]
    Line(usize),
}

impl ServerKey {
    /// A new key of version 1, in the text form of the key file.
    pub fn generate(rng: &mut impl RngCore) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        Zeroizing::new(format!("v1 {}\n", STANDARD.encode(*bytes)))
    }

    /// Reads the text of the key file; lines that begin with `#` are comments.
    ///
    /// # Errors
    /// Names the line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, ServerKeyError> {
        let mut versions = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if !line.trim().is_empty() && !line.starts_with('#') {
                versions.push(version(line).ok_or(ServerKeyError::Line(index + 1))?);
            }
        }
        versions.sort_by_key(|(version, _)| *version);
        let (_, oldest) = versions.first().ok_or(ServerKeyError::Empty)?;
        // Digests cannot be re-made without their secrets, so they stay with the oldest key.
        let (passcode_key, recovery_code_key, session_token_key, cursor_key) = (
            derived_hmac(oldest, b"passcode"),
            derived_hmac(oldest, b"recovery code"),
            derived_hmac(oldest, b"session token"),
            derived_hmac(oldest, b"cursor"),
        );
        Ok(Self { versions, passcode_key, recovery_code_key, session_token_key, cursor_key })
    }

    /// The key for digests of codes sent by text message.
    pub fn passcode_key(&self) -> &hmac::Key {
        &self.passcode_key
    }

    /// The key for digests of recovery codes.
    pub fn recovery_code_key(&self) -> &hmac::Key {
        &self.recovery_code_key
    }

    /// The key that turns a seed into a session token.
    pub fn session_token_key(&self) -> &hmac::Key {
        &self.session_token_key
    }

    /// The key that signs the cursors of searches.
    pub(crate) fn cursor_key(&self) -> &hmac::Key {
        &self.cursor_key
    }

    /// The version that new ciphertexts name.
    pub(crate) fn newest(&self) -> u32 {
        self.versions.last().map_or(0, |(version, _)| *version)
    }

    /// The sealing key of a version, if the file holds it.
    pub(crate) fn sealing_key(&self, version: u32) -> Option<Zeroizing<[u8; 32]>> {
        self.versions.iter().find(|(it, _)| *it == version).map(|(_, root)| derived(root, b"sealing"))
    }
}

fn version(line: &str) -> Option<(u32, Zeroizing<[u8; 32]>)> {
    let (version, key) = line.trim().strip_prefix('v')?.split_once(' ')?;
    let bytes = Zeroizing::new(STANDARD.decode(key.trim()).ok()?);
    Some((version.parse().ok()?, Zeroizing::new(bytes.as_slice().try_into().ok()?)))
}

fn derived_hmac(root: &[u8; 32], purpose: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &*derived(root, purpose))
}

fn derived(root: &[u8; 32], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"vestibule").extract(root);
    let filled = extracted.expand(&[purpose], hkdf::HKDF_SHA256).and_then(|okm| okm.fill(&mut *key));
    filled.expect("HKDF-SHA-256 yields 32 bytes");
    key
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn a_generated_key_can_be_read_and_a_damaged_one_is_named() {
        let text = ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        assert_eq!(ServerKey::parse(&text).unwrap().newest(), 1);
        assert_eq!(ServerKey::parse("# empty\n").unwrap_err(), ServerKeyError::Empty);
        assert_eq!(ServerKey::parse(&format!("{}v2 short\n", *text)).unwrap_err(), ServerKeyError::Line(2));
    }
}
