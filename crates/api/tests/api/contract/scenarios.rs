//! How each operation succeeds.

mod clients;
mod mails;
mod search;

use super::calls::Call;
use crate::management::sessions::elsewhere::{Issuer, answering};
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::{NEW_PASSWORD, PASSWORD, Person, TestApp, Value, code_of, json};

/// Arranges what an operation needs, in an organization of its own, and says
/// how it is called. Every optional field of a management call is set.
pub async fn ready(app: &TestApp, operation: &'static str) -> Call {
    let is_shared =
        operation.starts_with("passwords.discovery.") || operation == "passwords.email.requireReset";
    app.share_passwords(is_shared).await;
    let fields = match operation {
        "debug.whoami" | "rbac.policy" | "project.metrics" => json!({}),
        "sessions.getJWKS" => json!({ "project_id": app.get("/v1/debug/whoami").await.text("project_id") }),
        it if it.starts_with("rbac.") => policy_call(app).await,
        it if it.ends_with(".search") => search::ready(app, it).await,
        it @ ("organizations.members.startEmailUpdate" | "organizations.members.unlinkRetiredEmail") => {
            mails::address_call(app, it).await
        }
        it if it.starts_with("organizations.members.") => member_call(app, it).await,
        it if it.starts_with("organizations.") => organization_call(app, it).await,
        it if it.starts_with("passwords.") => password_call(app, it).await,
        it if it.starts_with("magicLinks.") => mails::link_call(app, it).await,
        it if it.starts_with("otps.email.") => mails::code_call(app, it).await,
        it if it.starts_with("discovery.") => discovery_call(app, it).await,
        "impersonation.authenticate" => {
            let ada = somebody(app, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
            json!({ "impersonation_token": app.mint_impersonation(&ada).await })
        }
        it if it.starts_with("m2m.") || it.starts_with("idp.") => clients::client_call(app, it).await,
        it if it.starts_with("sessions.") => session_call(app, it).await,
        it => factor_call(app, it).await,
    };
    Call::new(operation, fields)
}

async fn organization_call(app: &TestApp, operation: &str) -> Value {
    let own = naming();
    match operation {
        "organizations.create" => with(own, every_setting()),
        "organizations.get"
        | "organizations.delete"
        | "organizations.metrics"
        | "organizations.deleteExternalId" => {
            json!({ "organization_id": app.organization(with(own, every_setting())).await })
        }
        "organizations.update" => {
            let organization = app.organization(json!({ "organization_name": "Before" })).await;
            with(with(own, every_setting()), json!({ "organization_id": organization }))
        }
        _ => panic!("{operation} has no scenario"),
    }
}

fn naming() -> Value {
    let number = number();
    json!({
        "organization_name": format!("Acme {number}"), "organization_slug": format!("acme-{number}"),
        "organization_logo_url": "https://acme.example/logo.png",
        "organization_external_id": format!("crm|{number}"),
        "trusted_metadata": { "plan": { "seats": 3 } },
    })
}

fn every_setting() -> Value {
    json!({
        "sso_jit_provisioning": "NOT_ALLOWED", "sso_jit_provisioning_allowed_connections": ["a connection"],
        "email_allowed_domains": ["acme.example"], "claimed_email_domains": [],
        "email_jit_provisioning": "RESTRICTED", "email_invites": "RESTRICTED",
        "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password", "magic_link"],
        "mfa_policy": "REQUIRED_FOR_ALL", "mfa_methods": "RESTRICTED", "allowed_mfa_methods": ["totp"],
        "rbac_email_implicit_role_assignments": [{ "domain": "acme.example", "role_id": "stytch_admin" }],
        "oauth_tenant_jit_provisioning": "RESTRICTED", "allowed_oauth_tenants": { "slack": ["T1"] },
        "first_party_connected_apps_allowed_type": "NOT_ALLOWED", "allowed_first_party_connected_apps": ["a"],
        "third_party_connected_apps_allowed_type": "RESTRICTED", "allowed_third_party_connected_apps": ["b"],
    })
}

