//! Rows nobody can use any more.

use crate::db::{Fault, Tx, statement::sql};
use domain::{Timestamp, time::Span};

/// Removes what expired long enough ago that nobody asks for it. Dead links
/// and intermediate sessions are kept for a day, so that their refusals stay precise.
///
/// # Errors
/// When the database fails.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    let yesterday = now.minus(Span::days(1));
    let mut swept = 0;
    for text in [
        sql!("DELETE FROM sessions WHERE expires_at < $1"),
        sql!("DELETE FROM intermediate_sessions WHERE expires_at < $1"),
        sql!("DELETE FROM magic_links WHERE expires_at < $1"),
        sql!("DELETE FROM password_resets WHERE expires_at < $1"),
        sql!("DELETE FROM impersonation_tokens WHERE expires_at < $1"),
        sql!("DELETE FROM spent_trusted_tokens WHERE expires_at < $1"),
        sql!("DELETE FROM discovery_links WHERE expires_at < $1"),
        sql!("DELETE FROM email_updates WHERE expires_at < $1"),
        sql!("DELETE FROM email_codes WHERE expires_at < $1"),
        sql!("DELETE FROM email_code_guards WHERE sent_at < $1 AND failures = 0"),
        sql!("DELETE FROM address_password_resets WHERE expires_at < $1"),
        sql!("DELETE FROM send_counters WHERE window_start < $1 AND window_start + window_length < $1"),
        sql!("DELETE FROM signing_keys WHERE retires_at < $1"),
        sql!("DELETE FROM project_secrets WHERE expires_at < $1"),
    ] {
        swept += tx.sql(text).bind(&yesterday).execute().await?;
    }
    Ok(swept)
}
