//! Development only: what the pocket telephone shows of the authenticator apps.

use crate::{
    App, Result,
    factors::totp::{is_confirmable, opened},
};
use domain::{
    Timestamp,
    email::EmailAddress,
    factors::totp::{TotpCode, TotpSecret, seconds_left},
    id::TotpRegistrationId,
    time::Span,
};
use store::totps::{self, Totp};

/// An authenticator app as its screen shows it.
pub struct Authenticator {
    pub registration: TotpRegistrationId,
    pub organization_name: String,
    pub email_address: EmailAddress,
    pub is_active: bool,
    pub code: TotpCode,
    /// The code was proved already; it is refused a second time.
    pub is_spent: bool,
    pub next_code: TotpCode,
    pub seconds_left: i64,
}

/// The authenticator apps of every project, in the order they were made.
/// Pending registrations that can no longer be confirmed are left out.
///
/// # Errors
/// When the database fails, or the server key does not open a secret.
pub async fn authenticators(app: &App, now: Timestamp) -> Result<Vec<Authenticator>> {
    let mut conn = app.db.read().await?;
    let mut shown = Vec::new();
    for (it, email_address, organization_name) in totps::all_for_development(&mut conn, now).await? {
        if it.is_active || is_confirmable(&mut conn, &it, now).await? {
            let secret = opened(app, &mut conn, &it).await?;
            shown.push(authenticator(&it, &secret, (email_address, organization_name), now));
        }
    }
    Ok(shown)
}

fn authenticator(
    it: &Totp,
    secret: &TotpSecret,
    (email_address, organization_name): (EmailAddress, String),
    now: Timestamp,
) -> Authenticator {
    let (code, seconds_left) = (secret.code_at(now), seconds_left(now));
    Authenticator {
        registration: it.totp_registration_id.clone(),
        organization_name,
        email_address,
        is_active: it.is_active,
        is_spent: secret.matching_step(&code, now).is_some_and(|step| step <= it.last_step),
        code,
        next_code: secret.code_at(now.plus(Span::seconds(seconds_left))),
        seconds_left,
    }
}
