//! Signatures, checked by hand as Standard Webhooks specify them.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use testkit::{Backend, Received, json, on_both_databases};

/// Whether one of the signatures is by the secret.
fn is_signed_by(it: &Received, prefix: &str, secret: &str) -> bool {
    let header = |name: &str| it.header(&format!("{prefix}-{name}"));
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = [format!("{}.{}.", header("id"), header("timestamp")).as_bytes(), &it.bytes].concat();
    header("signature").split(' ').any(|signature| {
        let bytes = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, &signed, &bytes).is_ok()
    })
}

#[expect(clippy::disallowed_methods, reason = "the library looks at the clock of the machine")]
fn seconds_of_the_machine() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_secs()).unwrap()
}

on_both_databases! {
    async fn a_backend_verifies_what_it_is_told(app: TestApp) {
        let backend = Backend::start().await;
        let hook = app.hook(&backend, &[]).await;
        app.organization(json!({})).await;
        app.dispatch().await;
        let [told] = &backend.take()[..] else { panic!("one event") };
        for prefix in ["svix", "webhook"] {
            assert!(is_signed_by(told, prefix, &hook.secret), "{prefix}");
            assert_eq!(told.header(&format!("{prefix}-id")), told.body["event_id"]);
            assert_eq!(told.header(&format!("{prefix}-timestamp")), app.now().seconds().to_string());
        }
        assert!(!is_signed_by(told, "svix", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert_eq!(told.header("content-type"), "application/json");
    }

    async fn the_library_of_standard_webhooks_believes_what_is_told(app: TestApp) {
        let backend = Backend::start().await;
        let hook = app.hook(&backend, &[]).await;
        app.advance(seconds_of_the_machine() - app.now().seconds());
        app.organization(json!({ "organization_name": "Café 株式会社 \"&<>" })).await;
        app.dispatch().await;
        let [told] = &backend.take()[..] else { panic!("one event") };
        let library = standardwebhooks::Webhook::new(&hook.secret).unwrap();
        library.verify(&told.bytes, &told.headers).unwrap();
        let mut as_svix = told.headers.clone();
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            as_svix.remove(name);
        }
        for name in ["id", "timestamp", "signature"] {
            let value = told.headers[&format!("svix-{name}")].clone();
            as_svix.insert(axum::http::HeaderName::from_bytes(format!("webhook-{name}").as_bytes()).unwrap(), value);
        }
        library.verify(&told.bytes, &as_svix).unwrap();
        assert!(library.verify(&told.bytes[1..], &told.headers).is_err());
        app.advance(-301);
        app.organization(json!({})).await;
        app.dispatch().await;
        let [stale] = &backend.take()[..] else { panic!("one event") };
        assert!(library.verify(&stale.bytes, &stale.headers).is_err(), "older than five minutes");
    }

    async fn no_secret_stands_in_the_database(app: TestApp) {
        let backend = Backend::start().await;
        let hook = app.hook(&backend, &[]).await;
        let stored = app.everything_stored().await;
        assert!(!stored.windows(hook.secret.len() - 6).any(|it| it == &hook.secret.as_bytes()[6..]));
    }
}
