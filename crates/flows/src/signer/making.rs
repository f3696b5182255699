//! Making RSA keys.

use crate::{App, Error, Result};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::KeyPair as _,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{digest::Digest, id::ProjectId, sealing::Sealed, signing_keys::Life};
use rand::RngCore;
use store::signing_keys::SigningKey;

/// A new key, kept nowhere yet. Takes a core a tenth of a second.
///
/// # Errors
/// When it cannot be made.
pub(crate) async fn make(
    app: &App,
    project: &ProjectId,
    life: Life,
    rng: &mut impl RngCore,
) -> Result<SigningKey> {
    let interrupted = |_| Error::Signing("making a key was interrupted".to_owned());
    let made = tokio::task::spawn_blocking(generate).await.map_err(interrupted)?;
    let made = made.map_err(|_| Error::Signing("no RSA key could be made".to_owned()))?;
    let (private, modulus, exponent) = made;
    let key_id = format!("jwk-{}", &Digest::of(modulus.as_bytes()).as_str()[..32]);
    let belongs_to = ["signing_keys", project.as_str(), &key_id];
    let sealed_private = Sealed::seal(&app.server_key, &belongs_to, &private, rng)?;
    Ok(SigningKey {
        project_id: project.clone(),
        key_id,
        sealed_private,
        modulus,
        exponent,
        created_at: life.created_at,
        activates_at: life.activates_at,
        retires_at: life.retires_at,
    })
}

/// Private key, modulus and exponent.
type Generated = (Vec<u8>, String, String);

fn generate() -> std::result::Result<Generated, aws_lc_rs::error::Unspecified> {
    let pair = KeyPair::generate(KeySize::Rsa2048)?;
    let private: Pkcs8V1Der<'_> = pair.as_der()?;
    let public: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
    Ok((
        private.as_ref().to_vec(),
        URL_SAFE_NO_PAD.encode(strip(&public.n)),
        URL_SAFE_NO_PAD.encode(strip(&public.e)),
    ))
}

/// Big-endian bytes without leading zeros, as a JWK wants them (RFC 7518, section 6.3.1).
fn strip(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|it| **it == 0).count();
    &bytes[zeros..]
}
