//! Mail templates: who sets them, which is used, and what they cannot do.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::time::Span;
use testkit::{Answer, PROJECT_ID, TestApp, Value, json, on_both_databases};

async fn admin(app: &TestApp, method: Method, path: &str, body: Value) -> Answer {
    let luck = (app.now(), &mut (app.api.entropy)());
    let made = flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.unwrap();
    let bearer = format!("Bearer {}", made.0.expose());
    let path = format!("/admin/v1/projects/{PROJECT_ID}/templates{path}");
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, bearer);
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn words(kind: &str, locale: &str, subject: &str) -> Value {
    let what = match kind {
        "otp_login" | "otp_signup" => "code",
        "notice" => "notice",
        _ => "link",
    };
    let html = match what {
        "link" => "<p>Dear {{ member_name }}, <a href=\"{{ link }}\">go on</a></p>".to_owned(),
        other => format!("<p>{{{{ {other} }}}}</p>"),
    };
    let text = format!("{{{{ {what} }}}}");
    json!({ "type": "custom", "kind": kind, "locale": locale, "subject": subject, "text": text, "html": html })
}

/// Keeps a default of the project, or of an organization.
async fn keep(app: &TestApp, id: &str, organization: Option<&str>, content: Value) {
    let body = json!({ "organization_id": organization, "is_default": true, "content": content });
    admin(app, Method::PUT, &format!("/{id}"), body).await.ok();
}

async fn send(app: &TestApp, organization: &str, fields: Value) -> Answer {
    let mut body = json!({ "organization_id": organization, "email_address": "ada@acme.example" });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    app.post("/v1/b2b/magic_links/email/login_or_signup", body).await
}

/// The subject of the newest mail to ada after one more was sent.
async fn subject(app: &TestApp, organization: &str, fields: Value) -> String {
    let before = app.inbox.messages(Some("ada@acme.example")).len();
    send(app, organization, fields).await.ok();
    let newer = |all: &[delivery::Message]| (all.len() > before).then(|| all.last().cloned()).flatten();
    app.letter("ada@acme.example", newer).await.subject.expect("a subject")
}

