//! What a document does to settings.

use super::*;
use crate::locks::LockPolicy;
use proptest::prelude::*;
use serde_json::{Map, json};

fn read(json: &str) -> ProjectDocument {
    serde_json::from_str(json).unwrap()
}

fn applied(json: &str) -> Result<ProjectSettings, SettingError> {
    read(json).apply(Environment::Test, &ProjectSettings::default())
}

#[test]
fn an_absent_section_is_left_alone_and_a_key_left_out_has_its_default() {
    let before =
        applied(r#"{"lock": {"threshold": 3, "minutes": 15}, "recovery_codes": {"readable": false}}"#);
    let before = before.unwrap();
    let after = read(r#"{"lock": {"threshold": 4}}"#).apply(Environment::Test, &before).unwrap();
    assert_eq!(after.lock, LockPolicy { threshold: 4, minutes: 60 });
    assert!(!after.recovery_codes_readable);
}

#[test]
fn a_change_names_its_path_and_both_values() {
    let after = applied(
        r#"{"lock": {"threshold": 3}, "passwords": {"policy": "luds", "minimum_length": 12, "minimum_complexity": 3}}"#,
    );
    let of = |settings: &ProjectSettings| ProjectDocument::of(settings, Policy::default());
    let changes = ProjectDocument::diff(&of(&ProjectSettings::default()), &of(&after.unwrap()));
    let told: Vec<_> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "lock.threshold: 10 -> 3",
            "passwords.minimum_complexity: null -> 3",
            "passwords.minimum_length: null -> 12",
            r#"passwords.policy: "zxcvbn" -> "luds""#,
        ]
    );
}

#[test]
fn a_role_is_named_in_a_change_and_built_in_ones_are_not_written() {
    let editor = r#"{"rbac": {"roles": [{"role_id": "editor", "permissions": [{"resource_id": "document", "actions": ["read"]}]}],
                     "resources": [{"resource_id": "document", "actions": ["read"]}]}}"#;
    let policy = read(editor).rbac.unwrap().checked().unwrap();
    assert_eq!(policy.clone().own().checked().unwrap(), policy);
    let of = |policy| ProjectDocument::of(&ProjectSettings::default(), policy);
    let changes = ProjectDocument::diff(&of(Policy::default()), &of(policy));
    let paths: Vec<_> = changes.iter().map(|it| it.path.as_str()).collect();
    let own = Policy::default().own();
    assert!(own.roles.is_empty() && own.resources.is_empty());
    assert!(paths.contains(&"rbac.roles.editor") && paths.contains(&"rbac.resources.document"), "{paths:?}");
}

