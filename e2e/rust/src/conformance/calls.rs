//! How this client asks each operation: its request type, its method.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use stytch::b2b::client::Client;
use stytch::b2b::{
    discovery_intermediate_sessions, discovery_organizations, impersonation, magic_links,
    magic_links_discovery, magic_links_email, magic_links_email_discovery, organizations,
    organizations_members, otp_email, otp_email_discovery, otp_sms, passwords, passwords_discovery,
    passwords_discovery_email, passwords_email, passwords_existing_password, passwords_session, rbac,
    rbac_organizations, recovery_codes, sessions, totps,
};
use stytch::consumer::{debug, m2m_clients, m2m_clients_secrets, project};

macro_rules! operations {
    ($($operation:literal => $first:ident $(. $rest:ident)* ($request:ty),)*) => {
        /// Whether this client has a method for it.
        pub fn knows(operation: &str) -> bool {
            [$($operation,)* "m2m.token"].contains(&operation)
        }

        /// An answer that this client cannot parse is an error too.
        pub async fn ask(client: &Client, operation: &str, fields: Map<String, Value>) -> stytch::Result<()> {
            match operation {
                $($operation => Box::pin(client.$first $(. $rest)* (request::<$request>(fields)?)).await.map(drop),)*
                "m2m.token" => client.m2m.token(parsed(Value::Object(fields))?).await.map(drop),
                _ => Err(stytch::Error::Unauthorized),
            }
        }
    };
}

