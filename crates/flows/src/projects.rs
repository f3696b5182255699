//! Projects, as the operator manages them.

pub mod document;
pub mod secrets;

use crate::{App, Call, Error, Result, factors::guard, signer, webhooks};
use document::Administrator;
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor, AuditEvent, Details},
    digest::Digest,
    id::{AuditEventId, ProjectId, PublicToken},
    projects::{Environment, Project, ProjectSettings},
    token::Token,
};
use rand::RngCore;
use serde_json::{Value, json};
pub use store::metrics::Figures;
use store::{
    Tx, address_passwords, email_code_guard, passwords, project_secrets, projects, second_factor_guard,
    signing_keys::SigningKey,
};

/// Shown once.
pub struct Created {
    pub project: Project,
    pub secret: Token,
}

/// Creates a project with a secret and a key to sign with.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: &App,
    (name, environment): (&str, Environment),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Created> {
    let project = Project {
        project_id: ProjectId::random(environment, rng),
        name: name.to_owned(),
        environment,
        public_token: PublicToken::random(environment, rng),
        settings: ProjectSettings::default(),
        has_webhooks: false,
        created_at: now,
    };
    let secret = Token::random(&format!("secret-{environment}-"), rng);
    insert(app, &project, &secret, by, (now, rng)).await?;
    signer::ensure_key(app, &project.project_id, now, rng).await?;
    Ok(Created { project, secret })
}

/// Creates a project that is already named; for the development project.
///
/// # Errors
/// When the database fails or the project exists.
pub async fn create_as(
    app: &App,
    project: &Project,
    secret: &Token,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    insert(app, project, secret, Administrator::Operator, (now, rng)).await
}

async fn insert(
    app: &App,
    project: &Project,
    secret: &Token,
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut tx = app.db.write().await?;
    projects::create(&mut tx, project).await?;
    project_secrets::add(&mut tx, &secrets::kept(&project.project_id, secret, now)).await?;
    let mut event = event(&project.project_id, Action::ProjectCreated, now, rng);
    by.sign(&mut event);
    store::audit::append(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}

/// Changes these settings, keys and values, of what there is at this moment;
/// the keys go to the record. Returns all settings.
///
/// # Errors
/// `CannotToggleCrossOrgPasswords`, `ProjectNotFound`; [`Error::Setting`] for
/// what no setting is.
pub async fn change_settings(
    app: &App,
    (project, changes): (&ProjectId, &[(&str, &str)]),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<ProjectSettings> {
    let mut tx = app.db.write().await?;
    let before = projects::hold(&mut tx, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let mut after = before.clone();
    for (key, value) in changes {
        after.set(environment(project), key, value).map_err(Error::Setting)?;
    }
    write_settings(&mut tx, project, (&before, &after)).await?;
    let keys: Vec<&str> = changes.iter().map(|(key, _)| *key).collect();
    let details = [("settings", json!(keys))];
    note(&mut tx, project, Action::ProjectSettingChanged, (now, rng), &details).await?;
    tx.commit().await?;
    Ok(after)
}

/// Writes settings into an open transaction that holds the project's row.
///
/// # Errors
/// `CannotToggleCrossOrgPasswords` while there are passwords.
pub(crate) async fn write_settings(
    tx: &mut Tx,
    project: &ProjectId,
    (before, after): (&ProjectSettings, &ProjectSettings),
) -> Result<()> {
    let toggles = before.cross_organization_passwords != after.cross_organization_passwords;
    if toggles && address_passwords::any_in(tx, project).await? {
        return Err(Refusal::CannotToggleCrossOrgPasswords.into());
    }
    Ok(projects::save_settings(tx, project, after).await?)
}

/// Lifts every lock of a member and of their address, and forgets the failures behind it.
///
/// # Errors
/// `OrganizationNotFound`, `MemberNotFound`, `InvalidEmail`.
pub async fn unlock(
    app: &App,
    (project, organization, member): (&ProjectId, &str, &str),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut tx = app.db.write().await?;
    let (tenant, member) = guard::of_project(&mut tx, project, (organization, member)).await?;
    second_factor_guard::clear(&mut tx, &tenant, &member.member_id).await?;
    passwords::clear_guesses(&mut tx, &tenant, &member.member_id).await?;
    address_passwords::clear_guesses(&mut tx, project, &member.email_address).await?;
    email_code_guard::clear(&mut tx, project, &member.email_address).await?;
    let mut event = event(project, Action::MemberUnlocked, now, rng);
    event.organization_id = Some(tenant.organization_id().clone());
    event.member_id = Some(member.member_id);
    store::audit::append(&mut tx, &event).await?;
    webhooks::announce_unread(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}

/// A public key as verifiers read it.
pub struct PublicKey {
    pub key_id: String,
    pub modulus: String,
    pub exponent: String,
}

/// The public keys of a project, those that wait to sign included. A project
/// without any gets one.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn public_keys(
    app: &App,
    project: &ProjectId,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Vec<PublicKey>> {
    projects::find(&mut app.db.read().await?, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let mut keys = signer::listed(app, project, now).await?;
    if keys.is_empty() {
        signer::ensure_key(app, project, now, rng).await?;
        keys = signer::listed(app, project, now).await?;
    }
    let public = |it: SigningKey| PublicKey { key_id: it.key_id, modulus: it.modulus, exponent: it.exponent };
    Ok(keys.into_iter().map(public).collect())
}

/// # Errors
/// `ProjectNotFound`.
pub async fn find(app: &App, id: &str) -> Result<Project> {
    let id: ProjectId = id.parse().map_err(|_| Refusal::ProjectNotFound)?;
    let found = projects::find(&mut app.db.read().await?, &id).await?;
    Ok(found.ok_or(Refusal::ProjectNotFound)?)
}

/// How much a project holds.
///
/// # Errors
/// When the database fails.
pub async fn figures(call: &Call) -> Result<Figures> {
    Ok(store::metrics::of_project(&mut call.app.db.read().await?, &call.project.project_id).await?)
}

/// Whose secret it is.
///
/// # Errors
/// `UnauthorizedCredentials`.
pub async fn authenticate(app: &App, id: &str, secret: &Token, now: Timestamp) -> Result<Project> {
    let id: ProjectId = id.parse().map_err(|_| Refusal::UnauthorizedCredentials)?;
    let digest: Digest = secret.digest();
    let found = projects::authenticate(&mut app.db.read().await?, &id, &digest, now).await?;
    Ok(found.ok_or(Refusal::UnauthorizedCredentials)?)
}

/// Appends an event about a project as a whole.
pub(crate) async fn note(
    tx: &mut Tx,
    project: &ProjectId,
    action: Action,
    (now, rng): (Timestamp, &mut impl RngCore),
    details: &[(&str, Value)],
) -> Result<()> {
    let mut event = event(project, action, now, rng);
    event.details =
        Details(details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
    Ok(store::audit::append(tx, &event).await?)
}

pub(crate) fn event(
    project: &ProjectId,
    action: Action,
    now: Timestamp,
    rng: &mut impl RngCore,
) -> AuditEvent {
    AuditEvent {
        audit_event_id: AuditEventId::random(environment(project), rng),
        project_id: project.clone(),
        organization_id: None,
        member_id: None,
        action,
        actor: Actor::Operator,
        at: now,
        details: Details::default(),
    }
}

fn environment(project: &ProjectId) -> Environment {
    if project.as_str().contains("-live-") { Environment::Live } else { Environment::Test }
}
