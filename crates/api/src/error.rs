//! Failure → status and `error_type`: one exhaustive table.

pub mod oauth;
mod rbac;
mod search;

use axum::http::{StatusCode, StatusCode as S};
use domain::{Refusal, Refusal as R, id::RequestId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::collections::BTreeSet;
use thiserror::Error as ThisError;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, ThisError)]
pub enum Error {
    /// The caller's business.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A body, query or path that cannot be read; says which field, never what it held.
    #[error("{0}")]
    Malformed(String),
    /// Too many calls at this node; in so many seconds there is room again.
    #[error("{}", Refusal::TooManyRequests)]
    TooFast(u64),
    /// Ours; logged, and opaque to the caller.
    #[error("{0}")]
    Broke(String),
}

impl From<flows::Error> for Error {
    fn from(error: flows::Error) -> Self {
        match error {
            flows::Error::Refused(refusal) => Self::Refused(refusal),
            flows::Error::Broke(fault) if fault.is_unavailable() => {
                tracing::error!(%fault, "the database cannot serve this call");
                Self::Refused(Refusal::ServerUnavailable)
            }
            flows::Error::Broke(fault) => Self::Broke(fault.to_string()),
            flows::Error::Sealed(error) => Self::Broke(error.to_string()),
            flows::Error::Setting(error) => Self::Malformed(format!("{error}.")),
            flows::Error::Signing(error) | flows::Error::Operator(error) => Self::Broke(error),
        }
    }
}

/// In which words a route tells its refusals; clients read one kind or the other, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Ours,
    /// RFC 6749, section 5.2.
    OAuth,
    /// Our refusals, but answers are wrapped.
    OfPages,
}

/// The body of every failure, as the strictest client reads it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub struct Body {
    #[schemars(range(min = 400, max = 599))]
    pub status_code: u16,
    pub request_id: String,
    #[schemars(schema_with = "error_types")]
    pub error_type: &'static str,
    pub error_message: String,
    pub error_url: String,
}

impl Error {
    pub fn on_the_wire(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Refused(refusal) => on_the_wire(refusal),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::TooFast(_) => on_the_wire(&Refusal::TooManyRequests),
            Self::Broke(_) => BROKE,
        }
    }

    /// In how many seconds to come again, where that is known.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooFast(seconds) => Some(*seconds),
            Self::Refused(_) | Self::Malformed(_) | Self::Broke(_) => None,
        }
    }

    /// The body of the answer, as JSON.
    pub(crate) fn told(&self, words: Words, id: &RequestId) -> serde_json::Result<Vec<u8>> {
        match words {
            Words::Ours | Words::OfPages => serde_json::to_vec(&self.body(id.to_string())),
            Words::OAuth => serde_json::to_vec(&oauth::body(self, id.to_string())),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.to_string(),
            Self::Malformed(what) => what.clone(),
            Self::TooFast(_) => Refusal::TooManyRequests.to_string(),
            Self::Broke(_) => "Something went wrong on the server; its log holds the request_id.".to_owned(),
        }
    }

    pub fn body(&self, request_id: String) -> Body {
        let (status, error_type) = self.on_the_wire();
        let error_message = self.message();
        let status_code = status.as_u16();
        let error_url = format!("https://stytch.com/docs/b2b/api/errors/{status_code}#{error_type}");
        Body { status_code, request_id, error_type, error_message, error_url }
    }
}

const BROKE: (StatusCode, &str) = (S::INTERNAL_SERVER_ERROR, "internal_server_error");

/// Every status a call can fail with.
pub fn statuses() -> BTreeSet<StatusCode> {
    LINES.iter().chain([&BROKE]).map(|(status, _)| *status).collect()
}

fn error_types(_: &mut SchemaGenerator) -> Schema {
    let words = LINES.iter().chain([&BROKE]).map(|(_, kind)| *kind);
    let known: BTreeSet<_> = words.chain(FAMILIES.concat()).collect();
    json_schema!({ "type": "string", "enum": known })
}

