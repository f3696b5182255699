//! What an operator does at the command line, which keeps its hands off
//! development data: projects with other settings, trusted issuers and impersonation.

use super::{
    Dev,
    guard::{Read, refused},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    audit::Actor,
    email::EmailAddress,
    projects::{Environment, Project},
    trusted_tokens::Rules,
};
use flows::{
    impersonation::{self, Mint},
    projects::{self, Created, document::Administrator},
    trusted_tokens::profiles,
    webhooks::endpoints::{self, Wanted},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Display};

/// Why not, in a sentence for whoever writes the test.
type Outcome = Result<Value, String>;

#[derive(Deserialize)]
pub struct Impersonated {
    organization: String,
    member: String,
}

#[derive(Deserialize)]
pub struct Told {
    /// https, or http on this machine.
    url: String,
    #[serde(default)]
    events: Vec<String>,
}

/// Makes a test project with these settings, each by its name at the command line and in its form there.
pub async fn create(State(dev): State<Dev>, Read(settings): Read<BTreeMap<String, String>>) -> Response {
    told(found(&dev, settings).await)
}

/// Trusts an issuer, by the rules that the command line would store.
pub async fn trust(State(dev): State<Dev>, Read(rules): Read<Rules>) -> Response {
    told(believe(&dev, rules).await)
}

/// Mints a token with which to act in a member's name.
pub async fn impersonate(State(dev): State<Dev>, Read(whom): Read<Impersonated>) -> Response {
    told(mint(&dev, &whom).await)
}

/// Tells a URL what happens in the development project; the answer holds the secret that signs.
pub async fn tell(State(dev): State<Dev>, Read(whom): Read<Told>) -> Response {
    told(endpoint(&dev, whom).await)
}

async fn found(dev: &Dev, settings: BTreeMap<String, String>) -> Outcome {
    let (now, mut luck) = ((dev.api.clock)(), (dev.api.entropy)());
    let named = ("Development", Environment::Test);
    let made = projects::create(&dev.api.app, named, Administrator::Operator, (now, &mut luck)).await;
    let Created { project, secret } = made.map_err(text)?;
    let changes: Vec<(&str, &str)> =
        settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let saved = projects::change_settings(&dev.api.app, (&project.project_id, &changes), (now, &mut luck));
    saved.await.map_err(text)?;
    Ok(json!({
        "project_id": project.project_id,
        "secret": secret.expose(),
        "public_token": project.public_token,
    }))
}

async fn believe(dev: &Dev, rules: Rules) -> Outcome {
    let project = project(dev).await?;
    rules.check(project.environment)?;
    let luck = ((dev.api.clock)(), &mut (dev.api.entropy)());
    let made = profiles::create(&dev.api.app, (&project, "Development", rules), luck).await;
    Ok(json!({ "profile_id": made.map_err(text)?.profile_id }))
}

async fn endpoint(dev: &Dev, Told { url, events }: Told) -> Outcome {
    let project = project(dev).await?;
    let wanted = Wanted { url: Some(url), events: Some(events), ..Wanted::default() };
    let luck = ((dev.api.clock)(), &mut (dev.api.entropy)());
    let made = endpoints::create(&dev.api.app, (&project, wanted), Administrator::Operator, luck).await;
    let (endpoint, secret) = made.map_err(text)?;
    Ok(json!({ "endpoint_id": endpoint.endpoint_id, "secret": secret.expose() }))
}

async fn mint(dev: &Dev, whom: &Impersonated) -> Outcome {
    let wanted = Mint {
        project: &project(dev).await?,
        organization: &whom.organization,
        member: &whom.member,
        impersonator_id: "operator",
        impersonator_email_address: EmailAddress::parse("operator@localhost.example").map_err(text)?,
        reason: "development",
        actor: Actor::Operator,
    };
    let luck = ((dev.api.clock)(), &mut (dev.api.entropy)());
    let minted = impersonation::mint(&dev.api.app, wanted, luck).await.map_err(text)?;
    Ok(json!({ "impersonation_token": minted.token.expose(), "expires_at": minted.expires_at.to_string() }))
}

/// The first one: the one whose credentials are known.
async fn project(dev: &Dev) -> Result<Project, String> {
    let mut conn = dev.api.app.db.read().await.map_err(text)?;
    let all = store::projects::all(&mut conn).await.map_err(text)?;
    all.into_iter().next().ok_or_else(|| "There is no project.".to_owned())
}

fn told(outcome: Outcome) -> Response {
    match outcome {
        Ok(answer) => Json(answer).into_response(),
        Err(reason) => refused(StatusCode::BAD_REQUEST, &reason),
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}
