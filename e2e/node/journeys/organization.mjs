import { check } from "../lib/checks.mjs";

export const steps = [anOrganizationIsCreated, itIsFoundByEachOfItsNames];

async function anOrganizationIsCreated(world) {
  const { organization } = await world.client.organizations.create({
    organization_name: "Node end to end",
    organization_slug: world.slug,
    organization_external_id: world.externalId,
    mfa_policy: "REQUIRED_FOR_ALL",
  });
  check("an organization keeps its slug", organization.organization_slug, world.slug);
  check("an organization keeps its external id", organization.organization_external_id, world.externalId);
  check("an organization may require a second factor", organization.mfa_policy, "REQUIRED_FOR_ALL");
  world.organizationId = organization.organization_id;
}

async function itIsFoundByEachOfItsNames({ client, organizationId, slug, externalId }) {
  for (const [kind, name] of Object.entries({ id: organizationId, slug, "external id": externalId })) {
    const { organization } = await client.organizations.get({ organization_id: name });
    check(`an organization is found by its ${kind}`, organization.organization_id, organizationId);
  }
}
