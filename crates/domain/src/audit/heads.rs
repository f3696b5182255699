//! Signed heads: how far chains went at a moment, under a signature. Whoever
//! keeps one can tell later whether something before it was taken away, even
//! by somebody with the database and the server key.

use crate::{
    Timestamp,
    audit::{
        chain::{ChainId, End},
        key::{AuditKey, PublicKey, Signature},
    },
    digest::Digest,
};
use serde::{Deserialize, Serialize};

/// Chains in one document.
pub const MOST: usize = 1000;
const SIGNED_AS: &str = "vestibule audit heads 1\n";

/// One signed document, as it is stored, served, and written to the heads file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SignedHeads {
    /// What is signed: the JSON text of the heads.
    pub document: String,
    pub key_version: u32,
    /// Ed25519, in base64, over `vestibule audit heads 1`, a line feed and the document.
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
#[derive(Debug, Clone, Default)]
pub struct HeadsReader {
    last: Option<(i64, String)>,
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
    pub fn sign(key: &AuditKey, heads: &Heads) -> Self {
        let document = serde_json::to_string(heads).expect("heads have a JSON form");
        let Signature { key_version, text } = key.sign(&format!("{SIGNED_AS}{document}"));
        Self { document, key_version, signature: text }
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

impl HeadsReader {
    /// What the next document says, if it is signed and follows the one before.
    ///
    /// # Errors
    /// Says in words what is wrong with it.
    pub fn next(&mut self, keys: &[PublicKey], signed: &SignedHeads) -> Result<Heads, String> {
        let heads: Heads = serde_json::from_str(&signed.document)
            .map_err(|error| format!("signed heads cannot be read: {error}"))?;
        if !signed.is_signed_by(keys) {
            return Err(format!("the signature of heads number {} is wrong", heads.number));
        }
        if let Some((number, digest)) = &self.last {
            if heads.number == *number && signed.digest() == *digest {
                return Ok(heads); // written twice, by a node that was stopped while it wrote
            }
            if heads.number != number + 1 {
                return Err(format!(
                    "heads number {} is missing: {} follows {number}",
                    number + 1,
                    heads.number
                ));
            }
            if heads.previous != *digest {
                return Err(format!("heads number {} does not follow the {number} before it", heads.number));
            }
        }
        self.last = Some((heads.number, signed.digest()));
        Ok(heads)
    }

    /// The number of the last document that was read.
    pub fn last(&self) -> Option<i64> {
        self.last.as_ref().map(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn key() -> AuditKey {
        AuditKey::of(&[(1, Zeroizing::new([7; 32]))]).unwrap()
    }

    fn heads(number: i64, previous: &str) -> Heads {
        let signed_at = Timestamp::from_milliseconds(1);
        Heads { number, previous: previous.to_owned(), signed_at, chains: Vec::new() }
    }

    #[test]
    fn documents_follow_one_another() {
        let keys = key().public_keys();
        let one = SignedHeads::sign(&key(), &heads(1, ""));
        let two = SignedHeads::sign(&key(), &heads(2, &one.digest()));
        let forked = SignedHeads::sign(&key(), &heads(2, "another"));
        let three = SignedHeads::sign(&key(), &heads(3, &two.digest()));
        let read = |documents: &[&SignedHeads]| {
            let mut reader = HeadsReader::default();
            documents.iter().try_for_each(|it| reader.next(&keys, it).map(|_| ()))
        };
        assert_eq!(read(&[&one, &two, &two, &three]), Ok(()));
        assert!(read(&[&one, &three]).unwrap_err().contains("number 2 is missing"));
        assert!(read(&[&one, &forked]).unwrap_err().contains("does not follow"));
    }

    #[test]
    fn an_altered_document_is_not_signed() {
        let mut signed = SignedHeads::sign(&key(), &heads(1, ""));
        signed.document = signed.document.replace("\"number\":1", "\"number\":2");
        let refused = HeadsReader::default().next(&key().public_keys(), &signed);
        assert!(refused.unwrap_err().contains("signature"));
    }
}
