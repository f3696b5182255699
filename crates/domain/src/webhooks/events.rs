//! What is told of what happened: event types and bodies.

use crate::{
    Timestamp,
    audit::{Action, Actor},
    id::{ProjectId, WebhookEventId},
};
use serde_json::{Map, Value, json};
use std::fmt;

/// What an action means to a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement {
    Organization(Verb),
    Member(Verb),
    Session(Verb),
    Factor(Factor, Verb),
    /// Four fifths of what may be sent in a window were sent.
    SmsBudget,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Create,
    Update,
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    SmsOtp,
    Totp,
    RecoveryCodes,
    Password,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectType {
    Organization,
    Member,
    Session,
    /// Every session of a member at once.
    MemberSessions,
    Factor(Factor),
    SmsBudget,
    Ping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The API or an SDK.
    Direct,
    /// The operator or an administrator.
    Dashboard,
    /// Names of our own, for what the contract tells nobody.
    Vestibule,
}

/// `source.object_type.action`, all lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    pub source: Source,
    pub object_type: ObjectType,
    pub verb: Verb,
}

/// Everything a body says beside the object.
pub struct Telling<'a> {
    pub event_type: EventType,
    pub event_id: &'a WebhookEventId,
    pub project_id: &'a ProjectId,
    /// Of the object.
    pub id: &'a str,
    pub at: Timestamp,
}

/// What is told of an action; nothing of what changes nothing a backend can see.
/// A factor is created when it can be used from then on, a new one in place of another included.
pub fn announced(action: Action) -> &'static [Announcement] {
    use Announcement as Of;
    use Verb::{Create, Delete, Update};
    match action {
        Action::OrganizationCreated => &[Of::Organization(Create)],
        Action::OrganizationUpdated | Action::OrganizationPolicyChanged => &[Of::Organization(Update)],
        Action::OrganizationDeleted => &[Of::Organization(Delete)],
        Action::MemberCreated => &[Of::Member(Create)],
        Action::MemberUpdated
        | Action::MemberReactivated
        | Action::MemberActivated
        | Action::MemberUnlocked
        | Action::MemberInvited
        | Action::EmailChanged
        | Action::EmailUnlinked
        | Action::PhoneSet
        | Action::SecondFactorLocked
        | Action::PasswordLocked => &[Of::Member(Update)],
        Action::MemberDeleted => &[Of::Member(Delete)],
        Action::PasswordSet => &[Of::Member(Update), Of::Factor(Factor::Password, Create)],
        Action::PasswordResetRequired => &[Of::Member(Update), Of::Factor(Factor::Password, Update)],
        Action::PasswordDeleted => &[Of::Member(Update), Of::Factor(Factor::Password, Delete)],
        Action::PhoneVerified => &[Of::Member(Update), Of::Factor(Factor::SmsOtp, Create)],
        Action::PhoneDeleted => &[Of::Member(Update), Of::Factor(Factor::SmsOtp, Delete)],
        Action::TotpActivated => &[Of::Member(Update), Of::Factor(Factor::Totp, Create)],
        Action::TotpDeleted => &[Of::Member(Update), Of::Factor(Factor::Totp, Delete)],
        Action::RecoveryCodesRotated => &[Of::Factor(Factor::RecoveryCodes, Create)],
        Action::RecoveryCodeUsed => &[Of::Factor(Factor::RecoveryCodes, Update)],
        Action::SessionCreated => &[Of::Session(Create)],
        Action::SessionExtended | Action::SessionRaised => &[Of::Session(Update)],
        Action::SmsBudgetWarning => &[Of::SmsBudget],
        Action::SessionRevoked => &[Of::Session(Delete)],
        Action::ProjectCreated
        | Action::ProjectSettingChanged
        | Action::ProjectPolicyChanged
        | Action::EmailUpdateStarted
        | Action::PasswordResetSent
        | Action::PasswordRehashed
        | Action::PasswordFailed
        | Action::MagicLinkSent
        | Action::DiscoveryLinkSent
        | Action::AddressProved
        | Action::EmailCodeSent
        | Action::EmailCodeFailed
        | Action::EmailCodesLocked
        | Action::PasscodeSent
        | Action::TotpCreated
        | Action::RecoveryCodesRead
        | Action::PrimaryProved
        | Action::SecondFactorFailed
        | Action::SecondFactorProved
        | Action::SigningKeyRotated
        | Action::SigningKeyRevoked
        | Action::ProjectSecretAdded
        | Action::ProjectSecretRemoved
        | Action::ProjectSecretRotated
        | Action::AdminTokenCreated
        | Action::AdminTokenRevoked
        | Action::ServerKeyRotated
        | Action::AuditKeyRotated
        | Action::ServerKeyRetired
        | Action::ImpersonationTokenMinted
        | Action::ImpersonationBegan
        | Action::TrustedTokenProfileCreated
        | Action::TrustedTokenProfileDeleted
        | Action::M2mClientCreated
        | Action::M2mClientUpdated
        | Action::M2mClientDeleted
        | Action::M2mClientSecretRotationStarted
        | Action::M2mClientSecretRotationCancelled
        | Action::M2mClientSecretRotated
        | Action::MailTemplateSaved
        | Action::MailTemplateDeleted
        | Action::MagicLinkFailed
        | Action::PasswordResetFailed
        | Action::ImpersonationFailed
        | Action::TrustedTokenFailed
        | Action::M2mTokenIssued
        | Action::M2mClientRefused
        | Action::PhoneHeld
        | Action::PhoneShared
        | Action::SmsBudgetChanged
        | Action::DatabaseRestored
        | Action::OrganizationErased
        | Action::OrganizationExported
        | Action::WebhookEndpointCreated
        | Action::WebhookEndpointUpdated
        | Action::WebhookEndpointDeleted
        | Action::WebhookEndpointDisabled
        | Action::WebhookSecretRotated
        | Action::WebhookEventsReplayed => &[],
    }
}

