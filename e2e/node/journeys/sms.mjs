// A code sent to a telephone, named during the first login.

import { check, refused } from "../lib/checks.mjs";
import { watch } from "../lib/dev.mjs";
import { factorsOf, halfWayIn, mistyped } from "../lib/login.mjs";

export const steps = [aTextedCodeEnrolsAPhone];

async function aTextedCodeEnrolsAPhone(world) {
  const { ada } = world;
  const { sms } = world.client.otps;
  const half = await halfWayIn(world, ada);
  // Begun before there is a phone, so that it texts none and leaves the code below the newest.
  const other = await halfWayIn(world, ada);

  const inbox = await watch(ada.phone);
  const sent = await sms.send({ ...half, mfa_phone_number: ada.phone });
  check("a phone is linked by texting it", sent.member.mfa_phone_number, ada.phone);
  check("a phone is unverified until its code comes back", sent.member.mfa_phone_number_verified, false);
  const code = await inbox.code();

  await refused("a wrong code is refused", sms.authenticate({ ...half, code: mistyped(code) }), "otp_code_not_found");
  const login = await sms.authenticate({ ...half, code, set_mfa_enrollment: "enroll" });
  check("the right code opens a session", login.session_token !== "" && login.session_jwt !== "");
  check("the session knows both factors", factorsOf(login.member_session), ["otp", "password"]);
  check("the phone is verified", login.member.mfa_phone_number_verified);
  check("the member is enrolled", login.member.mfa_enrolled);
  check("the first method used becomes the default", login.member.default_mfa_method, "sms_otp");

  await refused(
    "the same code opens no second session",
    sms.authenticate({ ...other, code }),
    "unable_to_auth_otp_code",
  );
  await refused(
    "an intermediate session is traded once",
    sms.authenticate({ ...half, code: mistyped(code) }),
    "intermediate_session_not_found",
  );
}
