use stytch::consumer::m2m::{AuthenticateTokenRequest, TokenRequest};
use stytch::consumer::m2m_clients::CreateRequest;

use crate::Step;
use crate::checks::{check, holds};
use crate::world::World;

pub async fn walk(world: &World) -> Step {
    println!("# m2m");
    a_token_is_verified_locally(world).await
}

async fn a_token_is_verified_locally(world: &World) -> Step {
    let m2m = &world.client.m2m;
    let wanted = CreateRequest {
        client_name: Some("Billing".to_owned()),
        scopes: vec!["read:users".to_owned(), "write:users".to_owned()],
        ..Default::default()
    };
    let client = m2m.clients.create(wanted).await?.m2m_client;
    let proof = TokenRequest {
        client_id: client.client_id.clone(),
        client_secret: client.client_secret,
        scopes: Some(vec!["read:users".to_owned()]),
        grant_type: "client_credentials".to_owned(),
    };
    let answer = m2m.token(proof).await?;
    check("a token is a bearer's", answer.token_type.as_str(), "bearer");

    let requiring = |scope: &str| AuthenticateTokenRequest {
        access_token: answer.access_token.clone(),
        required_scopes: Some(vec![scope.to_owned()]),
        ..Default::default()
    };
    let verified = m2m.authenticate_token(requiring("read:users")).await?;
    check("it names its client", verified.client_id, client.client_id);
    check("it holds the scopes that were asked for", verified.scopes, vec!["read:users"]);
    let refusal = m2m.authenticate_token(requiring("write:users")).await;
    holds("and no others", matches!(refusal, Err(stytch::Error::Unauthorized)));
    Ok(())
}
