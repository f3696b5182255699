//! Codes on paper stand in for a lost app, each of them once.

use stytch::b2b::recovery_codes::{GetRequest, RecoverResponse, RotateRequest};

use crate::checks::{check, holds, refused};
use crate::login::{factors_of, half_way_in, with_recovery_code};
use crate::world::World;
use crate::{Failure, Step};

pub async fn walk(world: &World) -> Step {
    println!("# recovery codes");
    a_recovery_code_completes_a_login_once(world).await?;
    the_unused_codes_can_be_read(world).await?;
    rotating_replaces_them_all(world).await
}

async fn a_recovery_code_completes_a_login_once(world: &World) -> Step {
    let spent = &world.ada.recovery_codes[0];
    let login = recovered(world, spent).await??;
    let factors = factors_of(login.member_session.as_ref());
    check("a recovery code completes a login", factors, ["password", "recovery_codes"]);
    check("nine are left", login.recovery_codes_remaining, 9);
    let again = recovered(world, spent).await?;
    refused("a recovery code works once", again, "unable_to_authenticate_recovery_code", None);
    Ok(())
}

async fn the_unused_codes_can_be_read(world: &World) -> Step {
    let request =
        GetRequest { organization_id: world.organization_id.clone(), member_id: world.ada.member_id.clone() };
    let mut read = world.client.recovery_codes.get(request).await?.recovery_codes;
    let mut unused = world.ada.recovery_codes[1..].to_vec();
    read.sort();
    unused.sort();
    check("the nine unused codes can be read", read, unused);
    Ok(())
}

async fn rotating_replaces_them_all(world: &World) -> Step {
    let old = &world.ada.recovery_codes;
    let request = RotateRequest {
        organization_id: world.organization_id.clone(),
        member_id: world.ada.member_id.clone(),
    };
    let new = world.client.recovery_codes.rotate(request).await?.recovery_codes;
    check("rotating makes ten codes", new.len(), 10);
    holds("none of them is an old one", !new.iter().any(|code| old.contains(code)));

    let dead = recovered(world, &old[1]).await?;
    refused("an old code is dead", dead, "unable_to_authenticate_recovery_code", None);
    check("a new code works", recovered(world, &new[0]).await??.recovery_codes_remaining, 9);
    Ok(())
}

async fn recovered(world: &World, code: &str) -> Result<stytch::Result<RecoverResponse>, Failure> {
    let half = half_way_in(world, &world.ada).await?;
    Ok(with_recovery_code(world, &world.ada, &half, code).await)
}
