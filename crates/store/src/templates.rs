//! Mail templates, of a project or of one of its organizations. The project's own name no organization.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::{
    Timestamp,
    id::ProjectId,
    locale::Locale,
    templates::{Content, Kind, Scope, Stored, Template, TemplateId},
};

/// Whose templates: the project's, or the organization's.
pub type Owner<'a> = (&'a ProjectId, Option<&'a Tenant>);

/// The templates that may fit a mail where no id is named: defaults of the kind
/// and of every kind, in the language, in English and in all.
///
/// # Errors
/// When the database fails.
pub async fn defaults(
    conn: &mut Conn,
    owner: Owner<'_>,
    (kind, locale): (Kind, Locale),
) -> Result<Vec<Stored>, Fault> {
    let rows: Vec<Row> = conn
        .sql(sql!(
            "SELECT organization_id, template_id, is_default, content FROM mail_templates
              WHERE project_id = $1 AND organization_id IN ('', $2) AND is_default
                AND kind IN ('', $3) AND locale IN ('', 'en', $4)"
        ))
        .bind(owner.0)
        .bind(&organization(owner))
        .bind(&kind.to_string())
        .bind(&locale.to_string())
        .all()
        .await?;
    rows.into_iter().map(stored).collect()
}

/// The templates of this id, in the language, in English and in all.
///
/// # Errors
/// When the database fails.
pub async fn named(
    conn: &mut Conn,
    owner: Owner<'_>,
    (id, locale): (&TemplateId, Locale),
) -> Result<Vec<Stored>, Fault> {
    let rows: Vec<Row> = conn
        .sql(sql!(
            "SELECT organization_id, template_id, is_default, content FROM mail_templates
              WHERE project_id = $1 AND organization_id IN ('', $2) AND template_id = $3
                AND locale IN ('', 'en', $4)"
        ))
        .bind(owner.0)
        .bind(&organization(owner))
        .bind(&id.to_string())
        .bind(&locale.to_string())
        .all()
        .await?;
    rows.into_iter().map(stored).collect()
}

/// The kinds of the templates of this id, in any language; the empty word for looks alone.
///
/// # Errors
/// When the database fails.
pub async fn kinds_of(conn: &mut Conn, owner: Owner<'_>, id: &TemplateId) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String, String)> = conn
        .sql(sql!(
            "SELECT DISTINCT organization_id, kind FROM mail_templates
              WHERE project_id = $1 AND organization_id IN ('', $2) AND template_id = $3"
        ))
        .bind(owner.0)
        .bind(&organization(owner))
        .bind(&id.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(_, kind)| kind).collect())
}

/// Every template of the project alone, or of the organization alone.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut Conn, owner: Owner<'_>) -> Result<Vec<Template>, Fault> {
    let rows: Vec<Row> = conn
        .sql(sql!(
            "SELECT organization_id, template_id, is_default, content FROM mail_templates
              WHERE project_id = $1 AND organization_id = $2 ORDER BY template_id, locale"
        ))
        .bind(owner.0)
        .bind(&organization(owner))
        .all()
        .await?;
    rows.into_iter().map(|row| Ok(stored(row)?.template)).collect()
}

/// One template of the owner's own.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    owner: Owner<'_>,
    (id, locale): (&TemplateId, Option<Locale>),
) -> Result<Option<Template>, Fault> {
    let row: Option<Row> = conn
        .sql(sql!(
            "SELECT organization_id, template_id, is_default, content FROM mail_templates
              WHERE project_id = $1 AND organization_id = $2 AND template_id = $3 AND locale = $4"
        ))
        .bind(owner.0)
        .bind(&organization(owner))
        .bind(&id.to_string())
        .bind(&tag(locale))
        .optional()
        .await?;
    row.map(|row| Ok(stored(row)?.template)).transpose()
}

/// Keeps a template in place of the one before it. A default takes the place
/// of the default before it.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, owner: Owner<'_>, template: &Template, now: Timestamp) -> Result<(), Fault> {
    let (kind, locale) = (kind(&template.content), tag(template.content.locale()));
    if template.is_default {
        tx.sql(sql!(
            "UPDATE mail_templates SET is_default = FALSE
              WHERE project_id = $1 AND organization_id = $2 AND kind = $3 AND locale = $4 AND is_default"
        ))
        .bind(owner.0)
        .bind(&organization(owner))
        .bind(&kind)
        .bind(&locale)
        .execute()
        .await?;
    }
    tx.sql(sql!(
        "INSERT INTO mail_templates
            (project_id, organization_id, template_id, locale, kind, is_default, content, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (project_id, organization_id, template_id, locale)
         DO UPDATE SET kind = $5, is_default = $6, content = $7, updated_at = $8"
    ))
    .bind(owner.0)
    .bind(&organization(owner))
    .bind(&template.template_id.to_string())
    .bind(&locale)
    .bind(&kind)
    .bind(&template.is_default)
    .bind(&template.content)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// Deletes a template of the owner's own; of every language where none is named.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    owner: Owner<'_>,
    (id, locale): (&TemplateId, Option<Locale>),
) -> Result<u64, Fault> {
    tx.sql(sql!(
        "DELETE FROM mail_templates
          WHERE project_id = $1 AND organization_id = $2 AND template_id = $3 AND ($4 = '' OR locale = $4)"
    ))
    .bind(owner.0)
    .bind(&organization(owner))
    .bind(&id.to_string())
    .bind(&tag(locale))
    .execute()
    .await
}

/// Deletes one template of the owner's own, of exactly this language or of none.
///
/// # Errors
/// When the database fails.
pub async fn delete_one(
    tx: &mut Tx,
    owner: Owner<'_>,
    (id, locale): (&TemplateId, Option<Locale>),
) -> Result<u64, Fault> {
    tx.sql(sql!(
        "DELETE FROM mail_templates
          WHERE project_id = $1 AND organization_id = $2 AND template_id = $3 AND locale = $4"
    ))
    .bind(owner.0)
    .bind(&organization(owner))
    .bind(&id.to_string())
    .bind(&tag(locale))
    .execute()
    .await
}

type Row = ((String, String), (bool, Content));

fn stored(((organization, id), (is_default, content)): Row) -> Result<Stored, Fault> {
    let template_id = id.parse().map_err(|_| Fault::Unreadable("text that is no template id".to_owned()))?;
    let scope = if organization.is_empty() { Scope::Project } else { Scope::Organization };
    Ok(Stored { scope, template: Template { template_id, is_default, content } })
}

fn organization((_, tenant): Owner<'_>) -> String {
    tenant.map(|it| it.organization_id().to_string()).unwrap_or_default()
}

fn tag(locale: Option<Locale>) -> String {
    locale.map(|it| it.to_string()).unwrap_or_default()
}

fn kind(content: &Content) -> String {
    content.kind().map(|it| it.to_string()).unwrap_or_default()
}
