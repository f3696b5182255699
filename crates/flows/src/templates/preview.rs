//! What a mail will look like, filled in with samples.

use super::Dress;
use crate::{
    Result,
    messages::{self, CodeMail, LinkMail, Occasion, ResetMail},
    notices::Notice,
};
use delivery::Mail;
use domain::{
    Refusal,
    email::EmailAddress,
    factors::sms_otp::Passcode,
    id::MessageId,
    locale::Locale,
    templates::{Content, Kind, Rendered},
    time::Span,
};

const LINK: &str = "https://example.com/authenticate?token=sample";
const LIVES: Span = Span::minutes(60);

/// Fills a template in. Looks alone are shown on the built-in mail of the kind,
/// in the language; words have both of their own.
///
/// # Errors
/// `InvalidEmailTemplateContent`, which says what is wrong.
pub fn of(content: Content, (kind, locale): (Kind, Locale)) -> Result<Rendered> {
    content.check().map_err(Refusal::InvalidEmailTemplateContent)?;
    let (kind, locale) = (content.kind().unwrap_or(kind), content.locale().unwrap_or(locale));
    let dress = Dress::new(Some(content), locale, ("Example", Some("Acme"), "Ada"));
    let mail = mail(kind, &dress)?;
    Ok(Rendered { subject: mail.subject, text: mail.text, html: mail.html })
}

fn mail(kind: Kind, dress: &Dress) -> Result<Mail> {
    let to = EmailAddress::parse("ada@example.com")?;
    let id: MessageId = "message-test-00000000-0000-4000-8000-000000000000"
        .parse()
        .map_err(|_| Refusal::BadRequest("a sample id that is none"))?;
    let link = |occasion| LinkMail { link: LINK, minutes: LIVES.as_minutes(), occasion, dress };
    let code = Passcode::parse("123456")?;
    let code = |occasion| CodeMail { code: &code, lives: LIVES, occasion, dress };
    let reset = |is_first| ResetMail {
        reset: LINK,
        login: Some(format!("{LINK}-login")),
        minutes: LIVES.as_minutes(),
        is_first,
        dress,
    };
    Ok(match kind {
        Kind::Login => link(Occasion::Login).to(to, &id),
        Kind::Signup => link(Occasion::Signup).to(to, &id),
        Kind::Invite => link(Occasion::Invite).to(to, &id),
        Kind::OtpLogin => code(Occasion::Login).to(to, &id),
        Kind::OtpSignup => code(Occasion::Signup).to(to, &id),
        Kind::ResetPassword => reset(false).to(to, &id),
        Kind::EmailVerification => reset(true).to(to, &id),
        Kind::Notice => messages::notice(Notice::TotpAdded, dress, (to, &id)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::templates::Brand;

    fn built_in(kind: Kind, locale: Locale) -> Rendered {
        of(Content::Prebuilt(Brand::default()), (kind, locale)).unwrap()
    }

    #[test]
    fn every_mail_in_every_language_is_small_whole_and_fetches_nothing() {
        for locale in Locale::ALL {
            for kind in Kind::ALL {
                let Rendered { subject, text, html } = built_in(*kind, locale);
                assert!(
                    html.len() < 20_000 && !html.contains("<img") && !html.contains("<script"),
                    "{locale} {kind}"
                );
                assert!(
                    ![&subject, &text, &html].iter().any(|it| it.contains("{{") || it.contains("{n")),
                    "{locale} {kind}"
                );
                let carried = match kind.mandatory() {
                    "link" => text.contains(LINK) && html.contains("token=sample"),
                    "code" => {
                        text.contains("123456") && html.contains("123456") && !subject.contains("123456")
                    }
                    _ => !text.contains("http") && text.contains("Acme"),
                };
                assert!(carried, "{locale} {kind}: {text}");
                let direction = if locale == Locale::Persian { "rtl" } else { "ltr" };
                assert!(html.contains(&format!("dir=\"{direction}\">")), "{locale} {kind}");
            }
        }
    }

    #[test]
    fn the_mails_are_as_they_were_read_over() {
        for locale in [Locale::English, Locale::Persian] {
            for kind in Kind::ALL {
                let Rendered { subject, text, html } = built_in(*kind, locale);
                insta::assert_snapshot!(format!("{kind}_{locale}"), format!("{subject}\n\n{text}\n{html}"));
            }
        }
    }

    #[test]
    fn looks_are_worn_by_the_built_in_mail() {
        let brand = serde_json::from_str(
            r##"{"type":"prebuilt","logo_url":"https://acme.com/logo.png?a=1&b=2","accent_color":"#ffd400"}"##,
        );
        let html = of(brand.unwrap(), (Kind::Login, Locale::English)).unwrap().html;
        assert!(html.contains("src=\"https://acme.com/logo.png?a=1&#38;b=2\""), "{html}");
        assert!(html.contains("background:#ffd400;color:#111418"), "dark ink on yellow");
    }
}
