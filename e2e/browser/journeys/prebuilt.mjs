// The pre-built forms of the SDK, clicked and typed into as people do.

import { PASSWORD, somebody } from "../lib/backend.mjs";
import { check } from "../lib/checks.mjs";
import { APP, AUTH } from "../lib/front.mjs";
import { visitor } from "../lib/browser.mjs";
import { watch } from "../../node/lib/dev.mjs";
import { rightCode } from "../../node/lib/totp.mjs";
import jsQR from "jsqr";

const TOKEN = process.env.VESTIBULE_PUBLIC_TOKEN;

export const steps = [password, sms, totp];

async function open(world, { slug, products }) {
  const here = await visitor(world.chromium);
  await here.page.goto(`${APP}/prebuilt`);
  await here.page.evaluate(({ token, url, slug, products }) => {
    const { AuthFlowType, B2BProducts, StytchB2B, createStytchB2BClient } = window.b2b;
    window.stytch = createStytchB2BClient(token, { customBaseUrl: url });
    customElements.define("stytch-ui", StytchB2B);
    const login = document.createElement("stytch-ui");
    document.body.append(login);
    const landing = "http://localhost:3000/authenticate";
    login.render({
      client: window.stytch,
      config: {
        authFlowType: AuthFlowType.Organization,
        organizationSlug: slug,
        products: products.map((it) => B2BProducts[it]),
        emailMagicLinksOptions: { loginRedirectURL: landing, signupRedirectURL: landing },
        passwordOptions: { loginRedirectURL: landing, resetPasswordRedirectURL: landing },
        sessionOptions: { sessionDurationMinutes: 60 },
      },
      callbacks: {},
    });
  }, { token: TOKEN, url: `https://${AUTH}`, slug, products });
  return here;
}

async function password(world) {
  const ada = await somebody();
  const { page, foreign } = await open(world, { slug: ada.slug, products: ["passwords"] });
  await page.screenshot({ path: "/tmp/br/p1.png" });
  await page.waitForTimeout(3000); await page.screenshot({ path: "/tmp/br/p1.png" }); console.log(await page.evaluate(() => document.body.innerText), await page.locator("input").count(), foreign);
  await page.context().close();
}
async function sms() {}
async function totp() {}
