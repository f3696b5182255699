// The headless client: each way in and out, called as its documentation says.

import { backend, PASSWORD, somebody } from "../lib/backend.mjs";
import { check } from "../lib/checks.mjs";
import { APP, AUTH } from "../lib/front.mjs";
import { visitor } from "../lib/browser.mjs";
import { watch } from "../../node/lib/dev.mjs";
import { nextCode, rightCode } from "../../node/lib/totp.mjs";

const TOKEN = process.env.VESTIBULE_PUBLIC_TOKEN;

export const steps = [bootAndErrors, password, sms, totpAndRecovery, magicLink, emailCode, reset, discovery, poll];

// A page with a client in it, at a path whose query a link may have brought.
async function open(world, path = "/headless", guest) {
  const here = guest ?? (await visitor(world.chromium));
  await here.page.goto(`${APP}${path}`);
  await here.page.evaluate(({ token, url }) => window.createClient(token, { customBaseUrl: url }), { token: TOKEN, url: `https://${AUTH}` });
  return here;
}

// Runs in the page; what the SDK throws comes back as what it says.
function ask(page, work, given) {
  return page.evaluate(`(async () => { try { return await (${work})(window.stytch, ${JSON.stringify(given ?? {})}); } catch (error) { return { error: error.error_type ?? String(error) }; } })()`);
}

async function bootAndErrors(world) {
  const { page, foreign } = await open(world);
  const ada = await somebody();
  const wrong = await ask(page, (stytch, it) => stytch.passwords.authenticate({ ...it, session_duration_minutes: 60 }), { organization_id: ada.organization, email_address: ada.email, password: "wrong" });
  check("headless: a wrong password has a type that the page reads", wrong.error, "unauthorized_credentials");
  const unknown = await ask(page, (stytch, it) => stytch.passwords.authenticate({ ...it, session_duration_minutes: 60 }), { organization_id: ada.organization, email_address: "nobody@acme.example", password: "wrong" });
  check("headless: nobody's password is wrong alike", unknown.error, "unauthorized_credentials");
  const found = await ask(page, (stytch, it) => stytch.organization.getBySlug({ organization_slug: it.slug }), ada);
  check("headless: an organization is found by its slug", found.organization?.organization_id, ada.organization);
  check("headless: no foreign host is asked", foreign, []);
  await page.context().close();
}

function logIn(page, ada) {
  return ask(page, (stytch, it) => stytch.passwords.authenticate({ organization_id: it.organization, email_address: it.email, password: it.password, session_duration_minutes: 60 }), { ...ada, password: PASSWORD });
}

async function password(world) {
  const ada = await somebody();
  const { page } = await open(world);
  const login = await logIn(page, ada);
  check("headless: a password opens a session", login.member_session?.member_id, ada.member);
  check("headless: the page keeps it", await page.evaluate(() => window.stytch.session.getSync()?.member_id), ada.member);
  const me = await ask(page, (stytch) => stytch.self.update({ name: "Ada" }));
  check("headless: members change themselves", me.member?.name, "Ada");
  const organization = await ask(page, (stytch) => stytch.organization.get());
  check("headless: members see their organization", organization?.organization_id, ada.organization);
  const changed = await ask(page, (stytch) => stytch.passwords.resetBySession({ password: "seven green bicycles on the moon" }));
  check("headless: a new password keeps the session", changed.member_session?.member_id ?? changed, ada.member);
  const out = await ask(page, (stytch) => stytch.session.revoke());
  check("headless: logged out", out.status_code, 200);
  check("headless: the page forgets", await page.evaluate(() => window.stytch.session.getSync()), null);
  await page.context().close();
}

async function sms(world) {
  const ada = await somebody({ mfa_policy: "REQUIRED_FOR_ALL" });
  const { page } = await open(world);
  const half = await logIn(page, ada);
  check("headless: a second factor is due", [half.member_session, half.member_authenticated, half.mfa_required !== null], [null, false, true]);
  const inbox = await watch(ada.phone);
  const sent = await ask(page, (stytch, it) => stytch.otps.sms.send({ organization_id: it.organization, member_id: it.member, mfa_phone_number: it.phone }), ada);
  check("headless: a text leaves", sent.status_code ?? sent, 200);
  const wrong = await ask(page, (stytch, it) => stytch.otps.sms.authenticate({ organization_id: it.organization, member_id: it.member, code: "000000", session_duration_minutes: 60 }), ada);
  check("headless: a wrong code", wrong.error, "otp_code_not_found");
  const login = await ask(page, (stytch, it) => stytch.otps.sms.authenticate({ organization_id: it.organization, member_id: it.member, code: it.code, session_duration_minutes: 60 }), { ...ada, code: await inbox.code() });
  check("headless: the texted code opens the session", login.member_session?.member_id ?? login, ada.member);
  await page.context().close();
}

