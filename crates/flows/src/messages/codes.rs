//! The mail that carries a code.

use super::{Occasion, plain};
use askama::Template;
use delivery::Mail;
use domain::{email::EmailAddress, factors::sms_otp::Passcode, id::RequestId, locale::Locale, time::Span};

/// What a code is sent with.
pub struct CodeMail<'a> {
    /// Of the organization; of the project before one is chosen.
    pub name: &'a str,
    pub code: &'a Passcode,
    pub lives: Span,
    pub occasion: Occasion,
    pub locale: Locale,
}

#[derive(Template)]
#[template(path = "email_code.html")]
struct CodePage<'a> {
    language: &'a str,
    greeting: &'a str,
    code: &'a str,
    small_print: &'a str,
}

impl CodeMail<'_> {
    /// The mail, under a logical id. The code stands in its body only: subjects
    /// show on locked screens.
    pub fn to(&self, address: EmailAddress, id: &RequestId) -> Mail {
        let words = words(self.locale, self.occasion, &plain(self.name), self.lives.as_minutes());
        let code = self.code.expose();
        let Words { language, subject, greeting, small_print } = &words;
        let page = CodePage { language, greeting, code, small_print };
        Mail {
            id: id.to_string(),
            to: address,
            subject: subject.clone(),
            text: format!("{greeting}\n\n{code}\n\n{small_print}\n"),
            html: page.render().expect("a template over plain values renders"),
            link: None,
            code: Some(code.to_owned()),
        }
    }
}

struct Words {
    language: &'static str,
    subject: String,
    greeting: String,
    small_print: String,
}

fn words(locale: Locale, occasion: Occasion, name: &str, minutes: i64) -> Words {
    match locale {
        Locale::Spanish => spanish(occasion, name, minutes),
        Locale::BrazilianPortuguese => portuguese(occasion, name, minutes),
        Locale::French => french(occasion, name, minutes),
        Locale::English
        | Locale::Italian
        | Locale::German
        | Locale::SimplifiedChinese
        | Locale::Catalan
        | Locale::Japanese
        | Locale::Russian
        | Locale::Dutch
        | Locale::Polish
        | Locale::Turkish
        | Locale::Persian
        | Locale::Vietnamese
        | Locale::Czech => english(occasion, name, minutes),
    }
}

fn english(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting) = match occasion {
        Occasion::Login => (format!("Your code for {name}"), format!("Use this code to log in to {name}:")),
        Occasion::Signup | Occasion::Invite => {
            (format!("Your code for {name}"), format!("Use this code to finish signing up for {name}:"))
        }
        Occasion::EmailUpdate => (
            format!("Confirm your new address for {name}"),
            format!("Use this code to make this your e-mail address for {name}:"),
        ),
    };
    let small_print = format!(
        "The code expires in {minutes} minutes and works once. Do not share it. If you did not ask for it, ignore this message."
    );
    Words { language: "en", subject, greeting, small_print }
}

fn spanish(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting) = match occasion {
        Occasion::Login | Occasion::Signup | Occasion::Invite => {
            (format!("Tu código para {name}"), format!("Usa este código para entrar en {name}:"))
        }
        Occasion::EmailUpdate => (
            format!("Confirma tu nueva dirección para {name}"),
            format!("Usa este código para que esta sea tu dirección de correo en {name}:"),
        ),
    };
    let small_print = format!(
        "El código caduca en {minutes} minutos y sirve una sola vez. No lo compartas. Si no lo pediste, ignora este mensaje."
    );
    Words { language: "es", subject, greeting, small_print }
}

fn portuguese(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting) = match occasion {
        Occasion::Login | Occasion::Signup | Occasion::Invite => {
            (format!("Seu código para {name}"), format!("Use este código para entrar em {name}:"))
        }
        Occasion::EmailUpdate => (
            format!("Confirme seu novo endereço para {name}"),
            format!("Use este código para que este seja seu endereço de e-mail em {name}:"),
        ),
    };
    let small_print = format!(
        "O código expira em {minutes} minutos e só funciona uma vez. Não o compartilhe. Se você não o pediu, ignore esta mensagem."
    );
    Words { language: "pt-BR", subject, greeting, small_print }
}

fn french(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting) = match occasion {
        Occasion::Login | Occasion::Signup | Occasion::Invite => {
            (format!("Votre code pour {name}"), format!("Utilisez ce code pour vous connecter à {name} :"))
        }
        Occasion::EmailUpdate => (
            format!("Confirmez votre nouvelle adresse pour {name}"),
            format!("Utilisez ce code pour faire de cette adresse la vôtre chez {name} :"),
        ),
    };
    let small_print = format!(
        "Le code expire dans {minutes} minutes et ne sert qu'une fois. Ne le partagez pas. Si vous ne l'avez pas demandé, ignorez ce message."
    );
    Words { language: "fr", subject, greeting, small_print }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_in_the_body_and_never_in_the_subject() {
        let id = "request-id-test-00000000-0000-4000-8000-000000000001".parse().unwrap();
        for locale in ["en", "es", "pt-br", "fr", "ja"].map(|it| it.parse().unwrap()) {
            for occasion in [Occasion::Login, Occasion::Signup, Occasion::Invite, Occasion::EmailUpdate] {
                let code = Passcode::parse("123456").unwrap();
                let mail = CodeMail { name: "A&B", code: &code, lives: Span::minutes(10), occasion, locale };
                let mail = mail.to("ada@acme.com".parse().unwrap(), &id);
                assert!(mail.text.contains("\n123456\n") && mail.html.contains(">123456<"));
                assert!(!mail.subject.contains("123456") && mail.html.contains("A&#38;B"));
            }
        }
    }
}
