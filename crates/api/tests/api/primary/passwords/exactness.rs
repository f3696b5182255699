//! A password counts exactly as it was sent, every byte of it.

use super::{import, login};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_blank_and_a_case_make_another_password(app: TestApp) {
        let organization = app.organization(json!({})).await;
        // Of "Secret ", the blank included.
        import(&app, &organization, json!({ "hash": "c305bb1f8850b007f04ac72493c304ed" })).await.ok();
        for near in ["Secret", "secret ", " Secret ", "Secret  ", "Secret\t", "Secret\u{a0}"] {
            assert_eq!(
                login(&app, &organization, near).await.refusal(),
                (401, "unauthorized_credentials"),
                "{near:?}"
            );
        }
        login(&app, &organization, "Secret ").await.ok();
        assert_eq!(login(&app, &organization, "Secret").await.refusal(), (401, "unauthorized_credentials"));
        login(&app, &organization, "Secret ").await.ok();
    }

    async fn a_composed_letter_is_not_a_decomposed_one(app: TestApp) {
        let organization = app.organization(json!({})).await;
        // Of "café" with one letter at its end.
        import(&app, &organization, json!({ "hash": "07117fe4a1ebd544965dc19573183da2" })).await.ok();
        assert_eq!(
            login(&app, &organization, "cafe\u{301}").await.refusal(),
            (401, "unauthorized_credentials")
        );
        login(&app, &organization, "caf\u{e9}").await.ok();
        assert_eq!(
            login(&app, &organization, "cafe\u{301}").await.refusal(),
            (401, "unauthorized_credentials")
        );
    }

    async fn a_password_of_1024_bytes_counts_to_its_end(app: TestApp) {
        let organization = app.organization(json!({})).await;
        // Of 1024 letters a.
        import(&app, &organization, json!({ "hash": "c9a34cfc85d982698c6ac89f76071abd" })).await.ok();
        for _ in 0..2 {
            login(&app, &organization, &"a".repeat(1024)).await.ok();
            let shorter = login(&app, &organization, &"a".repeat(1023)).await;
            assert_eq!(shorter.refusal(), (401, "unauthorized_credentials"));
        }
    }

    async fn more_than_1024_bytes_are_refused_and_count_for_nothing(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let organization = app.organization(json!({})).await;
        import(&app, &organization, json!({ "hash": "c9a34cfc85d982698c6ac89f76071abd" })).await.ok();
        for long in ["a".repeat(1025), "é".repeat(513), "a".repeat(60_000)] {
            assert_eq!(login(&app, &organization, &long).await.refusal(), (400, "invalid_argument"));
        }
        login(&app, &organization, &"a".repeat(1024)).await.ok();
    }

    async fn bcrypt_never_answers_for_more_than_it_read(app: TestApp) {
        let organization = app.organization(json!({})).await;
        // The same for 72, 73 and more letters a.
        let hash = "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe";
        import(&app, &organization, json!({ "hash_type": "bcrypt", "hash": hash })).await.ok();
        let longer = login(&app, &organization, &"a".repeat(73)).await;
        assert_eq!(longer.refusal(), (401, "unauthorized_credentials"));
        login(&app, &organization, &"a".repeat(72)).await.ok();
    }
}
