//! Every table there is, and what becomes of its rows in a backup.
//!
//! A test fails when a migration adds a table that is not in this list.

/// What a backup does with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InBackup {
    Kept,
    /// Sessions, and what works once and soon lapses. They are not put back, so
    /// that nothing comes to life again that was ended or used since.
    TooShortLived,
    /// Never: what a backup must be readable without, or made by the schema itself.
    Apart,
}

/// The tables, by name.
pub const TABLES: &[(&str, InBackup)] = &[
    ("address_password_resets", InBackup::TooShortLived),
    ("address_passwords", InBackup::Kept),
    ("admin_tokens", InBackup::Kept),
    ("allowed_domains", InBackup::Kept),
    ("audit_chains", InBackup::Kept),
    ("audit_events", InBackup::Kept),
    ("audit_exports", InBackup::Kept),
    ("audit_heads", InBackup::Kept),
    // Sealed under the server key, and proves what is kept.
    ("audit_keys", InBackup::Kept),
    ("claimed_domains", InBackup::Kept),
    ("discovery_links", InBackup::TooShortLived),
    ("email_claims", InBackup::Kept),
    // Counts failures: forgetting them would give guesses back.
    ("email_code_guards", InBackup::Kept),
    ("email_codes", InBackup::TooShortLived),
    ("email_updates", InBackup::TooShortLived),
    ("impersonation_tokens", InBackup::TooShortLived),
    ("installation", InBackup::Kept),
    ("intermediate_sessions", InBackup::TooShortLived),
    ("m2m_client_scopes", InBackup::Kept),
    ("m2m_clients", InBackup::Kept),
    ("magic_links", InBackup::TooShortLived),
    ("member_roles", InBackup::Kept),
    ("members", InBackup::Kept),
    // What was sent and what it cost; what waited is given up when it is put back.
    ("message_attempts", InBackup::Kept),
    ("messages", InBackup::Kept),
    // An erased organization's secrets must not be readable in any backup.
    ("organization_keys", InBackup::Apart),
    ("organizations", InBackup::Kept),
    ("passcodes", InBackup::TooShortLived),
    ("password_resets", InBackup::TooShortLived),
    ("passwords", InBackup::Kept),
    ("project_policies", InBackup::Kept),
    ("project_secrets", InBackup::Kept),
    ("projects", InBackup::Kept),
    ("recovery_codes", InBackup::Kept),
    ("refinery_schema_history", InBackup::Apart),
    // Counts what was sent: forgetting it would let the money be spent twice.
    ("send_counters", InBackup::Kept),
    ("sms_budgets", InBackup::Kept),
    ("sms_credits", InBackup::Kept),
    ("sessions", InBackup::TooShortLived),
    ("signing_keys", InBackup::Kept),
    // What was traded stays traded.
    ("spent_trusted_tokens", InBackup::Kept),
    ("totp_offsets", InBackup::Kept),
    ("totps", InBackup::Kept),
    ("trusted_token_profiles", InBackup::Kept),
];

/// What a backup does with a table; none for one that is not ours.
pub fn in_backup(table: &str) -> Option<InBackup> {
    TABLES.iter().find(|(name, _)| *name == table).map(|(_, rule)| *rule)
}
