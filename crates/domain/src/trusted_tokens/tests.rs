use super::{claims, keys::Unverified, *};
use crate::{Refusal, id::TrustedTokenProfileId, projects::Environment::Test};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

const NOW: i64 = 1_700_000_000;

fn pair() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

fn signed(pair: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A JWK set with the key under this name.
fn set(pair: &EcdsaKeyPair, key_id: &str) -> Vec<keys::PublicKey> {
    let point = pair.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
    let jwk =
        json!({ "kty": "EC", "crv": "P-256", "kid": key_id, "alg": "ES256", "use": "sig", "x": x, "y": y });
    let strange = json!({ "kty": "oct", "k": "c2VjcmV0", "kid": key_id });
    keys::from_jwks(json!({ "keys": [strange, jwk] }).to_string().as_bytes()).unwrap()
}

fn profile() -> Profile {
    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    Profile {
        profile_id: TrustedTokenProfileId::random(Test, rng),
        project_id: ProjectId::random(Test, rng),
        name: "Acme".to_owned(),
        rules: Rules {
            issuer: "https://acme.com".to_owned(),
            audience: "us".to_owned(),
            keys: KeySource::Pem(Vec::new()),
            attributes: Attributes { external_id: Some("sub".to_owned()), ..Attributes::default() },
            can_jit_provision: false,
            requires_second_factor: false,
        },
        created_at: Timestamp::from_milliseconds(0),
    }
}

fn good() -> Value {
    json!({ "iss": "https://acme.com", "aud": "us", "exp": NOW + 60, "nbf": NOW, "iat": NOW, "jti": "one",
            "email": "ada@acme.com", "organization_id": "acme" })
}

fn read(claims: &Value) -> Result<claims::Attested, Refusal> {
    let now = Timestamp::from_milliseconds(NOW * 1000);
    claims::read(&profile(), claims.as_object().unwrap(), ("header.payload", now))
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

#[test]
fn a_key_is_chosen_by_its_name_and_fixes_the_algorithm() {
    let (ours, theirs) = (pair(), pair());
    let keys = set(&ours, "k1");
    assert_eq!(keys.len(), 1, "a symmetric key is no public key");
    let verifies = |token: &str| Unverified::read(token).is_some_and(|it| it.verify(&keys).is_some());
    assert!(verifies(&signed(&ours, &json!({ "alg": "ES256", "kid": "k1" }), &good())));
    for header in [
        json!({ "alg": "ES256", "kid": "k2" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "none", "kid": "k1" }),
        json!({ "alg": "HS256", "kid": "k1" }),
        json!({ "alg": "RS256", "kid": "k1" }),
        json!({ "alg": "ES256", "kid": "k1", "crit": ["b64"] }),
        json!({ "kid": "k1" }),
    ] {
        assert!(!verifies(&signed(&ours, &header, &good())), "{header}");
    }
    assert!(!verifies(&signed(&theirs, &json!({ "alg": "ES256", "kid": "k1" }), &good())));
}

#[test]
fn a_token_that_was_touched_is_not_believed() {
    let ours = pair();
    let keys = set(&ours, "k1");
    let token = signed(&ours, &json!({ "alg": "ES256", "kid": "k1" }), &good());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(with("email", json!("eve@acme.com")).to_string());
    for broken in [
        format!("{header}.{other}.{signature}"),
        format!("{message}."),
        message.to_owned(),
        format!("{token}.x"),
        String::new(),
        "a.b.c".to_owned(),
    ] {
        assert!(Unverified::read(&broken).is_none_or(|it| it.verify(&keys).is_none()), "{broken}");
    }
}

#[test]
fn a_pem_document_is_a_key() {
    let ours = pair();
    let prefix = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
    let document =
        [data_encoding::HEXLOWER.decode(prefix.as_bytes()).unwrap().as_slice(), ours.public_key().as_ref()]
            .concat();
    let pem =
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(document));
    let keys = vec![keys::PublicKey::from_pem(&pem).unwrap()];
    let token = signed(&ours, &json!({ "alg": "ES256", "kid": "any" }), &good());
    assert!(Unverified::read(&token).unwrap().verify(&keys).is_some());
    for broken in ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "MFkw"] {
        assert!(keys::PublicKey::from_pem(broken).is_none(), "{broken}");
    }
}

