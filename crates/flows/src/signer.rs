//! JWTs: RS256 under the keys of the project.

pub(crate) mod making;

use crate::{App, Call, Error, Result, figures};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Refusal, Timestamp,
    digest::Digest,
    id::ProjectId,
    jwt_claims::{SessionClaims, SessionReference, issuer},
    signing_keys::{self, Life},
    time::Span,
};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use lru::LruCache;
use rand::RngCore;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};
use store::signing_keys::{self as stored, SigningKey};

/// How long a node signs without asking which key is due. Belief is never
/// cached: every JWT that is read has its key looked up.
const KEYS_FRESH: Span = Span::seconds(5);
/// How old a JWT may be and still be handed out again for the same session.
const JWT_FRESH: Span = Span::seconds(30);
const JWTS: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

/// Signs, and remembers what it signed: a signature costs a third of a millisecond of a core.
pub struct Signer {
    keys: Mutex<HashMap<ProjectId, Known>>,
    signed: Mutex<LruCache<String, Signed>>,
    /// Held while a key is made, so that a first rush makes one and not hundreds.
    making: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Known {
    keys: Arc<Vec<Key>>,
    at: Timestamp,
}

/// A key that is open in memory.
struct Key {
    id: String,
    life: Life,
    signing: RsaKeyPair,
}

struct Signed {
    jwt: String,
    /// Of the key; what another key signed is not handed out again.
    key_id: String,
    /// Of everything in the claims but the times of signing.
    claims: Digest,
    at: Timestamp,
}

impl Default for Signer {
    fn default() -> Self {
        Self {
            keys: Mutex::default(),
            signed: Mutex::new(LruCache::new(JWTS)),
            making: tokio::sync::Mutex::default(),
        }
    }
}

/// The JWT of a session as it is now.
///
/// # Errors
/// When no key can be had.
pub async fn sign(call: &mut Call, claims: SessionClaims) -> Result<String> {
    let (id, content) = (claims.session.id.to_string(), content_of(&claims));
    let keys = keys_to_sign(call).await?;
    let key = signing_keys::signing(&keys, |it| it.life, call.now);
    let key = key.ok_or_else(|| Error::Signing("the project has no key".to_owned()))?;
    if let Some(jwt) = call.app.signer.signed_lately(&id, (&key.id, &content), call.now) {
        figures::jwt(true);
        return Ok(jwt);
    }
    figures::jwt(false);
    let jwt = key.sign(&claims)?;
    let signed = Signed { jwt: jwt.clone(), key_id: key.id.clone(), claims: content, at: call.now };
    call.app.signer.remember(id, signed);
    Ok(jwt)
}

/// A JWT of any claims; nothing is remembered of it.
///
/// # Errors
/// When no key can be had.
pub async fn sign_once(call: &mut Call, claims: &impl Serialize) -> Result<String> {
    let keys = keys_to_sign(call).await?;
    let key = signing_keys::signing(&keys, |it| it.life, call.now);
    key.ok_or_else(|| Error::Signing("the project has no key".to_owned()))?.sign(claims)
}

/// Which session a JWT speaks of. Its signature and its addressee are
/// checked; whether it has expired does not matter, the session decides.
///
/// # Errors
/// `UnableToParseSessionJwt` for anything but a session JWT of this project.
pub async fn read(call: &Call, jwt: &str) -> Result<SessionReference> {
    Ok(read_any(call, jwt).await?.ok_or(Refusal::UnableToParseSessionJwt)?)
}

/// The claims of a JWT that this project signed for itself. Their form says
/// what kind of token it is; whether its time has come or gone is for the caller to say.
///
/// # Errors
/// When the database fails.
pub async fn read_any<C: DeserializeOwned + Clone>(call: &Call, jwt: &str) -> Result<Option<C>> {
    let Some(key_id) = jsonwebtoken::decode_header(jwt).ok().and_then(|it| it.kid) else { return Ok(None) };
    let key = believed(&call.app, &call.project.project_id, &key_id, call.now).await?;
    let Some(key) = key else { return Ok(None) };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false; // the library would ask the machine's clock
    validation.validate_nbf = false;
    validation.set_audience(&[call.project.project_id.as_str()]);
    validation.set_issuer(&[issuer(&call.project.project_id)]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    Ok(jsonwebtoken::decode(jwt, &key, &validation).ok().map(|it| it.claims))
}

/// The key that a JWT names, if it is listed at this moment: revoked means
/// refused, on every node, from the next call on.
///
/// # Errors
/// When the database fails.
pub async fn believed(
    app: &App,
    project: &ProjectId,
    key_id: &str,
    now: Timestamp,
) -> Result<Option<DecodingKey>> {
    let found = stored::listed(&mut app.db.read().await?, project, key_id, now).await?;
    let unreadable = |error: jsonwebtoken::errors::Error| Error::Signing(error.to_string());
    let read = |(modulus, exponent): (String, String)| DecodingKey::from_rsa_components(&modulus, &exponent);
    found.map(read).transpose().map_err(unreadable)
}

/// Makes a key for a project that has none. Of several nodes that do so at
/// once, every key is published.
///
/// # Errors
/// When the key cannot be made or kept.
pub async fn ensure_key(
    app: &App,
    project: &ProjectId,
    now: Timestamp,
    rng: &mut impl RngCore,
) -> Result<()> {
    let _alone = app.signer.making.lock().await;
    if listed(app, project, now).await?.is_empty() {
        let key = making::make(app, project, Life::at_once(now), rng).await?;
        let mut tx = app.db.write().await?;
        stored::add(&mut tx, &key).await?;
        tx.commit().await?;
        app.signer.forget(project);
    }
    Ok(())
}

impl Key {
    /// The compact form (RFC 7515, section 7.1). Written here because the JWT
    /// library reads the private key anew for every signature.
    fn sign(&self, claims: &impl Serialize) -> Result<String> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.clone());
        let part = |json: serde_json::Result<Vec<u8>>| json.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let unwritable = |error: serde_json::Error| Error::Signing(error.to_string());
        let header = part(serde_json::to_vec(&header)).map_err(unwritable)?;
        let payload = part(serde_json::to_vec(claims)).map_err(unwritable)?;
        let mut jwt = format!("{header}.{payload}");
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), jwt.as_bytes(), &mut signature)
            .map_err(|_| Error::Signing("the RSA operation failed".to_owned()))?;
        jwt.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jwt);
        Ok(jwt)
    }
}

