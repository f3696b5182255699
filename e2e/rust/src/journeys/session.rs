//! A session is asked for, prolonged, verified without the server, and ended.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use stytch::b2b::sessions::{
    AuthenticateRequest, AuthenticateResponse, GetJWKSRequest, GetRequest, RevokeRequest,
};

use crate::checks::{check, holds, refused};
use crate::login::logged_in_with_totp;
use crate::world::World;
use crate::{Failure, Step, dev};

pub async fn walk(world: &World) -> Step {
    println!("# session");
    let token = a_login_opens_a_session(world).await?;
    let session = a_session_is_prolonged(world, &token).await?;
    a_jwt_is_verified_locally(world, &session).await?;
    a_session_is_listed(world, &session).await?;
    a_session_is_ended(world, session).await
}

async fn a_login_opens_a_session(world: &World) -> Result<String, Failure> {
    let login = logged_in_with_totp(world, &world.ada).await?;
    let session = login.member_session.ok_or("no session")?;
    check("a session lasts an hour", minutes_until(session.expires_at).await?, 60);
    Ok(login.session_token)
}

async fn a_session_is_prolonged(world: &World, token: &str) -> Result<AuthenticateResponse, Failure> {
    let request = AuthenticateRequest {
        session_token: Some(token.to_owned()),
        session_duration_minutes: Some(120),
        session_custom_claims: Some(json!({ "plan": "enterprise", "trial": true })),
        ..Default::default()
    };
    let answer = world.client.sessions.authenticate(request).await?;
    check("a session keeps its token when asked for", answer.session_token.as_str(), token);
    check("a session is prolonged on request", minutes_until(answer.member_session.expires_at).await?, 120);
    let claims = answer.member_session.custom_claims.unwrap_or_default();
    check("a session takes claims", claims, json!({ "plan": "enterprise", "trial": true }));

    let request = AuthenticateRequest {
        session_token: Some(token.to_owned()),
        session_custom_claims: Some(json!({ "trial": null })),
        ..Default::default()
    };
    let answer = world.client.sessions.authenticate(request).await?;
    let claims = answer.member_session.custom_claims.clone().unwrap_or_default();
    check("a null takes a claim away", claims, json!({ "plan": "enterprise" }));
    check("a session is not prolonged unasked", minutes_until(answer.member_session.expires_at).await?, 120);
    Ok(answer)
}

async fn a_jwt_is_verified_locally(world: &World, session: &AuthenticateResponse) -> Step {
    let jwt = &session.session_jwt;
    let kid = decode_header(jwt)?.kid.ok_or("the JWT names no key")?;
    let request = GetJWKSRequest { project_id: world.project_id.clone() };
    let keys = world.client.sessions.get_jwks(request).await?.keys;
    let key = keys.iter().find(|key| key.kid == kid).ok_or("the JWT's key is not in the set")?;

    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[&world.project_id]);
    rules.set_issuer(&[format!("stytch.com/{}", world.project_id)]);
    rules.set_required_spec_claims(&["aud", "exp", "iss", "nbf", "sub"]);
    rules.validate_nbf = true;
    // This client reads the machine's clock, which the server's may be ahead of.
    rules.leeway = Duration::try_from_secs_f64(dev::clock().await?.offset_seconds)?.as_secs() + 2;
    let claims = decode::<Value>(jwt, &DecodingKey::from_rsa_components(&key.n, &key.e)?, &rules)?.claims;

    let own = &claims["https://stytch.com/session"];
    check("a JWT names its session", own["id"].as_str(), Some(&*session.member_session.member_session_id));
    check("a JWT names its member", claims["sub"].as_str(), Some(&*world.ada.member_id));
    let organization = json!({ "organization_id": world.organization_id, "slug": world.slug });
    check("a JWT names its organization", &claims["https://stytch.com/organization"], &organization);
    check("a JWT carries the claims", claims["plan"].as_str(), Some("enterprise"));
    check("a JWT forgot the claim that was taken away", claims.get("trial"), None);
    Ok(())
}

async fn a_session_is_listed(world: &World, session: &AuthenticateResponse) -> Step {
    let request =
        GetRequest { organization_id: world.organization_id.clone(), member_id: world.ada.member_id.clone() };
    let listed = world.client.sessions.get(request).await?.member_sessions;
    let id = &session.member_session.member_session_id;
    holds("a session is listed", listed.iter().any(|listed| listed.member_session_id == *id));
    Ok(())
}

async fn a_session_is_ended(world: &World, session: AuthenticateResponse) -> Step {
    let sessions = &world.client.sessions;
    let token = Some(session.session_token);
    sessions.revoke(RevokeRequest { session_token: token.clone(), ..Default::default() }).await?;

    let by_token = AuthenticateRequest { session_token: token, ..Default::default() };
    let dead = sessions.authenticate(by_token).await;
    refused("the token of an ended session is dead", dead, "session_not_found", Some(404));
    let by_jwt = AuthenticateRequest { session_jwt: Some(session.session_jwt), ..Default::default() };
    let dead = sessions.authenticate(by_jwt).await;
    refused("so is its JWT, once the server is asked", dead, "session_not_found", Some(404));
    Ok(())
}

async fn minutes_until(then: DateTime<Utc>) -> Result<i64, Failure> {
    let left = then - dev::clock().await?.now;
    Ok((left.num_seconds() + 30) / 60)
}
