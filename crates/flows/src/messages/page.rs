//! The one page that every built-in mail is: no table, no script, nothing fetched but the logo of the project's choice.

use crate::templates::Dress;
use askama::Template;
use delivery::Mail;
use domain::{
    email::EmailAddress,
    id::MessageId,
    templates::{Brand, Content, Rendered, Values},
};

/// What a built-in mail says. Askama escapes all of it.
pub(super) struct Page<'a> {
    pub subject: String,
    pub greeting: String,
    pub action: Action<'a>,
    /// A second way: its words, and its link.
    pub aside: Option<(&'a str, &'a str)>,
    pub small_print: String,
}

/// What the reader is to do.
#[derive(Clone, Copy)]
pub(super) enum Action<'a> {
    Link { link: &'a str, button: &'a str },
    Code(&'a str),
    Nothing,
}

struct Look {
    accent: String,
    on_accent: &'static str,
    background: String,
    logo: Option<String>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    tag: &'a str,
    direction: &'a str,
    look: Look,
    name: &'a str,
    subject: &'a str,
    greeting: &'a str,
    action: Action<'a>,
    aside: Option<(&'a str, &'a str)>,
    small_print: &'a str,
}

impl Page<'_> {
    /// The mail, under a logical id, in the words of the dress if it has its
    /// own. A code stands in its body only: subjects show on locked screens.
    pub fn to(self, address: EmailAddress, id: &MessageId, (dress, values): (&Dress, Values)) -> Mail {
        let Rendered { subject, text, html } = match dress.content() {
            None => self.rendered(dress, &Brand::default()),
            Some(Content::Prebuilt(brand)) => self.rendered(dress, brand),
            Some(Content::Custom(custom)) => match custom.rendered(&dress.named(values)) {
                Ok(rendered) => rendered,
                Err(reason) => {
                    tracing::error!(reason, "a mail template that was taken cannot be filled in");
                    self.rendered(dress, &Brand::default())
                }
            },
        };
        let (link, code) = match self.action {
            Action::Link { link, button: _ } => (Some(link.to_owned()), None),
            Action::Code(code) => (None, Some(code.to_owned())),
            Action::Nothing => (None, None),
        };
        Mail { id: id.to_string(), to: address, subject, text, html, link, code }
    }

    fn rendered(&self, dress: &Dress, brand: &Brand) -> Rendered {
        let html = Html {
            tag: dress.words().tag,
            direction: dress.words().direction,
            look: look(brand),
            name: dress.name(),
            subject: &self.subject,
            greeting: &self.greeting,
            action: self.action,
            aside: self.aside,
            small_print: &self.small_print,
        };
        let html = html.render().expect("a template over plain values renders");
        Rendered { subject: self.subject.clone(), text: self.text(dress.name()), html }
    }

    fn text(&self, name: &str) -> String {
        let Self { greeting, small_print, .. } = self;
        let action = match self.action {
            Action::Link { link, button: _ } => format!("{link}\n\n"),
            Action::Code(code) => format!("{code}\n\n"),
            Action::Nothing => String::new(),
        };
        let aside = self.aside.map(|(words, link)| format!("{words}\n{link}\n\n")).unwrap_or_default();
        let name = match self.action {
            Action::Nothing => format!("\n{name}\n"), // nothing else says whose account it is
            Action::Link { .. } | Action::Code(_) => String::new(),
        };
        format!("{greeting}\n\n{action}{aside}{small_print}\n{name}")
    }
}

fn look(Brand { logo_url, accent_color, background_color }: &Brand) -> Look {
    Look {
        accent: accent_color.to_string(),
        on_accent: accent_color.ink_upon(),
        background: background_color.to_string(),
        logo: logo_url.as_ref().map(ToString::to_string),
    }
}
