use stytch::b2b::organizations::{CreateRequest, GetRequest};

use crate::Step;
use crate::checks::check;
use crate::world::World;

pub async fn walk(world: &mut World) -> Step {
    println!("# organization");
    an_organization_is_created(world).await?;
    it_is_found_by_each_of_its_names(world).await
}

async fn an_organization_is_created(world: &mut World) -> Step {
    let request = CreateRequest {
        organization_name: "Rust end to end".to_owned(),
        organization_slug: Some(world.slug.clone()),
        organization_external_id: Some(world.external_id.clone()),
        mfa_policy: Some("REQUIRED_FOR_ALL".to_owned()),
        ..Default::default()
    };
    let organization = world.client.organizations.create(request).await?.organization;
    check("an organization keeps its slug", &organization.organization_slug, &world.slug);
    check(
        "an organization keeps its external id",
        organization.organization_external_id.as_ref(),
        Some(&world.external_id),
    );
    check("an organization may require a second factor", organization.mfa_policy, "REQUIRED_FOR_ALL");
    world.organization_id = organization.organization_id;
    Ok(())
}

async fn it_is_found_by_each_of_its_names(world: &World) -> Step {
    let names = [("id", &world.organization_id), ("slug", &world.slug), ("external id", &world.external_id)];
    for (kind, name) in names {
        let request = GetRequest { organization_id: name.clone() };
        let organization = world.client.organizations.get(request).await?.organization;
        check(
            &format!("an organization is found by its {kind}"),
            &organization.organization_id,
            &world.organization_id,
        );
    }
    Ok(())
}
