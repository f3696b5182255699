//! How each row is put under another version, and whether it opens.

use super::{New, Row};
use crate::{audit, factors, sending::place_of_body};
use domain::{
    factors::recovery_codes::{Owner, RecoveryCode},
    organization_key::OrganizationKey,
    sealing::{SealError, Sealed},
    server_key::ServerKey,
};
use rand::RngCore;
use store::{
    Fault, Tx,
    audit::keys as audit_keys,
    messages,
    resealing::{self, KeptCode},
    webhooks,
};

impl Row {
    /// Opens what is sealed in it, and keeps nothing; none where nothing is.
    pub(in crate::secrets) fn opens(
        &self,
        (key, of_organization): (&ServerKey, Option<&OrganizationKey>),
    ) -> Option<std::result::Result<(), SealError>> {
        let keys = (key, of_organization);
        match self {
            Self::AuditKey(it) => {
                Some(it.sealed_root.open(key, &audit::keys::place(it.version).each()).map(drop))
            }
            Self::OrganizationKey(it) => it.sealed_key.as_ref().map(|sealed| {
                OrganizationKey::open(sealed, key, (&it.project_id, &it.organization_id)).map(drop)
            }),
            Self::SigningKey(it) => {
                let place = ["signing_keys", it.project_id.as_str(), it.key_id.as_str()];
                Some(it.sealed_private.open(key, &place).map(drop))
            }
            Self::AuthenticatorApp(it) => {
                Some(it.sealed_secret.open_for(keys, &factors::totp::place_of(it)).map(drop))
            }
            Self::RecoveryCode(it) => {
                it.sealed_code.as_ref().map(|sealed| sealed.open_for(keys, &place_of_code(it)).map(drop))
            }
            Self::WebhookSecrets(it) => {
                let mut sealed = std::iter::once(&it.sealed_secret).chain(&it.sealed_previous);
                Some(sealed.try_for_each(|secret| secret.open(key, &it.place()).map(drop)))
            }
            Self::Message(it, sealed) => Some(sealed.open(key, &place_of_body(&it.message_id)).map(drop)),
            Self::Session(_) | Self::ClientSecret(..) => None,
        }
    }

    pub(in crate::secrets) fn under_present(
        &self,
        (key, of_organization): (&ServerKey, Option<&OrganizationKey>),
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
                let place = factors::totp::place_of(it);
                let secret = it.sealed_secret.open_for((key, of_organization), &place)?;
                let under = of_organization.ok_or(SealError::NoOrganizationKey)?;
                Sealed::seal_for(under, &place, &secret, rng).map(New::Sealed)
            }
            Self::RecoveryCode(it) => {
                code_under_present(it, (key, of_organization.ok_or(SealError::NoOrganizationKey)?), rng)
            }
            Self::OrganizationKey(it) => {
                let whose = (&it.project_id, &it.organization_id);
                let sealed = it.sealed_key.as_ref().ok_or(SealError::NoOrganizationKey)?;
                OrganizationKey::open(sealed, key, whose)?.sealed(key, whose, rng).map(New::Sealed)
            }
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
    pub(in crate::secrets) async fn replace(
        &self,
        tx: &mut Tx,
        new: &New,
    ) -> std::result::Result<bool, Fault> {
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
                | Self::OrganizationKey(_)
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
    (key, under): (&ServerKey, &OrganizationKey),
    rng: &mut impl RngCore,
) -> std::result::Result<New, SealError> {
    let sealed = it.sealed_code.as_ref().ok_or(SealError::Damaged)?;
    let place = place_of_code(it);
    let text = sealed.open_for((key, Some(under)), &place)?;
    let code = RecoveryCode::parse(&String::from_utf8_lossy(&text)).map_err(|_| SealError::Damaged)?;
    let owner = Owner {
        project: &it.project_id,
        organization: &it.organization_id,
        member: &it.member_id,
        registration: &it.totp_registration_id,
    };
    Ok(New::Code(code.digest(key, owner), Sealed::seal_for(under, &place, &text, rng)?))
}

fn place_of_code(it: &KeptCode) -> [&str; 5] {
    let (project, organization) = (it.project_id.as_str(), it.organization_id.as_str());
    ["recovery_codes", project, organization, it.member_id.as_str(), it.recovery_code_id.as_str()]
}
