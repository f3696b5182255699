//! Hashes that cannot be imported: malformed, or too dear to check.

use super::import;
use testkit::{Answer, TestApp, Value, json, on_both_databases};

/// The import of a hash whose configuration is changed in one place.
async fn changed(app: &TestApp, hash: &Value, config: &str, (name, value): (&str, Value)) -> Answer {
    let mut hash = hash.clone();
    hash[config][name] = value;
    refused(app, hash).await
}

/// Nothing is created on the way to a refusal.
async fn refused(app: &TestApp, hash: Value) -> Answer {
    let organization = app.organization(json!({})).await;
    let answer = import(app, &organization, hash).await;
    let member = format!("/v1/b2b/organizations/{organization}/member?email_address=ada@acme.example");
    assert_eq!(app.get(&member).await.refusal(), (404, "member_not_found"));
    answer
}

on_both_databases! {
    async fn a_hash_has_a_kind_and_its_form(app: TestApp) {
        let digits = "abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC";
        for (hash_type, hash, error_type) in [
            ("md5", "6fbb04a12eb2b2a8e199096b07831f0b", "invalid_hash_type"),
            ("", "6fbb04a12eb2b2a8e199096b07831f0b", "invalid_hash_type"),
            (
                "argon_2d",
                "$argon2d$v=19$m=64,t=2,p=2$c29tZXNhbHQ$D9rlLGprMOb2KUcmHPDTv8",
                "invalid_hash_type",
            ),
            ("bcrypt", "", "invalid_hash"),
            ("bcrypt", &format!("$2x$04${digits}"), "invalid_hash"),
            ("bcrypt", &format!("$2b$04${}", &digits[1..]), "invalid_hash"),
            ("bcrypt", &format!("$2b$03${digits}"), "invalid_bcrypt_cost"),
            ("bcrypt", &format!("$2b$17${digits}"), "invalid_bcrypt_cost"),
            ("md_5", "6fbb04a12eb2b2a8e199096b07831f0", "invalid_md_5_hash"),
            ("sha_1", "900c9cb54ba70199f8b6cd79fece5ed9cfe6fczz", "invalid_sha_1_hash"),
            ("sha_512", "05687d", "invalid_sha_512_hash"),
            ("phpass", "$P$47zQW44CDXxDxgGnpWL4bQCR9udAgW0", "invalid_phpass_hash_format"),
            ("phpass", "$2b$04$abc", "invalid_phpass_hash_format"),
            (
                "argon_2id",
                "$argon2i$v=19$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$D9rlLGprMOb2KUcmHPDTv8",
                "invalid_hash",
            ),
            ("argon_2id", "490966393e6f4d5654eac20a7241d2ce", "invalid_argument"),
            ("scrypt", "F7RIrjnYLA+lgU7De7sNj8/31eMDwS/50gWIoV52Hwo=", "invalid_argument"),
            ("pbkdf_2", "/4MuQljCcFm4Cmzu0BNHTGsq0yLI5HKLP394e0TQlIg=", "invalid_argument"),
            ("md_5", &"a".repeat(1025), "invalid_hash"),
        ] {
            let answer = refused(&app, json!({ "hash_type": hash_type, "hash": hash })).await;
            assert_eq!(answer.refusal(), (400, error_type), "{hash_type} {hash}");
        }
    }

    async fn a_salt_has_at_most_256_bytes(app: TestApp) {
        for (name, error_type) in
            [("prepend_salt", "invalid_prepend_salt"), ("append_salt", "invalid_append_salt")]
        {
            let long = json!({ "md_5_config": { name: "s".repeat(257) } });
            assert_eq!(refused(&app, long).await.refusal(), (400, error_type));
        }
    }

    async fn every_figure_of_argon2_is_bounded(app: TestApp) {
        let hash = json!({ "hash_type": "argon_2id",
            "hash": "490966393e6f4d5654eac20a7241d2ce49b2353cc338b0ad08a1f961a17abfba",
            "argon_2_config": { "salt": "somesalt", "iteration_amount": 3, "memory": 256, "threads": 1,
                                "key_length": 32 } });
        for (name, value, error_type) in [
            ("memory", json!(7), "invalid_argon_2_memory"),
            ("memory", json!(262_145), "invalid_argon_2_memory"),
            ("iteration_amount", json!(0), "invalid_argon_2_iteration_amount"),
            ("iteration_amount", json!(4_294_967_297_i64), "invalid_argon_2_iteration_amount"),
            ("threads", json!(17), "invalid_argon_2_threads"),
            ("salt", json!("7 bytes"), "invalid_argon_2_salt"),
            ("key_length", json!(15), "invalid_argon_2_key_length"),
            ("key_length", json!(33), "argon_2_key_length_mismatch"),
            ("memory", json!("256"), "bad_request"),
        ] {
            let answer = changed(&app, &hash, "argon_2_config", (name, value)).await;
            assert_eq!(answer.refusal(), (400, error_type), "{name}");
        }
        import(&app, &app.organization(json!({})).await, hash).await.ok();
    }

    async fn every_figure_of_scrypt_is_bounded(app: TestApp) {
        let hash = json!({ "hash_type": "scrypt", "hash": "F7RIrjnYLA+lgU7De7sNj8/31eMDwS/50gWIoV52Hwo=",
            "scrypt_config": { "salt": "c2FsdHn/AHNhbHQ=", "n_parameter": 64, "r_parameter": 8,
                               "p_parameter": 2, "key_length": 32 } });
        for (name, value, error_type) in [
            ("n_parameter", json!(1), "invalid_scrypt_n_parameter"),
            ("n_parameter", json!(63), "invalid_scrypt_n_parameter"),
            ("n_parameter", json!(524_288), "invalid_scrypt_n_parameter"),
            ("r_parameter", json!(33), "invalid_scrypt_parameters"),
            ("p_parameter", json!(0), "invalid_scrypt_parameters"),
            ("salt", json!("salt*"), "invalid_base64_scrypt_salt"),
            ("key_length", json!(129), "invalid_scrypt_parameters"),
            ("key_length", json!(31), "scrypt_key_length_mismatch"),
        ] {
            let answer = changed(&app, &hash, "scrypt_config", (name, value)).await;
            assert_eq!(answer.refusal(), (400, error_type), "{name}");
        }
        import(&app, &app.organization(json!({})).await, hash).await.ok();
    }

    async fn every_figure_of_pbkdf2_is_bounded(app: TestApp) {
        let hash = json!({ "hash_type": "pbkdf_2", "hash": "/4MuQljCcFm4Cmzu0BNHTGsq0yLI5HKLP394e0TQlIg=",
            "pbkdf_2_config": { "salt": "c2FsdHn/AHNhbHQ=", "iteration_amount": 1000, "key_length": 32,
                                "algorithm": "sha256" } });
        for (name, value, error_type) in [
            ("iteration_amount", json!(0), "invalid_pbkdf_2_iteration_amount"),
            ("iteration_amount", json!(5_000_001), "invalid_pbkdf_2_iteration_amount"),
            ("algorithm", json!("sha1"), "invalid_pbkdf_2_algorithm"),
            ("salt", json!(""), "invalid_pbkdf_2_salt"),
            ("key_length", json!(15), "invalid_argument"),
            ("key_length", json!(64), "pbkdf_2_key_length_mismatch"),
        ] {
            let answer = changed(&app, &hash, "pbkdf_2_config", (name, value)).await;
            assert_eq!(answer.refusal(), (400, error_type), "{name}");
        }
        import(&app, &app.organization(json!({})).await, hash).await.ok();
    }
}