impl Announcement {
    pub fn verb(self) -> Verb {
        match self {
            Self::Organization(verb) | Self::Member(verb) | Self::Session(verb) | Self::Factor(_, verb) => {
                verb
            }
            Self::SmsBudget => Verb::Update,
        }
    }
}

impl Source {
    /// Of what the contract knows.
    pub fn of(actor: Actor) -> Self {
        match actor {
            Actor::Project | Actor::Member | Actor::Visitor => Self::Direct,
            Actor::Operator | Actor::Administrator | Actor::Server => Self::Dashboard,
        }
    }
}

impl Telling<'_> {
    /// The body: a creation or change holds the object under the name of its type.
    pub fn body(&self, object: Option<Value>) -> Value {
        let EventType { source, object_type, verb } = self.event_type;
        let loud = |it: &dyn fmt::Display| it.to_string().to_ascii_uppercase();
        let body = json!({
            "project_id": self.project_id,
            "event_id": self.event_id,
            "action": loud(&verb),
            "object_type": object_type.to_string(),
            "source": loud(&source),
            "id": self.id,
            "timestamp": microseconds(self.at),
            "vertical": "B2B",
        });
        let mut body = if let Value::Object(body) = body { body } else { Map::new() };
        if let Some(object) = object {
            body.insert(object_type.to_string(), object);
        }
        Value::Object(body)
    }
}

/// RFC 3339 in UTC with six digits after the second, whatever they are.
pub fn microseconds(at: Timestamp) -> String {
    let whole = Timestamp::from_milliseconds(at.seconds() * 1000).to_string();
    let rest = at.milliseconds().rem_euclid(1000) * 1000;
    format!("{}.{rest:06}Z", whole.trim_end_matches('Z'))
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.source, self.object_type, self.verb)
    }
}

macro_rules! words {
    ($($type:ident { $($name:ident = $text:literal,)* })*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text,)* })
            }
        }
    )*};
}

words! {
    Verb { Create = "create", Update = "update", Delete = "delete", }
    Source { Direct = "direct", Dashboard = "dashboard", Vestibule = "vestibule", }
    Factor { SmsOtp = "sms_otp", Totp = "totp", RecoveryCodes = "recovery_codes", Password = "password", }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization => f.write_str("organization"),
            Self::Member => f.write_str("member"),
            Self::Session => f.write_str("session"),
            Self::MemberSessions => f.write_str("member_sessions"),
            Self::Factor(factor) => factor.fmt(f),
            Self::SmsBudget => f.write_str("sms_budget"),
            Self::Ping => f.write_str("ping"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_six_digits_after_the_second() {
        for (ms, text) in [
            (1_700_000_000_250, "2023-11-14T22:13:20.250000Z"),
            (1_700_000_000_000, "2023-11-14T22:13:20.000000Z"),
            (1, "1970-01-01T00:00:00.001000Z"),
        ] {
            assert_eq!(microseconds(Timestamp::from_milliseconds(ms)), text);
        }
    }

    #[test]
    fn a_deletion_names_the_object_and_does_not_hold_it() {
        let (event_id, project_id) = (
            "webhook-event-test-00000000-0000-4000-8000-000000000001".parse().unwrap(),
            "project-test-00000000-0000-4000-8000-000000000001".parse().unwrap(),
        );
        let event_type =
            EventType { source: Source::Direct, object_type: ObjectType::Member, verb: Verb::Delete };
        let at = Timestamp::from_milliseconds(0);
        let telling = Telling { event_type, event_id: &event_id, project_id: &project_id, id: "m", at };
        assert_eq!(event_type.to_string(), "direct.member.delete");
        assert_eq!(
            telling.body(None),
            json!({
                "project_id": project_id, "event_id": event_id, "action": "DELETE", "object_type": "member",
                "source": "DIRECT", "id": "m", "timestamp": "1970-01-01T00:00:00.000000Z", "vertical": "B2B",
            })
        );
    }
}
