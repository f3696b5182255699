//! Every reason to say no: one enum.
//!
//! A message says what to do about it and never repeats what was sent. The
//! HTTP status and the `error_type` of each variant are decided in one table
//! of the API layer.

use crate::rbac::RbacRefusal;
use crate::search::{Complaint, Searched};
use crate::send_limits::UsedUp;
use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    // Project and transport
    #[error("The project_id or secret is wrong. Check the Basic credentials of the call.")]
    UnauthorizedCredentials,
    #[error("No such project.")]
    ProjectNotFound,
    #[error("No such route. Check the method and the path.")]
    RouteNotFound,
    #[error("This route does not answer to that method.")]
    MethodNotAllowed,
    #[error("The request is malformed: {0}.")]
    BadRequest(&'static str),
    #[error("The field {field} is not acceptable: {reason}.")]
    InvalidArgument { field: &'static str, reason: &'static str },
    #[error("Too many requests of this kind. Wait before the next.")]
    TooManyRequests,
    #[error("{0}")]
    UsedUp(UsedUp),
    #[error("The server is busy or not ready. Try again shortly.")]
    ServerUnavailable,
    #[error("The member's session does not permit this.")]
    SessionAuthorization,
    #[error("Pages may not do this: it is not switched on in the project's sdk settings.")]
    EndpointNotAuthorizedForSdk,
    #[error("Pages of this origin may not call. Add the origin to sdk.origins of the project.")]
    BadDomainForSdk,
    #[error(transparent)]
    Rbac(#[from] RbacRefusal),

    // Administration
    #[error(
        "The project's settings have changed since they were read. Read them again, and apply to what is there."
    )]
    RevisionIsAnother,
    #[error("Name the revision that was read in If-Match, or * to overwrite whatever is there.")]
    RevisionRequired,

    // Searches
    #[error("{1}")]
    Search(Searched, Complaint),

    // Organizations
    #[error("No such organization.")]
    OrganizationNotFound,
    #[error("Another organization of the project has this slug.")]
    OrganizationSlugAlreadyUsed,
    #[error("Another organization of the project has this external id.")]
    OrganizationExternalIdAlreadyUsed,
    #[error(
        "A slug has 2 to 128 characters: letters, digits, '-', '.', '_' and '~'; it must not look like an id or be a reserved word."
    )]
    InvalidOrganizationSlug,
    #[error(
        "An external id has 1 to 128 characters: letters, digits, '.', '_', '-' and '|'; it must not look like an id or be a reserved word."
    )]
    InvalidOrganizationExternalId,
    #[error("An organization's name has 1 to 128 characters.")]
    InvalidOrganizationName,
    #[error("A logo URL has at most 1024 characters.")]
    OrganizationLogoUrlTooLong,
    #[error("The field {0} holds a value it does not know.")]
    InvalidOrganizationAuthFactorSetting(&'static str),
    #[error("auth_methods RESTRICTED needs at least one entry in allowed_auth_methods.")]
    AllowedAuthMethodsRequired,
    #[error("mfa_methods RESTRICTED needs at least one entry in allowed_mfa_methods.")]
    AllowedMfaMethodsRequired,
    #[error("RESTRICTED e-mail invites or provisioning need email_allowed_domains.")]
    InvalidRestrictedEmailSetting,
    #[error("RESTRICTED provisioning by OAuth tenant needs allowed_oauth_tenants.")]
    InvalidRestrictedOAuthTenantsSetting,
    #[error("allowed_oauth_tenants maps slack, hubspot or github to lists of tenant ids.")]
    InvalidOAuthAllowedTenantsFormat,
    #[error("A domain of a common e-mail provider cannot be listed.")]
    DomainTooCommon,
    #[error("A domain of a common e-mail provider cannot be claimed.")]
    ClaimedDomainTooCommon,
    #[error("A listed domain is not a domain name.")]
    InvalidDomain,
    #[error("Too many domains; at most 100 can be listed.")]
    TooManyDomains,
    #[error("A domain of a common e-mail provider cannot grant a role.")]
    RbacDomainTooCommon,
    #[error("The domain of a role assignment is not a domain name.")]
    RbacInvalidDomain,
    #[error("The organization has no such active SSO connection.")]
    InvalidSsoDefaultConnectionId,

    // Members
    #[error("No such member.")]
    MemberNotFound,
    #[error("No member of the organization has this e-mail address.")]
    EmailNotFound,
    #[error("The e-mail address is not valid.")]
    InvalidEmail,
    #[error("Another member of the organization has this e-mail address.")]
    DuplicateMemberEmail,
    #[error("Another member of the organization used this e-mail address before; unlink it there first.")]
    RetiredMemberEmail,
    #[error("Another member of the organization has this external id.")]
    DuplicateMemberExternalId,
    #[error(
        "An external id has 1 to 128 characters: letters, digits, '.', '_', '-' and '|'; it must not look like an id or be a reserved word."
    )]
    InvalidMemberExternalId,
    #[error("Give member_id or email_address; if both are given, they must denote one member.")]
    InvalidMemberGetFields,
    #[error("The domain of this e-mail address is claimed by another organization.")]
    EmailDomainIsClaimed,
    #[error("The organization does not admit new members by their e-mail domain.")]
    EmailJitProvisioningNotAllowed,
    #[error("The organization admits new members only from its listed e-mail domains.")]
    InvalidEmailForJitProvisioning,
    #[error("Only a deleted member can be reactivated.")]
    NoDeletedMemberFoundForReactivation,
    #[error("Only a member with a verified e-mail address can be reactivated.")]
    EmailUnverifiedForReactivation,
    #[error("The e-mail address of the deleted member belongs to another member now.")]
    ReactivationEmailBelongsToAnotherMember,
    #[error("No such role in the project or the organization.")]
    InvalidRbacRoleId,
    #[error("The default role is held by every member and cannot be assigned.")]
    CannotAssignDefaultRbacRoleId,
    #[error("A member can hold at most 100 directly assigned roles.")]
    TooManyRoles,
    #[error("The organization does not accept invitations of this e-mail address.")]
    InvalidEmailForInvites,
    #[error("Only an active member can change the e-mail address.")]
    EmailUpdatesOnlyForActiveMembers,
    #[error("The member has no verified e-mail address to begin from.")]
    MemberHasNoActiveVerifiedEmail,
    #[error("Another member of the organization is about to take this e-mail address.")]
    DesiredEmailUpdatingForDifferentMember,
    #[error("Give email_id or email_address of a retired address.")]
    RetiredEmailMissingIdentifiers,
    #[error("The member has retired no such e-mail address; if both are given, they must denote one.")]
    RetiredEmailNotFound,
    #[error("The address in use cannot be unlinked; change it first.")]
    CannotDeleteEmail,
    #[error("Metadata is a JSON object.")]
    MetadataInvalidFormat,
    #[error("Metadata holds at most 20 top-level keys.")]
    MetadataTooManyKeys,
    #[error("Metadata holds at most 4 KB.")]
    MetadataTooLarge,

    // Webhooks
    #[error("No such webhook endpoint.")]
    WebhookEndpointNotFound,
    #[error("No such event was queued for the endpoint, or it was swept since.")]
    WebhookEventNotFound,
    #[error("A project has at most 20 webhook endpoints.")]
    TooManyWebhookEndpoints,

    // Sessions on somebody's word
    #[error("No such trusted token profile.")]
    TrustedTokenProfileNotFound,
    #[error(
        "The token was used before, has expired, or is not one that the profile trusts: check its issuer, audience, signature and times."
    )]
    InvalidTrustedAuthToken,
    #[error("The token does not name an organization; send organization_id or a token that does.")]
    TokenMissingOrganizationIdClaim,
    #[error("The token names another organization, or none of the project.")]
    InvalidTokenOrganizationIdClaim,
    #[error("The project has no URL at which external sessions are looked up; the operator sets it.")]
    MigrateFromExternalMissingUserinfo,
    #[error("The external session was not confirmed together with a verified e-mail address.")]
    MigrateFromExternalUnexpectedResponse,
    #[error("No member of the organization has the e-mail address of the external session.")]
    MigrateFromExternalEmailDoesNotExist,
    #[error("The impersonation token is unknown, was used or has expired. Ask for a new one.")]
    UnableToAuthImpersonationToken,
    #[error("Members of this project, organization or status cannot be impersonated.")]
    MemberImpersonationNotAllowed,
    #[error("The reason of an impersonation has 1 to 500 characters.")]
    InvalidImpersonationReason,
    #[error(
        "This session acts in a member's name: it cannot be extended, changed, or used to change how the member logs in."
    )]
    SessionNotMutable,
    #[error("The sandbox e-mail address belongs to the sandbox organization alone.")]
    InvalidEmailSandbox,
    #[error("The sandbox phone number belongs to the sandbox member alone.")]
    InvalidPhoneNumberSandbox,

    // Factors
    #[error("Only active members can have second factors.")]
    ActionAvailableOnlyForActiveMembers,
    #[error("The intermediate session does not prove a primary factor that this organization accepts.")]
    PrimaryAuthenticationRequired,
    #[error("The organization does not allow this authentication method.")]
    RestrictedByAuthMethods,
    #[error("The organization does not allow this second factor.")]
    RestrictedByMfaMethods,
    #[error("The member has an active second factor: send a session or intermediate session that proves it.")]
    InsufficientFactors,
    #[error("The phone number is not valid; write it in E.164 form, such as +12025550123.")]
    InvalidPhoneNumber,
    #[error("Text messages are not sent to premium, shared-cost, satellite and other special numbers.")]
    SpecialPhoneNumber,
    #[error("Text messages to this country are not enabled for the project.")]
    InvalidPhoneNumberCountryCode,
    #[error(
        "The phone number is new, and confirms no login until its hold is over. The member's other second factors work."
    )]
    PhoneNumberOnHold,
    #[error("The member has no phone number; send mfa_phone_number.")]
    MemberPhoneNumberNotFound,
    #[error("Another member of the organization has this phone number.")]
    DuplicateMemberPhoneNumber,
    #[error("The member has another phone number; delete it first.")]
    DuplicateMemberPhoneNumberForMember,
    #[error(
        "The text message could not be handed to the carrier. The code stays valid; try again for a new one."
    )]
    DownstreamCarrierError,
    #[error("The code must have 6 digits.")]
    InvalidCode,
    #[error("The code is wrong.")]
    OtpCodeNotFound,
    #[error("The code was used, replaced, guessed too often or has expired. Request a new one.")]
    UnableToAuthOtpCode,
    #[error("The member has an active authenticator app; delete it first.")]
    ActiveTotpExists,
    #[error("The member has no authenticator app.")]
    TotpNotFound,
    #[error("The enrolment of the authenticator app was not confirmed in time. Start it again.")]
    ExpiredTotp,
    #[error("An authenticator code has 6 digits.")]
    InvalidTotpCode,
    #[error("The authenticator code is wrong.")]
    UnableToAuthenticateTotp,
    #[error("This authenticator code was used already. Wait for the next.")]
    TotpCodeAlreadyAuthenticated,
    #[error("The secret is not base32 of 16 to 64 bytes.")]
    InvalidTotpSecret,
    #[error("This looks like a recovery code; use the recovery route.")]
    RecoveryCodeUsedAsTotpCode,
    #[error("This looks like an authenticator code; use the TOTP route.")]
    TotpCodeUsedAsRecoveryCode,
    #[error("A recovery code has 8 to 64 letters, digits and dashes.")]
    InvalidRecoveryCode,
    #[error("The recovery code is wrong or was used.")]
    UnableToAuthenticateRecoveryCode,
    #[error("The member has no recovery codes, or the project does not let them be read back.")]
    RecoveryCodesNotFound,
    #[error("The same recovery code was given twice.")]
    RecoveryCodesAlreadyExist,
    #[error("The member has no active authenticator app that recovery codes could stand in for.")]
    NoActiveRecoveryCodeBackedFactor,
    #[error("A default second factor is sms_otp or totp.")]
    InvalidMfaDefaultMethod,
    #[error("The member has not registered that second factor.")]
    DefaultMfaMemberMissingFactor,
    #[error("Too many failed attempts. Wait until the lock expires or ask an administrator.")]
    UserLockLimitReached,

    // Magic links and tokens
    #[error("No such magic link.")]
    MagicLinkNotFound,
    #[error("The magic link was used or has expired. Request a new one.")]
    UnableToAuthMagicLink,
    #[error("The request for this link carried a PKCE challenge; send its verifier.")]
    PkceExpectedCodeVerifier,
    #[error("The request for this link carried no PKCE challenge; send no verifier.")]
    PkceDidNotExpectCodeVerifier,
    #[error("The PKCE verifier does not match the challenge.")]
    PkceMismatch,
    #[error("A PKCE challenge is the base64url SHA-256 of the verifier.")]
    InvalidPkceCodeChallenge,
    #[error("A PKCE verifier has 43 to 128 unreserved characters.")]
    InvalidPkceCodeVerifier,
    #[error("The login redirect URL is not an acceptable URL.")]
    InvalidLoginRedirectUrl,
    #[error("The signup redirect URL is not an acceptable URL.")]
    InvalidSignupRedirectUrl,
    #[error("The invite redirect URL is not an acceptable URL.")]
    InvalidInviteRedirectUrl,
    #[error("The discovery redirect URL is not an acceptable URL.")]
    InvalidDiscoveryRedirectUrl,
    #[error("The redirect URL is not one of those registered for the project.")]
    NoMatchForProvidedMagicLinkUrl,
    #[error("The project has no default login redirect URL; register one or send it.")]
    NoDefaultLoginRedirectUrl,
    #[error("The project has no default signup redirect URL; register one or send it.")]
    NoDefaultSignupRedirectUrl,
    #[error("The project has no invite redirect URL; register one or send it.")]
    NoInviteRedirectUrl,
    #[error("The project has no default discovery redirect URL; register one or send it.")]
    NoDefaultDiscoveryRedirectUrl,
    #[error("Redirect URLs of a live project use https.")]
    UseHttps,
    #[error("Redirect URLs of a live project hold no wildcards.")]
    NoWildcardsInLiveRedirectUrl,
    #[error("A redirect URL is an absolute http or https URL without user information or fragment.")]
    InvalidUrl,
    #[error("No such e-mail template.")]
    EmailTemplateNotFound,
    #[error("The template is for mails of another kind.")]
    InvalidTemplateId,
    #[error("The template cannot be taken: {0}.")]
    InvalidEmailTemplateContent(String),
    #[error("There are 200 templates already; delete one first.")]
    TooManyEmailTemplates,
    #[error("The locale is not supported.")]
    InvalidLocale,
    #[error("The expiration is out of range.")]
    InvalidExpiration,
    #[error("A code lives 2 to 15 minutes.")]
    InvalidExpirationOtp,

    // Passwords
    #[error("The e-mail address or password is wrong.")]
    WrongPassword,
    #[error("The member has no password.")]
    MemberPasswordNotFound,
    #[error("The member has a password already.")]
    PasswordAlreadyExists,
    #[error("The password is too weak, or the one it would replace; choose another.")]
    WeakPassword,
    #[error("The password is known from a data breach; choose another.")]
    BreachedPassword,
    #[error("The password must be reset by e-mail before it can be used again.")]
    MemberResetPassword,
    #[error("The password could not be checked against known breaches in time. Try again shortly.")]
    PasswordValidationTimeout,
    #[error("The password reset token is unknown, was used or has expired. Request a new one.")]
    UnableToAuthPasswordResetToken,
    #[error("No factor of the session was proved within the last five minutes. Log in again.")]
    SessionTooOldToResetPassword,
    #[error("The project has no default redirect URL for password resets; register one or send it.")]
    NoPasswordResetRedirectUrl,
    #[error("The redirect URL for password resets is not an acceptable URL.")]
    InvalidPasswordResetRedirectUrl,
    #[error("The project has no default login redirect URL for this mail; register one or send it.")]
    NoLoginRedirectUrl,
    #[error("Passwords of the project are the same in every organization; use the routes for those.")]
    CrossOrgPasswordsEnabled,
    #[error("Passwords of the project belong to one organization each.")]
    CrossOrgPasswordsNotEnabled,
    #[error("The scope of passwords cannot change while the project has any.")]
    CannotToggleCrossOrgPasswords,
    #[error("A password has 1 to 1024 bytes.")]
    InvalidPasswordLength,
    #[error("The hash_type is not known.")]
    InvalidHashType,
    #[error("The hash is not well-formed for its hash_type.")]
    InvalidHash,
    #[error("The bcrypt cost must be between 4 and 16.")]
    InvalidBcryptCost,
    #[error("The MD5 hash is not 32 hexadecimal digits.")]
    InvalidMd5Hash,
    #[error("The SHA-1 hash is not 40 hexadecimal digits.")]
    InvalidSha1Hash,
    #[error("The SHA-512 hash is not 128 hexadecimal digits.")]
    InvalidSha512Hash,
    #[error("A salt to prepend has at most 256 bytes.")]
    InvalidPrependSalt,
    #[error("A salt to append has at most 256 bytes.")]
    InvalidAppendSalt,
    #[error("The argon2 salt is not acceptable.")]
    InvalidArgon2Salt,
    #[error("The argon2 iteration amount must be between 1 and 20.")]
    InvalidArgon2IterationAmount,
    #[error("The argon2 memory must be between 8 and 262144 KiB.")]
    InvalidArgon2Memory,
    #[error("The argon2 threads must be between 1 and 16.")]
    InvalidArgon2Threads,
    #[error("The argon2 key length must be between 16 and 128 bytes.")]
    InvalidArgon2KeyLength,
    #[error("The argon2 key length differs from the length of the hash.")]
    Argon2KeyLengthMismatch,
    #[error("The scrypt salt is not acceptable.")]
    InvalidScryptSalt,
    #[error("The scrypt n parameter must be a power of two between 2 and 262144.")]
    InvalidScryptNParameter,
    #[error("The scrypt r parameter must be between 1 and 32.")]
    InvalidScryptRParameter,
    #[error("The scrypt p parameter must be between 1 and 16.")]
    InvalidScryptPParameter,
    #[error("The scrypt key length must be between 16 and 128 bytes.")]
    InvalidScryptKeyLength,
    #[error("The scrypt key length differs from the length of the hash.")]
    ScryptKeyLengthMismatch,
    #[error("The PBKDF2 salt is not acceptable.")]
    InvalidPbkdf2Salt,
    #[error("The PBKDF2 iteration amount must be between 1 and 5000000.")]
    InvalidPbkdf2IterationAmount,
    #[error("The PBKDF2 algorithm is sha256 or sha512.")]
    InvalidPbkdf2Algorithm,
    #[error("The PBKDF2 key length must be between 16 and 128 bytes.")]
    InvalidPbkdf2KeyLength,
    #[error("The PBKDF2 key length differs from the length of the hash.")]
    Pbkdf2KeyLengthMismatch,
    #[error("The phpass hash is not well-formed, or its cost is out of range.")]
    InvalidPhpassHash,

    // Sessions
    #[error("No such session.")]
    SessionNotFound,
    #[error("No such intermediate session; it was used, has expired or never was.")]
    IntermediateSessionNotFound,
    #[error("The intermediate session belongs to another organization or member.")]
    InvalidIntermediateSessionForOrganization,
    #[error("The session proves nothing that carries over to this organization; log in there.")]
    InsufficientFactorsForSessionExchange,
    #[error("The organization has no member with the e-mail address of this session.")]
    MemberDoesNotExistInOrganization,
    #[error("Send an intermediate session token, a session token or a session JWT.")]
    NoSessionArguments,
    #[error("Send exactly one of intermediate session token, session token and session JWT.")]
    TooManySessionArguments,
    #[error("Send one of member_session_id, session_token, session_jwt and member_id.")]
    NoSessionRevokeArguments,
    #[error("Send exactly one of member_session_id, session_token, session_jwt and member_id.")]
    TooManySessionRevokeArguments,
    #[error("The session JWT cannot be read or its signature is wrong.")]
    UnableToParseSessionJwt,
    #[error("The session belongs to another member.")]
    MemberSessionMemberIdMismatch,
    #[error("A session lasts 5 to 527040 minutes.")]
    InvalidSessionDurationMinutes,
    #[error("Custom claims hold at most 4 KB.")]
    CustomClaimsTooLarge,
    #[error("Custom claims cannot use the reserved namespace.")]
    ReservedCustomClaims,

    // Clients and their tokens
    #[error("No such M2M client.")]
    M2mClientNotFound,
    #[error("Another M2M client of the project has this client_id.")]
    DuplicateM2mClientId,
    #[error(
        "A client_id has 1 to 128 characters: letters, digits, '.', '_', '-' and '|'; it must not look like another id or be a reserved word."
    )]
    M2mClientInvalidClientId,
    #[error("A client_name has at most 256 characters.")]
    M2mClientInvalidClientName,
    #[error("A client_description has at most 1024 characters.")]
    M2mClientInvalidClientDescription,
    #[error("A status is active or inactive.")]
    M2mClientInvalidStatus,
    #[error("A client_secret has at least 8 characters and is hard to guess. Leave it out to have one made.")]
    InsecureM2mClientSecret,
    #[error("A client_secret has at most 256 bytes.")]
    ClientSecretTooLong,
    #[error("A client_secret holds no control characters.")]
    M2mClientInvalidClientSecret,
    #[error("A scope has 1 to 128 printable ASCII characters without spaces, quotes and backslashes.")]
    InvalidM2mClientScope,
    #[error("A client has at most 100 scopes, 4 KB together.")]
    TooManyM2mClientScopes,
    #[error("The client's secret is being rotated already; finish or cancel that.")]
    M2mClientAlreadyRotatingSecret,
    #[error("The client's secret is not being rotated; start that first.")]
    M2mClientNotRotatingSecret,
    #[error("The client is unknown or inactive, or its secret is wrong.")]
    InvalidClient,
    #[error("A scope that was asked for is not one of the client's.")]
    InvalidScope,
    #[error("This grant_type is not supported; clients use client_credentials.")]
    UnsupportedGrantType,
}