#[test]
fn what_cannot_be_taken_is_named() {
    for (document, key) in [
        (r#"{"lock": {"threshold": 0}}"#, "lock.threshold"),
        (r#"{"lock": {"minutes": 4}}"#, "lock.minutes"),
        (r#"{"redirect_urls": {"login": ["ftp://a.b/"]}}"#, "redirect_urls.login"),
        (r#"{"redirect_urls": {"signup": ["http://a.b/", "https://a.b/"]}}"#, "redirect_urls.signup"),
        (r#"{"redirect_urls": {"login": ["https://a.b/", "https://a.b/"]}}"#, "redirect_urls.login"),
        (r#"{"sms": {"countries": ["Switzerland"]}}"#, "sms.countries"),
        (r#"{"sms": {"countries": ["*", "CH"]}}"#, "sms.countries"),
        (
            r#"{"passwords": {"policy": "luds", "minimum_length": 7, "minimum_complexity": 1}}"#,
            "password.luds.minimum_length",
        ),
        (r#"{"sdk": {"enabled": true, "origins": ["https://a.b/path"]}}"#, "sdk.origins"),
        (r#"{"sdk": {"enabled": true, "origins": ["http://a.b"]}}"#, "sdk.origins"),
        (r#"{"sdk": {"enabled": true, "origins": ["https://*.a.b"]}}"#, "sdk.origins"),
    ] {
        let refused = applied(document).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("{key}: ")), "{document}: {refused}");
    }
}

#[test]
fn an_unknown_section_or_key_is_refused() {
    for strange in [
        r#"{"locks": {}}"#,
        r#"{"lock": {"treshold": 3}}"#,
        r#"{"passwords": {"policy": "zxcvbn", "minimum_length": 12}}"#,
        r#"{"passwords": {"policy": "none"}}"#,
        r#"{"sms": {"country": ["CH"]}}"#,
        r#"{"templates": {"texts": []}}"#,
        r#"{"webhooks": {"endpoints": [{"url": "https://a.b/", "secret": "whsec_"}]}}"#,
    ] {
        assert!(serde_json::from_str::<ProjectDocument>(strange).is_err(), "{strange}");
    }
}

fn mail(id: &str, is_default: bool, more: &Value) -> Value {
    let mut content = json!({ "type": "custom", "kind": "login", "locale": "en", "subject": "Log in",
                              "text": "{{ link }}", "html": "<a href=\"{{ link }}\">in</a>" });
    for (key, value) in more.as_object().unwrap() {
        content[key] = value.clone();
    }
    json!({ "template_id": id, "is_default": is_default, "content": content })
}

fn templates(mails: &[Value]) -> serde_json::Result<Templates> {
    serde_json::from_value(json!({ "mails": mails }))
}

#[test]
fn a_template_that_cannot_be_taken_is_named() {
    let one = mail("welcome", true, &json!({}));
    for (second, told) in [
        (mail("welcome", false, &json!({})), "welcome[en]: it is there twice"),
        (
            mail("welcome", false, &json!({ "locale": "fr", "kind": "signup" })),
            "welcome[fr]: it is of another kind",
        ),
        (mail("other", true, &json!({})), "other[en]: welcome is the default already"),
        (mail("odd id", false, &json!({})), "odd id[en]: a template id has"),
        (
            mail("bad", false, &json!({ "subject": "a\r\nBcc: eve@evil.example" })),
            "bad[en]: subject: one line",
        ),
        (mail("bad", false, &json!({ "text": "{{ link }}\u{7}" })), "bad[en]: text: the character U+0007"),
        (mail("bad", false, &json!({ "html": "<script>1</script>" })), "bad[en]: html: "),
    ] {
        let refused = templates(&[one.clone(), second]).unwrap().wanted().unwrap_err().to_string();
        assert!(refused.starts_with(&format!("templates.mails: {told}")), "{refused}");
    }
    let fits = [one, mail("welcome", true, &json!({ "locale": "fr" })), mail("other", false, &json!({}))];
    assert_eq!(templates(&fits).unwrap().wanted().unwrap().len(), 3);
}

#[test]
fn an_unknown_kind_language_or_key_of_a_template_is_named_with_those_there_are() {
    for (more, told) in [
        (json!({ "kind": "unlock" }), ["`unlock`", "`otp_login`"]),
        (json!({ "locale": "xx" }), ["\"xx\"", "pt-br"]),
        (json!({ "colour": "red" }), ["`colour`", "`subject`"]),
        (json!({ "type": "plain" }), ["`plain`", "`prebuilt`"]),
    ] {
        let refused = templates(&[mail("welcome", true, &more)]).unwrap_err().to_string();
        assert!(told.iter().all(|it| refused.contains(it)), "{refused}");
    }
}

#[test]
fn an_endpoint_that_cannot_be_taken_is_named() {
    for (endpoint, told) in [
        (json!({ "url": "http://a.b/" }), "\"http://a.b/\": an https URL"),
        (json!({ "url": "https://a.b/", "events": ["direct.*.x"] }), "\"https://a.b/\": events: "),
        (json!({ "url": "https://a.b/", "description": "a\nb" }), "\"https://a.b/\": description: one line"),
    ] {
        let section: Webhooks = serde_json::from_value(json!({ "endpoints": [endpoint] })).unwrap();
        let refused = section.wanted().unwrap_err().to_string();
        assert!(refused.starts_with(&format!("webhooks.endpoints: {told}")), "{refused}");
    }
    let many: Webhooks =
        serde_json::from_value(json!({ "endpoints": vec![json!({ "url": "https://a.b/" }); 21] })).unwrap();
    assert_eq!(many.wanted().unwrap_err().to_string(), "webhooks.endpoints: at most 20");
}

#[test]
fn templates_and_endpoints_are_told_apart_in_a_difference() {
    let of = |text: Value| serde_json::from_value::<ProjectDocument>(text).unwrap();
    let endpoint = |events: &str| json!({ "url": "https://a.b/x", "events": [events] });
    let mails = [
        mail("a", false, &json!({})),
        mail("a", false, &json!({ "locale": "fr" })),
        mail("a.en", false, &json!({})),
    ];
    let after = of(json!({ "templates": { "mails": mails },
                           "webhooks": { "endpoints": [endpoint("direct.*"), endpoint("scim.*")] } }));
    let before =
        of(json!({ "templates": { "mails": [] }, "webhooks": { "endpoints": [endpoint("direct.*")] } }));
    let paths: Vec<_> = ProjectDocument::diff(&before, &after).into_iter().map(|it| it.path).collect();
    let told = ["mails.a.en[en]", "mails.a[en]", "mails.a[fr]"].map(|it| format!("templates.{it}"));
    assert_eq!(&paths[..3], &told, "{paths:?}");
    assert_eq!(&paths[3..], ["webhooks.endpoints.https://a.b/x #2"]);
}

proptest! {
    #[test]
    fn what_is_read_back_changes_nothing(
        threshold in 1_u32..=100, minutes in 5_u32..=10_080, readable: bool, enabled: bool,
        urls in proptest::collection::btree_set("https://[a-z]{1,9}\\.example/[a-z?=]{0,9}", 0..4),
        origins in proptest::collection::btree_set("https://[a-z]{1,9}\\.example(:[1-9][0-9]{3})?", 0..4),
        countries in proptest::sample::subsequence(vec!["CH", "US", "DE", "FR"], 0..4),
        luds in proptest::option::of((8_u32..=32, 1_u32..=4)),
    ) {
        let passwords = luds.map_or(Passwords::Zxcvbn {}, |(minimum_length, minimum_complexity)| {
            Passwords::Luds { minimum_length, minimum_complexity }
        });
        let wanted = ProjectDocument {
            redirect_urls: Some(RedirectUrls { login: urls.into_iter().collect(), ..RedirectUrls::default() }),
            passwords: Some(passwords),
            password_checks: Some(Checks { breaches_on_create: enabled, ..Checks::default() }),
            sessions: Some(Sessions { longest_minutes: minutes, ..Sessions::default() }),
            impersonation: Some(Impersonation { notice: readable, ..Impersonation::default() }),
            password_scope: Some(PasswordScope { cross_organization: enabled }),
            m2m: Some(M2m { claims_template: Map::from_iter([("tier".to_owned(), json!(minutes))]) }),
            lock: Some(Lock { threshold, minutes }),
            sms: Some(Sms { countries: texts(&countries), ..Sms::default() }),
            mail: Some(MailWords { locale: "fa".to_owned() }),
            recovery_codes: Some(RecoveryCodes { readable }),
            sdk: Some(Sdk { enabled, origins: origins.into_iter().collect(), ..Sdk::default() }),
            rbac: Some(Policy::default().own()),
            templates: None,
            webhooks: None,
        };
        let settings = wanted.apply(Environment::Test, &ProjectSettings::default()).unwrap();
        let back = ProjectDocument::of(&settings, Policy::default());
        prop_assert_eq!(&back, &wanted);
        let written = serde_json::to_string(&back).unwrap();
        let again = read(&written).apply(Environment::Test, &settings).unwrap();
        prop_assert!(ProjectDocument::diff(&back, &ProjectDocument::of(&again, Policy::default())).is_empty());
    }
}
