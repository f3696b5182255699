//! Trusted issuers, at the command line.

use super::{meant, open};
use crate::{
    Failure, clock,
    command::trusted_tokens::{CreateProfile, TrustedTokenCommand},
};
use domain::{
    id::TrustedTokenProfileId,
    operator_url::OperatorUrl,
    trusted_tokens::{Attributes, KeySource, Rules},
};
use flows::trusted_tokens::profiles;
use std::fs;

/// # Errors
/// When there is no such project or profile, or the rules cannot hold.
pub async fn trusted_tokens(command: TrustedTokenCommand) -> Result<(), Failure> {
    match command {
        TrustedTokenCommand::Create(options) => create(*options).await,
        TrustedTokenCommand::List { project, configured } => {
            let app = open(&configured).await?;
            let project = meant(&app, project.as_deref()).await?.project_id;
            for profile in profiles::of_project(&app, &project).await? {
                let rules = serde_json::to_string(&profile.rules)?;
                println!("{}  {}  {rules}", profile.profile_id, profile.name);
            }
            Ok(())
        }
        TrustedTokenCommand::Delete { project, profile_id, configured } => {
            let app = open(&configured).await?;
            let project = meant(&app, project.as_deref()).await?.project_id;
            let id: TrustedTokenProfileId =
                profile_id.parse().map_err(|_| "a profile id looks like trusted-token-profile-live-…")?;
            profiles::delete(&app, (&project, &id), (clock::machine(), &mut clock::luck())).await?;
            println!("The profile is deleted.");
            Ok(())
        }
    }
}

async fn create(options: CreateProfile) -> Result<(), Failure> {
    if options.name.trim().is_empty() || options.name.chars().count() > 128 {
        return Err("--name: 1 to 128 characters".into());
    }
    let keys = if let Some(url) = &options.jwks_url {
        let url = url.parse::<OperatorUrl>().map_err(|error| format!("--jwks-url: {error}"))?;
        KeySource::JwksUrl(url)
    } else {
        let read: Result<Vec<String>, std::io::Error> =
            options.public_keys.iter().map(fs::read_to_string).collect();
        KeySource::Pem(read?)
    };
    let attributes = Attributes {
        email: options.email_claim,
        external_id: options.external_id_claim,
        organization_id: Some(options.organization_claim).filter(|it| !it.is_empty()),
        token_id: options.token_id_claim,
    };
    let rules = Rules {
        issuer: options.issuer,
        audience: options.audience,
        keys,
        attributes,
        can_jit_provision: options.can_jit_provision,
        requires_second_factor: options.requires_second_factor,
    };
    let app = open(&options.configured).await?;
    let project = meant(&app, options.project.as_deref()).await?;
    rules.check(project.environment)?;
    let luck = (clock::machine(), &mut clock::luck());
    let profile = profiles::create(&app, (&project, options.name.trim(), rules), luck).await?;
    println!("profile_id  {}", profile.profile_id);
    Ok(())
}
