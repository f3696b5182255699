//! The ways in that more than one journey takes.

use stytch::b2b::sessions::MemberSession;
use stytch::b2b::{otp_sms, passwords, recovery_codes, totps};

use crate::Failure;
use crate::authenticator::{next_code, right_code};
use crate::dev::Watch;
use crate::world::{Person, World};

pub const PASSWORD: &str = "correct horse battery staple";

// Ways to write PASSWORD down that other systems use. The second one has `before.` and `.after` round it.
pub const ARGON2ID: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$ZTJlLWZpeGVkLXNhbHQtMQ$JnjlCPlg20uBZ8USUpc+1VOt6Ux/CmZPJ93xKNUnJdA";
pub const SHA512: &str = "46e8d29b011ee51f46b7392346edf5f560f29db5af21f7370b6644ece7ad0321\
                          e0ad85c890a533fde8d79b2a212caf07e2d7632c3154e9147505bbe22933e9c6";

pub async fn with_password(
    world: &World,
    person: &Person,
    password: &str,
) -> stytch::Result<passwords::AuthenticateResponse> {
    let request = passwords::AuthenticateRequest {
        organization_id: world.organization_id.clone(),
        email_address: person.email.clone(),
        password: password.to_owned(),
        ..Default::default()
    };
    world.client.passwords.authenticate(request).await
}

/// The first factor is proven, the second is not: the token of that intermediate session.
pub async fn half_way_in(world: &World, person: &Person) -> Result<String, Failure> {
    Ok(with_password(world, person, PASSWORD).await?.intermediate_session_token)
}

// Second factors.

pub async fn with_text(
    world: &World,
    person: &Person,
    half: &str,
    code: &str,
) -> stytch::Result<otp_sms::AuthenticateResponse> {
    let request = otp_sms::AuthenticateRequest {
        organization_id: world.organization_id.clone(),
        member_id: person.member_id.clone(),
        intermediate_session_token: Some(half.to_owned()),
        code: code.to_owned(),
        ..Default::default()
    };
    world.client.otps.sms.authenticate(request).await
}

pub async fn with_app(
    world: &World,
    person: &Person,
    half: &str,
    code: &str,
) -> stytch::Result<totps::AuthenticateResponse> {
    let request = totps::AuthenticateRequest {
        organization_id: world.organization_id.clone(),
        member_id: person.member_id.clone(),
        intermediate_session_token: Some(half.to_owned()),
        code: code.to_owned(),
        ..Default::default()
    };
    world.client.totps.authenticate(request).await
}

pub async fn with_recovery_code(
    world: &World,
    person: &Person,
    half: &str,
    code: &str,
) -> stytch::Result<recovery_codes::RecoverResponse> {
    let request = recovery_codes::RecoverRequest {
        organization_id: world.organization_id.clone(),
        member_id: person.member_id.clone(),
        intermediate_session_token: Some(half.to_owned()),
        recovery_code: code.to_owned(),
        ..Default::default()
    };
    world.client.recovery_codes.recover(request).await
}

// Whole logins. Each answers what the last call answered.

pub async fn logged_in_with_totp(
    world: &World,
    person: &Person,
) -> Result<totps::AuthenticateResponse, Failure> {
    let half = half_way_in(world, person).await?;
    Ok(with_app(world, person, &half, &next_code(&person.totp_secret).await?).await?)
}

pub async fn logged_in_with_sms(
    world: &World,
    person: &Person,
) -> Result<otp_sms::AuthenticateResponse, Failure> {
    let inbox = Watch::on(&person.phone).await?;
    let half = half_way_in(world, person).await?;
    Ok(with_text(world, person, &half, &inbox.code().await?).await?)
}

/// A first login, which leaves the person with this app.
pub async fn enrolled_in_totp(
    world: &World,
    person: &Person,
) -> Result<(totps::CreateResponse, totps::AuthenticateResponse), Failure> {
    let half = half_way_in(world, person).await?;
    let request = totps::CreateRequest {
        organization_id: world.organization_id.clone(),
        member_id: person.member_id.clone(),
        intermediate_session_token: Some(half.clone()),
        ..Default::default()
    };
    let app = world.client.totps.create(request).await?;
    let login = with_app(world, person, &half, &right_code(&app.secret).await?).await?;
    Ok((app, login))
}

/// The kinds of proof behind a session, as the wire spells them.
pub fn factors_of(session: Option<&MemberSession>) -> Vec<String> {
    let factors = session.map(|session| &session.authentication_factors[..]).unwrap_or_default();
    let spelled = |kind| serde_json::to_value(kind).ok().and_then(|kind| Some(kind.as_str()?.to_owned()));
    let mut kinds: Vec<_> = factors.iter().filter_map(|factor| spelled(&factor.type_)).collect();
    kinds.sort();
    kinds
}

/// Another code of the same shape.
pub fn mistyped(code: &str) -> String {
    let (head, last) = code.split_at(code.len() - 1);
    format!("{head}{}", if last == "0" { "1" } else { "0" })
}