macro_rules! table {
    (
        match $refusal:ident { $($pattern:pat => $answer:tt $(,)?)* }
        families { $($kind:pat => $computed:tt of $family:path,)* }
    ) => {
        /// Status and type of a refusal.
        pub fn on_the_wire($refusal: &Refusal) -> (StatusCode, &'static str) {
            match $refusal {
                $($pattern => $answer,)*
                $($kind => $computed,)*
            }
        }

        /// The lines of the table whose type is one word.
        const LINES: &[(StatusCode, &str)] = &[$($answer),*];

        /// The types of the other lines.
        const FAMILIES: &[&[&str]] = &[$($family),*];
    };
}

// A new refusal does not compile without a line here. One whose type is computed
// stands among the families, with the list of what its type can be.
table! {
    match refusal {
        R::UnauthorizedCredentials => (S::UNAUTHORIZED, "unauthorized_credentials"),
        R::ProjectNotFound => (S::NOT_FOUND, "project_not_found"),
        R::RouteNotFound => (S::NOT_FOUND, "route_not_found"),
        R::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "method_not_allowed"),
        R::BadRequest(_) => (S::BAD_REQUEST, "bad_request"),
        R::InvalidArgument { .. } => (S::BAD_REQUEST, "invalid_argument"),
        R::TooManyRequests | R::UsedUp(_) => (S::TOO_MANY_REQUESTS, "too_many_requests"),
        R::ServerUnavailable => (S::SERVICE_UNAVAILABLE, "server_unavailable"),
        R::SessionAuthorization => (S::FORBIDDEN, "session_authorization_error"),
        R::EndpointNotAuthorizedForSdk => (S::FORBIDDEN, "endpoint_not_authorized_for_sdk"),
        R::BadDomainForSdk => (S::FORBIDDEN, "bad_domain_for_stytch_sdk"),
        R::RevisionIsAnother => (S::PRECONDITION_FAILED, "precondition_failed"),
        R::RevisionRequired => (S::PRECONDITION_REQUIRED, "precondition_required"),

        R::OrganizationNotFound => (S::NOT_FOUND, "organization_not_found"),
        R::OrganizationSlugAlreadyUsed => (S::BAD_REQUEST, "organization_slug_already_used"),
        R::OrganizationExternalIdAlreadyUsed => (S::BAD_REQUEST, "organization_external_id_already_used"),
        R::InvalidOrganizationSlug => (S::BAD_REQUEST, "invalid_organization_slug"),
        R::InvalidOrganizationExternalId => (S::BAD_REQUEST, "invalid_organization_external_id"),
        R::InvalidOrganizationName => (S::BAD_REQUEST, "invalid_organization_name"),
        R::OrganizationLogoUrlTooLong => (S::BAD_REQUEST, "organization_logo_url_too_long"),
        R::InvalidOrganizationAuthFactorSetting(_) => {
            (S::BAD_REQUEST, "invalid_organization_auth_factor_setting")
        }
        R::AllowedAuthMethodsRequired => (S::BAD_REQUEST, "allowed_auth_methods_required_for_restricted"),
        R::AllowedMfaMethodsRequired => (S::BAD_REQUEST, "allowed_mfa_methods_required_for_restricted"),
        R::InvalidRestrictedEmailSetting => (S::BAD_REQUEST, "invalid_restricted_email_setting"),
        R::InvalidRestrictedOAuthTenantsSetting => {
            (S::BAD_REQUEST, "invalid_restricted_oauth_tenants_setting")
        }
        R::InvalidOAuthAllowedTenantsFormat => (S::BAD_REQUEST, "invalid_oauth_allowed_tenants_format"),
        R::DomainTooCommon => (S::BAD_REQUEST, "organization_settings_domain_too_common"),
        R::ClaimedDomainTooCommon => (S::BAD_REQUEST, "organization_settings_claimed_domain_too_common"),
        R::InvalidDomain => (S::BAD_REQUEST, "organization_settings_invalid_domain"),
        R::TooManyDomains => (S::BAD_REQUEST, "too_many_domains"),
        R::RbacDomainTooCommon => (S::BAD_REQUEST, "rbac_domain_too_common"),
        R::RbacInvalidDomain => (S::BAD_REQUEST, "rbac_invalid_domain"),
        R::InvalidSsoDefaultConnectionId => (S::BAD_REQUEST, "invalid_sso_default_connection_id"),

        R::MemberNotFound => (S::NOT_FOUND, "member_not_found"),
        R::EmailNotFound => (S::NOT_FOUND, "email_not_found"),
        R::InvalidEmail => (S::BAD_REQUEST, "invalid_email"),
        R::DuplicateMemberEmail => (S::BAD_REQUEST, "duplicate_member_email"),
        R::RetiredMemberEmail => (S::BAD_REQUEST, "retired_member_email"),
        R::DuplicateMemberExternalId => (S::BAD_REQUEST, "duplicate_member_external_id"),
        R::InvalidMemberExternalId => (S::BAD_REQUEST, "invalid_id"),
        R::InvalidMemberGetFields => (S::BAD_REQUEST, "invalid_member_get_fields"),
        R::EmailDomainIsClaimed => (S::BAD_REQUEST, "action_not_allowed_email_domain_is_claimed"),
        R::EmailJitProvisioningNotAllowed => (S::FORBIDDEN, "email_jit_provisioning_not_allowed"),
        R::InvalidEmailForJitProvisioning => (S::BAD_REQUEST, "invalid_email_for_jit_provisioning"),
        R::NoDeletedMemberFoundForReactivation => (S::NOT_FOUND, "no_deleted_member_found_for_reactivation"),
        R::EmailUnverifiedForReactivation => (S::BAD_REQUEST, "email_unverified_for_reactivation"),
        R::ReactivationEmailBelongsToAnotherMember => {
            (S::BAD_REQUEST, "reactivation_email_belongs_to_another_member")
        }
        R::InvalidRbacRoleId => (S::BAD_REQUEST, "invalid_rbac_role_id"),
        R::CannotAssignDefaultRbacRoleId => (S::BAD_REQUEST, "cannot_assign_default_rbac_role_id"),
        R::TooManyRoles => (S::BAD_REQUEST, "too_many_roles"),
        R::InvalidEmailForInvites => (S::BAD_REQUEST, "invalid_email_for_invites"),
        R::EmailUpdatesOnlyForActiveMembers => {
            (S::BAD_REQUEST, "email_updates_available_only_for_active_members")
        }
        R::MemberHasNoActiveVerifiedEmail => (S::BAD_REQUEST, "member_has_no_active_verified_email"),
        R::DesiredEmailUpdatingForDifferentMember => {
            (S::BAD_REQUEST, "desired_email_updating_for_different_member")
        }
        R::RetiredEmailMissingIdentifiers => (S::BAD_REQUEST, "retired_email_missing_email_identifiers"),
        R::RetiredEmailNotFound => (S::NOT_FOUND, "email_not_found"),
        R::CannotDeleteEmail => (S::BAD_REQUEST, "cannot_delete_email"),
        R::MetadataInvalidFormat => (S::BAD_REQUEST, "metadata_invalid_format"),
        R::MetadataTooManyKeys => (S::BAD_REQUEST, "metadata_too_many_keys"),
        R::MetadataTooLarge => (S::BAD_REQUEST, "metadata_too_large"),

        R::ActionAvailableOnlyForActiveMembers => {
            (S::BAD_REQUEST, "action_available_only_for_active_members")
        }
        R::PrimaryAuthenticationRequired => {
            (S::BAD_REQUEST, "action_available_only_once_primary_authentication_is_met")
        }
        R::RestrictedByAuthMethods => (S::FORBIDDEN, "operation_restricted_by_organization_auth_methods"),
        R::RestrictedByMfaMethods => (S::FORBIDDEN, "operation_restricted_by_organization_mfa_methods"),
        R::InsufficientFactors => (S::UNAUTHORIZED, "insufficient_factors"),
        R::PhoneNumberOnHold => (S::FORBIDDEN, "phone_number_on_hold"),
        R::InvalidPhoneNumber | R::SpecialPhoneNumber => (S::BAD_REQUEST, "invalid_phone_number"),
        R::InvalidPhoneNumberCountryCode => (S::BAD_REQUEST, "invalid_phone_number_country_code"),
        R::MemberPhoneNumberNotFound => (S::NOT_FOUND, "member_phone_number_not_found"),
        R::DuplicateMemberPhoneNumber => (S::BAD_REQUEST, "duplicate_member_phone_number"),
        R::DuplicateMemberPhoneNumberForMember => {
            (S::BAD_REQUEST, "duplicate_member_phone_number_for_member")
        }
        R::DownstreamCarrierError => (S::BAD_GATEWAY, "downstream_carrier_error"),
        R::InvalidCode => (S::BAD_REQUEST, "invalid_code"),
        R::OtpCodeNotFound => (S::NOT_FOUND, "otp_code_not_found"),
        R::UnableToAuthOtpCode => (S::UNAUTHORIZED, "unable_to_auth_otp_code"),
        R::ActiveTotpExists => (S::BAD_REQUEST, "active_totp_exists"),
        R::TotpNotFound => (S::NOT_FOUND, "totp_not_found"),
        R::ExpiredTotp => (S::UNAUTHORIZED, "expired_totp"),
        R::InvalidTotpCode => (S::BAD_REQUEST, "invalid_totp_code"),
        R::UnableToAuthenticateTotp => (S::UNAUTHORIZED, "unable_to_authenticate_totp"),
        R::TotpCodeAlreadyAuthenticated => (S::BAD_REQUEST, "totp_code_already_authenticated"),
        R::InvalidTotpSecret => (S::BAD_REQUEST, "invalid_argument"),
        R::RecoveryCodeUsedAsTotpCode => (S::BAD_REQUEST, "recovery_code_used_as_totp_code"),
        R::TotpCodeUsedAsRecoveryCode => (S::BAD_REQUEST, "totp_code_used_as_recovery_code"),
        R::InvalidRecoveryCode => (S::BAD_REQUEST, "invalid_recovery_code"),
        R::UnableToAuthenticateRecoveryCode => (S::UNAUTHORIZED, "unable_to_authenticate_recovery_code"),
        R::RecoveryCodesNotFound => (S::NOT_FOUND, "recovery_codes_not_found"),
        R::RecoveryCodesAlreadyExist => (S::BAD_REQUEST, "recovery_codes_already_exist"),
        R::NoActiveRecoveryCodeBackedFactor => (S::BAD_REQUEST, "no_active_recovery_code_backed_factor"),
        R::InvalidMfaDefaultMethod => (S::BAD_REQUEST, "invalid_mfa_default_method"),
        R::DefaultMfaMemberMissingFactor => (S::BAD_REQUEST, "default_mfa_member_missing_factor"),
        R::UserLockLimitReached => (S::TOO_MANY_REQUESTS, "user_lock_limit_reached"),

        R::MagicLinkNotFound => (S::NOT_FOUND, "magic_link_not_found"),
        R::UnableToAuthMagicLink => (S::UNAUTHORIZED, "unable_to_auth_magic_link"),
        R::PkceExpectedCodeVerifier => (S::BAD_REQUEST, "pkce_expected_code_verifier"),
        R::PkceDidNotExpectCodeVerifier => (S::BAD_REQUEST, "pkce_did_not_expect_code_verifier"),
        R::PkceMismatch => (S::UNAUTHORIZED, "pkce_mismatch"),
        R::InvalidPkceCodeChallenge => (S::BAD_REQUEST, "invalid_pkce_code_challenge"),
        R::InvalidPkceCodeVerifier => (S::BAD_REQUEST, "invalid_pkce_code_verifier"),
        R::InvalidLoginRedirectUrl => (S::BAD_REQUEST, "invalid_login_redirect_url"),
        R::InvalidSignupRedirectUrl => (S::BAD_REQUEST, "invalid_signup_redirect_url"),
        R::InvalidInviteRedirectUrl => (S::BAD_REQUEST, "invalid_invite_redirect_url"),
        R::InvalidDiscoveryRedirectUrl => (S::BAD_REQUEST, "invalid_discovery_redirect_url"),
        R::NoMatchForProvidedMagicLinkUrl => (S::BAD_REQUEST, "no_match_for_provided_magic_link_url"),
        R::NoDefaultLoginRedirectUrl => (S::BAD_REQUEST, "no_default_login_redirect_url_set"),
        R::NoDefaultSignupRedirectUrl => (S::BAD_REQUEST, "no_default_signup_redirect_url_set"),
        R::NoInviteRedirectUrl => (S::BAD_REQUEST, "no_invite_redirect_url"),
        R::NoDefaultDiscoveryRedirectUrl => (S::BAD_REQUEST, "no_default_discovery_redirect_url_set"),
        R::UseHttps => (S::BAD_REQUEST, "use_https"),
        R::NoWildcardsInLiveRedirectUrl => (S::BAD_REQUEST, "no_wildcards_in_live_redirect_url"),
        R::InvalidUrl => (S::BAD_REQUEST, "invalid_url"),
        R::EmailTemplateNotFound => (S::NOT_FOUND, "email_template_not_found"),
        R::InvalidTemplateId => (S::BAD_REQUEST, "invalid_template_id"),
        R::InvalidEmailTemplateContent(_) => (S::BAD_REQUEST, "invalid_email_template_content"),
        R::TooManyEmailTemplates => (S::BAD_REQUEST, "too_many_email_templates"),
        R::InvalidLocale => (S::BAD_REQUEST, "invalid_locale"),
        R::InvalidExpiration => (S::BAD_REQUEST, "invalid_expiration"),
        R::InvalidExpirationOtp => (S::BAD_REQUEST, "invalid_expiration_otp"),

        R::WrongPassword => (S::UNAUTHORIZED, "unauthorized_credentials"),
        R::MemberPasswordNotFound => (S::NOT_FOUND, "member_password_not_found"),
        R::PasswordAlreadyExists => (S::BAD_REQUEST, "password_already_exists"),
        R::WeakPassword => (S::BAD_REQUEST, "weak_password"),
        R::BreachedPassword => (S::BAD_REQUEST, "breached_password"),
        R::MemberResetPassword => (S::BAD_REQUEST, "member_reset_password"),
        R::PasswordValidationTimeout => (S::GATEWAY_TIMEOUT, "password_validation_timeout"),
        R::UnableToAuthPasswordResetToken => (S::UNAUTHORIZED, "unable_to_auth_password_reset_token"),
        R::SessionTooOldToResetPassword => (S::UNAUTHORIZED, "session_too_old_to_reset_password"),
        R::NoPasswordResetRedirectUrl => (S::BAD_REQUEST, "no_password_reset_redirect_url"),
        R::InvalidPasswordResetRedirectUrl => (S::BAD_REQUEST, "invalid_password_reset_redirect_url"),
        R::NoLoginRedirectUrl => (S::BAD_REQUEST, "no_login_redirect_url"),
        R::CrossOrgPasswordsEnabled => (S::BAD_REQUEST, "cross_org_passwords_enabled"),
        R::CrossOrgPasswordsNotEnabled => (S::BAD_REQUEST, "cross_org_passwords_not_enabled"),
        R::CannotToggleCrossOrgPasswords => {
            (S::BAD_REQUEST, "cannot_toggle_cross_org_passwords_when_password_in_use")
        }
        R::InvalidPasswordLength => (S::BAD_REQUEST, "invalid_argument"),
        R::InvalidHashType => (S::BAD_REQUEST, "invalid_hash_type"),
        R::InvalidHash => (S::BAD_REQUEST, "invalid_hash"),
        R::InvalidBcryptCost => (S::BAD_REQUEST, "invalid_bcrypt_cost"),
        R::InvalidMd5Hash => (S::BAD_REQUEST, "invalid_md_5_hash"),
        R::InvalidSha1Hash => (S::BAD_REQUEST, "invalid_sha_1_hash"),
        R::InvalidSha512Hash => (S::BAD_REQUEST, "invalid_sha_512_hash"),
        R::InvalidPrependSalt => (S::BAD_REQUEST, "invalid_prepend_salt"),
        R::InvalidAppendSalt => (S::BAD_REQUEST, "invalid_append_salt"),
        R::InvalidArgon2Salt => (S::BAD_REQUEST, "invalid_argon_2_salt"),
        R::InvalidArgon2IterationAmount => (S::BAD_REQUEST, "invalid_argon_2_iteration_amount"),
        R::InvalidArgon2Memory => (S::BAD_REQUEST, "invalid_argon_2_memory"),
        R::InvalidArgon2Threads => (S::BAD_REQUEST, "invalid_argon_2_threads"),
        R::InvalidArgon2KeyLength => (S::BAD_REQUEST, "invalid_argon_2_key_length"),
        R::Argon2KeyLengthMismatch => (S::BAD_REQUEST, "argon_2_key_length_mismatch"),
        R::InvalidScryptSalt => (S::BAD_REQUEST, "invalid_base64_scrypt_salt"),
        R::InvalidScryptNParameter => (S::BAD_REQUEST, "invalid_scrypt_n_parameter"),
        R::InvalidScryptRParameter | R::InvalidScryptPParameter | R::InvalidScryptKeyLength => {
            (S::BAD_REQUEST, "invalid_scrypt_parameters")
        }
        R::ScryptKeyLengthMismatch => (S::BAD_REQUEST, "scrypt_key_length_mismatch"),
        R::InvalidPbkdf2Salt => (S::BAD_REQUEST, "invalid_pbkdf_2_salt"),
        R::InvalidPbkdf2IterationAmount => (S::BAD_REQUEST, "invalid_pbkdf_2_iteration_amount"),
        R::InvalidPbkdf2Algorithm => (S::BAD_REQUEST, "invalid_pbkdf_2_algorithm"),
        R::InvalidPbkdf2KeyLength => (S::BAD_REQUEST, "invalid_argument"),
        R::Pbkdf2KeyLengthMismatch => (S::BAD_REQUEST, "pbkdf_2_key_length_mismatch"),
        R::InvalidPhpassHash => (S::BAD_REQUEST, "invalid_phpass_hash_format"),

        R::SessionNotFound => (S::NOT_FOUND, "session_not_found"),
        R::IntermediateSessionNotFound => (S::NOT_FOUND, "intermediate_session_not_found"),
        R::InsufficientFactorsForSessionExchange => {
            (S::BAD_REQUEST, "insufficient_factors_for_session_exchange")
        }
        R::MemberDoesNotExistInOrganization => (S::NOT_FOUND, "member_does_not_exist_in_organization"),
        R::InvalidIntermediateSessionForOrganization => {
            (S::BAD_REQUEST, "invalid_intermediate_session_token_for_organization")
        }
        R::NoSessionArguments => (S::BAD_REQUEST, "no_session_arguments"),
        R::TooManySessionArguments => (S::BAD_REQUEST, "too_many_session_arguments"),
        R::NoSessionRevokeArguments => (S::BAD_REQUEST, "no_session_revoke_arguments"),
        R::TooManySessionRevokeArguments => (S::BAD_REQUEST, "too_many_session_revoke_arguments"),
        R::UnableToParseSessionJwt => (S::UNAUTHORIZED, "unable_to_parse_session_jwt"),
        R::MemberSessionMemberIdMismatch => (S::BAD_REQUEST, "member_session_member_id_mismatch"),
        R::InvalidSessionDurationMinutes => (S::BAD_REQUEST, "invalid_session_duration_minutes"),
        R::SessionNotMutable => (S::BAD_REQUEST, "session_not_mutable"),
        R::WebhookEndpointNotFound => (S::NOT_FOUND, "webhook_endpoint_not_found"),
        R::WebhookEventNotFound => (S::NOT_FOUND, "webhook_event_not_found"),
        R::TooManyWebhookEndpoints => (S::BAD_REQUEST, "too_many_webhook_endpoints"),
        R::TrustedTokenProfileNotFound => (S::NOT_FOUND, "trusted_token_profile_not_found"),
        R::InvalidTrustedAuthToken => (S::UNAUTHORIZED, "invalid_trusted_auth_token"),
        R::TokenMissingOrganizationIdClaim => (S::BAD_REQUEST, "token_missing_organization_id_claim"),
        R::InvalidTokenOrganizationIdClaim => (S::BAD_REQUEST, "invalid_token_organization_id_claim"),
        R::MigrateFromExternalMissingUserinfo => (S::BAD_REQUEST, "migrate_from_external_missing_userinfo"),
        R::MigrateFromExternalUnexpectedResponse => {
            (S::BAD_REQUEST, "migrate_from_external_unexpected_response")
        }
        R::MigrateFromExternalEmailDoesNotExist => {
            (S::BAD_REQUEST, "migrate_from_external_email_does_not_exist")
        }
        R::UnableToAuthImpersonationToken => (S::UNAUTHORIZED, "unable_to_auth_impersonation_token"),
        R::MemberImpersonationNotAllowed => (S::FORBIDDEN, "member_impersonation_not_allowed"),
        R::InvalidImpersonationReason => (S::BAD_REQUEST, "invalid_impersonation_reason"),
        R::InvalidEmailSandbox => (S::BAD_REQUEST, "invalid_email_sandbox"),
        R::InvalidPhoneNumberSandbox => (S::BAD_REQUEST, "invalid_phone_number_sandbox"),
        R::CustomClaimsTooLarge => (S::BAD_REQUEST, "custom_claims_too_large"),
        R::ReservedCustomClaims => (S::BAD_REQUEST, "stytch_claims_in_custom_claims"),

        R::M2mClientNotFound => (S::NOT_FOUND, "m2m_client_not_found"),
        R::DuplicateM2mClientId => (S::BAD_REQUEST, "duplicate_m2m_client_id"),
        R::M2mClientInvalidClientId => (S::BAD_REQUEST, "m2m_client_invalid_client_id"),
        R::M2mClientInvalidClientName => (S::BAD_REQUEST, "m2m_client_invalid_client_name"),
        R::M2mClientInvalidClientDescription => (S::BAD_REQUEST, "m2m_client_invalid_client_description"),
        R::M2mClientInvalidStatus => (S::BAD_REQUEST, "m2m_client_invalid_status"),
        R::InsecureM2mClientSecret => (S::BAD_REQUEST, "insecure_m2m_client_secret"),
        R::ClientSecretTooLong => (S::BAD_REQUEST, "client_secret_too_long"),
        R::M2mClientInvalidClientSecret => (S::BAD_REQUEST, "m2m_client_invalid_client_secret"),
        R::InvalidM2mClientScope => (S::BAD_REQUEST, "invalid_m2m_client_scope"),
        R::TooManyM2mClientScopes => (S::BAD_REQUEST, "too_many_m2m_client_scopes"),
        R::M2mClientAlreadyRotatingSecret => (S::BAD_REQUEST, "m2m_client_already_rotating_secret"),
        R::M2mClientNotRotatingSecret => (S::BAD_REQUEST, "m2m_client_not_rotating_secret"),
        // Told in the words of OAuth, see `error/oauth.rs`.
        R::InvalidClient => (S::UNAUTHORIZED, "unauthorized_credentials"),
        R::InvalidScope => (S::BAD_REQUEST, "invalid_m2m_client_scope"),
        R::UnsupportedGrantType => (S::BAD_REQUEST, "bad_request"),
    }
    families {
        R::Rbac(refusal) => { rbac::on_the_wire(*refusal) } of rbac::ERROR_TYPES,
        R::Search(searched, complaint) => (S::BAD_REQUEST, search::error_type(*searched, *complaint))
            of search::ERROR_TYPES,
    }
}
