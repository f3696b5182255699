//! The rows that hang on the server key: which version they need, and how each
//! is put under another.

mod renewal;

use super::Kind;
use crate::{App, Result, organization_keys::Whose};
use domain::{
    Timestamp,
    digest::Digest,
    id::ProjectId,
    m2m::client_id::ClientId,
    sealing::Sealed,
    sessions::{Session, TokenSeed},
    webhooks::Endpoint,
};
use store::{
    audit::keys::{self as audit_keys, StoredKey},
    messages::{self, Message},
    organization_keys::KeptKey,
    resealing::{self, KeptCode},
    signing_keys::SigningKey,
    totps::Totp,
    webhooks,
};

/// The key of the row that was read last.
#[derive(Debug, Clone, Default)]
pub(super) struct Cursor([String; 3]);

pub(super) enum Row {
    AuditKey(Box<StoredKey>),
    OrganizationKey(Box<KeptKey>),
    SigningKey(Box<SigningKey>),
    AuthenticatorApp(Box<Totp>),
    RecoveryCode(Box<KeptCode>),
    Session(Box<Session>),
    ClientSecret(ProjectId, ClientId, Digest),
    WebhookSecrets(Box<Endpoint>),
    Message(Box<Message>, Sealed),
}

/// What takes the place of what hung on another version.
pub(super) enum New {
    Sealed(Sealed),
    Code(Digest, Sealed),
    Seed(TokenSeed),
    /// The present one and, during a rotation, the one before.
    Pair(Sealed, Option<Sealed>),
}

/// The next rows of a kind.
pub(super) async fn after(
    app: &App,
    kind: Kind,
    Cursor([one, two, three]): &Cursor,
    (now, limit): (Timestamp, i64),
) -> Result<Vec<Row>> {
    let conn = &mut app.db.read().await?;
    Ok(match kind {
        Kind::AuditKeys => {
            // There are few: after one that was read, all have been.
            let rows = if one.is_empty() { audit_keys::all(conn).await? } else { Vec::new() };
            rows.into_iter().map(|it| Row::AuditKey(Box::new(it))).collect()
        }
        Kind::OrganizationKeys => {
            let rows = app.organization_keys.after(app, one, limit).await?;
            rows.into_iter().map(|it| Row::OrganizationKey(Box::new(it))).collect()
        }
        Kind::SigningKeys => {
            let rows = resealing::signing_keys(conn, (one, two), limit).await?;
            rows.into_iter().map(|it| Row::SigningKey(Box::new(it))).collect()
        }
        Kind::AuthenticatorApps => {
            let rows = resealing::totps(conn, (one, two), limit).await?;
            rows.into_iter().map(|it| Row::AuthenticatorApp(Box::new(it))).collect()
        }
        Kind::RecoveryCodes => {
            let rows = resealing::recovery_codes(conn, (one, two, three), limit).await?;
            rows.into_iter().map(|it| Row::RecoveryCode(Box::new(it))).collect()
        }
        Kind::Sessions => {
            let rows = resealing::sessions(conn, one, (now, limit)).await?;
            rows.into_iter().map(|it| Row::Session(Box::new(it))).collect()
        }
        Kind::WebhookSecrets => {
            let rows = webhooks::all(conn, one, limit).await?;
            rows.into_iter().map(|it| Row::WebhookSecrets(Box::new(it))).collect()
        }
        Kind::ClientSecrets => {
            let rows = resealing::client_secrets(conn, (one, two), limit).await?;
            rows.into_iter().map(|(project, id, digest)| Row::ClientSecret(project, id, digest)).collect()
        }
        Kind::Messages => {
            let rows = messages::resealing::waiting(conn, one, limit).await?;
            let sealed = |it: Message| it.sealed_body.clone().map(|body| Row::Message(Box::new(it), body));
            rows.into_iter().filter_map(sealed).collect()
        }
    })
}

