from checks import check


def an_organization_is_created(world):
    organization = world.client.organizations.create(
        organization_name="Python end to end",
        organization_slug=world.slug,
        organization_external_id=world.external_id,
        mfa_policy="REQUIRED_FOR_ALL",
    ).organization
    check("an organization keeps its slug", organization.organization_slug, world.slug)
    check("an organization keeps its external id", organization.organization_external_id, world.external_id)
    check("an organization may require a second factor", organization.mfa_policy, "REQUIRED_FOR_ALL")
    world.organization_id = organization.organization_id


def it_is_found_by_each_of_its_names(world):
    names = {"id": world.organization_id, "slug": world.slug, "external id": world.external_id}
    for kind, name in names.items():
        organization = world.client.organizations.get(organization_id=name).organization
        check(f"an organization is found by its {kind}", organization.organization_id, world.organization_id)


STEPS = [an_organization_is_created, it_is_found_by_each_of_its_names]
