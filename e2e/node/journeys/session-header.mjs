// A call that names a member's session must not run with the project's authority.

import { check, refused } from "../lib/checks.mjs";
import { loggedInWithTotp, named } from "../lib/login.mjs";

export const steps = [aSessionHeaderIsNeverIgnored];

async function aSessionHeaderIsNeverIgnored(world) {
  const { client, ada } = world;
  const { session_token, session_jwt } = await loggedInWithTotp(world, ada);
  for (const authorization of [{ session_token }, { session_jwt }]) {
    await refused(
      `a call in a member's name is refused (${Object.keys(authorization)})`,
      client.organizations.members.update({ ...named(world, ada), name: "Root" }, { authorization }),
      "session_authorization_error",
      403,
    );
  }
  const { member } = await client.organizations.members.get(named(world, ada));
  check("and changes nothing", member.name, "Ada Lovelace");
}
