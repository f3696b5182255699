//! The keys of trusted issuers, fetched and remembered.

use crate::{Call, Result};
use delivery::Reach;
use domain::{
    Refusal, Timestamp,
    id::TrustedTokenProfileId,
    operator_url::OperatorUrl,
    projects::Environment,
    time::Span,
    trusted_tokens::{
        KeySource, Profile,
        keys::{PublicKey, Unverified, from_jwks},
    },
};
use lru::LruCache;
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Mutex as AsyncMutex;

/// How long fetched keys are trusted. A key that the issuer withdraws is gone after this.
const FRESH: Span = Span::minutes(10);
/// How long they are while the issuer is asked anew and does not answer.
const USABLE: Span = Span::hours(1);
/// How soon the issuer is asked again, for a key nobody knows or after it did not answer.
const PAUSE: Span = Span::seconds(30);
const PROFILES: NonZeroUsize = NonZeroUsize::new(1_000).expect("not zero");

/// What this node knows of the issuers' keys.
pub struct IssuerKeys {
    known: Mutex<LruCache<TrustedTokenProfileId, Known>>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Arc<Vec<PublicKey>>,
    fetched_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
    /// Held by whoever asks the issuer; the others wait for what comes of it.
    flight: Arc<AsyncMutex<()>>,
}

impl Default for IssuerKeys {
    fn default() -> Self {
        Self { known: Mutex::new(LruCache::new(PROFILES)) }
    }
}

impl Known {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.is_within(FRESH, now)
    }

    fn is_usable(&self, now: Timestamp) -> bool {
        self.is_within(USABLE, now)
    }

    /// Whoever waited for another call's answer began before it came.
    fn is_within(&self, span: Span, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| at.minus(PAUSE) <= now && now < at.plus(span))
    }

    fn may_ask(&self, now: Timestamp) -> bool {
        self.asked_at.is_none_or(|at| now < at.minus(PAUSE) || at.plus(PAUSE) <= now)
    }

    fn serve(self, now: Timestamp) -> Result<Arc<Vec<PublicKey>>> {
        if self.is_usable(now) { Ok(self.keys) } else { Err(Refusal::InvalidTrustedAuthToken.into()) }
    }
}

/// The keys of the profile's issuer, among them the one that the token names if there is one.
///
/// # Errors
/// `InvalidTrustedAuthToken` when none can be had.
pub async fn of(call: &Call, profile: &Profile, token: &Unverified<'_>) -> Result<Arc<Vec<PublicKey>>> {
    let url = match &profile.rules.keys {
        KeySource::Pem(listed) => {
            return Ok(Arc::new(listed.iter().filter_map(|it| PublicKey::from_pem(it)).collect()));
        }
        KeySource::JwksUrl(url) => url,
    };
    let cache = &call.app.issuer_keys;
    let known = cache.of(&profile.profile_id);
    if known.is_fresh(call.now) && token.names_one_of(&known.keys) {
        return Ok(known.keys);
    }
    let flight = known.flight.clone();
    let _asking = match flight.try_lock() {
        Ok(first) => first,
        Err(_) if known.is_usable(call.now) && token.names_one_of(&known.keys) => return Ok(known.keys),
        Err(_) => flight.lock().await,
    };
    let known = cache.of(&profile.profile_id);
    if known.is_fresh(call.now) && token.names_one_of(&known.keys) {
        return Ok(known.keys);
    }
    if !known.may_ask(call.now) {
        return known.serve(call.now);
    }
    ask(call, (profile, url), known).await
}

/// Asks the issuer; where it does not answer, what is known serves for a while.
async fn ask(
    call: &Call,
    (profile, url): (&Profile, &OperatorUrl),
    known: Known,
) -> Result<Arc<Vec<PublicKey>>> {
    let cache = &call.app.issuer_keys;
    cache.note(&profile.profile_id, Known { asked_at: Some(call.now), ..known.clone() });
    let plain = url.is_plain() && call.project.environment == Environment::Test;
    let reach = if plain { Reach::Operator } else { Reach::Public };
    let fetched = call.app.outbound.json(url.as_url(), reach, None).await;
    let keys = fetched.map(|it| from_jwks(&it));
    match keys {
        Ok(Some(keys)) => {
            let keys = Arc::new(keys);
            let at = Some(call.now);
            cache.note(
                &profile.profile_id,
                Known { keys: keys.clone(), fetched_at: at, asked_at: at, ..known },
            );
            Ok(keys)
        }
        Ok(None) => {
            tracing::warn!(profile = %profile.profile_id, "the issuer's answer is no set of keys");
            known.serve(call.now)
        }
        Err(fault) => {
            tracing::warn!(profile = %profile.profile_id, %fault, "the issuer's keys could not be fetched");
            known.serve(call.now)
        }
    }
}

impl IssuerKeys {
    fn of(&self, profile: &TrustedTokenProfileId) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert(profile.clone(), Known::default).clone()
    }

    fn note(&self, profile: &TrustedTokenProfileId, it: Known) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(profile.clone(), it);
    }
}
