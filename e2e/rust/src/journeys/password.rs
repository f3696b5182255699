//! A password is a first factor: it says who is there, and opens nothing by itself.

use stytch::b2b::organizations_members::CreateRequest;
use stytch::b2b::passwords::{MigrateRequest, MigrateRequestHashType};

use crate::Step;
use crate::checks::{check, holds, refused};
use crate::login::{ARGON2ID, PASSWORD, with_password};
use crate::world::World;

pub async fn walk(world: &mut World) -> Step {
    println!("# password");
    an_active_member_is_created(world).await?;
    a_hash_moves_in_from_elsewhere(world).await?;
    a_wrong_password_is_refused(world).await?;
    the_right_password_opens_no_session(world).await
}

async fn an_active_member_is_created(world: &mut World) -> Step {
    let request = CreateRequest {
        organization_id: world.organization_id.clone(),
        email_address: world.ada.email.clone(),
        name: Some("Ada Lovelace".to_owned()),
        ..Default::default()
    };
    let created = world.client.organizations.members.create(request).await?;
    check("a member is active from the start", created.member.status, "active");
    check("a member begins without a phone", created.member.mfa_phone_number, "");
    check("a member begins without an app", created.member.totp_registration_id, "");
    world.ada.member_id = created.member_id;
    Ok(())
}

async fn a_hash_moves_in_from_elsewhere(world: &World) -> Step {
    let request = MigrateRequest {
        organization_id: world.organization_id.clone(),
        email_address: world.ada.email.clone(),
        hash: ARGON2ID.to_owned(),
        hash_type: MigrateRequestHashType::Argon2id,
        ..Default::default()
    };
    let moved = world.client.passwords.migrate(request).await?;
    check("an Argon2id hash joins the member of its address", &moved.member_id, &world.ada.member_id);
    check("no second member was created", moved.member_created, false);
    holds("the member has a password now", !moved.member.member_password_id.is_empty());
    Ok(())
}

async fn a_wrong_password_is_refused(world: &World) -> Step {
    let answer = with_password(world, &world.ada, "incorrect horse").await;
    refused("a wrong password is refused", answer, "unauthorized_credentials", Some(401));
    Ok(())
}

async fn the_right_password_opens_no_session(world: &World) -> Step {
    let answer = with_password(world, &world.ada, PASSWORD).await?;
    check("the right password alone does not authenticate", answer.member_authenticated, false);
    check("it opens no session", (&*answer.session_token, &*answer.session_jwt), ("", ""));
    holds("it carries no session", answer.member_session.is_none());
    holds("it opens an intermediate session", !answer.intermediate_session_token.is_empty());
    let due = answer.mfa_required.ok_or("mfa_required is null")?;
    holds("a second factor is due, and must be enrolled first", due.member_options.is_none());
    check("nothing was texted", due.secondary_auth_initiated, None);
    holds("the first factor is not due any more", answer.primary_required.is_none());
    Ok(())
}
