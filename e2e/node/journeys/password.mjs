// A password is a first factor: it says who is there, and opens nothing by itself.

import { check, refused } from "../lib/checks.mjs";
import { BCRYPT_2A, PASSWORD, withPassword } from "../lib/login.mjs";

export const steps = [
  anActiveMemberIsCreated,
  aHashMovesInFromElsewhere,
  aWrongPasswordIsRefused,
  theRightPasswordOpensNoSession,
];

async function anActiveMemberIsCreated({ client, organizationId, ada }) {
  const { member, member_id } = await client.organizations.members.create({
    organization_id: organizationId,
    email_address: ada.email,
    name: "Ada Lovelace",
  });
  check("a member is active from the start", member.status, "active");
  check("a member begins without a second factor", [member.mfa_phone_number, member.totp_registration_id], ["", ""]);
  ada.memberId = member_id;
}

async function aHashMovesInFromElsewhere({ client, organizationId, ada }) {
  const { member, member_id, member_created } = await client.passwords.migrate({
    organization_id: organizationId,
    email_address: ada.email,
    hash: BCRYPT_2A,
    hash_type: "bcrypt",
  });
  check("a bcrypt hash joins the member of its address", [member_id, member_created], [ada.memberId, false]);
  check("the member has a password now", member.member_password_id !== "");
}

async function aWrongPasswordIsRefused(world) {
  await refused(
    "a wrong password is refused",
    withPassword(world, world.ada, `${PASSWORD}!`),
    "unauthorized_credentials",
    401,
  );
}

async function theRightPasswordOpensNoSession(world) {
  const answer = await withPassword(world, world.ada);
  check("the right password alone does not authenticate", answer.member_authenticated, false);
  check("it opens no session", [answer.session_token, answer.session_jwt], ["", ""]);
  check("it carries no session", answer.member_session ?? null, null);
  check("it opens an intermediate session", answer.intermediate_session_token !== "");
  check("a second factor is due, and must be enrolled first", answer.mfa_required.member_options ?? null, null);
  check("nothing was texted", answer.mfa_required.secondary_auth_initiated ?? null, null);
  check("the first factor is not due any more", answer.primary_required ?? null, null);
}