operations! {
    "organizations.create" => organizations.create(organizations::CreateRequest),
    "organizations.search" => organizations.search(organizations::SearchRequest),
    "organizations.get" => organizations.get(organizations::GetRequest),
    "organizations.update" => organizations.update(organizations::UpdateRequest),
    "organizations.delete" => organizations.delete(organizations::DeleteRequest),
    "organizations.deleteExternalId" => organizations.delete_external_id(organizations::DeleteExternalIdRequest),
    "organizations.metrics" => organizations.metrics(organizations::MetricsRequest),
    "organizations.members.create" => organizations.members.create(organizations_members::CreateRequest),
    "organizations.members.get" => organizations.members.get(organizations_members::GetRequest),
    "organizations.members.dangerouslyGet" => organizations.members.dangerously_get(organizations_members::DangerouslyGetRequest),
    "organizations.members.search" => organizations.members.search(organizations_members::SearchRequest),
    "organizations.members.update" => organizations.members.update(organizations_members::UpdateRequest),
    "organizations.members.delete" => organizations.members.delete(organizations_members::DeleteRequest),
    "organizations.members.reactivate" => organizations.members.reactivate(organizations_members::ReactivateRequest),
    "organizations.members.deleteExternalId" => organizations.members.delete_external_id(organizations_members::DeleteExternalIdRequest),
    "organizations.members.deleteMFAPhoneNumber" => organizations.members.delete_mfa_phone_number(organizations_members::DeleteMFAPhoneNumberRequest),
    "organizations.members.deletePassword" => organizations.members.delete_password(organizations_members::DeletePasswordRequest),
    "organizations.members.deleteTOTP" => organizations.members.delete_totp(organizations_members::DeleteTOTPRequest),
    "organizations.members.startEmailUpdate" => organizations.members.start_email_update(organizations_members::StartEmailUpdateRequest),
    "organizations.members.unlinkRetiredEmail" => organizations.members.unlink_retired_email(organizations_members::UnlinkRetiredEmailRequest),
    "magicLinks.authenticate" => magic_links.authenticate(magic_links::AuthenticateRequest),
    "magicLinks.discovery.authenticate" => magic_links.discovery.authenticate(magic_links_discovery::AuthenticateRequest),
    "magicLinks.email.discovery.send" => magic_links.email.discovery.send(magic_links_email_discovery::SendRequest),
    "magicLinks.email.invite" => magic_links.email.invite(magic_links_email::InviteRequest),
    "magicLinks.email.loginOrSignup" => magic_links.email.login_or_signup(magic_links_email::LoginOrSignupRequest),
    "otps.email.authenticate" => otps.email.authenticate(otp_email::AuthenticateRequest),
    "otps.email.discovery.authenticate" => otps.email.discovery.authenticate(otp_email_discovery::AuthenticateRequest),
    "otps.email.discovery.send" => otps.email.discovery.send(otp_email_discovery::SendRequest),
    "otps.email.loginOrSignup" => otps.email.login_or_signup(otp_email::LoginOrSignupRequest),
    "otps.sms.authenticate" => otps.sms.authenticate(otp_sms::AuthenticateRequest),
    "otps.sms.send" => otps.sms.send(otp_sms::SendRequest),
    "totps.create" => totps.create(totps::CreateRequest),
    "totps.authenticate" => totps.authenticate(totps::AuthenticateRequest),
    "totps.migrate" => totps.migrate(totps::MigrateRequest),
    "recoveryCodes.recover" => recovery_codes.recover(recovery_codes::RecoverRequest),
    "recoveryCodes.rotate" => recovery_codes.rotate(recovery_codes::RotateRequest),
    "recoveryCodes.get" => recovery_codes.get(recovery_codes::GetRequest),
    "discovery.organizations.list" => discovery.organizations.list(discovery_organizations::ListRequest),
    "discovery.organizations.create" => discovery.organizations.create(discovery_organizations::CreateRequest),
    "discovery.intermediateSessions.exchange" => discovery.intermediate_sessions.exchange(discovery_intermediate_sessions::ExchangeRequest),
    "passwords.authenticate" => passwords.authenticate(passwords::AuthenticateRequest),
    "passwords.strengthCheck" => passwords.strength_check(passwords::StrengthCheckRequest),
    "passwords.migrate" => passwords.migrate(passwords::MigrateRequest),
    "passwords.email.resetStart" => passwords.email.reset_start(passwords_email::ResetStartRequest),
    "passwords.email.reset" => passwords.email.reset(passwords_email::ResetRequest),
    "passwords.email.requireReset" => passwords.email.require_reset(passwords_email::RequireResetRequest),
    "passwords.existingPassword.reset" => passwords.existing_password.reset(passwords_existing_password::ResetRequest),
    "passwords.sessions.reset" => passwords.sessions.reset(passwords_session::ResetRequest),
    "passwords.discovery.authenticate" => passwords.discovery.authenticate(passwords_discovery::AuthenticateRequest),
    "passwords.discovery.email.resetStart" => passwords.discovery.email.reset_start(passwords_discovery_email::ResetStartRequest),
    "passwords.discovery.email.reset" => passwords.discovery.email.reset(passwords_discovery_email::ResetRequest),
    "sessions.get" => sessions.get(sessions::GetRequest),
    "sessions.authenticate" => sessions.authenticate(sessions::AuthenticateRequest),
    "sessions.exchange" => sessions.exchange(sessions::ExchangeRequest),
    "sessions.revoke" => sessions.revoke(sessions::RevokeRequest),
    "sessions.attest" => sessions.attest(sessions::AttestRequest),
    "sessions.migrate" => sessions.migrate(sessions::MigrateRequest),
    "sessions.getJWKS" => sessions.get_jwks(sessions::GetJWKSRequest),
    "rbac.policy" => rbac.policy(rbac::PolicyRequest),
    "rbac.organizations.getOrgPolicy" => rbac.organizations.get_org_policy(rbac_organizations::GetOrgPolicyRequest),
    "rbac.organizations.setOrgPolicy" => rbac.organizations.set_org_policy(rbac_organizations::SetOrgPolicyRequest),
    "impersonation.authenticate" => impersonation.authenticate(impersonation::AuthenticateRequest),
    "m2m.clients.create" => m2m.clients.create(m2m_clients::CreateRequest),
    "m2m.clients.get" => m2m.clients.get(m2m_clients::GetRequest),
    "m2m.clients.search" => m2m.clients.search(m2m_clients::SearchRequest),
    "m2m.clients.update" => m2m.clients.update(m2m_clients::UpdateRequest),
    "m2m.clients.delete" => m2m.clients.delete(m2m_clients::DeleteRequest),
    "m2m.clients.secrets.rotateStart" => m2m.clients.secrets.rotate_start(m2m_clients_secrets::RotateStartRequest),
    "m2m.clients.secrets.rotate" => m2m.clients.secrets.rotate(m2m_clients_secrets::RotateRequest),
    "m2m.clients.secrets.rotateCancel" => m2m.clients.secrets.rotate_cancel(m2m_clients_secrets::RotateCancelRequest),
    "project.metrics" => project.metrics(project::MetricsRequest),
    "debug.whoami" => debug.whoami(debug::WhoamiRequest),
}

fn request<Q: Default + Serialize + DeserializeOwned>(fields: Map<String, Value>) -> stytch::Result<Q> {
    let mut all = serde_json::to_value(Q::default()).map_err(other)?;
    if let Some(all) = all.as_object_mut() {
        all.extend(fields);
    }
    parsed(all)
}

fn parsed<Q: DeserializeOwned>(fields: Value) -> stytch::Result<Q> {
    serde_json::from_value(fields).map_err(other)
}

fn other(error: serde_json::Error) -> stytch::Error {
    stytch::Error::Other(Box::new(error))
}
