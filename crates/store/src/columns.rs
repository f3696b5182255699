//! How domain types stand in columns, one line per type and one per table.

use crate::db::{Column, Fault, FromRow, RowReader, Table, Value};
use crate::messages::{self, Message};
use domain::{
    Timestamp,
    audit::{Action, Actor, AuditEvent, Details},
    custom_claims::CustomClaims,
    digest::Digest,
    email::EmailAddress,
    external_id::ExternalId,
    factors::Bag,
    id::{
        AuditEventId, EmailId, MemberId, MemberPasswordId, MemberSessionId, MessageId, OrganizationId,
        PhoneId, ProjectId, PublicToken, RecoveryCodeId, TotpRegistrationId, TrustedTokenProfileId,
        WebhookEndpointId, WebhookEventId,
    },
    intermediate_sessions::IntermediateSession,
    m2m::{self, client_id::ClientId, scopes::Scopes},
    members::{Member, PhoneState, RetiredEmails, Roles, Status},
    messages::{Channel, Hindrance, Outcome, Purpose, Reason, ReceiptKind, State},
    metadata::Metadata,
    mfa::Method,
    organizations::{Organization, settings::Settings},
    passwords::PasswordHash,
    phone::{Country, PhoneNumber},
    pkce::Challenge,
    projects::{Environment, Project, ProjectSettings},
    rbac::{CustomRoles, Policy},
    sealing::Sealed,
    sessions::{Session, TokenSeed},
    slug::Slug,
    templates::Content,
    trusted_tokens::{Profile, Rules},
    webhooks::{self, Attempt, Delivery, Endpoint, Filters, HookUrl},
};

/// Types written as text by `Display` and read by `FromStr`.
macro_rules! text {
    ($($type:ty),* $(,)?) => {$(
        impl Column for $type {
            fn to_value(&self) -> Value {
                Value::Text(Some(self.to_string()))
            }
            fn null() -> Value {
                Value::Text(None)
            }
            fn from_value(value: Value) -> Result<Self, Fault> {
                let text = String::from_value(value)?;
                text.parse().map_err(|_| Fault::Unreadable(format!("text that is no {}", stringify!($type))))
            }
        }
    )*};
}

/// Types kept as a JSON document.
macro_rules! json {
    ($($type:ty),* $(,)?) => {$(
        impl Column for $type {
            fn to_value(&self) -> Value {
                let text = serde_json::to_string(self).expect("a domain value has a JSON form");
                Value::Text(Some(text))
            }
            fn null() -> Value {
                Value::Text(None)
            }
            fn from_value(value: Value) -> Result<Self, Fault> {
                let text = String::from_value(value)?;
                serde_json::from_str(&text).map_err(|error| Fault::Unreadable(format!("{}: {error}", stringify!($type))))
            }
        }
    )*};
}

/// A table: the type of its rows and the columns, named as the fields.
macro_rules! table {
    ($type:ty = $table:literal { $first:ident $(, $rest:ident)* $(,)? }) => {
        impl FromRow for $type {
            fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
                Ok(Self { $first: row.take()?, $($rest: row.take()?,)* })
            }
        }
        impl Table for $type {
            const COLUMNS: &'static str =
                concat!($table, ".", stringify!($first) $(, ", ", $table, ".", stringify!($rest))*);
            fn values(&self) -> Vec<Value> {
                vec![self.$first.to_value(), $(self.$rest.to_value(),)*]
            }
            fn insert_text() -> &'static str {
                static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
                    let columns = [stringify!($first), $(stringify!($rest),)*];
                    $crate::db::statement::insert_statement($table, &columns)
                });
                &TEXT
            }
        }
        #[cfg(test)]
        inventory::submit!($crate::db::statement::CollectedTable { insert_text: <$type as Table>::insert_text });
    };
}
pub(crate) use table;

