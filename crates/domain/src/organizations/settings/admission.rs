//! Who may become a member.

use super::{Permission, Settings};
use crate::{Refusal, email::EmailAddress};

impl Settings {
    /// Whether an unknown address may become a member by its domain.
    ///
    /// # Errors
    /// `EmailJitProvisioningNotAllowed`, `InvalidEmailForJitProvisioning`.
    pub fn admit_by_domain(&self, email: &EmailAddress) -> Result<(), Refusal> {
        match self.email_jit_provisioning {
            Permission::NotAllowed | Permission::AllAllowed => Err(Refusal::EmailJitProvisioningNotAllowed),
            Permission::Restricted if self.email_allowed_domains.iter().any(|it| it == email.domain()) => {
                Ok(())
            }
            Permission::Restricted => Err(Refusal::InvalidEmailForJitProvisioning),
        }
    }

    /// Whether an address may be invited.
    ///
    /// # Errors
    /// `InvalidEmailForInvites`.
    pub fn admit_by_invite(&self, email: &EmailAddress) -> Result<(), Refusal> {
        let is_listed = || self.email_allowed_domains.iter().any(|it| it == email.domain());
        match self.email_invites {
            Permission::AllAllowed => Ok(()),
            Permission::Restricted if is_listed() => Ok(()),
            Permission::Restricted | Permission::NotAllowed => Err(Refusal::InvalidEmailForInvites),
        }
    }
}
