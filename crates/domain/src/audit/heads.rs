//! Signed heads: how far chains went at a moment, under a signature. Whoever
//! keeps one can tell later whether something before it was taken away, even
//! by somebody with the database and the server key.

use crate::{
    Timestamp,
    audit::{
        chain::{ChainId, End},
        key::{Prover, PublicKey, Signature},
    },
    digest::Digest,
};
use serde::{Deserialize, Serialize};

/// Chains in one document.
pub const MOST: usize = 1000;
const SIGNED_AS: &str = "vestibule audit heads 1\n";
const BRIDGED_AS: &str = "vestibule audit bridge 1\n";

/// One signed document, as it is stored, served, and written to the heads file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SignedHeads {
    /// What is signed: the JSON text of the heads.
    pub document: String,
    pub key_version: u32,
    /// Ed25519, in base64, over `vestibule audit heads 1`, a line feed and the document.
    pub signature: String,
    /// Where the documents right before it were thinned out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bridge: Option<Bridge>,
}

/// What the server says of a gap it made: nothing that is of use is missing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Bridge {
    /// The number of the document before the gap.
    pub from: i64,
    /// The SHA-256 of that document.
    pub digest: String,
    pub key_version: u32,
    /// Ed25519, in base64, over the text that `docs/audit.md` describes.
    pub signature: String,
}

/// What a document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// From 1, without a gap.
    pub number: i64,
    /// The SHA-256 of the document before; empty for the first.
    pub previous: String,
    pub signed_at: Timestamp,
    /// The chains that moved since they were last signed.
    pub chains: Vec<Head>,
    /// Public keys that sign later documents: a new version of the key, introduced under the old one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub project_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    pub length: i64,
    pub head: String,
}

/// Reads documents one after the other.
#[derive(Debug, Clone)]
pub struct HeadsReader {
    /// What signs: those that were given, and those that documents introduced.
    keys: Vec<PublicKey>,
    last: Option<(i64, String)>,
    /// The newest version that signed so far; older ones sign nothing more.
    version: u32,
}

impl Head {
    pub fn of(chain: &ChainId, end: &End) -> Self {
        let ChainId { project_id, organization_id } = chain.clone();
        Self { project_id, organization_id, length: end.length, head: end.head.clone() }
    }

    pub fn chain(&self) -> ChainId {
        ChainId { project_id: self.project_id.clone(), organization_id: self.organization_id.clone() }
    }

    pub fn end(&self) -> End {
        End { length: self.length, head: self.head.clone() }
    }
}

impl SignedHeads {
    pub fn sign(prover: Prover<'_>, heads: &Heads) -> Self {
        let document = serde_json::to_string(heads).expect("heads have a JSON form");
        let Signature { key_version, text } = prover.sign(&format!("{SIGNED_AS}{document}"));
        Self { document, key_version, signature: text, bridge: None }
    }

    pub fn digest(&self) -> String {
        Digest::of(self.document.as_bytes()).to_string()
    }

    fn is_signed_by(&self, keys: &[PublicKey]) -> bool {
        let signature = Signature { key_version: self.key_version, text: self.signature.clone() };
        let text = format!("{SIGNED_AS}{}", self.document);
        keys.iter().any(|it| it.holds(&signature, &text))
    }
}

impl Bridge {
    /// From a document to a later one, with nothing between them.
    pub fn sign(
        prover: Prover<'_>,
        (from, before): (i64, &SignedHeads),
        (to, after): (i64, &SignedHeads),
    ) -> Self {
        let digest = before.digest();
        let Signature { key_version, text } = prover.sign(&Self::text(from, &digest, to, &after.digest()));
        Self { from, digest, key_version, signature: text }
    }

    /// Whether it leads over everything after the last document that was read.
    fn leads(
        &self,
        keys: &[PublicKey],
        (last, digest): (i64, &str),
        (to, after): (i64, &SignedHeads),
    ) -> bool {
        let signature = Signature { key_version: self.key_version, text: self.signature.clone() };
        let text = Self::text(self.from, &self.digest, to, &after.digest());
        let begins = self.from < last || (self.from == last && self.digest == digest);
        begins && keys.iter().any(|it| it.holds(&signature, &text))
    }

    fn text(from: i64, digest: &str, to: i64, after: &str) -> String {
        format!("{BRIDGED_AS}{from}\n{digest}\n{to}\n{after}")
    }
}

impl HeadsReader {
    /// Of documents from anywhere on.
    pub fn new(keys: Vec<PublicKey>) -> Self {
        Self { keys, last: None, version: 0 }
    }

    /// Of all documents there are, from number 1.
    pub fn from_the_first(keys: Vec<PublicKey>) -> Self {
        Self { last: Some((0, String::new())), ..Self::new(keys) }
    }

    /// What the next document says, if it is signed and follows the one before.
    ///
    /// # Errors
    /// Says in words what is wrong with it.
    pub fn next(&mut self, signed: &SignedHeads) -> Result<Heads, String> {
        let heads: Heads = serde_json::from_str(&signed.document)
            .map_err(|error| format!("signed heads cannot be read: {error}"))?;
        let number = heads.number;
        if !signed.is_signed_by(&self.keys) {
            return Err(format!("the signature of heads number {number} is wrong"));
        }
        if self.is_repeated(number, signed) {
            return Ok(heads); // written twice, by a node that was stopped while it wrote
        }
        if signed.key_version < self.version {
            return Err(format!(
                "heads number {number} are signed with version {} of the key, after version {} had taken over",
                signed.key_version, self.version
            ));
        }
        self.follows(&heads, signed)?;
        (self.version, self.last) = (signed.key_version, Some((number, signed.digest())));
        for key in heads.keys.iter().filter_map(|it| it.parse::<PublicKey>().ok()) {
            if self.keys.iter().all(|it| it.version != key.version) {
                self.keys.push(key);
            }
        }
        Ok(heads)
    }

    /// The number of the last document that was read.
    pub fn last(&self) -> Option<i64> {
        self.last.as_ref().map(|(number, _)| *number)
    }

    fn is_repeated(&self, number: i64, signed: &SignedHeads) -> bool {
        self.last.as_ref().is_some_and(|(last, digest)| number == *last && signed.digest() == *digest)
    }

    fn follows(&self, heads: &Heads, signed: &SignedHeads) -> Result<(), String> {
        let (Some((last, digest)), number) = (&self.last, heads.number) else { return Ok(()) };
        let leads = |it: &Bridge| it.leads(&self.keys, (*last, digest), (number, signed));
        if number > last + 1 && signed.bridge.as_ref().is_some_and(leads) {
            return Ok(());
        }
        if number != last + 1 {
            return Err(format!("heads number {} is missing: {number} follows {last}", last + 1));
        }
        if heads.previous != *digest {
            return Err(format!("heads number {number} does not follow the {last} before it"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