#[test]
fn a_good_token_is_read_as_mapped() {
    let attested = read(&with("sub", json!("crm|7"))).unwrap();
    assert_eq!(attested.token_id, "one");
    assert_eq!(attested.organization.as_deref(), Some("acme"));
    assert_eq!(attested.who.external_id.map(|it| it.to_string()).as_deref(), Some("crm|7"));
    assert_eq!(attested.expires_at, Timestamp::from_milliseconds((NOW + 60) * 1000));
    assert!(read(&with("aud", json!(["them", "us"]))).is_ok());
    assert!(read(&with("exp", json!(1_700_000_060.5))).is_ok());
    assert!(read(&with("organization_id", Value::Null)).unwrap().organization.is_none());
}

#[test]
fn a_claim_that_is_missing_wrong_or_of_the_wrong_type_is_refused() {
    for (name, value) in [
        ("exp", Value::Null),
        ("exp", json!((NOW + 60).to_string())),
        ("exp", json!(NOW)),
        ("exp", json!(-1)),
        ("exp", json!(1e300)),
        ("exp", json!([NOW + 60])),
        ("nbf", json!(NOW + 61)),
        ("nbf", json!("now")),
        ("iat", json!(NOW + 61)),
        ("iat", json!(true)),
        ("iss", json!("https://acme.com/")),
        ("iss", json!(["https://acme.com"])),
        ("iss", Value::Null),
        ("aud", json!("US")),
        ("aud", json!([])),
        ("aud", json!(["us", 7])),
        ("aud", Value::Null),
        ("jti", json!(7)),
        ("jti", json!("")),
        ("jti", json!("x".repeat(257))),
        ("email", json!("nobody")),
        ("email", Value::Null),
        ("email", json!(["ada@acme.com"])),
        ("email_verified", json!(false)),
        ("email_verified", json!("true")),
        ("sub", json!("a b")),
    ] {
        let refused = read(&with(name, value.clone())).unwrap_err();
        assert_eq!(refused, Refusal::InvalidTrustedAuthToken, "{name} {value}");
    }
    for value in [json!(7), json!(""), json!(["acme"])] {
        let refused = read(&with("organization_id", value)).unwrap_err();
        assert_eq!(refused, Refusal::InvalidTokenOrganizationIdClaim);
    }
}

#[test]
fn a_token_without_an_id_is_known_by_what_was_signed() {
    let (one, two) = (read(&with("jti", Value::Null)).unwrap(), read(&with("jti", Value::Null)).unwrap());
    assert_eq!(one.digest, two.digest);
    assert_ne!(one.digest, read(&good()).unwrap().digest);
}

#[test]
fn rules_that_cannot_hold_are_refused() {
    let rules = |keys: KeySource| Rules { keys, ..profile().rules };
    let url = |text: &str| KeySource::JwksUrl(text.parse().unwrap());
    assert!(rules(url("https://acme.com/jwks")).check(Environment::Live).is_ok());
    assert!(rules(url("http://localhost:1/jwks")).check(Environment::Test).is_ok());
    assert!(rules(url("http://localhost:1/jwks")).check(Environment::Live).is_err());
    assert!(rules(KeySource::Pem(Vec::new())).check(Environment::Test).is_err());
    assert!(rules(KeySource::Pem(vec!["x".to_owned()])).check(Environment::Test).is_err());
    let nameless = Attributes { organization_id: None, ..Attributes::default() };
    let jit = Rules { can_jit_provision: true, attributes: nameless, ..rules(url("https://acme.com/jwks")) };
    assert!(jit.check(Environment::Test).is_err());
}
