//! Which template a mail is written by.

use super::{Kind, Template};
use crate::locale::Locale;

/// Whose a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Organization,
    Project,
}

/// A template, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub scope: Scope,
    pub template: Template,
}

/// The one that fits best: the organization's before the project's; within
/// each, words in the language, then English words, then looks alone. None:
/// the built-in mail, in the language.
pub fn chosen(all: &[Stored], kind: Kind, locale: Locale) -> Option<&Template> {
    let wanted = [(Some(kind), Some(locale)), (Some(kind), Some(Locale::English)), (None, None)];
    let found = |scope, (kind, locale)| {
        all.iter().find(|it| {
            let content = &it.template.content;
            it.scope == scope && (content.kind(), content.locale()) == (kind, locale)
        })
    };
    let scopes = [Scope::Organization, Scope::Project];
    let best = scopes.into_iter().find_map(|scope| wanted.iter().find_map(|it| found(scope, *it)));
    best.map(|it| &it.template)
}
