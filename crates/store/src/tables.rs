//! Every table there is, and what becomes of its rows in a backup and when an
//! organization is erased.
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

/// What becomes of an organization's rows when it is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnErasure {
    Deleted,
    /// What stays says that there was one, and nothing of it.
    Blanked,
    /// For the record, which would not prove anything with holes in it. Its
    /// details hold ids, the names of fields, and amounts.
    Recorded,
    /// The key is destroyed by itself, wherever it is kept.
    KeyDestroyed,
    /// No row is one organization's.
    OfNone,
}

/// The tables, by name.
pub const TABLES: &[(&str, InBackup, OnErasure)] = &[
    ("address_password_resets", InBackup::TooShortLived, OnErasure::OfNone),
    ("address_passwords", InBackup::Kept, OnErasure::OfNone),
    ("admin_tokens", InBackup::Kept, OnErasure::OfNone),
    ("allowed_domains", InBackup::Kept, OnErasure::Deleted),
    ("audit_chains", InBackup::Kept, OnErasure::Recorded),
    ("audit_events", InBackup::Kept, OnErasure::Recorded),
    ("audit_exports", InBackup::Kept, OnErasure::Recorded),
    ("audit_heads", InBackup::Kept, OnErasure::OfNone),
    // Sealed under the server key, and proves what is kept.
    ("audit_keys", InBackup::Kept, OnErasure::OfNone),
    ("claimed_domains", InBackup::Kept, OnErasure::Deleted),
    ("discovery_links", InBackup::TooShortLived, OnErasure::OfNone),
    ("email_claims", InBackup::Kept, OnErasure::Deleted),
    // Counts failures: forgetting them would give guesses back.
    ("email_code_guards", InBackup::Kept, OnErasure::OfNone),
    ("email_codes", InBackup::TooShortLived, OnErasure::Deleted),
    ("email_updates", InBackup::TooShortLived, OnErasure::Deleted),
    ("impersonation_tokens", InBackup::TooShortLived, OnErasure::Deleted),
    ("installation", InBackup::Kept, OnErasure::OfNone),
    ("intermediate_sessions", InBackup::TooShortLived, OnErasure::Deleted),
    ("m2m_client_scopes", InBackup::Kept, OnErasure::OfNone),
    ("m2m_clients", InBackup::Kept, OnErasure::OfNone),
    ("magic_links", InBackup::TooShortLived, OnErasure::Deleted),
    ("mail_templates", InBackup::Kept, OnErasure::Deleted),
    ("member_roles", InBackup::Kept, OnErasure::Deleted),
    ("members", InBackup::Kept, OnErasure::Deleted),
    ("message_attempts", InBackup::Kept, OnErasure::Deleted),
    ("messages", InBackup::Kept, OnErasure::Deleted),
    // An erased organization's secrets must not be readable in any backup.
    ("organization_keys", InBackup::Apart, OnErasure::KeyDestroyed),
    ("organizations", InBackup::Kept, OnErasure::Blanked),
    ("passcodes", InBackup::TooShortLived, OnErasure::Deleted),
    ("password_resets", InBackup::TooShortLived, OnErasure::Deleted),
    ("passwords", InBackup::Kept, OnErasure::Deleted),
    ("project_policies", InBackup::Kept, OnErasure::OfNone),
    ("project_secrets", InBackup::Kept, OnErasure::OfNone),
    ("projects", InBackup::Kept, OnErasure::OfNone),
    ("recovery_codes", InBackup::Kept, OnErasure::Deleted),
    ("refinery_schema_history", InBackup::Apart, OnErasure::OfNone),
    // Counts what was sent: forgetting it would let the money be spent twice.
    ("send_counters", InBackup::Kept, OnErasure::OfNone),
    ("sessions", InBackup::TooShortLived, OnErasure::Deleted),
    ("signing_keys", InBackup::Kept, OnErasure::OfNone),
    ("sms_budgets", InBackup::Kept, OnErasure::Deleted),
    ("sms_credits", InBackup::Kept, OnErasure::Deleted),
    // Sums of what texts cost; of nobody's in particular. Without them, an erasure would shrink a bill that was paid.
    ("sms_spend_kept", InBackup::Kept, OnErasure::Recorded),
    // What was traded stays traded.
    ("spent_trusted_tokens", InBackup::Kept, OnErasure::OfNone),
    ("totp_offsets", InBackup::Kept, OnErasure::OfNone),
    ("totps", InBackup::Kept, OnErasure::Deleted),
    ("trusted_token_profiles", InBackup::Kept, OnErasure::OfNone),
    // What was not delivered yet is delivered after a restore, some of it twice: receivers tell by the id.
    ("webhook_attempts", InBackup::Kept, OnErasure::OfNone),
    ("webhook_deliveries", InBackup::Kept, OnErasure::Deleted),
    ("webhook_endpoints", InBackup::Kept, OnErasure::OfNone),
    ("webhook_events", InBackup::Kept, OnErasure::Deleted),
    ("webhook_outbox", InBackup::Kept, OnErasure::Deleted),
];

/// Columns of kept tables that a backup leaves empty. Texts and mails that wait
/// hold codes and links, and a restore does not send them.
pub const EMPTY_IN_BACKUP: &[(&str, &str)] = &[("messages", "sealed_body")];

/// Whether a backup holds what the column does.
pub fn is_in_backup(table: &str, column: &str) -> bool {
    in_backup(table) == Some(InBackup::Kept) && !EMPTY_IN_BACKUP.contains(&(table, column))
}

/// What a backup does with a table; none for one that is not ours.
pub fn in_backup(table: &str) -> Option<InBackup> {
    TABLES.iter().find(|(name, ..)| *name == table).map(|(_, rule, _)| *rule)
}
