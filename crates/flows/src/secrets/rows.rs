//! The rows that hang on the server key: which version they need, and how each
//! is put under another.

use super::Kind;
use crate::{App, Result, audit, factors, sending::place_of_body};
use domain::{
    Timestamp,
    digest::Digest,
    factors::recovery_codes::{Owner, RecoveryCode},
    id::ProjectId,
    m2m::client_id::ClientId,
    sealing::{SealError, Sealed},
    server_key::ServerKey,
    sessions::{Session, TokenSeed},
    webhooks::Endpoint,
};
use rand::RngCore;
use store::{
    Fault, Tx,
    audit::keys::{self as audit_keys, StoredKey},
    messages::{self, Message},
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

    /// The version it needs; the older one where there are two.
    pub(super) fn version(&self) -> u32 {
        match self {
            Self::AuditKey(it) => it.sealed_root.version(),
            Self::SigningKey(it) => it.sealed_private.version(),
            Self::AuthenticatorApp(it) => it.sealed_secret.version(),
            Self::RecoveryCode(it) => {
                let of_digest = it.code_digest.key_version();
                it.sealed_code.as_ref().map_or(of_digest, |sealed| sealed.version().min(of_digest))
            }
            Self::Session(it) => it.token_seed.key_version(),
            Self::ClientSecret(_, _, digest) => digest.key_version(),
            Self::WebhookSecrets(it) => {
                let present = it.sealed_secret.version();
                it.sealed_previous.as_ref().map_or(present, |before| before.version().min(present))
            }
            Self::Message(_, sealed) => sealed.version(),
        }
    }

    /// A digest alone cannot be made anew: the code is not known, nor is a
    /// client's secret until the client shows it.
    pub(super) fn is_renewable(&self) -> bool {
        match self {
            Self::RecoveryCode(it) => it.sealed_code.is_some(),
            Self::ClientSecret(..) => false,
            Self::AuditKey(_)
            | Self::SigningKey(_)
            | Self::AuthenticatorApp(_)
            | Self::Session(_)
            | Self::WebhookSecrets(_)
            | Self::Message(..) => true,
        }
    }

    /// Whether what is sealed in it opens; none where nothing is.
    pub(super) fn opens(&self, key: &ServerKey) -> Option<bool> {
        match self {
            Self::AuditKey(it) => {
                Some(it.sealed_root.open(key, &audit::keys::place(it.version).each()).is_ok())
            }
            Self::SigningKey(it) => {
                let place = ["signing_keys", it.project_id.as_str(), it.key_id.as_str()];
                Some(it.sealed_private.open(key, &place).is_ok())
            }
            Self::AuthenticatorApp(it) => Some(factors::totp::opened(key, it).is_ok()),
            Self::RecoveryCode(it) => {
                it.sealed_code.as_ref().map(|sealed| sealed.open(key, &place_of_code(it)).is_ok())
            }
            Self::WebhookSecrets(it) => {
                let mut sealed = std::iter::once(&it.sealed_secret).chain(&it.sealed_previous);
                Some(sealed.all(|secret| secret.open(key, &it.place()).is_ok()))
            }
            Self::Message(it, sealed) => Some(sealed.open(key, &place_of_body(&it.message_id)).is_ok()),
            Self::Session(_) | Self::ClientSecret(..) => None,
        }
    }

    pub(super) fn under_present(
        &self,
        key: &ServerKey,
        rng: &mut impl RngCore,
    ) -> std::result::Result<New, SealError> {
        match self {
            Self::AuditKey(it) => {
                let place = audit::keys::place(it.version);
                it.sealed_root.renewed(key, &place.each(), rng).map(New::Sealed)
            }
            Self::SigningKey(it) => {
                let place = ["signing_keys", it.project_id.as_str(), it.key_id.as_str()];
                it.sealed_private.renewed(key, &place, rng).map(New::Sealed)
            }
            Self::AuthenticatorApp(it) => {
                it.sealed_secret.renewed(key, &factors::totp::place_of(it), rng).map(New::Sealed)
            }
            Self::RecoveryCode(it) => code_under_present(it, key, rng),
            Self::Session(it) => it.token_seed.renewed(key, &it.member_session_id, rng).map(New::Seed),
            Self::ClientSecret(..) => Err(SealError::Damaged),
            Self::WebhookSecrets(it) => {
                let before = it.sealed_previous.as_ref();
                let before = before.map(|before| before.renewed(key, &it.place(), rng)).transpose()?;
                Ok(New::Pair(it.sealed_secret.renewed(key, &it.place(), rng)?, before))
            }
            Self::Message(it, sealed) => {
                sealed.renewed(key, &place_of_body(&it.message_id), rng).map(New::Sealed)
            }
        }
    }

    /// `false` when somebody changed the row meanwhile.
    pub(super) async fn replace(&self, tx: &mut Tx, new: &New) -> std::result::Result<bool, Fault> {
        match (self, new) {
            (Self::AuditKey(it), New::Sealed(sealed)) => audit_keys::renew(tx, it, sealed).await,
            (Self::SigningKey(it), New::Sealed(sealed)) => resealing::renew_signing_key(tx, it, sealed).await,
            (Self::AuthenticatorApp(it), New::Sealed(sealed)) => resealing::renew_totp(tx, it, sealed).await,
            (Self::RecoveryCode(it), New::Code(digest, sealed)) => {
                resealing::renew_recovery_code(tx, it, (digest, sealed)).await
            }
            (Self::WebhookSecrets(it), New::Pair(secret, previous)) => {
                webhooks::renew(tx, it, (secret, previous.as_ref())).await
            }
            (Self::Session(it), New::Seed(seed)) => resealing::renew_session(tx, it, seed).await,
            (Self::Message(it, _), New::Sealed(sealed)) => messages::resealing::renew(tx, it, sealed).await,
            (
                Self::AuditKey(_)
                | Self::SigningKey(_)
                | Self::AuthenticatorApp(_)
                | Self::RecoveryCode(_)
                | Self::Session(_)
                | Self::ClientSecret(..)
                | Self::WebhookSecrets(_)
                | Self::Message(..),
                New::Sealed(_) | New::Code(..) | New::Seed(_) | New::Pair(..),
            ) => Ok(false),
        }
    }
}

fn code_under_present(
    it: &KeptCode,
    key: &ServerKey,
    rng: &mut impl RngCore,
) -> std::result::Result<New, SealError> {
    let sealed = it.sealed_code.as_ref().ok_or(SealError::Damaged)?;
    let place = place_of_code(it);
    let text = sealed.open(key, &place)?;
    let code = RecoveryCode::parse(&String::from_utf8_lossy(&text)).map_err(|_| SealError::Damaged)?;
    let owner = Owner {
        project: &it.project_id,
        organization: &it.organization_id,
        member: &it.member_id,
        registration: &it.totp_registration_id,
    };
    Ok(New::Code(code.digest(key, owner), Sealed::seal(key, &place, &text, rng)?))
}

fn place_of_code(it: &KeptCode) -> [&str; 5] {
    let (project, organization) = (it.project_id.as_str(), it.organization_id.as_str());
    ["recovery_codes", project, organization, it.member_id.as_str(), it.recovery_code_id.as_str()]
}
