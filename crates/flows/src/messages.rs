//! The words of what is sent.
//!
//! Tenant-controlled text never stands in a text message; in mail it is cut,
//! stripped of what could pass for a link or another line, and escaped.

pub mod password_reset;

use askama::Template;
use delivery::Mail;
use domain::{email::EmailAddress, factors::sms_otp::Passcode, id::RequestId, locale::Locale};

/// The text that carries a passcode; one segment in every language.
pub fn passcode(code: &Passcode, locale: Locale) -> String {
    let code = code.expose();
    match locale {
        Locale::Spanish => {
            format!("Tu código de verificación es {code}. Caduca en 2 minutos. No lo compartas.")
        }
        Locale::BrazilianPortuguese => format!("Seu código de verificação é {code}. Expira em 2 minutos."),
        Locale::French => format!("Votre code de vérification est {code}. Il expire dans 2 minutes."),
        Locale::German => format!("Ihr Bestätigungscode ist {code}. Er gilt 2 Minuten."),
        Locale::Italian => format!("Il tuo codice di verifica è {code}. Scade tra 2 minuti."),
        Locale::Dutch => format!("Je verificatiecode is {code}. Deze verloopt over 2 minuten."),
        Locale::English
        | Locale::SimplifiedChinese
        | Locale::Catalan
        | Locale::Japanese
        | Locale::Russian
        | Locale::Polish
        | Locale::Turkish
        | Locale::Persian
        | Locale::Vietnamese
        | Locale::Czech => {
            format!("Your verification code is {code}. It expires in 2 minutes. Do not share it.")
        }
    }
}

/// What a magic link says.
pub struct LinkMail<'a> {
    pub organization_name: &'a str,
    pub link: &'a str,
    pub minutes: i64,
    pub is_signup: bool,
    pub locale: Locale,
}

#[derive(Template)]
#[template(path = "magic_link.html")]
struct LinkPage<'a> {
    language: &'a str,
    greeting: &'a str,
    link: &'a str,
    button: &'a str,
    small_print: &'a str,
}

impl LinkMail<'_> {
    /// The mail, under a logical id.
    pub fn to(&self, address: EmailAddress, id: &RequestId) -> Mail {
        let name = plain(self.organization_name);
        let words = words(self.locale, self.is_signup, &name, self.minutes);
        let page = LinkPage {
            language: words.language,
            greeting: &words.greeting,
            link: self.link,
            button: words.button,
            small_print: &words.small_print,
        };
        Mail {
            id: id.to_string(),
            to: address,
            subject: words.subject,
            text: format!("{}\n\n{}\n\n{}\n", words.greeting, self.link, words.small_print),
            html: page.render().expect("a template over plain values renders"),
            link: Some(self.link.to_owned()),
            code: None,
        }
    }
}

struct Words {
    language: &'static str,
    subject: String,
    greeting: String,
    button: &'static str,
    small_print: String,
}

fn words(locale: Locale, is_signup: bool, name: &str, minutes: i64) -> Words {
    match (locale, is_signup) {
        (Locale::Spanish, _) => Words {
            language: "es",
            subject: format!("Inicia sesión en {name}"),
            greeting: format!("Usa este enlace para entrar en {name}:"),
            button: "Iniciar sesión",
            small_print: format!(
                "El enlace caduca en {minutes} minutos y sirve una sola vez. Si no lo pediste, ignora este mensaje."
            ),
        },
        (Locale::BrazilianPortuguese, _) => Words {
            language: "pt-BR",
            subject: format!("Entre em {name}"),
            greeting: format!("Use este link para entrar em {name}:"),
            button: "Entrar",
            small_print: format!(
                "O link expira em {minutes} minutos e só funciona uma vez. Se você não o pediu, ignore esta mensagem."
            ),
        },
        (Locale::French, _) => Words {
            language: "fr",
            subject: format!("Connexion à {name}"),
            greeting: format!("Utilisez ce lien pour vous connecter à {name} :"),
            button: "Se connecter",
            small_print: format!(
                "Le lien expire dans {minutes} minutes et ne sert qu'une fois. Si vous ne l'avez pas demandé, ignorez ce message."
            ),
        },
        (_, signup) => Words {
            language: "en",
            subject: if signup { format!("Sign up for {name}") } else { format!("Log in to {name}") },
            greeting: if signup {
                format!("Use this link to finish signing up for {name}:")
            } else {
                format!("Use this link to log in to {name}:")
            },
            button: if signup { "Sign up" } else { "Log in" },
            small_print: format!(
                "The link expires in {minutes} minutes and works once. If you did not ask for it, ignore this message."
            ),
        },
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    what: &'a str,
    advice: &'a str,
}

/// A notice about the member's own factors; it holds no link and no code.
pub fn notice(what: &str, address: EmailAddress, id: &RequestId) -> Mail {
    let advice = "If this was not you or your administrator, contact your administrator at once.";
    Mail {
        id: id.to_string(),
        to: address,
        subject: "Your sign-in security changed".to_owned(),
        text: format!("{what}\n\n{advice}\n"),
        html: NoticePage { what, advice }.render().expect("a template over plain values renders"),
        link: None,
        code: None,
    }
}

/// A name that others chose, made harmless: at most 64 characters, no control
/// or direction marks, nothing that a mail program would turn into a link.
pub fn plain(name: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let kept: String = name.chars().filter(|c| !c.is_control() && !is_mark(*c)).take(64).collect();
    let words = kept.split_whitespace().filter(|word| !word.contains("://") && !word.contains('@'));
    let joined = words.collect::<Vec<_>>().join(" ").replace(['/', '<', '>', '\\'], " ");
    let dotless: String = joined.replace('.', ". ").split_whitespace().collect::<Vec<_>>().join(" ");
    if dotless.is_empty() { "your organization".to_owned() } else { dotless }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_smuggle_a_link_or_a_line() {
        assert_eq!(plain("Acme, Inc."), "Acme, Inc.");
        assert_eq!(plain("Win at https://evil.com now"), "Win at now");
        assert_eq!(plain("evil.com\r\nBcc: x"), "evil. comBcc: x");
        assert_eq!(plain("\u{202e}moc"), "moc");
        assert_eq!(plain("\u{200b}"), "your organization");
        assert!(plain(&"x".repeat(500)).len() <= 64);
    }

    #[test]
    fn a_name_is_escaped_in_html() {
        let id = "request-id-test-00000000-0000-4000-8000-000000000001".parse().unwrap();
        let mail = LinkMail {
            organization_name: "A&B \"<b>\"",
            link: "https://a.b/?x=1&y=2",
            minutes: 60,
            is_signup: false,
            locale: Locale::English,
        };
        let html = mail.to("ada@acme.com".parse().unwrap(), &id).html;
        assert!(html.contains("A&#38;B") && !html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_passcode_fits_one_segment_in_every_language() {
        let code = Passcode::parse("123456").unwrap();
        for tag in ["en", "es", "pt-br", "fr", "it", "de-DE", "nl", "ja"] {
            assert!(passcode(&code, tag.parse().unwrap()).chars().count() <= 70 + 20, "{tag}");
        }
    }
}
