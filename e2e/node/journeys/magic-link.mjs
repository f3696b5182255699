// A link sent by e-mail is another first factor; the texted code follows by itself.

import { createHash, randomBytes } from "node:crypto";
import { check, refused } from "../lib/checks.mjs";
import { watch } from "../lib/dev.mjs";
import { factorsOf, named } from "../lib/login.mjs";

export const steps = [aLinkLogsInOnce, aLinkWithAChallengeWantsItsVerifier];

async function aLinkLogsInOnce(world) {
  const { client, ada } = world;
  const link = await mailedLink(world);
  check("a link leads to the default page", link.origin + link.pathname, "http://localhost:3000/authenticate");
  check("a link says what it is", link.searchParams.get("stytch_token_type"), "multi_tenant_magic_links");

  const phone = await watch(ada.phone);
  const magic_links_token = link.searchParams.get("token");
  const half = await client.magicLinks.authenticate({ magic_links_token });
  check("a link alone does not authenticate", half.member_authenticated, false);
  check("a code was texted by itself", half.mfa_required.secondary_auth_initiated, "sms_otp");
  check("the verified phone is offered", half.mfa_required.member_options.mfa_phone_number, ada.phone);

  const login = await completed(world, half, await phone.code());
  check("the texted code completes the login", factorsOf(login.member_session), ["magic_link", "otp"]);
  await refused(
    "a link works once",
    client.magicLinks.authenticate({ magic_links_token }),
    "unable_to_auth_magic_link",
    401,
  );
}

async function aLinkWithAChallengeWantsItsVerifier(world) {
  const { client, ada } = world;
  const pkce_code_verifier = randomBytes(32).toString("base64url");
  const pkce_code_challenge = createHash("sha256").update(pkce_code_verifier).digest("base64url");
  const link = await mailedLink(world, { pkce_code_challenge });
  const magic_links_token = link.searchParams.get("token");

  await refused(
    "a link sent with a challenge wants its verifier",
    client.magicLinks.authenticate({ magic_links_token }),
    "pkce_expected_code_verifier",
  );
  const phone = await watch(ada.phone);
  const half = await client.magicLinks.authenticate({ magic_links_token, pkce_code_verifier });
  check("the right verifier is accepted", half.intermediate_session_token !== "");
  const login = await completed(world, half, await phone.code());
  check("a login with a challenge completes", login.session_token !== "");
}

async function mailedLink({ client, organizationId, ada }, extra = {}) {
  const mail = await watch(ada.email);
  const { member_created } = await client.magicLinks.email.loginOrSignup({
    organization_id: organizationId,
    email_address: ada.email,
    ...extra,
  });
  check("a known address creates no member", member_created, false);
  return mail.link();
}

function completed(world, { intermediate_session_token }, code) {
  return world.client.otps.sms.authenticate({ ...named(world, world.ada), intermediate_session_token, code });
}