on_both_databases! {
    async fn the_organizations_words_come_before_the_projects_and_both_before_the_built_in(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        assert_eq!(subject(&app, &organization, json!({})).await, "Log in to Acme");
        keep(&app, "all", None, words("login", "en", "Of the project")).await;
        assert_eq!(subject(&app, &organization, json!({})).await, "Of the project");
        keep(&app, "ours", Some(&organization), words("login", "en", "Of {{ organization_name }}")).await;
        assert_eq!(subject(&app, &organization, json!({})).await, "Of Acme");
        keep(&app, "ours", Some(&organization), words("login", "fr", "En français")).await;
        assert_eq!(subject(&app, &organization, json!({ "locale": "fr" })).await, "En français");
        assert_eq!(subject(&app, &organization, json!({ "locale": "ja" })).await, "Of Acme");
    }

    async fn an_id_names_a_template_of_its_kind(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let body = json!({ "content": words("login", "en", "Mine") });
        admin(&app, Method::PUT, "/mine", body).await.ok();
        assert_eq!(subject(&app, &organization, json!({})).await, "Log in to Acme", "it is no default");
        assert_eq!(subject(&app, &organization, json!({ "login_template_id": "mine" })).await, "Mine");
        let looks = json!({ "content": { "type": "prebuilt", "accent_color": "#ffd400" } });
        admin(&app, Method::PUT, "/yellow", looks).await.ok();
        assert_eq!(subject(&app, &organization, json!({ "login_template_id": "yellow" })).await, "Log in to Acme");
        let other = send(&app, &organization, json!({ "signup_template_id": "mine" })).await;
        assert_eq!(other.refusal(), (400, "invalid_template_id"));
        let none = send(&app, &organization, json!({ "login_template_id": "nothing" })).await;
        assert_eq!(none.refusal(), (404, "email_template_not_found"));
    }

    async fn an_organizations_template_is_nobody_elses(app: TestApp) {
        let [ours, theirs] = [app.organization(json!({})).await, app.organization(json!({})).await];
        app.newcomer(&theirs, "ada@acme.example", json!({})).await;
        keep(&app, "ours", Some(&ours), words("login", "en", "Ours")).await;
        assert_eq!(subject(&app, &theirs, json!({})).await, "Log in to Acme");
        let named = send(&app, &theirs, json!({ "login_template_id": "ours" })).await;
        assert_eq!(named.refusal(), (404, "email_template_not_found"));
    }

    async fn a_hostile_name_is_no_markup_and_no_template(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let name = "{{ link }}<b>\r\nBcc: x{% if 1 %}\u{202e}";
        app.newcomer(&organization, "ada@acme.example", json!({ "name": name })).await;
        keep(&app, "all", None, words("login", "en", "For {{ member_name }}")).await;
        let subject = subject(&app, &organization, json!({})).await;
        assert_eq!(subject, "For {{ link }} b Bcc: x{% if 1 %}");
    }

    async fn what_cannot_be_taken_is_told_and_not_kept(app: TestApp) {
        for (content, part) in [
            (words("login", "en", "a\r\nBcc: eve@evil.example"), "subject"),
            (words("login", "en", "a\u{7}"), "U+0007"),
            (words("login", "en", &"a".repeat(201)), "200 characters"),
            (json!({ "type": "custom", "kind": "login", "locale": "en", "subject": "a", "text": "{{ link }}",
                     "html": "<script>1</script>{{ link }}" }), "<script>"),
        ] {
            let refused = admin(&app, Method::PUT, "/x", json!({ "content": content })).await;
            assert_eq!(refused.refusal(), (400, "invalid_email_template_content"), "{part}");
            assert!(refused.body["error_message"].as_str().unwrap().contains(part), "{}", refused.body);
        }
        for wrong in [
            json!({ "type": "prebuilt", "accent_color": "red" }),
            json!({ "type": "prebuilt", "logo_url": "http://acme.example/x.png" }),
            json!({ "type": "custom", "kind": "login" }),
            words("nothing", "en", "a"),
            words("login", "xx", "a"),
            json!({ "type": "custom", "kind": "login", "locale": "en", "subject": "a", "text": "{{ link }}",
                    "html": "x".repeat(70_000) }),
        ] {
            assert_eq!(admin(&app, Method::PUT, "/x", json!({ "content": wrong })).await.status, 400);
        }
        assert_eq!(admin(&app, Method::GET, "", json!({})).await.ok()["templates"], json!([]));
    }

    async fn a_template_is_kept_shown_and_deleted_on_the_record(app: TestApp) {
        let mine = words("login", "en", "Mine");
        keep(&app, "mine", None, mine.clone()).await;
        let listed = admin(&app, Method::GET, "", json!({})).await.ok();
        assert_eq!(listed["templates"], json!([{ "template_id": "mine", "is_default": true, "content": mine }]));
        admin(&app, Method::GET, "/mine?locale=en", json!({})).await.ok();
        let other_kind = json!({ "content": words("signup", "fr", "Mine") });
        let refused = admin(&app, Method::PUT, "/mine", other_kind).await;
        assert_eq!(refused.refusal(), (400, "invalid_template_id"), "one id is one kind");
        admin(&app, Method::POST, "/mine/delete", json!({})).await.ok();
        let again = admin(&app, Method::POST, "/mine/delete", json!({})).await;
        assert_eq!(again.refusal(), (404, "email_template_not_found"));
        let stored = app.everything_stored().await;
        for action in ["mail_template.saved", "mail_template.deleted"] {
            assert!(stored.windows(action.len()).any(|it| it == action.as_bytes()), "{action}");
        }
    }

    async fn a_preview_shows_samples_and_keeps_nothing(app: TestApp) {
        let body = json!({ "content": { "type": "prebuilt" }, "kind": "notice", "locale": "fa" });
        let shown = admin(&app, Method::POST, "/preview", body).await.ok();
        assert!(shown["html"].as_str().unwrap().contains("dir=\"rtl\""));
        assert_eq!(admin(&app, Method::GET, "", json!({})).await.ok()["templates"], json!([]));
    }

    async fn of_two_defaults_the_newer_holds(app: TestApp) {
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        keep(&app, "one", None, words("login", "en", "One")).await;
        keep(&app, "two", None, words("login", "en", "Two")).await;
        assert_eq!(subject(&app, &organization, json!({})).await, "Two");
    }
}
