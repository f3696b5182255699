//! Public keys of trusted issuers, and signatures under them.
//!
//! A key knows its one algorithm. What a token says of keys is not believed:
//! its `kid` chooses among the profile's own, its `alg` must be the key's.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A key of an issuer.
#[derive(Debug, Clone)]
pub struct PublicKey {
    /// None for keys that were listed without names.
    key_id: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    /// Big-endian modulus and exponent; RS256.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// A document of an RSA key; RS256.
    RsaDocument(Vec<u8>),
    /// An uncompressed point on P-256; ES256.
    Ec(Vec<u8>),
}

/// Keys in a set; the rest is not read.
const MOST_KEYS: usize = 50;
/// The longest token that is looked at.
const LONGEST: usize = 16 * 1024;

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; none is.
    crit: Option<Value>,
}

/// The DER of the two algorithm identifiers, with which an SPKI document begins.
const RSA_ENCRYPTION: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_ON_P256: [u8; 19] = [
    0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07,
];

/// The keys of a JWK set that can check signatures here. None when it is no set.
pub fn from_jwks(text: &[u8]) -> Option<Vec<PublicKey>> {
    let set: JwkSet = serde_json::from_slice(text).ok()?;
    let read = |it: Value| PublicKey::from_jwk(serde_json::from_value(it).ok()?);
    Some(set.keys.into_iter().take(MOST_KEYS).filter_map(read).collect())
}

impl PublicKey {
    fn from_jwk(jwk: Jwk) -> Option<Self> {
        if jwk.usage.is_some_and(|it| it != "sig") {
            return None;
        }
        let bytes = |text: Option<String>| URL_SAFE_NO_PAD.decode(text?.trim_end_matches('=')).ok();
        let material = match jwk.kty.as_str() {
            "RSA" => Material::Rsa { modulus: bytes(jwk.n)?, exponent: bytes(jwk.e)? },
            "EC" if jwk.crv.as_deref() == Some("P-256") => {
                let (x, y) = (bytes(jwk.x)?, bytes(jwk.y)?);
                Material::Ec([&[4], x.as_slice(), y.as_slice()].concat())
            }
            _ => return None,
        };
        let key = Self { key_id: jwk.kid, material };
        let agrees = jwk.alg.is_none_or(|it| it == key.algorithm());
        (agrees && key.is_sound()).then_some(key)
    }

    /// Reads a PEM document `PUBLIC KEY` (SPKI).
    pub fn from_pem(text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?;
        let body = body.strip_suffix("-----END PUBLIC KEY-----")?;
        let compact: String = body.chars().filter(|it| !it.is_ascii_whitespace()).collect();
        let document = STANDARD.decode(compact).ok()?;
        let begins_with = |it: &[u8]| document.windows(it.len()).take(16).any(|window| window == it);
        let material = if begins_with(&RSA_ENCRYPTION) {
            Material::RsaDocument(document)
        } else if begins_with(&EC_ON_P256) {
            Material::Ec(document.get(document.len().checked_sub(65)?..)?.to_vec())
        } else {
            return None;
        };
        let key = Self { key_id: None, material };
        key.is_sound().then_some(key)
    }

    fn is_sound(&self) -> bool {
        match &self.material {
            // As a document, the length of the modulus: 2048 bits make 294 bytes at least.
            Material::RsaDocument(document) => document.len() >= 290,
            Material::Rsa { modulus, .. } => modulus.len() >= 256,
            Material::Ec(point) => point.len() == 65 && point.first() == Some(&4),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self.material {
            Material::Rsa { .. } | Material::RsaDocument(_) => "RS256",
            Material::Ec(_) => "ES256",
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified =
            match &self.material {
                Material::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                    .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
                Material::RsaDocument(document) => {
                    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, document).verify(message, signature)
                }
                Material::Ec(point) => {
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
                }
            };
        verified.is_ok()
    }
}

/// A token taken apart; nothing in it is believed yet.
pub struct Unverified<'a> {
    message: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
    header: Header,
}

impl<'a> Unverified<'a> {
    /// Reads the compact form. None for anything else.
    pub fn read(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        header.crit.is_none().then_some(Self { message, payload, signature, header })
    }

    /// Whether a key of these could be meant. Where not, the issuer may have newer ones.
    pub fn names_one_of(&self, keys: &[PublicKey]) -> bool {
        keys.iter().any(|it| self.may_mean(it))
    }

    /// The signed claims, if one of these keys signed them.
    pub fn verify(&self, keys: &[PublicKey]) -> Option<Map<String, Value>> {
        let signed = |it: &&PublicKey| it.verifies(self.message.as_bytes(), &self.signature);
        keys.iter().filter(|it| self.may_mean(it)).find(signed)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(self.payload).ok()?).ok()
    }

    /// What identifies the token: everything but the signature, of which there can be several.
    pub fn identity(&self) -> &str {
        self.message
    }

    /// A named key is meant by its name alone, a nameless one by any token of its algorithm.
    fn may_mean(&self, key: &PublicKey) -> bool {
        let named = key.key_id.is_none() || key.key_id == self.header.kid;
        named && self.header.alg == key.algorithm()
    }
}