async function totpAndRecovery(world) {
  const ada = await somebody({ mfa_policy: "REQUIRED_FOR_ALL" });
  const { page } = await open(world);
  await logIn(page, ada);
  const made = await ask(page, (stytch, it) => stytch.totp.create({ organization_id: it.organization, member_id: it.member, expiration_minutes: 30 }), ada);
  check("headless: an authenticator app is offered", made.qr_code?.startsWith("data:image/"), true);
  const login = await ask(page, (stytch, it) => stytch.totp.authenticate({ organization_id: it.organization, member_id: it.member, code: it.code, session_duration_minutes: 60 }), { ...ada, code: await rightCode(made.secret) });
  check("headless: its code opens the session", login.member_session?.member_id ?? login, ada.member);
  const codes = await ask(page, (stytch) => stytch.recoveryCodes.get());
  check("headless: recovery codes are read back", codes.recovery_codes?.length > 0, true);
  await ask(page, (stytch) => stytch.session.revoke());
  await logIn(page, ada);
  const recovered = await ask(page, (stytch, it) => stytch.recoveryCodes.recover({ organization_id: it.organization, member_id: it.member, recovery_code: it.code, session_duration_minutes: 60 }), { ...ada, code: codes.recovery_codes[0] });
  check("headless: a recovery code stands in", recovered.member_session?.member_id ?? recovered, ada.member);
  check("headless: and is gone", recovered.recovery_codes_remaining, codes.recovery_codes.length - 1);
  await nextCode(made.secret);
  await page.context().close();
}

async function magicLink(world) {
  const ada = await somebody();
  const guest = await open(world);
  const inbox = await watch(ada.email);
  const sent = await ask(guest.page, (stytch, it) => stytch.magicLinks.email.loginOrSignup({ organization_id: it.organization, email_address: it.email, login_redirect_url: "http://localhost:3000/authenticate" }), ada);
  check("headless: a link is mailed", sent.status_code ?? sent, 200);
  const link = await inbox.link();
  await open(world, `/headless${link.search}`, guest);
  check("headless: the link says what it is", link.searchParams.get("stytch_token_type"), "multi_tenant_magic_links");
  const login = await ask(guest.page, (stytch, it) => stytch.magicLinks.authenticate({ magic_links_token: it.token, session_duration_minutes: 60 }), { token: link.searchParams.get("token") });
  check("headless: it opens a session where it was asked for", login.member_session?.member_id ?? login, ada.member);
  await guest.context.close();
}

async function emailCode(world) {
  const ada = await somebody();
  const { page } = await open(world);
  const inbox = await watch(ada.email);
  await ask(page, (stytch, it) => stytch.otps.email.loginOrSignup({ organization_id: it.organization, email_address: it.email }), ada);
  const login = await ask(page, (stytch, it) => stytch.otps.email.authenticate({ organization_id: it.organization, email_address: it.email, code: it.code, session_duration_minutes: 60 }), { ...ada, code: await inbox.code() });
  check("headless: a mailed code opens a session", login.member_session?.member_id ?? login, ada.member);
  await page.context().close();
}

async function reset(world) {
  const ada = await somebody();
  const { page } = await open(world);
  const inbox = await watch(ada.email);
  await ask(page, (stytch, it) => stytch.passwords.resetByEmailStart({ organization_id: it.organization, email_address: it.email, reset_password_redirect_url: "http://localhost:3000/authenticate" }), ada);
  const link = await inbox.link();
  check("headless: a reset link opens the form", link.searchParams.get("stytch_redirect_type"), "reset_password");
  const strength = await ask(page, (stytch) => stytch.passwords.strengthCheck({ password: "seven green bicycles on the moon" }));
  check("headless: a password is rated", strength.valid_password, true);
  const login = await ask(page, (stytch, it) => stytch.passwords.resetByEmail({ password_reset_token: it.token, password: "seven green bicycles on the moon", session_duration_minutes: 60 }), { token: link.searchParams.get("token") });
  check("headless: the new password opens a session", login.member_session?.member_id ?? login, ada.member);
  await page.context().close();
}

async function discovery(world) {
  const email = `founder-${Date.now()}@new.example`;
  const { page } = await open(world);
  const inbox = await watch(email);
  await ask(page, (stytch, it) => stytch.otps.email.discovery.send({ email_address: it.email }), { email });
  const found = await ask(page, (stytch, it) => stytch.otps.email.discovery.authenticate({ email_address: it.email, code: it.code }), { email, code: await inbox.code() });
  check("headless: an address is proved", found.email_address ?? found, email);
  const login = await ask(page, (stytch) => stytch.discovery.organizations.create({ session_duration_minutes: 60 }));
  check("headless: and founds an organization", login.member?.email_address ?? login, email);
  const list = await ask(page, (stytch) => stytch.discovery.organizations.list());
  check("headless: which is discovered from inside", list.discovered_organizations?.length ?? list, 1);
  await page.context().close();
}

async function poll(world) {
  const ada = await somebody();
  const guest = await open(world);
  await logIn(guest.page, ada);
  const asked = guest.page.waitForResponse((it) => it.url().endsWith("/sdk/v1/b2b/sessions/authenticate") && it.request().method() === "POST");
  await open(world, "/headless", guest);
  const response = await asked;
  check("headless: a page that is opened again asks for its session", response.status(), 200);
  const { data } = await response.json();
  check("headless: and is given both tokens", Boolean(data.session_token && data.session_jwt), true);
  await backend("sessions/revoke", { member_id: ada.member });
  const gone = await ask(guest.page, (stytch) => stytch.session.authenticate({ session_duration_minutes: 60 }));
  check("headless: a session that the backend ended is over", gone.error, "session_not_found");
  check("headless: for the page, too", await guest.page.evaluate(() => window.stytch.session.getSync()), null);
  await guest.context.close();
}
