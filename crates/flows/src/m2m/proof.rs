//! A client proves that it is one.

use super::attempts::Counted;
use crate::{Call, Result, audit};
use domain::{
    Refusal,
    audit::{Action, Actor},
    digest::Digest,
    m2m::{
        Client, Status,
        client_id::ClientId,
        secret::{Kind, recognized, under_present},
    },
    token::Token,
};
use serde_json::json;
use store::m2m_clients;

/// What a client showed: a name, and its secret in each way it could be meant.
pub struct Shown {
    pub client_id: String,
    pub secrets: Vec<Token>,
}

/// The active client that knows its secret; while it is rotated, either one.
///
/// Unknown, inactive and wrong are one answer after the same work. When too
/// many attempts failed, an imported secret is no longer accepted, be it right
/// or wrong; one of ours is, so that nobody can shut a client out by failing
/// in its name.
///
/// # Errors
/// `InvalidClient`, `TooManyRequests`.
pub async fn prove(call: &mut Call, shown: &Shown) -> Result<Client> {
    let project = &call.project.project_id;
    let found = match shown.client_id.parse::<ClientId>() {
        Ok(id) => m2m_clients::find(&mut call.app.db.read().await?, project, &id).await?,
        Err(_) => None,
    };
    let counted = Counted::new(project, &shown.client_id);
    let has_attempts = call.app.attempts.take(&counted, call.now);
    let kind = recognized(&call.app.server_key, (project, &shown.client_id), found.as_ref(), &shown.secrets);
    let client = found.filter(|it| it.status == Status::Active);
    match (client, kind, has_attempts) {
        (Some(client), Some(_), true) => {
            call.app.attempts.give_back(&counted);
            keep_under_present(call, &client, &shown.secrets).await;
            Ok(client)
        }
        (Some(client), Some(Kind::Generated), false) => {
            keep_under_present(call, &client, &shown.secrets).await;
            Ok(client)
        }
        (client, _, true) => {
            if let Some(client) = client {
                refused(call, &client).await?;
            }
            Err(Refusal::InvalidClient.into())
        }
        (_, _, false) => Err(Refusal::TooManyRequests.into()),
    }
}

/// Of a client there is, and no more often than attempts are counted.
async fn refused(call: &mut Call, client: &Client) -> Result<()> {
    let mut tx = call.app.db.write().await?;
    let details = [("client_id", json!(client.client_id.to_string()))];
    audit::note_of_project(call, &mut tx, (Action::M2mClientRefused, Actor::Project), &details).await?;
    Ok(tx.commit().await?)
}

/// A digest alone cannot be put under another version of the server key; it
/// can while the secret is here. The client is who it is, whether this works or not.
async fn keep_under_present(call: &Call, client: &Client, secrets: &[Token]) {
    let Some((before, after)) = under_present(&call.app.server_key, client, secrets) else { return };
    if let Err(error) = rekey(call, client, (&before, &after)).await {
        tracing::warn!(%error, "a client's secret stays under an older version of the server key");
    }
}

async fn rekey(call: &Call, client: &Client, digests: (&Digest, &Digest)) -> Result<()> {
    let mut tx = call.app.db.write().await?;
    m2m_clients::rekey(&mut tx, (&client.project_id, &client.client_id), digests).await?;
    Ok(tx.commit().await?)
}
