// A call that names a member's session runs with that member's rights, never with the project's.

import { check, refused } from "../lib/checks.mjs";
import { clock } from "../lib/dev.mjs";
import { loggedInWithTotp, named } from "../lib/login.mjs";

export const steps = [aSessionHeaderGivesTheMembersRights, aJwtIsAuthorizedLocally];

async function aSessionHeaderGivesTheMembersRights(world) {
  const { client, ada } = world;
  world.session = await loggedInWithTotp(world, ada);
  const { session_token, session_jwt } = world.session;
  const { members } = client.organizations;
  for (const authorization of [{ session_token }, { session_jwt }]) {
    const by = Object.keys(authorization);
    const { member } = await members.update({ ...named(world, ada), name: `Ada by ${by}` }, { authorization });
    check(`a member changes her own name (${by})`, member.name, `Ada by ${by}`);
    await refused(
      `she does not make herself an admin (${by})`,
      members.update({ ...named(world, ada), roles: ["stytch_admin"] }, { authorization }),
      "session_authorization_error",
      403,
    );
    await refused(
      `nor does she delete her organization (${by})`,
      client.organizations.delete({ organization_id: world.organizationId }, { authorization }),
      "session_authorization_error",
      403,
    );
  }
  await refused(
    "a session that is none is refused",
    members.update({ ...named(world, ada), name: "Root" }, { authorization: { session_token: "nobody-has-this" } }),
    "session_not_found",
    404,
  );
  const { member } = await members.update({ ...named(world, ada), name: "Ada Lovelace" });
  check("and is given no role", member.roles.some((role) => role.role_id === "stytch_admin"), false);
}

async function aJwtIsAuthorizedLocally({ client, organizationId, session: { session_jwt } }) {
  const current_date = await clock.now();
  const wanting = (resource_id, action) =>
    client.sessions.authenticateJwtLocal({
      session_jwt,
      current_date,
      authorization_check: { organization_id: organizationId, resource_id, action },
    });
  const session = await wanting("stytch.self", "update.info.name");
  check("a JWT is authorized without the server", session.organization_id, organizationId);
  const refusal = await wanting("stytch.organization", "delete").then(
    () => "no refusal",
    (error) => error.code,
  );
  check("and refused what no role of the member grants", refusal, "invalid_permissions");
}
