//! Access tokens of clients.

use super::proof::{Shown, prove};
use crate::{Call, Result, audit, signer};
use domain::{
    audit::{Action, Actor},
    id::M2mTokenId,
    m2m::token::{Claims, LIFETIME},
};
use serde_json::json;

pub struct Issued {
    pub access_token: String,
    /// In seconds.
    pub expires_in: i64,
}

/// Trades a client's secret for an access token with the scopes that are
/// asked for, or with all the client has. Nothing is kept of it but that it was
/// issued: it is good until it expires, for whoever does not ask.
///
/// # Errors
/// `InvalidClient`, `InvalidScope`, `TooManyRequests`, `CustomClaimsTooLarge`.
pub async fn issue(call: &mut Call, shown: &Shown, scopes: &[String]) -> Result<Issued> {
    let client = prove(call, shown).await?;
    let granted = client.scopes.granted(scopes)?;
    let custom = call.project.settings.m2m_claims_template.render(&client)?;
    let jti = M2mTokenId::random(call.project.environment, &mut call.rng);
    let claims = Claims::new(&client, &granted, (jti, call.now), custom);
    let access_token = signer::sign_once(call, &claims).await?;
    let mut tx = call.app.db.write().await?;
    let details = [("client_id", json!(client.client_id.to_string()))];
    audit::note_of_project(call, &mut tx, (Action::M2mTokenIssued, Actor::Project), &details).await?;
    tx.commit().await?;
    Ok(Issued { access_token, expires_in: LIFETIME.as_milliseconds() / 1000 })
}