async fn member_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({})).await;
    let named = json!({ "organization_id": ada.organization, "member_id": ada.member });
    match operation {
        "organizations.members.create" => {
            let own = json!({ "organization_id": ada.organization, "email_address": email(),
                              "create_member_as_pending": true, "mfa_enrolled": true });
            with(own, profile())
        }
        "organizations.members.get" => with(named, json!({ "email_address": ada.email })),
        "organizations.members.dangerouslyGet" => {
            json!({ "member_id": ada.member, "include_deleted": "true" })
        }
        "organizations.members.update" => {
            let own = json!({ "mfa_enrolled": false, "email_address": email(), "unlink_email": false,
                              "default_mfa_method": "sms_otp", "preserve_existing_sessions": true });
            with(with(named, profile()), own)
        }
        "organizations.members.delete" => named,
        "organizations.members.deleteExternalId" => {
            app.change(&ada, json!({ "external_id": format!("hr|{}", number()) })).await.ok();
            named
        }
        "organizations.members.reactivate" => {
            app.delete(&ada.path()).await.ok();
            named
        }
        "organizations.members.deleteMFAPhoneNumber" => {
            app.change(&ada, json!({ "mfa_phone_number": phone() })).await.ok();
            named
        }
        "organizations.members.deleteTOTP" => {
            app.import_totp(&ada).await;
            named
        }
        "organizations.members.deletePassword" => {
            let password = app.member(&ada).await["member_password_id"].clone();
            json!({ "organization_id": ada.organization, "member_password_id": password })
        }
        _ => panic!("{operation} has no scenario"),
    }
}

fn profile() -> Value {
    json!({
        "name": "Ada", "trusted_metadata": { "plan": "pro" }, "untrusted_metadata": { "theme": [1, null] },
        "is_breakglass": true, "mfa_phone_number": phone(), "roles": ["stytch_admin"],
        "external_id": format!("hr|{}", number()),
    })
}

async fn password_call(app: &TestApp, operation: &str) -> Value {
    match operation {
        "passwords.authenticate" => {
            let ada = somebody(app, json!({})).await;
            let own = json!({ "organization_id": ada.organization, "email_address": ada.email,
                              "password": PASSWORD, "locale": "ptbr" });
            with(own, wishes())
        }
        "passwords.email.requireReset" => {
            let ada = somebody(app, json!({})).await;
            json!({ "organization_id": ada.organization, "member_id": ada.member, "email_address": ada.email })
        }
        "passwords.discovery.authenticate" => {
            let ada = somebody(app, json!({})).await;
            json!({ "email_address": ada.email, "password": PASSWORD })
        }
        "passwords.discovery.email.resetStart" => json!({
            "email_address": email(), "reset_password_redirect_url": "http://localhost:3000/authenticate",
            "discovery_redirect_url": "http://localhost:3000/authenticate",
            "pkce_code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "reset_password_expiration_minutes": 10, "locale": "fr",
        }),
        "passwords.discovery.email.reset" => {
            let ada = somebody(app, json!({})).await;
            let start = json!({ "email_address": ada.email });
            app.post("/v1/b2b/passwords/discovery/email/reset/start", start).await.ok();
            let token = app.last_link_token(&ada.email).await;
            json!({ "password_reset_token": token, "password": NEW_PASSWORD })
        }
        "passwords.email.resetStart" => {
            let ada = somebody(app, json!({})).await;
            let url = "http://localhost:3000/authenticate";
            json!({ "organization_id": ada.organization, "email_address": ada.email, "locale": "fr",
                    "reset_password_redirect_url": url, "login_redirect_url": url,
                    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                    "reset_password_expiration_minutes": 10 })
        }
        "passwords.email.reset" => {
            let ada = somebody(app, json!({})).await;
            let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
            let own = json!({ "password_reset_token": token, "password": NEW_PASSWORD, "locale": "en" });
            with(own, wishes())
        }
        "passwords.existingPassword.reset" => {
            let ada = somebody(app, json!({})).await;
            let own = json!({ "organization_id": ada.organization, "email_address": ada.email,
                              "existing_password": PASSWORD, "new_password": NEW_PASSWORD, "locale": "en" });
            with(own, wishes())
        }
        "passwords.sessions.reset" => {
            let ada = somebody(app, json!({})).await;
            let token = app.link_login(&ada).await.ok().text("session_token");
            let own = json!({ "organization_id": ada.organization, "password": NEW_PASSWORD,
                              "session_token": token, "locale": "en" });
            with(own, wishes())
        }
        "passwords.strengthCheck" => json!({ "password": PASSWORD, "email_address": "ada@acme.example" }),
        "passwords.migrate" => {
            let own = json!({
                "organization_id": app.organization(json!({})).await, "email_address": email(),
                "hash": "9cc2ae8a1ba7a93da39b46fc1019c481", "hash_type": "md_5",
                "md_5_config": { "prepend_salt": "", "append_salt": "" }, "set_phone_number_verified": true,
            });
            with(own, profile())
        }
        _ => panic!("{operation} has no scenario"),
    }
}