text! {
    Action, Actor, AuditEventId, Challenge, Channel, ClientId, Country, Digest, EmailAddress, EmailId, Environment, Hindrance,
    ExternalId, MemberId, MemberPasswordId, MemberSessionId, MessageId, Method, OrganizationId, Outcome, PasswordHash,
    PhoneId, PhoneState, ProjectId, PublicToken, Purpose, Reason, ReceiptKind, RecoveryCodeId, Scopes, Sealed, Slug,
    State, Status, TokenSeed, TotpRegistrationId, TrustedTokenProfileId, m2m::Status, HookUrl, WebhookEndpointId,
    WebhookEventId, webhooks::State,
}

json! {
    Bag, Content, CustomClaims, CustomRoles, Details, Filters, Metadata, Policy, ProjectSettings, RetiredEmails, Roles,
    Rules, Settings,
}

/// Numbers were validated when they came in; numbering plans change, rows do not.
impl Column for PhoneNumber {
    fn to_value(&self) -> Value {
        Value::Text(Some(self.to_string()))
    }
    fn null() -> Value {
        Value::Text(None)
    }
    fn from_value(value: Value) -> Result<Self, Fault> {
        Ok(Self::stored(String::from_value(value)?))
    }
}

impl Column for Timestamp {
    fn to_value(&self) -> Value {
        Value::BigInt(Some(self.milliseconds()))
    }
    fn null() -> Value {
        Value::BigInt(None)
    }
    fn from_value(value: Value) -> Result<Self, Fault> {
        i64::from_value(value).map(Self::from_milliseconds)
    }
}

table!(Project = "projects" { project_id, name, environment, public_token, settings, has_webhooks, created_at });

table!(Organization = "organizations" {
    organization_id, project_id, name, slug, external_id, logo_url, settings, trusted_metadata, custom_roles, created_at,
    updated_at,
});

table!(Member = "members" {
    member_id, organization_id, project_id, status, email_id, email_address, email_address_verified, retired_emails,
    name, external_id, is_breakglass, roles, trusted_metadata, untrusted_metadata, mfa_enrolled, default_mfa_method,
    phone_id, phone_number, phone_state, phone_held_until, had_second_factor, totp_registration_id, password_id, second_factor_failures,
    second_factor_failures_total, second_factor_locked_at, second_factor_locked_until, password_failures,
    password_locked_at, password_locked_until, created_at, updated_at,
});

table!(IntermediateSession = "intermediate_sessions" {
    token_digest, project_id, organization_id, member_id, email_address, bag, created_at, expires_at,
});

table!(Session = "sessions" {
    member_session_id, project_id, organization_id, member_id, token_digest, token_seed, bag, custom_claims, started_at,
    last_accessed_at, expires_at,
});

table!(Profile = "trusted_token_profiles" { profile_id, project_id, name, rules, created_at });

table!(AuditEvent = "audit_events" {
    audit_event_id, project_id, organization_id, member_id, action, actor, at, details,
});

table!(m2m::Client = "m2m_clients" {
    project_id, client_id, name, description, status, scopes, trusted_metadata, secret_digest, secret_last_four,
    secret_is_imported, next_secret_digest, next_secret_last_four, created_at, updated_at,
});

table!(Endpoint = "webhook_endpoints" {
    endpoint_id, project_id, url, description, filters, sealed_secret, sealed_previous, previous_until, failing_since,
    last_failed_at, disabled_at, created_at,
});

table!(Delivery = "webhook_deliveries" {
    endpoint_id, event_id, project_id, organization_id, event_type, state, attempts, next_at, claimed_until, created_at, finished_at,
});

table!(Attempt = "webhook_attempts" { endpoint_id, event_id, project_id, at, status, outcome, took_ms });
table!(Message = "messages" {
    message_id, project_id, organization_id, member_id, channel, purpose, reason, recipient, recipient_digest, country,
    carries, state, sealed_body, attempts, next_attempt_at, claimed_until, deadline, wrong_guesses, provider,
    created_at, accepted_at, delivered_at, verified_at, failed_at, hindrance,
});

table!(messages::Attempt = "message_attempts" {
    message_id, attempt, project_id, organization_id, channel, country, provider, price_micros, outcome, status, code,
    reference, began_at, ended_at, receipt, receipt_code, receipt_at,
});
