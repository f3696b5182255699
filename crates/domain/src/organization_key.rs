//! The key of one organization: its secrets are under it, and it is under the
//! server key, kept apart from them. Destroyed, it takes with it what any copy
//! of the database holds of them.

use crate::{
    id::{OrganizationId, ProjectId},
    sealing::{SealError, Sealed},
    server_key::ServerKey,
};
use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use rand::RngCore;
use std::fmt;
use zeroize::Zeroizing;

pub struct OrganizationKey(Zeroizing<[u8; 32]>);

impl OrganizationKey {
    pub fn random(rng: &mut impl RngCore) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        Self(bytes)
    }

    /// As it is kept.
    ///
    /// # Errors
    /// Only if the server key holds no key.
    pub fn sealed(
        &self,
        server: &ServerKey,
        (project, organization): (&ProjectId, &OrganizationId),
        rng: &mut impl RngCore,
    ) -> Result<Sealed, SealError> {
        Sealed::seal(server, &place(project, organization), &*self.0, rng)
    }

    /// # Errors
    /// As of [`Sealed::open`].
    pub fn open(
        sealed: &Sealed,
        server: &ServerKey,
        (project, organization): (&ProjectId, &OrganizationId),
    ) -> Result<Self, SealError> {
        let bytes = sealed.open(server, &place(project, organization))?;
        Ok(Self(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| SealError::Damaged)?)))
    }

    pub(crate) fn cipher(&self) -> Result<LessSafeKey, SealError> {
        let unbound = UnboundKey::new(&AES_256_GCM, &*self.0).map_err(|_| SealError::Damaged)?;
        Ok(LessSafeKey::new(unbound))
    }
}

fn place<'a>(project: &'a ProjectId, organization: &'a OrganizationId) -> [&'a str; 3] {
    ["organization_keys", project.as_str(), organization.as_str()]
}

impl fmt::Debug for OrganizationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrganizationKey(hidden)")
    }
}
