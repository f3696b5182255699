// A member is found, changed and removed by the project's backend.

import { check, refused } from "../lib/checks.mjs";
import { named } from "../lib/login.mjs";
import { person } from "../lib/world.mjs";

export const steps = [aMemberIsFoundByAddress, aMemberIsChanged, aDeletedMemberIsGone];

async function aMemberIsFoundByAddress(world) {
  world.edsger = person("edsger");
  const byAddress = { organization_id: world.organizationId, email_address: world.edsger.email };
  const created = await world.client.organizations.members.create(byAddress);
  world.edsger.memberId = created.member_id;
  const { member } = await world.client.organizations.members.get(byAddress);
  check("a member is found by address", member.member_id, created.member_id);
  check("an address nobody proved is unverified", member.email_address_verified, false);
}

async function aMemberIsChanged(world) {
  const { members } = world.client.organizations;
  const edsger = named(world, world.edsger);
  await members.update({ ...edsger, name: "Edsger", trusted_metadata: { seat: 1, shoe: { size: 44 }, hat: "none" } });
  const { member } = await members.update({
    ...edsger,
    trusted_metadata: { shoe: { colour: "black" }, hat: null, pen: "ink" },
  });
  check("what an update does not name stays", member.name, "Edsger");
  check("metadata merges at the top, null deletes", member.trusted_metadata, {
    seat: 1,
    shoe: { colour: "black" },
    pen: "ink",
  });
}

async function aDeletedMemberIsGone(world) {
  const { members } = world.client.organizations;
  const edsger = named(world, world.edsger);
  const { member_id } = await members.delete(edsger);
  check("deleting names the member", member_id, world.edsger.memberId);
  await refused(
    "a deleted member is not found by address",
    members.get({ organization_id: world.organizationId, email_address: world.edsger.email }),
    "member_not_found",
    404,
  );
  await refused(
    "a member without a verified address cannot come back",
    members.reactivate(edsger),
    "email_unverified_for_reactivation",
  );
}
