//! What all mailed links share: where they lead and how long they live.

use crate::{Call, Result};
use domain::{Refusal, redirect_url::RedirectUrl};

/// The kind of token that the link of a member carries.
pub(crate) const OF_MEMBER: &str = "multi_tenant_magic_links";
/// The kind of token that proves an address before an organization is chosen.
pub(crate) const OF_ADDRESS: &str = "discovery";

/// Least and most minutes that a link lives.
const MINUTES: (i64, i64) = (5, 10_080);

/// A registered URL: the one asked for, or the first of its kind.
///
/// # Errors
/// The two refusals given, and `NoMatchForProvidedMagicLinkUrl`.
pub(crate) fn registered(
    call: &Call,
    (known, wanted): (&[RedirectUrl], Option<&str>),
    (malformed, none): (Refusal, Refusal),
) -> Result<RedirectUrl> {
    let found = match wanted {
        Some(url) => {
            let url = RedirectUrl::parse(url, call.project.environment).map_err(|_| malformed)?;
            known.iter().find(|it| **it == url).ok_or(Refusal::NoMatchForProvidedMagicLinkUrl)?
        }
        None => known.first().ok_or(none)?,
    };
    Ok(found.clone())
}

/// How many minutes a link lives.
///
/// # Errors
/// `InvalidExpiration`.
pub(crate) fn minutes(wanted: Option<i64>, default: i64) -> Result<i64> {
    let (least, most) = MINUTES;
    let minutes = wanted.unwrap_or(default);
    if (least..=most).contains(&minutes) { Ok(minutes) } else { Err(Refusal::InvalidExpiration.into()) }
}
