//! Words of one's own: a subject, a text and a page, for one kind in one language.

use super::{Kind, markup, placeholders};
use crate::locale::Locale;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;
/// Bytes of a text, and of a page.
const LONGEST_BODY: usize = 64 * 1024;
/// Steps of the engine: a template without loops takes far fewer.
const FUEL: u64 = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    pub kind: Kind,
    /// As requests name languages: `en`, `pt-br`, `de-DE`.
    #[schemars(with = "String")]
    pub locale: Locale,
    /// One line.
    pub subject: String,
    /// For mail programs that show no pages.
    pub text: String,
    pub html: String,
}

/// What is filled in, by the names of [`Kind::variables`]; absent is empty.
/// `Debug` shows none of it: links and codes are secrets.
#[derive(Clone, Default)]
pub struct Values(BTreeMap<&'static str, String>);

/// What is sent.
#[derive(Clone)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Values {
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.insert(name, value.into());
        self
    }

    /// Values that show what a mail of the kind will look like; with what may be absent, or without.
    pub fn sample(kind: Kind, complete: bool) -> Self {
        let optional = |it: &str| if complete { it.to_owned() } else { String::new() };
        let values = Self::default()
            .with("organization_name", "Acme")
            .with("project_name", "Example")
            .with("member_name", optional("Ada"))
            .with("expires_in", "60 min")
            .with("login_link", optional("https://example.com/authenticate?token=sample-login"));
        match kind.mandatory() {
            "link" => values.with("link", "https://example.com/authenticate?token=sample"),
            "code" => values.with("code", "123456"),
            other => values.with(other, "An authenticator app to confirm your logins was added."),
        }
    }
}

impl Custom {
    /// # Errors
    /// Tells the author which part cannot be taken, and why.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.subject.trim().is_empty() || self.subject.chars().count() > LONGEST_SUBJECT {
            return Err(format!("subject: 1 to {LONGEST_SUBJECT} characters"));
        }
        if self.subject.contains(['\r', '\n', '\t']) {
            return Err("subject: one line".to_owned());
        }
        if self.subject.contains("{%") {
            return Err("subject: no conditions".to_owned());
        }
        for (part, text) in [("text", &self.text), ("html", &self.html)] {
            if text.trim().is_empty() || text.len() > LONGEST_BODY {
                return Err(format!("{part}: 1 to {LONGEST_BODY} bytes"));
            }
        }
        let variables = self.variables();
        for (part, text) in [("subject", &self.subject), ("text", &self.text), ("html", &self.html)] {
            let read = readable(text).and_then(|()| placeholders::check(text, &variables));
            read.map_err(|reason| format!("{part}: {reason}"))?;
        }
        if self.subject.contains("link") || self.subject.contains("code") {
            refuse_secrets_in(&self.subject)?;
        }
        markup::check(&self.html).map_err(|reason| format!("html: {reason}"))?;
        self.carries_what_it_is_for()
    }

    /// With and without what may be absent, what the mail is for is in both parts.
    fn carries_what_it_is_for(&self) -> Result<(), String> {
        let mandatory = self.kind.mandatory();
        for complete in [true, false] {
            let values = Values::sample(self.kind, complete);
            let told = values.0.get(mandatory).cloned().unwrap_or_default();
            let rendered = self.rendered(&values)?;
            for (part, text, told) in
                [("text", rendered.text, told.clone()), ("html", rendered.html, escaped(&told))]
            {
                if !text.contains(&told) {
                    return Err(format!(
                        "{part}: {{{{ {mandatory} }}}} has to be there, whatever else is not"
                    ));
                }
            }
        }
        Ok(())
    }

    fn variables(&self) -> Vec<&'static str> {
        [&[self.kind.mandatory()], self.kind.variables()].concat()
    }

    /// Fills in the values, escaped in the page.
    ///
    /// # Errors
    /// When the template is none; never for one that was checked.
    pub fn rendered(&self, values: &Values) -> Result<Rendered, String> {
        let mut engine = Environment::empty(); // no filters, no tests, no functions, nothing to load
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.set_fuel(Some(FUEL));
        engine.set_auto_escape_callback(
            |part| if part == "html" { AutoEscape::Html } else { AutoEscape::None },
        );
        let known: BTreeMap<String, Value> = self
            .variables()
            .into_iter()
            .map(|name| (name.to_owned(), Value::from(values.0.get(name).map_or("", String::as_str))))
            .collect();
        let known = Value::from(known);
        let fill = |part: &str, source: &str| {
            engine
                .render_named_str(part, source, known.clone())
                .map_err(|error| format!("{part}: {}", error.detail().unwrap_or("cannot be read")))
        };
        Ok(Rendered {
            subject: fill("subject", &self.subject)?,
            text: fill("text", &self.text)?,
            html: fill("html", &self.html)?,
        })
    }
}

/// Subjects show on locked screens.
fn refuse_secrets_in(subject: &str) -> Result<(), String> {
    let tight = subject.replace(' ', "");
    let found = ["{{link}}", "{{login_link}}", "{{code}}"].iter().find(|it| tight.contains(**it));
    found.map_or(Ok(()), |it| Err(format!("subject: {it} shows on locked screens")))
}

/// No control characters, and none that turn the direction of what follows or are not seen.
fn readable(text: &str) -> Result<(), String> {
    let is_hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2065}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    };
    match text.chars().find(|c| is_hidden(*c)) {
        Some(c) => Err(format!("the character U+{:04X} is not allowed", u32::from(c))),
        None => Ok(()),
    }
}

fn escaped(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").finish_non_exhaustive()
    }
}
