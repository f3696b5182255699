//! The mail that sets a password.

use super::plain;
use askama::Template;
use delivery::Mail;
use domain::{email::EmailAddress, id::RequestId, locale::Locale};

/// What the mail says: one link to set a password, and perhaps one to log in without.
pub struct ResetMail<'a> {
    /// Of the organization, or of the project.
    pub name: &'a str,
    pub reset: &'a str,
    pub login: Option<String>,
    pub minutes: i64,
    /// Whether there is no password yet.
    pub is_first: bool,
    pub locale: Locale,
}

#[derive(Template)]
#[template(path = "password_reset.html")]
struct ResetPage<'a> {
    language: &'a str,
    greeting: &'a str,
    reset: &'a str,
    button: &'a str,
    login: Option<&'a str>,
    without: &'a str,
    small_print: &'a str,
}

impl ResetMail<'_> {
    /// The mail, under a logical id.
    pub fn to(&self, address: EmailAddress, id: &RequestId) -> Mail {
        let words = words(self.locale, self.is_first, &plain(self.name), self.minutes);
        let page = ResetPage {
            language: words.language,
            greeting: &words.greeting,
            reset: self.reset,
            button: words.button,
            login: self.login.as_deref(),
            without: words.without,
            small_print: &words.small_print,
        };
        let without = self.login.as_ref().map(|it| format!("{}\n{it}\n\n", words.without));
        Mail {
            id: id.to_string(),
            to: address,
            subject: words.subject,
            text: format!(
                "{}\n\n{}\n\n{}{}\n",
                words.greeting,
                self.reset,
                without.unwrap_or_default(),
                words.small_print
            ),
            html: page.render().expect("a template over plain values renders"),
            link: Some(self.reset.to_owned()),
            code: None,
        }
    }
}

struct Words {
    language: &'static str,
    subject: String,
    greeting: String,
    button: &'static str,
    without: &'static str,
    small_print: String,
}

fn words(locale: Locale, is_first: bool, name: &str, minutes: i64) -> Words {
    match locale {
        Locale::Spanish => Words {
            language: "es",
            subject: format!("Elige una contraseña para {name}"),
            greeting: format!("Usa este enlace para elegir tu contraseña de {name}:"),
            button: "Elegir contraseña",
            without: "O entra sin contraseña:",
            small_print: format!(
                "Los enlaces caducan en {minutes} minutos y sirven una sola vez. Si no los pediste, ignora este mensaje."
            ),
        },
        Locale::BrazilianPortuguese => Words {
            language: "pt-BR",
            subject: format!("Escolha uma senha para {name}"),
            greeting: format!("Use este link para escolher sua senha de {name}:"),
            button: "Escolher senha",
            without: "Ou entre sem senha:",
            small_print: format!(
                "Os links expiram em {minutes} minutos e só funcionam uma vez. Se você não os pediu, ignore esta mensagem."
            ),
        },
        Locale::French => Words {
            language: "fr",
            subject: format!("Choisissez un mot de passe pour {name}"),
            greeting: format!("Utilisez ce lien pour choisir votre mot de passe pour {name} :"),
            button: "Choisir un mot de passe",
            without: "Ou connectez-vous sans mot de passe :",
            small_print: format!(
                "Les liens expirent dans {minutes} minutes et ne servent qu'une fois. Si vous ne les avez pas demandés, ignorez ce message."
            ),
        },
        Locale::German => Words {
            language: "de",
            subject: format!("Passwort wählen für {name}"),
            greeting: format!("Mit diesem Link wählen Sie Ihr Passwort für {name}:"),
            button: "Passwort wählen",
            without: "Oder ohne Passwort anmelden:",
            small_print: format!(
                "Die Links gelten {minutes} Minuten und nur einmal. Wenn Sie sie nicht angefordert haben, ignorieren Sie diese Nachricht."
            ),
        },
        Locale::English
        | Locale::Italian
        | Locale::Dutch
        | Locale::SimplifiedChinese
        | Locale::Catalan
        | Locale::Japanese
        | Locale::Russian
        | Locale::Polish
        | Locale::Turkish
        | Locale::Persian
        | Locale::Vietnamese
        | Locale::Czech => english(is_first, name, minutes),
    }
}

fn english(is_first: bool, name: &str, minutes: i64) -> Words {
    Words {
        language: "en",
        subject: if is_first {
            format!("Set your password for {name}")
        } else {
            format!("Reset your password for {name}")
        },
        greeting: format!("Use this link to choose your password for {name}:"),
        button: "Choose a password",
        without: "Or log in without a password:",
        small_print: format!(
            "The links expire in {minutes} minutes and work once. If you did not ask for them, ignore this message."
        ),
    }
}
