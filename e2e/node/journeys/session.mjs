// A session is asked for, prolonged, verified without the server, and ended.

import { check, refused } from "../lib/checks.mjs";
import { clock } from "../lib/dev.mjs";
import { loggedInWithTotp, named } from "../lib/login.mjs";

export const steps = [
  aLoginOpensASession,
  aSessionIsProlonged,
  aJwtIsVerifiedLocally,
  aSessionIsListed,
  aSessionIsEnded,
];

async function aLoginOpensASession(world) {
  world.session = await loggedInWithTotp(world, world.ada);
  check("a session lasts an hour", await minutesLeft(world.session.member_session), 60);
}

async function aSessionIsProlonged(world) {
  const { session_token } = world.session;
  world.session = await world.client.sessions.authenticate({
    session_token,
    session_duration_minutes: 120,
    session_custom_claims: { plan: "enterprise", trial: true },
  });
  check("a session keeps its token when asked for", world.session.session_token, session_token);
  check("a session is prolonged on request", await minutesLeft(world.session.member_session), 120);
  check("a session takes claims", world.session.member_session.custom_claims, { plan: "enterprise", trial: true });

  world.session = await world.client.sessions.authenticate({ session_token, session_custom_claims: { trial: null } });
  check("a null takes a claim away", world.session.member_session.custom_claims, { plan: "enterprise" });
  check("a session is not prolonged unasked", await minutesLeft(world.session.member_session), 120);
}

async function aJwtIsVerifiedLocally({ client, organizationId, slug, ada, session }) {
  const local = await client.sessions.authenticateJwtLocal({
    session_jwt: session.session_jwt,
    current_date: await clock.now(),
  });
  check("a JWT names its session", local.member_session_id, session.member_session.member_session_id);
  check("a JWT names its member", local.member_id, ada.memberId);
  check("a JWT names its organization", [local.organization_id, local.organization_slug], [organizationId, slug]);
  check("a JWT carries the claims", local.custom_claims, { plan: "enterprise" });
}

async function aSessionIsListed(world) {
  const { member_sessions } = await world.client.sessions.get(named(world, world.ada));
  const ids = member_sessions.map((session) => session.member_session_id);
  check("a session is listed", ids.includes(world.session.member_session.member_session_id));
}

async function aSessionIsEnded({ client, session: { session_token, session_jwt } }) {
  await client.sessions.revoke({ session_token });
  await refused(
    "the token of an ended session is dead",
    client.sessions.authenticate({ session_token }),
    "session_not_found",
    404,
  );
  await refused(
    "so is its JWT, once the server is asked",
    client.sessions.authenticate({ session_jwt }),
    "session_not_found",
    404,
  );
}

async function minutesLeft({ expires_at }) {
  return Math.round((new Date(expires_at) - (await clock.now())) / 60_000);
}
