//! JWTs that nobody here signed for a session.

use super::{authenticate, parts, revoke, somebody};
use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::id::ProjectId;
use store::signing_keys::{self, SigningKey};
use testkit::{PROJECT_ID, TestApp, Value, json, on_both_databases};

async fn signing_key(app: &TestApp) -> SigningKey {
    let mut conn = app.api.app.db.read().await.expect("a connection");
    let project: ProjectId = PROJECT_ID.parse().expect("a project id");
    signing_keys::of_project(&mut conn, &project).await.expect("no fault").remove(0)
}

fn unsigned(header: &Value, payload: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}", part(header), part(payload))
}

/// Signed with the project's own key, whatever it says: what an M2M token is, say.
async fn signed(app: &TestApp, header: &Value, payload: &Value) -> String {
    let key = signing_key(app).await;
    let belongs_to = ["signing_keys", PROJECT_ID, key.key_id.as_str()];
    let private = key.sealed_private.open(&app.api.app.server_key, &belongs_to).expect("the key");
    let pair = RsaKeyPair::from_pkcs8(&private).expect("a key pair");
    let jwt = unsigned(header, payload);
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), jwt.as_bytes(), &mut signature).expect("a signature");
    format!("{jwt}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// With the header that tokens of the project have.
pub async fn signed_as(app: &TestApp, payload: &Value) -> String {
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": signing_key(app).await.key_id });
    signed(app, &header, payload).await
}

/// A JWT is refused where a session is checked and where it is revoked.
async fn is_refused(app: &TestApp, jwt: &str, why: &str) {
    let shown = json!({ "session_jwt": jwt });
    for answer in [authenticate(app, shown.clone()).await, revoke(app, shown).await] {
        assert_eq!(answer.refusal(), (401, "unable_to_parse_session_jwt"), "{why}");
    }
}

on_both_databases! {
    async fn a_jwt_of_another_project_is_refused(app: TestApp) {
        let other = app.another_project().await;
        let theirs = other.link_login(&somebody(&other).await).await.ok().text("session_jwt");
        is_refused(&app, &theirs, "foreign").await;
        authenticate(&other, json!({ "session_jwt": theirs })).await.ok();
    }

    async fn what_is_no_jwt_is_refused(app: TestApp) {
        let jwt = app.link_login(&somebody(&app).await).await.ok().text("session_jwt");
        let (head, signature) = jwt.rsplit_once('.').expect("a signature");
        for odd in [
            "x",
            "a.b.c",
            "..",
            "null",
            head,
            &format!("{head}."),
            &format!("{jwt}.x"),
            &format!("{jwt}="),
            &format!("{jwt} "),
            &jwt[1..],
            &format!("{head}.{}", &signature[4..]),
            &"a".repeat(5000),
        ] {
            is_refused(&app, odd, odd).await;
        }
    }

    async fn a_tampered_payload_is_refused(app: TestApp) {
        let ada = somebody(&app).await;
        let (hers, other) = (app.link_login(&ada).await.ok(), app.link_login(&ada).await.ok());
        let jwt = hers.text("session_jwt");
        let [header, mut payload] = parts(&jwt);
        payload["https://stytch.com/session"]["id"] = other["member_session"]["member_session_id"].clone();
        let signature = jwt.rsplit_once('.').expect("a signature").1;
        is_refused(&app, &format!("{}.{signature}", unsigned(&header, &payload)), "another session").await;
    }

    async fn no_other_algorithm_is_accepted(app: TestApp) {
        let jwt = app.link_login(&somebody(&app).await).await.ok().text("session_jwt");
        let [header, payload] = parts(&jwt);
        for none in ["none", "None", "NONE"] {
            let unsigned = unsigned(&json!({ "alg": none, "typ": "JWT", "kid": header["kid"] }), &payload);
            is_refused(&app, &format!("{unsigned}."), none).await;
        }
        let confused = unsigned(&json!({ "alg": "HS256", "typ": "JWT", "kid": header["kid"] }), &payload);
        let modulus = signing_key(&app).await.modulus;
        for public in [modulus.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&modulus).expect("base64url")] {
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), confused.as_bytes());
            is_refused(
                &app,
                &format!("{confused}.{}", URL_SAFE_NO_PAD.encode(tag)),
                "HS256 under the public key",
            )
            .await;
        }
        for alg in ["RS384", "RS512", "PS256", "HS256"] {
            let header = json!({ "alg": alg, "typ": "JWT", "kid": header["kid"] });
            is_refused(&app, &signed(&app, &header, &payload).await, alg).await;
        }
    }

    async fn the_key_is_looked_up_by_its_name_here(app: TestApp) {
        let [header, payload] = parts(&app.link_login(&somebody(&app).await).await.ok().text("session_jwt"));
        for kid in [json!("jwk-00000000000000000000000000000000"), json!(""), json!(null), json!("../keys")] {
            let header = json!({ "alg": "RS256", "typ": "JWT", "kid": kid });
            is_refused(&app, &signed(&app, &header, &payload).await, "another kid").await;
        }
        let other = app.another_project().await;
        let theirs = other.link_login(&somebody(&other).await).await.ok().text("session_jwt");
        let signature = theirs.rsplit_once('.').expect("a signature").1;
        is_refused(&app, &format!("{}.{signature}", unsigned(&header, &payload)), "another key's signature")
            .await;
    }

    async fn a_token_of_another_kind_is_refused(app: TestApp) {
        let [header, session] = parts(&app.link_login(&somebody(&app).await).await.ok().text("session_jwt"));
        authenticate(&app, json!({ "session_jwt": signed(&app, &header, &session).await })).await.ok();
        let without = |name: &str| {
            let mut payload = session.clone();
            payload.as_object_mut().expect("an object").remove(name);
            payload
        };
        let m2m = json!({ "iss": session["iss"], "aud": session["aud"], "sub": "m2m-client-test-1",
                          "scope": "read:all",
                          "iat": session["iat"], "nbf": session["nbf"], "exp": session["exp"] });
        is_refused(&app, &signed(&app, &header, &m2m).await, "an M2M token").await;
        for name in [
            "https://stytch.com/session",
            "https://stytch.com/organization",
            "iss",
            "aud",
            "sub",
            "exp",
            "nbf",
            "iat",
        ] {
            is_refused(&app, &signed(&app, &header, &without(name)).await, &format!("without {name}")).await;
        }
        for (name, value) in [
            ("iss", json!("stytch.com/project-test-00000000-0000-4000-8000-00000000dead")),
            ("aud", json!(["project-test-00000000-0000-4000-8000-00000000dead"])),
            ("exp", json!("soon")),
            ("nbf", json!("now")),
            ("iat", json!([])),
            ("https://stytch.com/session", json!({ "id": "' OR 1=1" })),
        ] {
            let mut payload = session.clone();
            payload[name] = value;
            is_refused(&app, &signed(&app, &header, &payload).await, name).await;
        }
    }

    async fn a_good_signature_over_no_session_finds_none(app: TestApp) {
        let [header, payload] = parts(&app.link_login(&somebody(&app).await).await.ok().text("session_jwt"));
        let (session, organization) = ("https://stytch.com/session", "https://stytch.com/organization");
        for (claim, field, value) in [
            (session, "id", "session-test-00000000-0000-4000-8000-00000000dead"),
            (session, "version", "0000000000000000"),
            (organization, "organization_id", &app.organization(json!({})).await),
        ] {
            let mut payload = payload.clone();
            payload[claim][field] = json!(value);
            let shown = json!({ "session_jwt": signed(&app, &header, &payload).await });
            assert_eq!(authenticate(&app, shown).await.refusal(), (404, "session_not_found"), "{field}");
        }
    }
}
