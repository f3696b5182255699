//! The pocket telephone: what its page and its script are given.

use api::dev::{Dev, DevClock};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use delivery::{CALL_LIMIT, TextMessage, Texts};
use domain::phone::PhoneNumber;
use testkit::{TestApp, Value, json, on_both_databases};
use tower::ServiceExt;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

on_both_databases! {
    async fn the_page_allows_nothing_inline_and_nothing_from_elsewhere(app: TestApp) {
        text(&app, "+12025550100", "Your code is 123456.").await;
        app.import_totp(&app.ada().await).await;
        let (headers, page) = get(&app, "/dev/phone").await;
        assert_eq!(headers["content-security-policy"], POLICY);
        for inline in ["<style", " style=", "onclick", "src=\"http", "href=\"http"] {
            assert!(!page.contains(inline), "{inline}");
        }
        let scripts: Vec<&str> = page.split("<script").skip(1).collect();
        assert_eq!(scripts.len(), 1);
        assert!(scripts[0].starts_with(" src=\"/dev/phone.js\" defer></script>"));
    }

    async fn nothing_of_the_telephone_is_kept_or_handed_on_by_a_browser(app: TestApp) {
        for path in ["/dev/phone", "/dev/phone/state", "/dev/phone.css", "/dev/phone.js", "/dev/messages"] {
            let (headers, _) = get(&app, path).await;
            assert_eq!(headers["cache-control"], "no-store", "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        }
    }

    async fn a_hostile_text_is_shown_as_text(app: TestApp) {
        text(&app, "+12025550100", "<script>alert(1)</script> https://a.example/\"onmouseover=x").await;
        let (_, page) = get(&app, "/dev/phone").await;
        assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"), "{page}");
        assert!(page.contains("href=\"https://a.example/&#34;onmouseover=x\""), "{page}");
        assert!(!page.contains("<script>"));
    }

    async fn the_page_says_everything_without_its_script(app: TestApp) {
        let (_, empty) = get(&app, "/dev/phone").await;
        assert!(empty.contains(r#"<div class="phone" id="no-phones">"#), "{empty}");
        let organization = app.organization(json!({ "organization_name": "Söhne & <Co>" })).await;
        app.import_totp(&app.person(&organization, "ada@acme.example").await).await;
        text(&app, "+12025550100", "Your code is 123456.").await;
        let (_, page) = get(&app, "/dev/phone").await;
        for shown in ["+12025550100", "Your code is 123456.", "ada@acme.example", "Söhne &#38; &#60;Co&#62;", "12:00:00"] {
            assert!(page.contains(shown), "{shown}");
        }
        assert!(page.contains(r#"id="no-phones" hidden"#), "{page}");
    }

    async fn a_code_that_is_shown_is_accepted_and_then_used_up(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let shown = authenticators(&app).await[0].clone();
        assert_eq!((&shown["is_active"], &shown["is_spent"], &shown["seconds_left"]), (&json!(true), &json!(false), &json!(30)));
        let prove = async |code: &Value| {
            let evidence = json!({ "code": code, "intermediate_session_token": app.halfway(&ada).await });
            app.complete(&ada, "totp", evidence).await.ok();
        };
        prove(&shown["code"]).await;
        assert_eq!(authenticators(&app).await[0]["is_spent"], json!(true));
        app.advance(30);
        assert_eq!(authenticators(&app).await[0]["code"], shown["next_code"]);
        prove(&shown["next_code"]).await;
    }

    async fn a_pending_authenticator_is_shown_until_it_lapses(app: TestApp) {
        let ada = app.ada().await;
        let create = async |shown: Value| {
            let mut body = json!({ "organization_id": ada.organization, "member_id": ada.member });
            body["intermediate_session_token"] = shown;
            app.post("/v1/b2b/totp", body).await.ok();
            assert_eq!(authenticators(&app).await[0]["is_active"], json!(false));
        };
        create(json!(app.halfway(&ada).await)).await;
        app.advance(11 * 60);
        assert_eq!(authenticators(&app).await, json!([]), "the login that made it is over");
        create(Value::Null).await;
        app.advance(61 * 60);
        assert_eq!(authenticators(&app).await, json!([]), "its own time is over");
    }

    async fn each_number_has_a_phone_with_the_newest_text_last(app: TestApp) {
        for (to, said) in [("+12025550100", "one"), ("+442079460018", "two"), ("+12025550100", "three")] {
            text(&app, to, said).await;
            app.advance(5);
        }
        let phones = state(&app).await["phones"].clone();
        assert_eq!((&phones[0]["key"], &phones[1]["key"]), (&json!("+12025550100"), &json!("+442079460018")));
        assert_eq!(phones[0]["messages"][0]["ago"], "15 s ago");
        assert_eq!(phones[0]["messages"][1]["pieces"][0]["text"], "three");
    }

    async fn the_page_with_style_and_script_weighs_less_than_60_kilobytes(app: TestApp) {
        let mut weight = 0;
        for path in ["/dev/phone", "/dev/phone.css", "/dev/phone.js"] {
            weight += get(&app, path).await.1.len();
        }
        assert!(weight < 60 * 1024, "{weight}");
    }
}

async fn get(app: &TestApp, path: &str) -> (HeaderMap, String) {
    let dev = Dev { api: app.api.clone(), inbox: app.inbox.clone(), clock: DevClock::default() };
    let request =
        Request::builder().uri(path).header("host", "127.0.0.1:7650").body(Body::empty()).expect("a request");
    let (head, body) = api::dev::router(dev).oneshot(request).await.expect("an answer").into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    assert!(head.status.is_success(), "{path}: {}", head.status);
    (head.headers, String::from_utf8(body.to_vec()).expect("text"))
}

async fn state(app: &TestApp) -> Value {
    get(app, "/dev/phone/state").await.1.parse().expect("JSON")
}

async fn authenticators(app: &TestApp) -> Value {
    state(app).await["authenticators"].clone()
}

async fn text(app: &TestApp, to: &str, said: &str) {
    let message = TextMessage {
        id: format!("text-{said}"),
        to: PhoneNumber::parse(to).expect("a number"),
        text: said.to_owned(),
        code: Some("123456".to_owned()),
    };
    let texts = Texts::inbox(app.inbox.clone());
    let inbox = texts.named("inbox").expect("the inbox");
    inbox.send(&message, app.now(), CALL_LIMIT).await.expect("sent");
}
