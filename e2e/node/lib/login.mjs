// The ways in that more than one journey takes.

import { watch } from "./dev.mjs";
import { nextCode } from "./totp.mjs";

export const PASSWORD = "correct horse battery staple";

// A way to write PASSWORD down that other systems use.
export const BCRYPT_2A = "$2a$10$W5qQd2yFhFt.qmcp/GRUaOcwJutrWJDhzQXy8ik3O6venWupDhLke";

export function withPassword({ client, organizationId }, { email }, password = PASSWORD) {
  return client.passwords.authenticate({ organization_id: organizationId, email_address: email, password });
}

// The first factor is proven, the second is not: what every MFA call wants to know.
export async function halfWayIn(world, person) {
  const { intermediate_session_token } = await withPassword(world, person);
  return { ...named(world, person), intermediate_session_token };
}

export function named({ organizationId }, { memberId }) {
  return { organization_id: organizationId, member_id: memberId };
}

// Whole logins. Each answers what the last call answered.
export async function loggedInWithTotp(world, person) {
  const half = await halfWayIn(world, person);
  return world.client.totps.authenticate({ ...half, code: await nextCode(person.totpSecret) });
}

export async function loggedInWithSms(world, person) {
  const inbox = await watch(person.phone);
  const half = await halfWayIn(world, person);
  return world.client.otps.sms.authenticate({ ...half, code: await inbox.code() });
}

// A first login, which leaves the person with a phone.
export async function enrolledInSms(world, person) {
  const half = await halfWayIn(world, person);
  const inbox = await watch(person.phone);
  await world.client.otps.sms.send({ ...half, mfa_phone_number: person.phone });
  return world.client.otps.sms.authenticate({ ...half, code: await inbox.code() });
}

export function factorsOf({ authentication_factors }) {
  return authentication_factors.map((factor) => factor.type).sort();
}

// Another code of the same shape.
export function mistyped(code) {
  return code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10);
}
