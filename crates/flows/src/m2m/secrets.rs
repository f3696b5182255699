//! A client's secret gives way to another, while both are good.

use super::named;
use crate::{Call, Result, audit};
use domain::{
    Refusal,
    audit::{Action, Actor},
    m2m::{Client, client_id::ClientId, secret},
    token::Token,
};
use serde_json::json;
use store::{Tx, m2m_clients};

/// Makes a second secret, told this once. Both are good until the rotation is finished or cancelled.
///
/// # Errors
/// `M2mClientNotFound`, `M2mClientAlreadyRotatingSecret`.
pub async fn start_rotation(call: &mut Call, id: &str) -> Result<(Client, Token)> {
    let (id, next) = (named(id)?, secret::random(&mut call.rng));
    let project = call.project.project_id.clone();
    let digest = secret::digest(&call.app.server_key, &project, &id, &next);
    let mut tx = call.app.db.write().await?;
    let kept = (&digest, &secret::last_four(&next));
    let started = m2m_clients::start_rotation(&mut tx, (&project, &id), kept, call.now).await?;
    let otherwise = Refusal::M2mClientAlreadyRotatingSecret;
    let action = Action::M2mClientSecretRotationStarted;
    Ok((finished(call, tx, (&id, started), (action, otherwise)).await?, next))
}

/// The second secret is good no longer.
///
/// # Errors
/// `M2mClientNotFound`, `M2mClientNotRotatingSecret`.
pub async fn cancel_rotation(call: &mut Call, id: &str) -> Result<Client> {
    let id = named(id)?;
    let mut tx = call.app.db.write().await?;
    let cancelled = m2m_clients::cancel_rotation(&mut tx, &call.project.project_id, &id, call.now).await?;
    let otherwise = Refusal::M2mClientNotRotatingSecret;
    finished(call, tx, (&id, cancelled), (Action::M2mClientSecretRotationCancelled, otherwise)).await
}

/// The second secret is the only one from now on.
///
/// # Errors
/// `M2mClientNotFound`, `M2mClientNotRotatingSecret`.
pub async fn rotate(call: &mut Call, id: &str) -> Result<Client> {
    let id = named(id)?;
    let mut tx = call.app.db.write().await?;
    let rotated = m2m_clients::rotate(&mut tx, &call.project.project_id, &id, call.now).await?;
    let otherwise = Refusal::M2mClientNotRotatingSecret;
    finished(call, tx, (&id, rotated), (Action::M2mClientSecretRotated, otherwise)).await
}

/// Notes and commits what the guarded statement did; says why where it did nothing.
async fn finished(
    call: &mut Call,
    mut tx: Tx,
    (id, changed): (&ClientId, Option<Client>),
    (action, otherwise): (Action, Refusal),
) -> Result<Client> {
    let Some(client) = changed else {
        let exists = m2m_clients::find(&mut tx, &call.project.project_id, id).await?.is_some();
        return Err(if exists { otherwise } else { Refusal::M2mClientNotFound }.into());
    };
    audit::note_of_project(call, &mut tx, (action, Actor::Project), &[("client_id", json!(id))]).await?;
    tx.commit().await?;
    Ok(client)
}
