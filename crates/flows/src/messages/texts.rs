//! The text message that carries a passcode.

use domain::{factors::sms_otp::Passcode, locale::Locale};

/// One segment in every language.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passcode_fits_one_segment_in_every_language() {
        let code = Passcode::parse("123456").unwrap();
        for tag in ["en", "es", "pt-br", "fr", "it", "de-DE", "nl", "ja"] {
            assert!(passcode(&code, tag.parse().unwrap()).chars().count() <= 70 + 20, "{tag}");
        }
    }
}