impl Row {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::AuditKey(_) => Kind::AuditKeys,
            Self::OrganizationKey(_) => Kind::OrganizationKeys,
            Self::SigningKey(_) => Kind::SigningKeys,
            Self::AuthenticatorApp(_) => Kind::AuthenticatorApps,
            Self::RecoveryCode(_) => Kind::RecoveryCodes,
            Self::Session(_) => Kind::Sessions,
            Self::ClientSecret(..) => Kind::ClientSecrets,
            Self::WebhookSecrets(_) => Kind::WebhookSecrets,
            Self::Message(..) => Kind::Messages,
        }
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor(match self {
            Self::AuditKey(it) => [it.version.to_string(), String::new(), String::new()],
            Self::OrganizationKey(it) => [it.organization_id.to_string(), String::new(), String::new()],
            Self::SigningKey(it) => [it.project_id.to_string(), it.key_id.clone(), String::new()],
            Self::AuthenticatorApp(it) => {
                [it.organization_id.to_string(), it.member_id.to_string(), String::new()]
            }
            Self::RecoveryCode(it) => {
                [it.organization_id.to_string(), it.member_id.to_string(), it.code_digest.to_string()]
            }
            Self::Session(it) => [it.token_digest.to_string(), String::new(), String::new()],
            Self::ClientSecret(project, id, _) => [project.to_string(), id.to_string(), String::new()],
            Self::WebhookSecrets(it) => [it.endpoint_id.to_string(), String::new(), String::new()],
            Self::Message(it, _) => [it.message_id.to_string(), String::new(), String::new()],
        })
    }

    /// The version of the server key it needs, the older one where there are
    /// two; none where it hangs on its organization's key alone.
    pub(super) fn version(&self) -> Option<u32> {
        match self {
            Self::AuditKey(it) => it.sealed_root.server_version(),
            Self::OrganizationKey(it) => it.sealed_key.as_ref().and_then(Sealed::server_version),
            Self::SigningKey(it) => it.sealed_private.server_version(),
            Self::AuthenticatorApp(it) => it.sealed_secret.server_version(),
            Self::RecoveryCode(it) => {
                let of_digest = it.code_digest.key_version();
                let of_copy = it.sealed_code.as_ref().and_then(Sealed::server_version);
                Some(of_copy.map_or(of_digest, |it| it.min(of_digest)))
            }
            Self::Session(it) => Some(it.token_seed.key_version()),
            Self::ClientSecret(_, _, digest) => Some(digest.key_version()),
            Self::WebhookSecrets(it) => {
                let present = it.sealed_secret.version();
                Some(it.sealed_previous.as_ref().map_or(present, |before| before.version().min(present)))
            }
            Self::Message(_, sealed) => sealed.server_version(),
        }
    }

    /// Whether it is to be put under other keys: the present server key, or
    /// what is an organization's under that one's.
    pub(super) fn is_old(&self, sealing: u32) -> bool {
        match self {
            Self::AuthenticatorApp(_) => self.version().is_some(),
            Self::RecoveryCode(it) => {
                let of_copy = it.sealed_code.as_ref().and_then(Sealed::server_version);
                it.code_digest.key_version() != sealing || of_copy.is_some()
            }
            Self::AuditKey(_)
            | Self::OrganizationKey(_)
            | Self::SigningKey(_)
            | Self::Session(_)
            | Self::WebhookSecrets(_)
            | Self::Message(..)
            | Self::ClientSecret(..) => self.version() != Some(sealing),
        }
    }

    /// Whose key it is to be under, if an organization's.
    pub(super) fn whose(&self) -> Option<Whose<'_>> {
        match self {
            Self::AuthenticatorApp(it) => Some((&it.project_id, &it.organization_id)),
            Self::RecoveryCode(it) => Some((&it.project_id, &it.organization_id)),
            Self::AuditKey(_)
            | Self::OrganizationKey(_)
            | Self::SigningKey(_)
            | Self::Session(_)
            | Self::WebhookSecrets(_)
            | Self::Message(..)
            | Self::ClientSecret(..) => None,
        }
    }

    /// A digest alone cannot be made anew: the code is not known, nor is a
    /// client's secret until the client shows it. Nor is a key that was destroyed.
    pub(super) fn is_renewable(&self) -> bool {
        match self {
            Self::RecoveryCode(it) => it.sealed_code.is_some(),
            Self::OrganizationKey(it) => it.sealed_key.is_some(),
            Self::ClientSecret(..) => false,
            Self::AuditKey(_)
            | Self::SigningKey(_)
            | Self::AuthenticatorApp(_)
            | Self::Session(_)
            | Self::WebhookSecrets(_)
            | Self::Message(..) => true,
        }
    }
}