async fn discovery_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
    let shown = json!({ "intermediate_session_token": app.between(&ada).await });
    match operation {
        "discovery.organizations.list" => shown,
        "discovery.organizations.create" => {
            let settings = with(every_setting(), json!({ "mfa_policy": "OPTIONAL" }));
            with(with(with(shown, naming()), settings), wishes())
        }
        "discovery.intermediateSessions.exchange" => {
            let there = app.person(&app.organization(json!({})).await, &ada.email).await;
            let own = json!({ "organization_id": there.organization, "locale": "es" });
            with(with(shown, own), wishes())
        }
        _ => panic!("{operation} has no scenario"),
    }
}

async fn session_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({})).await;
    let token = app.link_login(&ada).await.ok().text("session_token");
    match operation {
        "sessions.get" => json!({ "organization_id": ada.organization, "member_id": ada.member }),
        "sessions.authenticate" => with(json!({ "session_token": token }), wishes()),
        "sessions.revoke" => json!({ "session_token": token }),
        "sessions.exchange" => {
            let there = app.person(&app.organization(json!({})).await, &ada.email).await;
            let own =
                json!({ "session_token": token, "organization_id": there.organization, "locale": "fr" });
            with(own, wishes())
        }
        "sessions.attest" => {
            let issuer = Issuer::trusted(app, json!({})).await;
            let own = json!({ "profile_id": issuer.profile_id, "token": issuer.token(app, &ada, json!({})),
                              "organization_id": ada.organization, "session_token": token });
            with(own, wishes())
        }
        "sessions.migrate" => {
            let body = json!({ "email": ada.email, "email_verified": true }).to_string();
            app.set("sessions.migration_userinfo_url", &answering(body).await).await;
            let own = json!({ "session_token": "theirs", "organization_id": ada.organization });
            with(own, wishes())
        }
        _ => panic!("{operation} has no scenario"),
    }
}

/// The operations on second factors, each with an intermediate session.
async fn factor_call(app: &TestApp, operation: &str) -> Value {
    let ada = somebody(app, json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
    let named = json!({ "organization_id": ada.organization, "member_id": ada.member });
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    if operation == "totps.migrate" {
        return with(named, json!({ "secret": secret, "recovery_codes": ["abcd-ef01-2345"] }));
    }
    let token = app.link_login(&ada).await.ok().text("intermediate_session_token");
    let shown = with(named.clone(), json!({ "intermediate_session_token": token }));
    let enrolment = json!({ "set_mfa_enrollment": "enroll", "set_default_mfa": true });
    match operation {
        "otps.sms.send" => with(shown, json!({ "mfa_phone_number": phone(), "locale": "deDE" })),
        "otps.sms.authenticate" => {
            let number = phone();
            let more = json!({ "mfa_phone_number": number, "intermediate_session_token": token });
            app.send_sms(&ada, more).await.ok();
            let own = json!({ "code": app.last_code(&number).await });
            with(with(with(shown, own), wishes()), enrolment)
        }
        "totps.create" => with(shown, json!({ "expiration_minutes": 5 })),
        "totps.authenticate" => {
            let own = json!({ "code": code_of(&app.import_totp(&ada).await, app.now()) });
            with(with(with(shown, own), wishes()), enrolment)
        }
        "recoveryCodes.recover" | "recoveryCodes.rotate" | "recoveryCodes.get" => {
            app.import_totp(&ada).await;
            let path = format!("/v1/b2b/recovery_codes/{}/{}", ada.organization, ada.member);
            let codes = app.get(&path).await.ok()["recovery_codes"].clone();
            let recover = with(with(shown, json!({ "recovery_code": codes[0] })), wishes());
            if operation == "recoveryCodes.recover" { recover } else { named }
        }
        _ => panic!("{operation} has no scenario"),
    }
}

/// Both operations on an organization's roles.
async fn policy_call(app: &TestApp) -> Value {
    let permission = json!({ "resource_id": "stytch.member", "actions": ["search"] });
    let role = json!({ "role_id": "finder", "description": "Finds members", "permissions": [permission] });
    json!({ "organization_id": app.organization(json!({})).await, "org_policy": { "roles": [role] } })
}

fn wishes() -> Value {
    json!({ "session_duration_minutes": 30, "session_custom_claims": { "theme": "dark" } })
}

/// A member with a password, alone in an organization with these settings.
pub async fn somebody(app: &TestApp, settings: Value) -> Person {
    let organization = app.organization(settings).await;
    app.person(&organization, &email()).await
}

/// An address nobody has yet.
pub fn email() -> String {
    format!("ada-{}@acme.example", number())
}

/// A number nobody has yet.
pub fn phone() -> String {
    format!("+1202555{:04}", number() % 10_000)
}

/// Another one each time.
pub fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub fn with(mut fields: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (fields.as_object_mut(), more) {
        fields.extend(more);
    }
    fields
}
