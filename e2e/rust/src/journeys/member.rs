//! A member is found, changed and removed by the project's backend.

use serde_json::json;
use stytch::b2b::organizations_members::{
    CreateRequest, DeleteRequest, GetRequest, GetResponse, ReactivateRequest, UpdateRequest,
};

use crate::Step;
use crate::checks::{check, refused};
use crate::world::World;

pub async fn walk(world: &mut World) -> Step {
    println!("# member");
    a_member_is_found_by_address(world).await?;
    a_member_is_changed(world).await?;
    a_deleted_member_is_gone(world).await
}

async fn a_member_is_found_by_address(world: &mut World) -> Step {
    let request = CreateRequest {
        organization_id: world.organization_id.clone(),
        email_address: world.edsger.email.clone(),
        ..Default::default()
    };
    world.edsger.member_id = world.client.organizations.members.create(request).await?.member_id;
    let found = by_address(world).await?;
    check("a member is found by address", &found.member_id, &world.edsger.member_id);
    check("an address nobody proved is unverified", found.member.email_address_verified, false);
    Ok(())
}

async fn a_member_is_changed(world: &World) -> Step {
    let members = &world.client.organizations.members;
    let update = || UpdateRequest {
        organization_id: world.organization_id.clone(),
        member_id: world.edsger.member_id.clone(),
        ..Default::default()
    };
    let first = UpdateRequest {
        name: Some("Edsger".to_owned()),
        trusted_metadata: Some(json!({ "seat": 1, "shoe": { "size": 44 }, "hat": "none" })),
        ..update()
    };
    members.update(first).await?;
    let second = UpdateRequest {
        trusted_metadata: Some(json!({ "shoe": { "colour": "black" }, "hat": null, "pen": "ink" })),
        ..update()
    };
    let member = members.update(second).await?.member;
    // This client sends `"name": null` here, which must not clear the name.
    check("what an update does not name stays", member.name, "Edsger");
    let merged = json!({ "seat": 1, "shoe": { "colour": "black" }, "pen": "ink" });
    check("metadata merges at the top, null deletes", member.trusted_metadata, Some(merged));
    Ok(())
}

async fn a_deleted_member_is_gone(world: &World) -> Step {
    let members = &world.client.organizations.members;
    let (organization_id, member_id) = (world.organization_id.clone(), world.edsger.member_id.clone());
    let deleted = members.delete(DeleteRequest { organization_id, member_id }).await?;
    check("deleting names the member", &deleted.member_id, &world.edsger.member_id);
    let gone = by_address(world).await;
    refused("a deleted member is not found by address", gone, "member_not_found", Some(404));

    let (organization_id, member_id) = (world.organization_id.clone(), deleted.member_id);
    let back = members.reactivate(ReactivateRequest { organization_id, member_id }).await;
    let what = "a member without a verified address cannot come back";
    refused(what, back, "email_unverified_for_reactivation", None);
    Ok(())
}

async fn by_address(world: &World) -> stytch::Result<GetResponse> {
    let request = GetRequest {
        organization_id: world.organization_id.clone(),
        email_address: Some(world.edsger.email.clone()),
        ..Default::default()
    };
    world.client.organizations.members.get(request).await
}
