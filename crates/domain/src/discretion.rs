//! What somebody learns who has proved nothing.

use crate::Refusal;

/// Whether a refusal is the same for every address and every member, known or
/// not, so that it may be told to whoever asks. Everything else says something
/// about somebody; what is new does, until it is put here.
pub fn is_told_to_strangers(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::BadRequest(_)
            | Refusal::InvalidArgument { .. }
            | Refusal::InvalidEmail
            | Refusal::OrganizationNotFound
            | Refusal::ServerUnavailable
            | Refusal::InvalidExpiration
            | Refusal::InvalidLoginRedirectUrl
            | Refusal::InvalidSignupRedirectUrl
            | Refusal::InvalidDiscoveryRedirectUrl
            | Refusal::InvalidPasswordResetRedirectUrl
            | Refusal::NoMatchForProvidedMagicLinkUrl
            | Refusal::CrossOrgPasswordsNotEnabled
            // Only behind a right password.
            | Refusal::MemberResetPassword
            | Refusal::EndpointNotAuthorizedForSdk
            | Refusal::BadDomainForSdk
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_somebody_is_known_is_not_told() {
        for refusal in [
            Refusal::EmailNotFound,
            Refusal::MemberPasswordNotFound,
            Refusal::WrongPassword,
            Refusal::UserLockLimitReached,
            Refusal::EmailJitProvisioningNotAllowed,
            Refusal::TooManyRequests,
        ] {
            assert!(!is_told_to_strangers(&refusal), "{refusal}");
        }
    }
}
