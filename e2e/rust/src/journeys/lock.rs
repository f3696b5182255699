//! Ten wrong second factors in a row shut the door for an hour, whichever factors they are.

use stytch::b2b::organizations::Member;
use stytch::b2b::organizations_members::GetRequest;
use stytch::b2b::passwords::{MigrateRequest, MigrateRequestHashType};
use stytch::consumer::passwords::SHA512Config;

use crate::authenticator::{next_code, wrong_code};
use crate::checks::{check, holds, refused};
use crate::login::{
    PASSWORD, SHA512, enrolled_in_totp, half_way_in, logged_in_with_totp, with_app, with_password,
    with_recovery_code,
};
use crate::world::World;
use crate::{Failure, Step, dev};

pub async fn walk(world: &mut World) -> Step {
    println!("# lock");
    a_moved_in_member_enrols(world).await?;
    ten_wrong_codes_lock(world).await?;
    the_lock_opens_by_itself(world).await
}

async fn a_moved_in_member_enrols(world: &mut World) -> Step {
    let salts = SHA512Config { prepend_salt: "before.".to_owned(), append_salt: ".after".to_owned() };
    let request = MigrateRequest {
        organization_id: world.organization_id.clone(),
        email_address: world.grace.email.clone(),
        hash: SHA512.to_owned(),
        hash_type: MigrateRequestHashType::Sha512,
        sha_512_config: Some(salts),
        ..Default::default()
    };
    let moved = world.client.passwords.migrate(request).await?;
    holds("a hash for an unknown address creates its member", moved.member_created);
    world.grace.member_id = moved.member_id;

    let (app, login) = enrolled_in_totp(world, &world.grace).await?;
    check("a second member enrols an app", &login.member.totp_registration_id, &app.totp_registration_id);
    check("the first method used becomes the default", login.member.default_mfa_method, "totp");
    world.grace.totp_secret = app.secret;
    world.grace.recovery_codes = app.recovery_codes;
    Ok(())
}

async fn ten_wrong_codes_lock(world: &World) -> Step {
    let grace = &world.grace;
    let half = half_way_in(world, grace).await?;
    for guess in 1..=5 {
        let answer = with_app(world, grace, &half, &wrong_code(&grace.totp_secret).await?).await;
        refused(&format!("wrong code {guess} of 10 is refused"), answer, "unable_to_authenticate_totp", None);
    }
    for guess in 6..=10 {
        let answer = with_recovery_code(world, grace, &half, "aaaa-bbbb-cccc").await;
        let what = format!("wrong code {guess} of 10, on paper, is refused");
        refused(&what, answer, "unable_to_authenticate_recovery_code", None);
    }

    let locked = "user_lock_limit_reached";
    let answer = with_app(world, grace, &half, &next_code(&grace.totp_secret).await?).await;
    refused("then even the right code is refused", answer, locked, Some(429));
    let answer = with_recovery_code(world, grace, &half, &grace.recovery_codes[0]).await;
    refused("a right recovery code too", answer, locked, Some(429));
    let answer = with_password(world, grace, PASSWORD).await;
    refused("no other login begins", answer, locked, Some(429));
    holds("the member is locked", member(world).await?.is_locked);
    Ok(())
}

async fn the_lock_opens_by_itself(world: &World) -> Step {
    dev::advance("61m").await?;
    let login = logged_in_with_totp(world, &world.grace).await?;
    holds("an hour later the member logs in again", !login.session_token.is_empty());
    check("and is not locked any more", member(world).await?.is_locked, false);
    Ok(())
}

async fn member(world: &World) -> Result<Member, Failure> {
    let request = GetRequest {
        organization_id: world.organization_id.clone(),
        member_id: Some(world.grace.member_id.clone()),
        ..Default::default()
    };
    Ok(world.client.organizations.members.get(request).await?.member)
}