impl Signer {
    /// Lets this node ask at once which key is due.
    pub(crate) fn forget(&self, project: &ProjectId) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(project);
    }

    fn signed_lately(
        &self,
        session: &str,
        (key_id, content): (&str, &Digest),
        now: Timestamp,
    ) -> Option<String> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = signed.get(session)?;
        let fresh = known.at <= now && now < known.at.plus(JWT_FRESH);
        let same = known.key_id == key_id && &known.claims == content;
        (fresh && same).then(|| known.jwt.clone())
    }

    fn remember(&self, session: String, signed: Signed) {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).put(session, signed);
    }

    fn known(&self, project: &ProjectId, now: Timestamp) -> Option<Arc<Vec<Key>>> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys.get(project)?;
        (known.at <= now && now < known.at.plus(KEYS_FRESH)).then(|| known.keys.clone())
    }
}

async fn keys_to_sign(call: &mut Call) -> Result<Arc<Vec<Key>>> {
    let project = call.project.project_id.clone();
    let keys = fresh_keys(&call.app, &project, call.now).await?;
    if !keys.is_empty() {
        return Ok(keys);
    }
    ensure_key(&call.app.clone(), &project, call.now, &mut call.rng).await?;
    fresh_keys(&call.app, &project, call.now).await
}

async fn fresh_keys(app: &App, project: &ProjectId, now: Timestamp) -> Result<Arc<Vec<Key>>> {
    if let Some(keys) = app.signer.known(project, now) {
        return Ok(keys);
    }
    let stored = listed(app, project, now).await?;
    let keys: Arc<Vec<Key>> = Arc::new(stored.iter().map(|it| open(app, it)).collect::<Result<_>>()?);
    if !keys.is_empty() {
        let known = Known { keys: keys.clone(), at: now };
        app.signer.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(project.clone(), known);
    }
    Ok(keys)
}

/// The keys that verifiers see, the last to sign first.
pub(crate) async fn listed(app: &App, project: &ProjectId, now: Timestamp) -> Result<Vec<SigningKey>> {
    let mut keys = stored::of_project(&mut app.db.read().await?, project).await?;
    keys.retain(|it| it.life().is_listed(now));
    Ok(keys)
}

fn open(app: &App, stored: &SigningKey) -> Result<Key> {
    let belongs_to = ["signing_keys", stored.project_id.as_str(), stored.key_id.as_str()];
    let private = stored.sealed_private.open(&app.server_key, &belongs_to)?;
    let signing = RsaKeyPair::from_pkcs8(&private).map_err(|error| Error::Signing(error.to_string()))?;
    Ok(Key { id: stored.key_id.clone(), life: stored.life(), signing })
}

fn content_of(claims: &SessionClaims) -> Digest {
    let session = &claims.session;
    let content = (
        (&claims.organization, &claims.custom, &session.roles, &session.authentication_factors),
        (&claims.sub, &session.version, session.started_at, session.expires_at),
    );
    Digest::of(&serde_json::to_vec(&content).unwrap_or_default())
}
