//! Rows nobody can use any more.

use crate::db::{Db, Fault, statement::sql};
use domain::{Timestamp, time::Span};

/// Rows of one transaction: whoever writes meanwhile waits for no more.
const BATCH: i64 = 500;
/// Links and intermediate sessions are kept for a day after their end, so
/// that their refusals stay precise.
const DEAD: Span = Span::days(1);
/// Failures with codes at an address to which nothing was sent for so long.
const STALE: Span = Span::days(30);
/// What was told to webhooks, to be looked at and replayed.
const TOLD: Span = Span::days(30);

/// Rows of a table that are swept by one statement; `$1` is the time, `$2` the batch.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub table: &'static str,
    after: Span,
    text: &'static str,
}

/// Everything that is swept.
#[expect(clippy::too_many_lines, reason = "a table, an entry a statement")]
pub fn kinds() -> Vec<Kind> {
    let dead = |table, text| Kind { table, after: DEAD, text };
    let told = |table, text| Kind { table, after: TOLD, text };
    vec![
        dead(
            "sessions",
            sql!(
                "DELETE FROM sessions WHERE token_digest IN (SELECT token_digest FROM sessions WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "intermediate_sessions",
            sql!(
                "DELETE FROM intermediate_sessions WHERE token_digest IN (SELECT token_digest FROM intermediate_sessions WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "magic_links",
            sql!(
                "DELETE FROM magic_links WHERE token_digest IN (SELECT token_digest FROM magic_links WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "password_resets",
            sql!(
                "DELETE FROM password_resets WHERE token_digest IN (SELECT token_digest FROM password_resets WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "impersonation_tokens",
            sql!(
                "DELETE FROM impersonation_tokens WHERE token_digest IN (SELECT token_digest FROM impersonation_tokens WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "spent_trusted_tokens",
            sql!(
                "DELETE FROM spent_trusted_tokens WHERE (project_id, token_digest) IN (SELECT project_id, token_digest FROM spent_trusted_tokens WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "discovery_links",
            sql!(
                "DELETE FROM discovery_links WHERE token_digest IN (SELECT token_digest FROM discovery_links WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "email_updates",
            sql!(
                "DELETE FROM email_updates WHERE (organization_id, email_canonical) IN (SELECT organization_id, email_canonical FROM email_updates WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "email_codes",
            sql!(
                "DELETE FROM email_codes WHERE (project_id, email_address) IN (SELECT project_id, email_address FROM email_codes WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "email_code_guards",
            sql!(
                "DELETE FROM email_code_guards WHERE (project_id, email_address) IN (SELECT project_id, email_address FROM email_code_guards WHERE sent_at < $1 AND failures = 0 LIMIT $2)"
            ),
        ),
        Kind {
            table: "email_code_guards",
            after: STALE,
            text: sql!(
                "DELETE FROM email_code_guards WHERE (project_id, email_address) IN (SELECT project_id, email_address FROM email_code_guards WHERE sent_at < $1 AND failures > 0 AND (locked_until IS NULL OR locked_until < $1) LIMIT $2)"
            ),
        },
        dead(
            "address_password_resets",
            sql!(
                "DELETE FROM address_password_resets WHERE token_digest IN (SELECT token_digest FROM address_password_resets WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "send_counters",
            sql!(
                "DELETE FROM send_counters WHERE (project_id, counted, window_length, window_start) IN (SELECT project_id, counted, window_length, window_start FROM send_counters WHERE window_start < $1 AND window_start + window_length < $1 LIMIT $2)"
            ),
        ),
        dead(
            "signing_keys",
            sql!(
                "DELETE FROM signing_keys WHERE (project_id, key_id) IN (SELECT project_id, key_id FROM signing_keys WHERE retires_at < $1 LIMIT $2)"
            ),
        ),
        dead(
            "project_secrets",
            sql!(
                "DELETE FROM project_secrets WHERE secret_digest IN (SELECT secret_digest FROM project_secrets WHERE expires_at < $1 LIMIT $2)"
            ),
        ),
        told(
            "webhook_attempts",
            sql!(
                "DELETE FROM webhook_attempts WHERE (endpoint_id, event_id, at) IN (SELECT endpoint_id, event_id, at FROM webhook_attempts WHERE at < $1 LIMIT $2)"
            ),
        ),
        told(
            "webhook_deliveries",
            sql!(
                "DELETE FROM webhook_deliveries WHERE (endpoint_id, event_id) IN (SELECT endpoint_id, event_id FROM webhook_deliveries WHERE created_at < $1 LIMIT $2)"
            ),
        ),
        told(
            "webhook_events",
            sql!(
                "DELETE FROM webhook_events WHERE event_id IN (SELECT event_id FROM webhook_events WHERE occurred_at < $1 LIMIT $2)"
            ),
        ),
    ]
}

/// Removes one batch, in a transaction of its own; how many, and whether there
/// may be more. Several nodes may sweep at a time: each removes what is there.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &Db, kind: Kind, now: Timestamp) -> Result<(u64, bool), Fault> {
    let mut tx = db.write().await?;
    let swept = tx.sql(kind.text).bind(&now.minus(kind.after)).bind(&BATCH).execute().await?;
    tx.commit().await?;
    Ok((swept, swept >= BATCH.unsigned_abs()))
}
