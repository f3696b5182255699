//! What happened, for the record.

pub mod chain;
pub mod filter;
pub mod heads;
pub mod key;
pub mod ocsf;
pub mod verification;

use crate::{
    Timestamp,
    id::{AuditEventId, MemberId, OrganizationId, ProjectId},
};
use serde_json::{Map, Value};
use std::fmt;

/// One row of the audit log; written in the transaction of its effect.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEvent {
    pub audit_event_id: AuditEventId,
    pub project_id: ProjectId,
    pub organization_id: Option<OrganizationId>,
    pub member_id: Option<MemberId>,
    pub action: Action,
    pub actor: Actor,
    pub at: Timestamp,
    /// Names of fields and methods; never a secret, a code or a number.
    pub details: Details,
}

#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Details(pub Map<String, Value>);

/// On whose authority it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Whoever holds the project secret, with full authority.
    Project,
    /// Anybody with a page, by the project's public token.
    Visitor,
    /// The member, by what was proved in the call.
    Member,
    /// The operator at the command line.
    Operator,
    /// The holder of an admin token; the details name it.
    Administrator,
    /// Nobody: the server by itself.
    Server,
}

macro_rules! actions {
    ($($name:ident = $text:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action { $($name,)* }

        impl Action {
            /// Everything that is ever written down.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }

        impl fmt::Display for Action {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text,)* })
            }
        }

        impl std::str::FromStr for Action {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$name),)* _ => Err("not an audit action") }
            }
        }
    };
}

actions! {
    ProjectCreated = "project.created",
    ProjectSettingChanged = "project.setting_changed",
    ProjectPolicyChanged = "project.policy_changed",
    OrganizationPolicyChanged = "organization.policy_changed",
    OrganizationCreated = "organization.created",
    OrganizationUpdated = "organization.updated",
    OrganizationDeleted = "organization.deleted",
    OrganizationErased = "organization.erased",
    OrganizationExported = "organization.exported",
    MemberCreated = "member.created",
    MemberUpdated = "member.updated",
    MemberDeleted = "member.deleted",
    MemberReactivated = "member.reactivated",
    MemberActivated = "member.activated",
    MemberUnlocked = "member.unlocked",
    MemberInvited = "member.invited",
    EmailChanged = "member.email_changed",
    EmailUpdateStarted = "member.email_update_started",
    EmailUnlinked = "member.email_unlinked",
    PasswordSet = "password.set",
    PasswordResetRequired = "password.reset_required",
    PasswordResetSent = "password.reset_sent",
    PasswordResetFailed = "password.reset_failed",
    PasswordDeleted = "password.deleted",
    PasswordRehashed = "password.rehashed",
    PasswordFailed = "password.failed",
    MagicLinkSent = "magic_link.sent",
    MagicLinkFailed = "magic_link.failed",
    DiscoveryLinkSent = "discovery_link.sent",
    AddressProved = "discovery.address_proved",
    EmailCodeSent = "email_otp.sent",
    EmailCodeFailed = "email_otp.failed",
    EmailCodesLocked = "email_otp.locked",
    PasscodeSent = "sms_otp.sent",
    SmsBudgetWarning = "sms.budget_warning",
    SmsBudgetChanged = "sms.budget_changed",
    PhoneSet = "phone.set",
    PhoneVerified = "phone.verified",
    PhoneDeleted = "phone.deleted",
    PhoneHeld = "phone.held",
    PhoneShared = "phone.shared",
    TotpCreated = "totp.created",
    TotpActivated = "totp.activated",
    TotpDeleted = "totp.deleted",
    RecoveryCodesRotated = "recovery_codes.rotated",
    RecoveryCodesRead = "recovery_codes.read",
    RecoveryCodeUsed = "recovery_code.used",
    PrimaryProved = "login.primary_proved",
    SecondFactorFailed = "login.second_factor_failed",
    SecondFactorProved = "login.second_factor_proved",
    SecondFactorLocked = "login.second_factor_locked",
    PasswordLocked = "login.password_locked",
    SessionCreated = "session.created",
    SessionExtended = "session.extended",
    SessionRaised = "session.raised",
    SessionRevoked = "session.revoked",
    SigningKeyRotated = "signing_key.rotated",
    SigningKeyRevoked = "signing_key.revoked",
    ProjectSecretAdded = "project_secret.added",
    ProjectSecretRemoved = "project_secret.removed",
    ProjectSecretRotated = "project_secret.rotated",
    AdminTokenCreated = "admin_token.created",
    AdminTokenRevoked = "admin_token.revoked",
    ServerKeyRotated = "server_key.rotated",
    ServerKeyRetired = "server_key.retired",
    AuditKeyRotated = "audit_key.rotated",
    DatabaseRestored = "database.restored",
    ImpersonationTokenMinted = "impersonation.token_minted",
    ImpersonationBegan = "impersonation.began",
    ImpersonationFailed = "impersonation.failed",
    TrustedTokenFailed = "trusted_token.failed",
    TrustedTokenProfileCreated = "trusted_token_profile.created",
    TrustedTokenProfileDeleted = "trusted_token_profile.deleted",
    MailTemplateSaved = "mail_template.saved",
    MailTemplateDeleted = "mail_template.deleted",
    M2mClientCreated = "m2m_client.created",
    M2mClientUpdated = "m2m_client.updated",
    M2mClientDeleted = "m2m_client.deleted",
    M2mClientSecretRotationStarted = "m2m_client.secret_rotation_started",
    M2mClientSecretRotationCancelled = "m2m_client.secret_rotation_cancelled",
    M2mClientSecretRotated = "m2m_client.secret_rotated",
    M2mTokenIssued = "m2m_token.issued",
    M2mClientRefused = "m2m_token.refused",
    WebhookEndpointCreated = "webhook_endpoint.created",
    WebhookEndpointUpdated = "webhook_endpoint.updated",
    WebhookEndpointDeleted = "webhook_endpoint.deleted",
    WebhookEndpointDisabled = "webhook_endpoint.disabled",
    WebhookSecretRotated = "webhook_endpoint.secret_rotated",
    WebhookEventsReplayed = "webhook_endpoint.events_replayed",
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Project => "project",
            Self::Member => "member",
            Self::Visitor => "visitor",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
            Self::Server => "server",
        })
    }
}

impl std::str::FromStr for Actor {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "project" => Ok(Self::Project),
            "member" => Ok(Self::Member),
            "visitor" => Ok(Self::Visitor),
            "operator" => Ok(Self::Operator),
            "administrator" => Ok(Self::Administrator),
            "server" => Ok(Self::Server),
            _ => Err("not an actor"),
        }
    }
}
