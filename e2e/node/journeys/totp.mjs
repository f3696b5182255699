// An authenticator app, added by somebody who is logged in already.

import { check, refused } from "../lib/checks.mjs";
import { factorsOf, halfWayIn, loggedInWithSms, named, withPassword } from "../lib/login.mjs";
import { nextCode, rightCode } from "../lib/totp.mjs";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

export const steps = [aSessionGainsAnApp, aLoginOffersBothFactors, anAppCompletesALogin];

async function aSessionGainsAnApp(world) {
  const { client, ada } = world;
  const before = await loggedInWithSms(world, ada);

  const app = await client.totps.create({ ...named(world, ada), session_token: before.session_token });
  check("a secret has 32 letters of base32", /^[A-Z2-7]{32}$/.test(app.secret));
  check("its picture is a PNG", isPng(app.qr_code));
  check("ten recovery codes come with it", app.recovery_codes.length, 10);
  check("a recovery code is three groups of four", app.recovery_codes.every(looksLikeARecoveryCode));
  Object.assign(ada, { totpSecret: app.secret, totpId: app.totp_registration_id, recoveryCodes: app.recovery_codes });

  const code = await rightCode(app.secret);
  const after = await client.totps.authenticate({ ...named(world, ada), session_token: before.session_token, code });
  check("the first code confirms the app", after.member.totp_registration_id, ada.totpId);
  check("the session stays", after.member_session.member_session_id, before.member_session.member_session_id);
  check("the session gains the factor", factorsOf(after.member_session), ["otp", "password", "totp"]);
  check("its token is a new one", after.session_token !== before.session_token);

  await refused(
    "the old token is dead",
    client.sessions.authenticate({ session_token: before.session_token }),
    "session_not_found",
    404,
  );
  await refused(
    "the same code counts once",
    client.totps.authenticate({ ...named(world, ada), session_token: after.session_token, code }),
    "totp_code_already_authenticated",
  );
}

async function aLoginOffersBothFactors(world) {
  const { ada } = world;
  const { mfa_required } = await withPassword(world, ada);
  check("a login offers the phone", mfa_required.member_options.mfa_phone_number, ada.phone);
  check("a login offers the app", mfa_required.member_options.totp_registration_id, ada.totpId);
}

async function anAppCompletesALogin(world) {
  const half = await halfWayIn(world, world.ada);
  const code = await nextCode(world.ada.totpSecret);
  const login = await world.client.totps.authenticate({ ...half, code });
  check("the app completes a login", factorsOf(login.member_session), ["password", "totp"]);
}

function isPng(uri) {
  const [head, data] = uri.split(",");
  return head === "data:image/png;base64" && Buffer.from(data, "base64").subarray(0, 4).equals(PNG);
}

function looksLikeARecoveryCode(code) {
  return /^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/.test(code);
}
