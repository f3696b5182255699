//! Which template a mail is written by.

use crate::{
    Call, Result,
    messages::{Words, plain, words_of},
};
use domain::{
    Refusal,
    locale::Locale,
    templates::{self, Content, Kind, TemplateId, Values},
};
use store::{Conn, Tenant, templates as stored};

pub mod management;
pub mod preview;

/// What a mail wears: a language, names that are harmless, and a template if one fits.
pub struct Dress {
    locale: Locale,
    content: Option<Content>,
    organization: String,
    project: String,
    member: String,
}

/// To whom a mail goes: of which organization, under which name. Neither is known before one is chosen.
pub type Whom<'a> = (Option<&'a Tenant>, &'a str);

/// What was asked for: the id of a template, if one was, and a language.
pub type Asked<'a> = (Option<&'a str>, Locale);

/// Chooses for a mail of the kind. Without an id, the organization's default
/// comes before the project's, and the built-in words after both.
///
/// # Errors
/// `EmailTemplateNotFound`; `InvalidTemplateId` for a template of another kind.
pub async fn dress(
    call: &Call,
    conn: &mut Conn,
    (tenant, member): Whom<'_>,
    kind: Kind,
    (id, locale): Asked<'_>,
) -> Result<Dress> {
    let owner = (&call.project.project_id, tenant);
    let all = match id {
        None => stored::defaults(conn, owner, (kind, locale)).await?,
        Some(id) => {
            let id: TemplateId = id.parse().map_err(|_| Refusal::EmailTemplateNotFound)?;
            let kinds = stored::kinds_of(conn, owner, &id).await?;
            match kinds.iter().any(|it| it.is_empty() || *it == kind.to_string()) {
                true => stored::named(conn, owner, (&id, locale)).await?,
                false if kinds.is_empty() => return Err(Refusal::EmailTemplateNotFound.into()),
                false => return Err(Refusal::InvalidTemplateId.into()),
            }
        }
    };
    let content = templates::chosen(&all, kind, locale).map(|it| it.content.clone());
    Ok(Dress::new(
        content,
        locale,
        (&call.project.name, tenant.map(|it| it.organization().name.as_str()), member),
    ))
}

/// A kind of mail, and the template that a caller named for it.
type OfKind<'a> = (Kind, Option<&'a str>);

/// Chooses of two mails the one that is sent; ids are checked whether or not they are used this time.
///
/// # Errors
/// Those of [`dress`].
pub async fn dress_one_of(
    call: &Call,
    conn: &mut Conn,
    whom: Whom<'_>,
    ((kind, id), (other_kind, other_id)): (OfKind<'_>, OfKind<'_>),
    locale: Locale,
) -> Result<Dress> {
    if other_id.is_some() {
        dress(call, conn, whom, other_kind, (other_id, locale)).await?;
    }
    dress(call, conn, whom, kind, (id, locale)).await
}

impl Dress {
    fn new(
        content: Option<Content>,
        locale: Locale,
        (project, organization, member): (&str, Option<&str>, &str),
    ) -> Self {
        let unnamed = words_of(locale).your_organization;
        Self {
            project: plain(project, unnamed),
            organization: plain(organization.unwrap_or(project), unnamed),
            member: plain(member, ""),
            locale,
            content,
        }
    }

    /// Without a template's own words: for a mail that says something else than they do.
    #[must_use]
    pub fn looks_alone(self) -> Self {
        Self { content: self.content.filter(|it| it.kind().is_none()), ..self }
    }

    /// The language of what is said beside the template.
    pub(crate) fn words(&self) -> &'static Words {
        words_of(self.content.as_ref().and_then(Content::locale).unwrap_or(self.locale))
    }

    /// Of the organization; of the project before one is chosen.
    pub(crate) fn name(&self) -> &str {
        &self.organization
    }

    pub(crate) fn content(&self) -> Option<&Content> {
        self.content.as_ref()
    }

    pub(crate) fn named(&self, values: Values) -> Values {
        values
            .with("organization_name", &*self.organization)
            .with("project_name", &*self.project)
            .with("member_name", &*self.member)
    }
}
