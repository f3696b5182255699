//! An authenticator app, added by somebody who is logged in already.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use stytch::b2b::{sessions, totps};

use crate::Step;
use crate::authenticator::{next_code, right_code};
use crate::checks::{check, holds, refused};
use crate::login::{PASSWORD, factors_of, half_way_in, logged_in_with_sms, with_app, with_password};
use crate::world::World;

pub async fn walk(world: &mut World) -> Step {
    println!("# totp");
    a_session_gains_an_app(world).await?;
    a_login_offers_both_factors(world).await?;
    an_app_completes_a_login(world).await
}

async fn a_session_gains_an_app(world: &mut World) -> Step {
    let before = logged_in_with_sms(world, &world.ada).await?;
    let request = totps::CreateRequest {
        organization_id: world.organization_id.clone(),
        member_id: world.ada.member_id.clone(),
        session_token: Some(before.session_token.clone()),
        ..Default::default()
    };
    let app = world.client.totps.create(request).await?;
    let base32 = |letter: char| matches!(letter, 'A'..='Z' | '2'..='7');
    holds("a secret has 32 letters of base32", app.secret.len() == 32 && app.secret.chars().all(base32));
    holds("its picture is a PNG", is_png(&app.qr_code));
    check("ten recovery codes come with it", app.recovery_codes.len(), 10);
    let shaped = app.recovery_codes.iter().all(|code| looks_like_a_recovery_code(code));
    holds("a recovery code is three groups of four", shaped);

    let code = right_code(&app.secret).await?;
    let after = stepped_up(world, &before.session_token, &code).await?;
    let session = after.member_session.ok_or("no session")?;
    let session_before = before.member_session.ok_or("no session")?;
    check("the first code confirms the app", &after.member.totp_registration_id, &app.totp_registration_id);
    check("the session stays", &session.member_session_id, &session_before.member_session_id);
    check("the session gains the factor", factors_of(Some(&session)), ["otp", "password", "totp"]);
    holds("its token is a new one", after.session_token != before.session_token);

    let request =
        sessions::AuthenticateRequest { session_token: Some(before.session_token), ..Default::default() };
    let dead = world.client.sessions.authenticate(request).await;
    refused("the old token is dead", dead, "session_not_found", Some(404));
    let again = stepped_up(world, &after.session_token, &code).await;
    refused("the same code counts once", again, "totp_code_already_authenticated", None);

    world.ada.totp_secret = app.secret;
    world.ada.totp_id = app.totp_registration_id;
    world.ada.recovery_codes = app.recovery_codes;
    Ok(())
}

async fn a_login_offers_both_factors(world: &World) -> Step {
    let due = with_password(world, &world.ada, PASSWORD).await?.mfa_required.ok_or("mfa_required is null")?;
    let options = due.member_options.ok_or("member_options is null")?;
    check("a login offers the phone", &options.mfa_phone_number, &world.ada.phone);
    check("a login offers the app", &options.totp_registration_id, &world.ada.totp_id);
    Ok(())
}

async fn an_app_completes_a_login(world: &World) -> Step {
    let half = half_way_in(world, &world.ada).await?;
    let login = with_app(world, &world.ada, &half, &next_code(&world.ada.totp_secret).await?).await?;
    check("the app completes a login", factors_of(login.member_session.as_ref()), ["password", "totp"]);
    Ok(())
}

/// A session, not an intermediate one, takes the code.
async fn stepped_up(
    world: &World,
    session_token: &str,
    code: &str,
) -> stytch::Result<totps::AuthenticateResponse> {
    let request = totps::AuthenticateRequest {
        organization_id: world.organization_id.clone(),
        member_id: world.ada.member_id.clone(),
        session_token: Some(session_token.to_owned()),
        code: code.to_owned(),
        ..Default::default()
    };
    world.client.totps.authenticate(request).await
}

fn is_png(uri: &str) -> bool {
    let data = uri.strip_prefix("data:image/png;base64,").and_then(|data| BASE64_STANDARD.decode(data).ok());
    data.is_some_and(|data| data.starts_with(b"\x89PNG"))
}

fn looks_like_a_recovery_code(code: &str) -> bool {
    let groups: Vec<_> = code.split('-').collect();
    let lower = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    groups.len() == 3 && groups.iter().all(|group| group.len() == 4 && group.chars().all(lower))
}
