//! A link sent by e-mail is another first factor; the texted code follows by itself.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use reqwest::Url;
use sha2::{Digest, Sha256};
use stytch::b2b::magic_links::{AuthenticateRequest, AuthenticateResponse};
use stytch::b2b::magic_links_email::LoginOrSignupRequest;

use crate::checks::{check, holds, refused};
use crate::dev::Watch;
use crate::login::{factors_of, with_text};
use crate::world::World;
use crate::{Failure, Step};

pub async fn walk(world: &World) -> Step {
    println!("# magic link");
    a_link_logs_in_once(world).await?;
    a_link_with_a_challenge_wants_its_verifier(world).await
}

async fn a_link_logs_in_once(world: &World) -> Step {
    let ada = &world.ada;
    let link = mailed_link(world, None).await?;
    let (page, _) = link.as_str().split_once('?').ok_or("the link has no query")?;
    check("a link leads to the default page", page, "http://localhost:3000/authenticate");
    check("a link says what it is", query(&link, "stytch_token_type")?, "multi_tenant_magic_links");
    let token = query(&link, "token")?;

    let phone = Watch::on(&ada.phone).await?;
    let half = followed(world, &token, None).await?;
    check("a link alone does not authenticate", half.member_authenticated, false);
    let due = half.mfa_required.ok_or("mfa_required is null")?;
    check("a code was texted by itself", due.secondary_auth_initiated.as_deref(), Some("sms_otp"));
    let options = due.member_options.ok_or("member_options is null")?;
    check("the verified phone is offered", &options.mfa_phone_number, &ada.phone);

    let login = with_text(world, ada, &half.intermediate_session_token, &phone.code().await?).await?;
    check(
        "the texted code completes the login",
        factors_of(login.member_session.as_ref()),
        ["magic_link", "otp"],
    );
    let again = followed(world, &token, None).await;
    refused("a link works once", again, "unable_to_auth_magic_link", Some(401));
    Ok(())
}

async fn a_link_with_a_challenge_wants_its_verifier(world: &World) -> Step {
    let ada = &world.ada;
    let verifier = BASE64URL.encode(rand::random::<[u8; 32]>());
    let challenge = BASE64URL.encode(Sha256::digest(&verifier));
    let token = query(&mailed_link(world, Some(challenge)).await?, "token")?;

    let without = followed(world, &token, None).await;
    refused("a link sent with a challenge wants its verifier", without, "pkce_expected_code_verifier", None);
    let phone = Watch::on(&ada.phone).await?;
    let half = followed(world, &token, Some(verifier)).await?;
    holds("the right verifier is accepted", !half.intermediate_session_token.is_empty());
    let login = with_text(world, ada, &half.intermediate_session_token, &phone.code().await?).await?;
    holds("a login with a challenge completes", !login.session_token.is_empty());
    Ok(())
}

async fn mailed_link(world: &World, pkce_code_challenge: Option<String>) -> Result<Url, Failure> {
    let mail = Watch::on(&world.ada.email).await?;
    let request = LoginOrSignupRequest {
        organization_id: world.organization_id.clone(),
        email_address: world.ada.email.clone(),
        pkce_code_challenge,
        ..Default::default()
    };
    let answer = world.client.magic_links.email.login_or_signup(request).await?;
    check("a known address creates no member", answer.member_created, false);
    mail.link().await
}

async fn followed(
    world: &World,
    token: &str,
    verifier: Option<String>,
) -> stytch::Result<AuthenticateResponse> {
    let request = AuthenticateRequest {
        magic_links_token: token.to_owned(),
        pkce_code_verifier: verifier,
        ..Default::default()
    };
    world.client.magic_links.authenticate(request).await
}

fn query(link: &Url, name: &str) -> Result<String, Failure> {
    let found = link.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).ok_or_else(|| format!("the link has no {name}").into())
}
