// Ten wrong second factors in a row shut the door for an hour, however they are spread over codes.

import { check, refused } from "../lib/checks.mjs";
import { clock, watch } from "../lib/dev.mjs";
import { BCRYPT_2A, enrolledInSms, halfWayIn, loggedInWithSms, mistyped, withPassword } from "../lib/login.mjs";
import { person } from "../lib/world.mjs";

export const steps = [aMovedInMemberEnrols, tenWrongCodesLock, theLockOpensByItself];

async function aMovedInMemberEnrols(world) {
  world.grace = person("grace");
  const moved = await world.client.passwords.migrate({
    organization_id: world.organizationId,
    email_address: world.grace.email,
    hash: BCRYPT_2A,
    hash_type: "bcrypt",
  });
  check("a hash for an unknown address creates its member", moved.member_created);
  world.grace.memberId = moved.member_id;
  const login = await enrolledInSms(world, world.grace);
  check("a second member enrols a phone", login.member.mfa_phone_number, world.grace.phone);
}

async function tenWrongCodesLock(world) {
  const { grace } = world;
  const { sms } = world.client.otps;
  const inbox = await watch(grace.phone);
  const half = await halfWayIn(world, grace);
  const burned = await inbox.code();
  for (let guess = 1; guess <= 5; guess += 1) {
    await refused(
      `wrong code ${guess} of 10 is refused`,
      sms.authenticate({ ...half, code: mistyped(burned) }),
      "otp_code_not_found",
    );
  }
  await refused(
    "wrong code 6 of 10 is the right one, burned by five guesses",
    sms.authenticate({ ...half, code: burned }),
    "unable_to_auth_otp_code",
  );

  const later = await watch(grace.phone);
  await sms.send(half);
  const live = await later.code();
  for (let guess = 7; guess <= 10; guess += 1) {
    await refused(
      `wrong code ${guess} of 10 is refused`,
      sms.authenticate({ ...half, code: mistyped(live) }),
      "otp_code_not_found",
    );
  }
  const locked = ["user_lock_limit_reached", 429];
  await refused("then even the right code is refused", sms.authenticate({ ...half, code: live }), ...locked);
  await refused("no further code is sent", sms.send(half), ...locked);
  await refused("no other login begins", withPassword(world, grace), ...locked);
  check("the member is locked", (await member(world)).is_locked);
}

async function theLockOpensByItself(world) {
  await clock.advance("61m");
  const login = await loggedInWithSms(world, world.grace);
  check("an hour later the member logs in again", login.session_token !== "");
  check("and is not locked any more", (await member(world)).is_locked, false);
}

async function member({ client, organizationId, grace }) {
  const found = await client.organizations.members.get({
    organization_id: organizationId,
    member_id: grace.memberId,
  });
  return found.member;
}
