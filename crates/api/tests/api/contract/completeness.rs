//! The table of routes and the contract, side by side.

use super::specification::served;

/// What this release serves.
const OPERATIONS: &[&str] = &[
    "debug.whoami",
    "discovery.intermediateSessions.exchange",
    "discovery.organizations.create",
    "discovery.organizations.list",
    "idp.introspectTokenNetwork",
    "impersonation.authenticate",
    "m2m.clients.create",
    "m2m.clients.delete",
    "m2m.clients.get",
    "m2m.clients.search",
    "m2m.clients.secrets.rotate",
    "m2m.clients.secrets.rotateCancel",
    "m2m.clients.secrets.rotateStart",
    "m2m.clients.update",
    "m2m.token",
    "magicLinks.authenticate",
    "magicLinks.discovery.authenticate",
    "magicLinks.email.discovery.send",
    "magicLinks.email.invite",
    "magicLinks.email.loginOrSignup",
    "organizations.create",
    "organizations.delete",
    "organizations.deleteExternalId",
    "organizations.get",
    "organizations.members.create",
    "organizations.members.dangerouslyGet",
    "organizations.members.delete",
    "organizations.members.deleteExternalId",
    "organizations.members.deleteMFAPhoneNumber",
    "organizations.members.deletePassword",
    "organizations.members.deleteTOTP",
    "organizations.members.get",
    "organizations.members.reactivate",
    "organizations.members.search",
    "organizations.members.startEmailUpdate",
    "organizations.members.unlinkRetiredEmail",
    "organizations.members.update",
    "organizations.metrics",
    "organizations.search",
    "organizations.update",
    "otps.email.authenticate",
    "otps.email.discovery.authenticate",
    "otps.email.discovery.send",
    "otps.email.loginOrSignup",
    "otps.sms.authenticate",
    "otps.sms.send",
    "passwords.authenticate",
    "passwords.discovery.authenticate",
    "passwords.discovery.email.reset",
    "passwords.discovery.email.resetStart",
    "passwords.email.requireReset",
    "passwords.email.reset",
    "passwords.email.resetStart",
    "passwords.existingPassword.reset",
    "passwords.migrate",
    "passwords.sessions.reset",
    "passwords.strengthCheck",
    "project.metrics",
    "rbac.organizations.getOrgPolicy",
    "rbac.organizations.setOrgPolicy",
    "rbac.policy",
    "recoveryCodes.get",
    "recoveryCodes.recover",
    "recoveryCodes.rotate",
    "sessions.attest",
    "sessions.authenticate",
    "sessions.exchange",
    "sessions.get",
    "sessions.getJWKS",
    "sessions.migrate",
    "sessions.revoke",
    "totps.authenticate",
    "totps.create",
    "totps.migrate",
];

#[test]
fn every_route_is_in_the_contract_and_every_operation_has_its_route() {
    let mut operations: Vec<&str> = served().iter().map(|it| it.operation.as_str()).collect();
    operations.sort_unstable();
    assert_eq!(operations, OPERATIONS);
}

#[test]
fn only_the_public_keys_are_public() {
    let table = api::routes();
    let public = table.table().iter().filter(|it| it.access == api::endpoint::Access::Public);
    let paths: Vec<&str> = public.map(|it| it.path).collect();
    assert_eq!(paths, ["/v1/b2b/sessions/jwks/{project_id}"]);
}

#[test]
fn only_oauth_endpoints_are_told_apart_by_a_client() {
    let table = api::routes();
    let oauth = table.table().iter().filter(|it| it.access == api::endpoint::Access::OAuth);
    let paths: Vec<(&str, bool)> = oauth.map(|it| (it.path, it.is_alias)).collect();
    let expected = [
        ("/v1/public/{project_id}/oauth2/token", false),
        ("/v1/public/{project_id}/oauth2/introspect", false),
        ("/v1/oauth2/introspect", true),
    ];
    assert_eq!(paths, expected);
}
