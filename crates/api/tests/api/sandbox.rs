//! Sandbox values, where they act and where they do not.

use crate::contract::{
    errors::assert_refused,
    shapes::faults,
    specification::{served, specification},
};
use testkit::{Answer, TestApp, Value, json, on_both_databases};

const EMAIL: &str = "sandbox@stytch.com";
const ORGANIZATION: &str = "organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b";
const MEMBER: &str = "member-test-32fc5024-9c09-4da3-bd2e-c9ce4da9375f";
const LINK: &str = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";
const SESSION: &str = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";

/// Every value that is answered, by operation.
fn answered() -> Vec<(&'static str, Value)> {
    let of_member = |more: Value| {
        let mut body =
            json!({ "organization_id": ORGANIZATION, "member_id": MEMBER, "session_token": SESSION });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    let mailed = json!({ "organization_id": ORGANIZATION, "email_address": EMAIL });
    let by_code = json!({ "organization_id": ORGANIZATION, "email_address": EMAIL, "code": "000000" });
    vec![
        ("magicLinks.email.loginOrSignup", mailed.clone()),
        ("magicLinks.email.invite", mailed.clone()),
        ("magicLinks.email.discovery.send", json!({ "email_address": EMAIL })),
        ("magicLinks.authenticate", json!({ "magic_links_token": LINK })),
        ("magicLinks.discovery.authenticate", json!({ "discovery_magic_links_token": LINK })),
        ("otps.email.loginOrSignup", mailed),
        ("otps.email.authenticate", by_code),
        ("otps.email.discovery.send", json!({ "email_address": EMAIL })),
        ("otps.email.discovery.authenticate", json!({ "email_address": EMAIL, "code": "000000" })),
        ("otps.sms.send", of_member(json!({ "mfa_phone_number": "+10000000000" }))),
        ("otps.sms.authenticate", of_member(json!({ "code": "000000" }))),
        ("totps.authenticate", of_member(json!({ "code": "000000" }))),
        ("recoveryCodes.recover", of_member(json!({ "recovery_code": "a1b2-c3d4-e5f6" }))),
        ("sessions.authenticate", json!({ "session_token": SESSION })),
        ("sessions.revoke", json!({ "session_token": SESSION })),
    ]
}

/// Of these, the ones this release serves.
fn served_ones() -> Vec<(&'static str, Value)> {
    let is_served = |operation: &str| served().iter().any(|it| it.operation == operation);
    answered().into_iter().filter(|(operation, _)| is_served(operation)).collect()
}

async fn call(app: &TestApp, (operation, body): (&'static str, Value)) -> Answer {
    app.post(&specification().operation(operation).path, body).await
}

on_both_databases! {
    async fn every_sandbox_value_is_answered_in_the_shape_of_its_route(app: TestApp) {
        let sandbox = app.with_sandbox();
        for (operation, body) in served_ones() {
            let answer = call(&sandbox, (operation, body)).await.ok();
            let found = faults(&specification().operation(operation).response, &answer.body);
            assert!(found.is_empty(), "{operation}: {found:#?}");
        }
    }

    async fn what_the_sandbox_answers_it_does_not_do(app: TestApp) {
        let sandbox = app.with_sandbox();
        let token = call(&sandbox, ("magicLinks.authenticate", json!({ "magic_links_token": LINK }))).await.ok();
        call(&sandbox, ("magicLinks.authenticate", json!({ "magic_links_token": LINK }))).await.ok();
        assert_eq!(token["session_token"], json!(SESSION));
        call(&sandbox, served_ones().remove(0)).await.ok();
        assert!(app.inbox.messages(None).is_empty());
        let path = format!("/v1/b2b/organizations/{ORGANIZATION}");
        assert_refused(&sandbox.get(&path).await, (404, "organization_not_found"));
        let stored = String::from_utf8_lossy(&app.everything_stored().await).into_owned();
        for value in [EMAIL, ORGANIZATION, MEMBER, LINK, SESSION] {
            assert!(!stored.contains(value), "{value}");
        }
    }

    async fn sandbox_links_are_refused_as_they_say(app: TestApp) {
        let sandbox = app.with_sandbox();
        for (token, refusal) in [
            ("3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=", (401, "unable_to_auth_magic_link")),
            ("CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=", (404, "magic_link_not_found")),
        ] {
            let body = json!({ "magic_links_token": token });
            assert_refused(&call(&sandbox, ("magicLinks.authenticate", body)).await, refusal);
        }
    }

    async fn sandbox_values_for_anybody_else_are_misuse(app: TestApp) {
        let sandbox = app.with_sandbox();
        let ada = app.ada().await;
        let body = json!({ "organization_id": ada.organization, "email_address": EMAIL });
        let refused = call(&sandbox, ("magicLinks.email.loginOrSignup", body)).await;
        assert_refused(&refused, (400, "invalid_email_sandbox"));
        let body = json!({ "organization_id": ada.organization, "member_id": ada.member,
                           "mfa_phone_number": "+10000000000" });
        assert_refused(&call(&sandbox, ("otps.sms.send", body)).await, (400, "invalid_phone_number_sandbox"));
    }

    async fn with_the_sandbox_off_or_in_a_live_project_they_are_unknown_values(app: TestApp) {
        let live = app.live_project().await.with_sandbox();
        for place in [&app, &live] {
            for (operation, body) in served_ones() {
                let answer = call(place, (operation, body)).await;
                assert!(answer.status.is_client_error() || operation.contains("discovery.send"), "{operation}");
                assert!(!answer.body.to_string().contains("sandbox"), "{operation}: {}", answer.body);
            }
        }
    }

    async fn a_real_member_is_not_let_in_by_a_sandbox_code(app: TestApp) {
        let sandbox = app.with_sandbox();
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let halfway = app.halfway(&ada).await;
        let body = |code: &str| {
            json!({ "organization_id": ada.organization, "member_id": ada.member, "code": code,
                    "intermediate_session_token": halfway })
        };
        let refused = call(&sandbox, ("totps.authenticate", body("000000"))).await;
        assert_refused(&refused, (401, "unable_to_authenticate_totp"));
        let right = testkit::code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", app.now());
        call(&sandbox, ("totps.authenticate", body(&right))).await.ok();
    }
}
