//! An authenticator app: RFC 6238 with SHA-1, 6 digits and steps of 30 seconds.

use totp_rs::{Algorithm, Secret, TOTP};

use crate::{Failure, dev};

const STEP_SECONDS: u64 = 30;

pub async fn right_code(secret: &str) -> Result<String, Failure> {
    Ok(app(secret)?.generate(server_time().await?))
}

/// A code that is right at no step near the present one.
pub async fn wrong_code(secret: &str) -> Result<String, Failure> {
    let (app, present) = (app(secret)?, server_time().await?);
    let near: Vec<_> =
        (0..5).map(|drift| app.generate(present + drift * STEP_SECONDS - 2 * STEP_SECONDS)).collect();
    let wrong = (0..=9).map(|digit| digit.to_string().repeat(6)).find(|code| !near.contains(code));
    wrong.ok_or_else(|| "more codes than steps".into())
}

/// A step counts once, so whoever wants to show a second code waits for the next.
pub async fn next_code(secret: &str) -> Result<String, Failure> {
    dev::advance("31s").await?;
    right_code(secret).await
}

fn app(secret: &str) -> Result<TOTP, Failure> {
    let secret = Secret::Encoded(secret.to_owned()).to_bytes().map_err(|error| format!("{error:?}"))?;
    Ok(TOTP::new(Algorithm::SHA1, 6, 1, STEP_SECONDS, secret)?)
}

async fn server_time() -> Result<u64, Failure> {
    Ok(dev::clock().await?.now.timestamp().try_into()?)
}
