//! Which class and activity of OCSF each action is.

use crate::audit::Action;

/// What an event is called there.
pub(super) struct Activity {
    pub class: Class,
    pub id: u32,
    pub name: &'static str,
    pub outcome: Outcome,
    pub severity: Severity,
}

pub(super) enum Class {
    Account,
    Authentication,
    /// With the kind of what is managed.
    Entity(&'static str),
    /// What this release has no name for.
    Base,
}

pub(super) enum Outcome {
    Success,
    Failure,
}

pub(super) enum Severity {
    Informational,
    Low,
    Medium,
    High,
}

pub(super) const UNKNOWN: Activity = of_class(Class::Base, 99, "Other");

impl Class {
    pub fn named(&self) -> (u32, &'static str) {
        match self {
            Self::Account => (3001, "Account Change"),
            Self::Authentication => (3002, "Authentication"),
            Self::Entity(_) => (3004, "Entity Management"),
            Self::Base => (0, "Base Event"),
        }
    }
}

impl Severity {
    pub fn named(&self) -> (u32, &'static str) {
        match self {
            Self::Informational => (1, "Informational"),
            Self::Low => (2, "Low"),
            Self::Medium => (3, "Medium"),
            Self::High => (4, "High"),
        }
    }
}

/// Locks, impersonation and keys are what somebody should look at.
pub(super) fn of(action: Action) -> Activity {
    match action {
        Action::PrimaryProved
        | Action::SecondFactorProved
        | Action::RecoveryCodeUsed
        | Action::AddressProved
        | Action::SessionCreated => LOGON,
        Action::SessionExtended | Action::SessionRaised => {
            of_class(Class::Authentication, 3, "Authentication Ticket")
        }
        Action::SessionRevoked => of_class(Class::Authentication, 2, "Logoff"),
        Action::PasswordFailed
        | Action::MagicLinkFailed
        | Action::EmailCodeFailed
        | Action::SecondFactorFailed
        | Action::PasswordResetFailed
        | Action::TrustedTokenFailed
        | Action::M2mClientRefused => failed(LOGON),
        Action::ImpersonationFailed => medium(failed(LOGON)),
        Action::M2mTokenIssued => of_class(Class::Authentication, 4, "Service Ticket Request"),
        Action::MagicLinkSent | Action::DiscoveryLinkSent | Action::EmailCodeSent | Action::PasscodeSent => {
            of_class(Class::Authentication, 6, "Preauth")
        }
        Action::ImpersonationTokenMinted => medium(of_class(Class::Authentication, 6, "Preauth")),
        Action::ImpersonationBegan => medium(LOGON),
        Action::EmailCodesLocked | Action::SecondFactorLocked | Action::PasswordLocked => {
            medium(of_class(Class::Account, 9, "Lock"))
        }
        Action::MemberUnlocked => of_class(Class::Account, 99, "Unlock"),
        Action::MemberCreated | Action::MemberInvited => of_class(Class::Account, 1, "Create"),
        Action::MemberActivated | Action::MemberReactivated => of_class(Class::Account, 2, "Enable"),
        Action::MemberDeleted => of_class(Class::Account, 6, "Delete"),
        Action::PasswordSet | Action::PasswordRehashed => of_class(Class::Account, 3, "Password Change"),
        Action::PasswordResetRequired | Action::PasswordResetSent | Action::PasswordDeleted => {
            of_class(Class::Account, 4, "Password Reset")
        }
        Action::TotpActivated | Action::PhoneVerified => of_class(Class::Account, 10, "MFA Factor Enable"),
        Action::TotpDeleted | Action::PhoneDeleted => of_class(Class::Account, 11, "MFA Factor Disable"),
        Action::MemberUpdated
        | Action::EmailChanged
        | Action::EmailUpdateStarted
        | Action::EmailUnlinked
        | Action::PhoneSet
        | Action::TotpCreated
        | Action::RecoveryCodesRotated => of_class(Class::Account, 99, "Update"),
        Action::RecoveryCodesRead => medium(of_class(Class::Account, 99, "Read")),
        Action::ProjectCreated => entity("project", CREATE),
        Action::ProjectSettingChanged | Action::ProjectPolicyChanged => entity("project", UPDATE),
        Action::OrganizationCreated => entity("organization", CREATE),
        Action::OrganizationUpdated | Action::OrganizationPolicyChanged => entity("organization", UPDATE),
        Action::OrganizationDeleted => medium(entity("organization", DELETE)),
        Action::OrganizationExported => medium(entity("organization", READ)),
        Action::OrganizationErased => high(entity("organization", DELETE)),
        Action::SigningKeyRotated => entity("signing key", UPDATE),
        Action::SigningKeyRevoked => high(entity("signing key", DELETE)),
        Action::ProjectSecretAdded => medium(entity("project secret", CREATE)),
        Action::ProjectSecretRemoved => medium(entity("project secret", DELETE)),
        Action::ProjectSecretRotated => medium(entity("project secret", UPDATE)),
        Action::AdminTokenCreated => medium(entity("admin token", CREATE)),
        Action::AdminTokenRevoked => medium(entity("admin token", DELETE)),
        Action::ServerKeyRotated => high(entity("server key", UPDATE)),
        Action::AuditKeyRotated => high(entity("audit key", UPDATE)),
        Action::ServerKeyRetired => high(entity("server key", DELETE)),
        Action::SmsBudgetWarning => medium(entity("sms budget", UPDATE)),
        Action::MailTemplateSaved => entity("mail template", UPDATE),
        Action::MailTemplateDeleted => entity("mail template", DELETE),
        Action::SmsBudgetChanged => entity("sms budget", UPDATE),
        Action::PhoneHeld | Action::PhoneShared => medium(of_class(Class::Account, 99, "Update")),
        Action::DatabaseRestored => high(entity("database", UPDATE)),
        Action::WebhookEndpointCreated => medium(entity("webhook endpoint", CREATE)),
        Action::WebhookEndpointUpdated | Action::WebhookSecretRotated => entity("webhook endpoint", UPDATE),
        Action::WebhookEndpointDisabled => medium(entity("webhook endpoint", UPDATE)),
        Action::WebhookEndpointDeleted => entity("webhook endpoint", DELETE),
        Action::WebhookEventsReplayed => entity("webhook delivery", UPDATE),
        Action::TrustedTokenProfileCreated => medium(entity("trusted token profile", CREATE)),
        Action::TrustedTokenProfileDeleted => entity("trusted token profile", DELETE),
        Action::M2mClientCreated => entity("m2m client", CREATE),
        Action::M2mClientUpdated
        | Action::M2mClientSecretRotationStarted
        | Action::M2mClientSecretRotationCancelled
        | Action::M2mClientSecretRotated => entity("m2m client", UPDATE),
        Action::M2mClientDeleted => entity("m2m client", DELETE),
    }
}

const LOGON: Activity = of_class(Class::Authentication, 1, "Logon");
const CREATE: (u32, &str) = (1, "Create");
const READ: (u32, &str) = (2, "Read");
const UPDATE: (u32, &str) = (3, "Update");
const DELETE: (u32, &str) = (4, "Delete");

const fn of_class(class: Class, id: u32, name: &'static str) -> Activity {
    Activity { class, id, name, outcome: Outcome::Success, severity: Severity::Informational }
}

const fn entity(kind: &'static str, (id, name): (u32, &'static str)) -> Activity {
    of_class(Class::Entity(kind), id, name)
}

fn failed(activity: Activity) -> Activity {
    Activity { outcome: Outcome::Failure, severity: Severity::Low, ..activity }
}

fn medium(activity: Activity) -> Activity {
    Activity { severity: Severity::Medium, ..activity }
}

fn high(activity: Activity) -> Activity {
    Activity { severity: Severity::High, ..activity }
}
