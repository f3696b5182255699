//! What proves the audit log: a key of its own, so that it outlives every
//! version of the server key, under which it is sealed.

use crate::{
    audit::chain::{ChainId, End},
    digest::{Digest, split},
    server_key::{Pepper, derived},
};
use aws_lc_rs::{
    hmac,
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};
use zeroize::Zeroizing;

/// Every version of the key there ever was; one of them proves what is new.
pub struct AuditKey {
    /// Oldest first, never empty.
    versions: Vec<Version>,
    /// The number of the one that proves.
    proving: u32,
}

/// The version that proves what comes next somewhere.
#[derive(Clone, Copy)]
pub struct Prover<'k>(&'k Version);

struct Version {
    number: u32,
    rows: hmac::Key,
    chains: hmac::Key,
    heads: Ed25519KeyPair,
}

/// A signature, and the version of the key that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub key_version: u32,
    /// Base64.
    pub text: String,
}

/// What checks signed heads, for whoever does not have the key: `v1:` and the
/// base64 of 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub version: u32,
    bytes: [u8; 32],
}

impl AuditKey {
    /// Of the roots of all versions, oldest first, the last of which proves; none where there is none.
    pub fn of(roots: &[(u32, Zeroizing<[u8; 32]>)]) -> Option<Self> {
        let versions: Option<Vec<_>> =
            roots.iter().map(|(number, root)| Version::of(*number, root)).collect();
        let versions = versions?;
        let proving = versions.last()?.number;
        Some(Self { versions, proving })
    }

    /// With another version that proves, of those there are.
    #[must_use]
    pub fn proving_with(self, number: u32) -> Self {
        let proving = if self.version(number).is_some() { number } else { self.proving };
        Self { proving, ..self }
    }

    /// The number of the version that proves.
    pub fn proving(&self) -> u32 {
        self.proving
    }

    /// What proves whatever follows something: never an older version than that
    /// was proved with. Nodes take a new version up one after the other.
    pub fn prover_after(&self, version: u32) -> Prover<'_> {
        let number = version.max(self.proving);
        let found = self.version(number).or_else(|| self.version(self.proving));
        Prover(found.expect("the version that proves is there"))
    }

    pub fn row_mac_holds(&self, mac: &str, hash: &str) -> bool {
        self.version(named_in(mac)).is_some_and(|it| it.row_mac(hash).as_str() == mac)
    }

    pub fn chain_mac_holds(&self, mac: &str, chain: &ChainId, end: &End) -> bool {
        self.version(named_in(mac)).is_some_and(|it| it.chain_mac(chain, end).as_str() == mac)
    }

    pub fn knows(&self, version: u32) -> bool {
        self.version(version).is_some()
    }

    /// Oldest first.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.versions.iter().map(Version::public_key).collect()
    }

    fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|it| it.number == number)
    }
}

/// Which version a mac says it is of.
pub fn named_in(mac: &str) -> u32 {
    split(mac).map_or(1, |(version, _)| version)
}

impl Prover<'_> {
    pub fn row_mac(self, hash: &str) -> Digest {
        self.0.row_mac(hash)
    }

    pub fn chain_mac(self, chain: &ChainId, end: &End) -> Digest {
        self.0.chain_mac(chain, end)
    }

    pub fn sign(self, text: &str) -> Signature {
        let signature = self.0.heads.sign(text.as_bytes());
        Signature { key_version: self.0.number, text: STANDARD.encode(signature.as_ref()) }
    }
}

impl Version {
    fn of(number: u32, root: &[u8; 32]) -> Option<Self> {
        let key = |purpose| hmac::Key::new(hmac::HMAC_SHA256, &*derived(root, purpose));
        let heads = Ed25519KeyPair::from_seed_unchecked(&*derived(root, b"audit heads")).ok()?;
        Some(Self { number, rows: key(b"audit rows"), chains: key(b"audit chains"), heads })
    }

    fn row_mac(&self, hash: &str) -> Digest {
        Digest::keyed(Pepper { version: self.number, key: self.rows.clone() }, &[hash])
    }

    fn chain_mac(&self, chain: &ChainId, end: &End) -> Digest {
        let pepper = Pepper { version: self.number, key: self.chains.clone() };
        let length = end.length.to_string();
        Digest::keyed(pepper, &[&chain.project_id, chain.organization(), &length, &end.head])
    }

    fn public_key(&self) -> PublicKey {
        let bytes = self.heads.public_key().as_ref().try_into().expect("an Ed25519 key has 32 bytes");
        PublicKey { version: self.number, bytes }
    }
}

impl PublicKey {
    pub fn holds(&self, signature: &Signature, text: &str) -> bool {
        let Ok(bytes) = STANDARD.decode(&signature.text) else { return false };
        self.version == signature.key_version
            && UnparsedPublicKey::new(&ED25519, self.bytes).verify(text.as_bytes(), &bytes).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}:{}", self.version, STANDARD.encode(self.bytes))
    }
}

impl FromStr for PublicKey {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (version, rest) = split(text.trim())?;
            let bytes = STANDARD.decode(rest).ok()?.try_into().ok()?;
            Some(Self { version, bytes })
        };
        read().ok_or("a public key is written as `vestibule audit key` prints it: v1: and base64 of 32 bytes")
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(versions: &[u32]) -> AuditKey {
        let root = |it: &u32| (*it, Zeroizing::new([u8::try_from(*it).unwrap(); 32]));
        AuditKey::of(&versions.iter().map(root).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_an_older_version_proved_holds_on() {
        let (old, new) = (key(&[1]), key(&[1, 2]));
        let mac = old.prover_after(0).row_mac("a hash").to_string();
        assert!(new.row_mac_holds(&mac, "a hash") && !new.row_mac_holds(&mac, "another"));
        let mac = new.prover_after(0).row_mac("a hash").to_string();
        assert!(mac.starts_with("v2:") && new.row_mac_holds(&mac, "a hash"));
        assert!(!old.row_mac_holds(&mac, "a hash") && !old.knows(named_in(&mac)));
    }

    #[test]
    fn a_version_that_is_known_proves_once_it_is_its_turn_or_another_node_began() {
        let key = key(&[1, 2]).proving_with(1);
        let version = |after| named_in(key.prover_after(after).row_mac("a hash").as_str());
        assert_eq!((version(0), version(1), version(2), version(9)), (1, 1, 2, 1));
    }

    #[test]
    fn a_signature_is_checked_by_the_public_key_of_its_version() {
        let key = key(&[1, 2]);
        let signature = key.prover_after(0).sign("heads");
        let [one, two] = key.public_keys().try_into().unwrap();
        let read: PublicKey = two.to_string().parse().unwrap();
        assert!(read.holds(&signature, "heads"));
        assert!(!read.holds(&signature, "head") && !one.holds(&signature, "heads"));
        assert!("v1:AAAA".parse::<PublicKey>().is_err());
    }
}
