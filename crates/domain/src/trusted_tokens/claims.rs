//! What a verified token says, as its profile reads it.

use super::Profile;
use crate::{Refusal, Timestamp, digest::Digest, email::EmailAddress, external_id::ExternalId, time::Span};
use serde_json::{Map, Value};

/// A token that was believed.
#[derive(Debug)]
pub struct Attested {
    /// Stands in the session.
    pub token_id: String,
    /// Single use until the token expires.
    pub digest: Digest,
    pub expires_at: Timestamp,
    /// It was not believed before.
    pub usable_since: Timestamp,
    pub who: Who,
    /// The organization as the token names it.
    pub organization: Option<String>,
}

/// Whom it speaks of; the external id wins where both are known.
#[derive(Debug)]
pub struct Who {
    pub external_id: Option<ExternalId>,
    pub email: Option<EmailAddress>,
}

/// How much the issuer's clock may be ahead.
const SKEW: Span = Span::seconds(60);
/// How long ago a token that does not say when it was issued may have been.
const UNDATED: Span = Span::days(1);
/// A longer token id is no id.
const LONGEST_ID: usize = 256;

/// Checks issuer, audience and times, and reads what the profile maps.
/// `identity` stands for the token where it has no id of its own.
///
/// # Errors
/// `InvalidTrustedAuthToken`, `InvalidTokenOrganizationIdClaim`.
pub fn read(
    profile: &Profile,
    claims: &Map<String, Value>,
    (identity, now): (&str, Timestamp),
) -> Result<Attested, Refusal> {
    let invalid = || Refusal::InvalidTrustedAuthToken;
    let expires_at = time(claims.get("exp")).ok_or_else(invalid)?.ok_or_else(invalid)?;
    let not_before = time(claims.get("nbf")).ok_or_else(invalid)?;
    let issued_at = time(claims.get("iat")).ok_or_else(invalid)?;
    let is_early = |it: Timestamp| it > now.plus(SKEW);
    if expires_at <= now || not_before.is_some_and(is_early) || issued_at.is_some_and(is_early) {
        return Err(invalid());
    }
    let (rules, attributes) = (&profile.rules, &profile.rules.attributes);
    if claims.get("iss").and_then(Value::as_str) != Some(rules.issuer.as_str())
        || !is_for(claims, &rules.audience)
    {
        return Err(invalid());
    }
    let own_id = text(claims, &attributes.token_id).ok_or_else(invalid)?;
    let token_id = match own_id {
        Some(id) if id.len() > LONGEST_ID => return Err(invalid()),
        Some(id) => id.to_owned(),
        None => Digest::of(identity.as_bytes()).to_string(),
    };
    let organization = match &attributes.organization_id {
        Some(claim) => {
            text(claims, claim).ok_or(Refusal::InvalidTokenOrganizationIdClaim)?.map(ToOwned::to_owned)
        }
        None => None,
    };
    Ok(Attested {
        // The issuer's, not the profile's: one token is no two where two profiles trust one issuer.
        digest: Digest::of(format!("{}\n{token_id}", rules.issuer).as_bytes()),
        token_id,
        expires_at,
        usable_since: issued_at.max(not_before).unwrap_or(now.minus(UNDATED)).minus(SKEW),
        who: who(profile, claims)?,
        organization,
    })
}

fn who(profile: &Profile, claims: &Map<String, Value>) -> Result<Who, Refusal> {
    let invalid = || Refusal::InvalidTrustedAuthToken;
    let attributes = &profile.rules.attributes;
    let external_id = match &attributes.external_id {
        Some(claim) => text(claims, claim).ok_or_else(invalid)?,
        None => None,
    };
    let external_id = external_id.map(|it| it.parse().map_err(|_| invalid())).transpose()?;
    let email = text(claims, &attributes.email).ok_or_else(invalid)?;
    let email = email.map(|it| EmailAddress::parse(it).map_err(|_| invalid())).transpose()?;
    // An issuer that says so itself does not vouch for the address.
    let is_doubted = claims.get("email_verified").is_some_and(|it| it != &Value::Bool(true));
    let email = email.filter(|_| !is_doubted);
    if external_id.is_none() && email.is_none() { Err(invalid()) } else { Ok(Who { external_id, email }) }
}

/// `aud` is one text or a list of texts; the audience stands in it exactly.
fn is_for(claims: &Map<String, Value>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(several)) => {
            several.iter().all(Value::is_string) && several.iter().any(|it| it == audience)
        }
        _ => false,
    }
}

/// A claim that is absent, or a text with something in it. None for any other.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<Option<&'a str>> {
    match claims.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) if !text.is_empty() => Some(Some(text)),
        Some(_) => None,
    }
}

/// A claim that is absent, or seconds since the epoch. None for any other.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn time(claim: Option<&Value>) -> Option<Option<Timestamp>> {
    let Some(value) = claim else { return Some(None) };
    let whole = value.as_i64().or_else(|| whole_seconds(value.as_f64()?));
    let seconds = whole.filter(|it| (0..=253_402_300_799).contains(it))?; // until the year 9999
    Some(Some(Timestamp::from_milliseconds(seconds * 1000)))
}

#[expect(clippy::cast_possible_truncation, reason = "checked: it is a number of seconds with a date")]
fn whole_seconds(seconds: f64) -> Option<i64> {
    (0.0..253_402_300_800.0).contains(&seconds).then_some(seconds.floor() as i64)
}
