//! The mail that carries a link.

use super::{Occasion, plain};
use askama::Template;
use delivery::Mail;
use domain::{email::EmailAddress, id::RequestId, locale::Locale};

/// What a link says.
pub struct LinkMail<'a> {
    /// Of the organization; of the project before one is chosen.
    pub name: &'a str,
    pub link: &'a str,
    pub minutes: i64,
    pub occasion: Occasion,
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
        let words = words(self.locale, self.occasion, &plain(self.name), self.minutes);
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
    let (subject, greeting, button) = match occasion {
        Occasion::Login => {
            (format!("Log in to {name}"), format!("Use this link to log in to {name}:"), "Log in")
        }
        Occasion::Signup => (
            format!("Sign up for {name}"),
            format!("Use this link to finish signing up for {name}:"),
            "Sign up",
        ),
        Occasion::Invite => (
            format!("You are invited to {name}"),
            format!("You are invited to {name}. Use this link to accept:"),
            "Accept the invitation",
        ),
        Occasion::EmailUpdate => (
            format!("Confirm your new address for {name}"),
            format!("Use this link to make this your e-mail address for {name}:"),
            "Confirm the address",
        ),
    };
    let small_print = format!(
        "The link expires in {minutes} minutes and works once. If you did not ask for it, ignore this message."
    );
    Words { language: "en", subject, greeting, button, small_print }
}

fn spanish(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting, button) = match occasion {
        Occasion::Login | Occasion::Signup => (
            format!("Inicia sesión en {name}"),
            format!("Usa este enlace para entrar en {name}:"),
            "Iniciar sesión",
        ),
        Occasion::Invite => (
            format!("Te han invitado a {name}"),
            format!("Te han invitado a {name}. Usa este enlace para aceptar:"),
            "Aceptar la invitación",
        ),
        Occasion::EmailUpdate => (
            format!("Confirma tu nueva dirección para {name}"),
            format!("Usa este enlace para que esta sea tu dirección de correo en {name}:"),
            "Confirmar la dirección",
        ),
    };
    let small_print = format!(
        "El enlace caduca en {minutes} minutos y sirve una sola vez. Si no lo pediste, ignora este mensaje."
    );
    Words { language: "es", subject, greeting, button, small_print }
}

fn portuguese(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting, button) = match occasion {
        Occasion::Login | Occasion::Signup => {
            (format!("Entre em {name}"), format!("Use este link para entrar em {name}:"), "Entrar")
        }
        Occasion::Invite => (
            format!("Você foi convidado para {name}"),
            format!("Você foi convidado para {name}. Use este link para aceitar:"),
            "Aceitar o convite",
        ),
        Occasion::EmailUpdate => (
            format!("Confirme seu novo endereço para {name}"),
            format!("Use este link para que este seja seu endereço de e-mail em {name}:"),
            "Confirmar o endereço",
        ),
    };
    let small_print = format!(
        "O link expira em {minutes} minutos e só funciona uma vez. Se você não o pediu, ignore esta mensagem."
    );
    Words { language: "pt-BR", subject, greeting, button, small_print }
}

fn french(occasion: Occasion, name: &str, minutes: i64) -> Words {
    let (subject, greeting, button) = match occasion {
        Occasion::Login | Occasion::Signup => (
            format!("Connexion à {name}"),
            format!("Utilisez ce lien pour vous connecter à {name} :"),
            "Se connecter",
        ),
        Occasion::Invite => (
            format!("Vous êtes invité à rejoindre {name}"),
            format!("Vous êtes invité à rejoindre {name}. Utilisez ce lien pour accepter :"),
            "Accepter l'invitation",
        ),
        Occasion::EmailUpdate => (
            format!("Confirmez votre nouvelle adresse pour {name}"),
            format!("Utilisez ce lien pour faire de cette adresse la vôtre chez {name} :"),
            "Confirmer l'adresse",
        ),
    };
    let small_print = format!(
        "Le lien expire dans {minutes} minutes et ne sert qu'une fois. Si vous ne l'avez pas demandé, ignorez ce message."
    );
    Words { language: "fr", subject, greeting, button, small_print }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_escaped_in_html() {
        let id = "request-id-test-00000000-0000-4000-8000-000000000001".parse().unwrap();
        let mail = LinkMail {
            name: "A&B \"<b>\"",
            link: "https://a.b/?x=1&y=2",
            minutes: 60,
            occasion: Occasion::Login,
            locale: Locale::English,
        };
        let html = mail.to("ada@acme.com".parse().unwrap(), &id).html;
        assert!(html.contains("A&#38;B") && !html.contains("<b>"), "{html}");
    }
}
