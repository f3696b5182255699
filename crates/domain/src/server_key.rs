//! The server key: kept outside the database, the root of every other key.

mod purposes;

use crate::sealing::SealError;
use aws_lc_rs::{hkdf, hmac};
use base64::{Engine, engine::general_purpose::STANDARD};
use rand::RngCore;
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// Versioned 256-bit keys, and what is derived from them. One version seals;
/// every one opens what names it. A running server takes up new versions and
/// changes over without a restart, so what is read here is read afresh.
pub struct ServerKey {
    ring: RwLock<Ring>,
}

struct Ring {
    versions: Vec<Version>,
    sealing: u32,
}

#[derive(Clone)]
struct Version {
    number: u32,
    root: Arc<Zeroizing<[u8; 32]>>,
    passcode: hmac::Key,
    recovery_code: hmac::Key,
    session_token: hmac::Key,
    cursor: hmac::Key,
    client_secret: hmac::Key,
    backup: hmac::Key,
    recipient: hmac::Key,
}

/// A key for digests, and the version it is of; digests name it.
#[derive(Clone)]
pub struct Pepper {
    pub(crate) version: u32,
    pub(crate) key: hmac::Key,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ServerKeyError {
    #[error("the server key file holds no key; each line is `v<number> <base64 of 32 bytes>`, newest last")]
    Empty,
    #[error("line {0} of the server key file is not `v<number> <base64 of 32 bytes>`")]
    Line(usize),
    #[error("the server key file holds version {0} twice")]
    Twice(u32),
}

impl ServerKey {
    /// A new key of version 1, in the text form of the key file.
    pub fn generate(rng: &mut impl RngCore) -> Zeroizing<String> {
        Self::generate_version(1, rng)
    }

    /// A new key of some version, as a line of the key file.
    pub fn generate_version(version: u32, rng: &mut impl RngCore) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        Zeroizing::new(format!("v{version} {}\n", STANDARD.encode(*bytes)))
    }

    /// Reads the text of the key file; lines that begin with `#` are comments.
    /// Until the database says which version seals, the newest does.
    ///
    /// # Errors
    /// Names the line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, ServerKeyError> {
        let mut versions: Vec<Version> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if line_version(line).is_some() || !(line.trim().is_empty() || line.starts_with('#')) {
                let (number, root) = version(line).ok_or(ServerKeyError::Line(index + 1))?;
                if versions.iter().any(|it| it.number == number) {
                    return Err(ServerKeyError::Twice(number));
                }
                versions.push(Version::of(number, root));
            }
        }
        versions.sort_by_key(|it| it.number);
        let sealing = versions.last().ok_or(ServerKeyError::Empty)?.number;
        Ok(Self { ring: RwLock::new(Ring { versions, sealing }) })
    }

    /// The same key, to follow another database with.
    #[must_use]
    pub fn copied(&self) -> Self {
        let (versions, sealing) = self.with(|ring| (ring.versions.clone(), ring.sealing));
        Self { ring: RwLock::new(Ring { versions, sealing }) }
    }

    /// The version that new ciphertexts and digests name.
    pub fn sealing(&self) -> u32 {
        self.with(|ring| ring.sealing)
    }

    /// Every version there is, oldest first.
    pub fn versions(&self) -> Vec<u32> {
        self.with(|ring| ring.versions.iter().map(|it| it.number).collect())
    }

    /// Seals with this version from now on.
    ///
    /// # Errors
    /// `MissingVersion`; then nothing changes.
    pub fn seal_with(&self, version: u32) -> Result<(), SealError> {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if ring.find(version).is_none() {
            return Err(SealError::MissingVersion(version));
        }
        ring.sealing = version;
        Ok(())
    }

    /// Takes up the versions of a key file that was read again; which one seals
    /// stays as it is.
    ///
    /// # Errors
    /// `MissingVersion` where that one is gone; then nothing changes.
    pub fn take_up(&self, read: Self) -> Result<(), SealError> {
        let read = read.ring.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if read.find(ring.sealing).is_none() {
            return Err(SealError::MissingVersion(ring.sealing));
        }
        ring.versions = read.versions;
        Ok(())
    }

    /// The sealing key of a version, if the file holds it.
    pub(crate) fn sealing_key(&self, version: u32) -> Option<Zeroizing<[u8; 32]>> {
        let root = self.with(|ring| ring.find(version).map(|it| it.root.clone()))?;
        Some(derived(&root, b"sealing"))
    }

    fn pepper(&self, version: u32, of: impl Fn(&Version) -> hmac::Key) -> Result<Pepper, SealError> {
        let key = self.with(|ring| ring.find(version).map(of)).ok_or(SealError::MissingVersion(version))?;
        Ok(Pepper { version, key })
    }

    fn peppers(&self, of: impl Fn(&Version) -> hmac::Key) -> Vec<Pepper> {
        self.with(|ring| ring.versions.iter().map(|it| Pepper { version: it.number, key: of(it) }).collect())
    }

    fn present(&self, of: impl Fn(&Version) -> hmac::Key) -> Pepper {
        self.with(|ring| {
            let version = ring.find(ring.sealing).expect("the sealing version is one of the ring's");
            Pepper { version: version.number, key: of(version) }
        })
    }

    fn with<T>(&self, read: impl FnOnce(&Ring) -> T) -> T {
        read(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ring {
    fn find(&self, version: u32) -> Option<&Version> {
        self.versions.iter().find(|it| it.number == version)
    }
}

impl Version {
    fn of(number: u32, root: Zeroizing<[u8; 32]>) -> Self {
        Self {
            number,
            passcode: derived_hmac(&root, b"passcode"),
            recovery_code: derived_hmac(&root, b"recovery code"),
            session_token: derived_hmac(&root, b"session token"),
            cursor: derived_hmac(&root, b"cursor"),
            client_secret: derived_hmac(&root, b"client secret"),
            backup: derived_hmac(&root, b"backup"),
            recipient: derived_hmac(&root, b"recipient"),
            root: Arc::new(root),
        }
    }
}

/// Which version a line of the key file holds, if it is no comment.
pub fn line_version(line: &str) -> Option<u32> {
    line.trim().strip_prefix('v')?.split_once(' ')?.0.parse().ok()
}

fn version(line: &str) -> Option<(u32, Zeroizing<[u8; 32]>)> {
    let (version, key) = line.trim().strip_prefix('v')?.split_once(' ')?;
    let bytes = Zeroizing::new(STANDARD.decode(key.trim()).ok()?);
    Some((version.parse().ok()?, Zeroizing::new(bytes.as_slice().try_into().ok()?)))
}

fn derived_hmac(root: &[u8; 32], purpose: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &*derived(root, purpose))
}

pub(crate) fn derived(root: &[u8; 32], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
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
mod tests;
