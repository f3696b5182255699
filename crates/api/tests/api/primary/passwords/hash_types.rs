//! Hashes made by other systems, of every kind.

use super::{FOREIGN, import, login};
use domain::audit::Action;
use testkit::{TestApp, Value, json, on_both_databases};

/// How often a better hash took the place of an imported one.
async fn rehashes(app: &TestApp, organization: &str) -> usize {
    let log = app.audit_log(organization).await;
    log.iter().filter(|it| it.action == Action::PasswordRehashed).count()
}

/// Kind, hash and configuration. Made by passlib, argon2-cffi, Python's bcrypt and hashlib.
fn hashes() -> [(&'static str, &'static str, Value); 12] {
    let argon_2 =
        json!({ "salt": "somesalt", "iteration_amount": 3, "memory": 256, "threads": 1, "key_length": 32 });
    let scrypt = json!({ "salt": "c2FsdHn/AHNhbHQ=", "n_parameter": 64, "r_parameter": 8, "p_parameter": 2,
                         "key_length": 32 });
    let pbkdf_2 = json!({ "salt": "c2FsdHn/AHNhbHQ=", "iteration_amount": 1000, "key_length": 32 });
    let salts = json!({ "prepend_salt": "pre", "append_salt": "post" });
    [
        ("bcrypt", "$2a$04$Uf41fZbVt6flqiCFZ9zEVeOg786rEGBnRVY1N.J1WCzyw1hVMCJgi", json!({})),
        (
            "argon_2i",
            "$argon2i$v=19$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$D9rlLGprMOb2KUcmHPDTv8+x5m3e5rvT",
            json!({}),
        ),
        (
            "argon_2id",
            "$argon2id$v=19$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$oeqwV4AAJkhTML385Z2TRBn49M3Qpylo",
            json!({}),
        ),
        (
            "argon_2id",
            "490966393e6f4d5654eac20a7241d2ce49b2353cc338b0ad08a1f961a17abfba",
            json!({ "argon_2_config": argon_2 }),
        ),
        (
            "scrypt",
            "$scrypt$ln=6,r=8,p=2$ixHiXKs1RohR6p0zRojxPg$+LM0Bh59lrnITeoCuY6BN48S6TISZyNolZvLPkfvpac",
            json!({}),
        ),
        ("scrypt", "F7RIrjnYLA+lgU7De7sNj8/31eMDwS/50gWIoV52Hwo=", json!({ "scrypt_config": scrypt })),
        ("pbkdf_2", "/4MuQljCcFm4Cmzu0BNHTGsq0yLI5HKLP394e0TQlIg=", json!({ "pbkdf_2_config": pbkdf_2 })),
        ("md_5", "6fbb04a12eb2b2a8e199096b07831f0b", json!({})),
        ("md_5", "f3792d5dacb5e1d85ea6e608c0ba4e9f", json!({ "md_5_config": salts })),
        ("sha_1", "51a19ccb4799b98285d56aa6d49193a3e9ebc435", json!({ "sha_1_config": salts })),
        (
            "sha_512",
            "05687d593881e31bfa1cebd36fd752e3ee609ac470450540cb0ad0bd481df092\
             adb3aca2197a1c4079b59569555aeb8a6a9163646d0ebc55cfb52a6f3d1a5f51",
            json!({}),
        ),
        ("phpass", "$P$57zQW44CDXxDxgGnpWL4bQCR9udAgW0", json!({})),
    ]
}

on_both_databases! {
    async fn the_first_login_checks_every_kind_of_hash_and_replaces_it(app: TestApp) {
        for (hash_type, hash, config) in hashes() {
            let organization = app.organization(json!({})).await;
            let mut fields = config;
            (fields["hash_type"], fields["hash"]) = (json!(hash_type), json!(hash));
            let imported = import(&app, &organization, fields).await.ok();
            assert_eq!(rehashes(&app, &organization).await, 0);
            let inside = login(&app, &organization, FOREIGN).await.ok();
            assert_eq!(inside["member_authenticated"], true, "{hash}");
            assert_eq!(inside["member"]["member_password_id"], imported["member"]["member_password_id"]);
            assert_eq!(rehashes(&app, &organization).await, 1, "{hash}");
        }
    }

    async fn later_logins_check_the_better_hash(app: TestApp) {
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({})).await.ok();
        for _ in 0..3 {
            login(&app, &organization, FOREIGN).await.ok();
            assert_eq!(rehashes(&app, &organization).await, 1);
        }
        assert_eq!(
            login(&app, &organization, "correct horse").await.refusal(),
            (401, "unauthorized_credentials")
        );
    }

    async fn a_wrong_password_replaces_no_hash(app: TestApp) {
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({})).await.ok();
        assert_eq!(
            login(&app, &organization, "correct horse").await.refusal(),
            (401, "unauthorized_credentials")
        );
        assert_eq!(rehashes(&app, &organization).await, 0);
    }

    async fn a_hash_as_good_as_ours_is_kept(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let native = json!({ "hash_type": "argon_2id", "hash": "$argon2id$v=19$m=19456,t=2,p=1$\
                             c29tZXNhbHQxMjM0NTY3OA$VE2pWldMIbI+QgCZMWIFz5Xtyv5EePe30DG1Yhjc6hA" });
        import(&app, &organization, native).await.ok();
        login(&app, &organization, FOREIGN).await.ok();
        assert_eq!(rehashes(&app, &organization).await, 0);
    }

    async fn a_salt_belongs_to_its_side(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let swapped = json!({ "hash": "f3792d5dacb5e1d85ea6e608c0ba4e9f",
                              "md_5_config": { "prepend_salt": "post", "append_salt": "pre" } });
        import(&app, &organization, swapped).await.ok();
        assert_eq!(login(&app, &organization, FOREIGN).await.refusal(), (401, "unauthorized_credentials"));
    }
}
