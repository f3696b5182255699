// A Chromium that finds the two names of the tests on this machine, and nothing else anywhere.

import { chromium } from "playwright-core";
import { APP, AUTH } from "./front.mjs";

const EXECUTABLE = process.env.VESTIBULE_CHROMIUM ?? "/usr/bin/chromium";
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function browser({ authPort, appPort }) {
  const names = `MAP ${AUTH}:443 127.0.0.1:${authPort}, MAP localhost:3000 127.0.0.1:${appPort}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [...QUIET, `--host-resolver-rules=${names}`],
  });
}

// A person's own browser: nothing of anybody else's is in it. Keeps what was asked of foreign hosts.
export async function visitor(chromium, options = {}) {
  const context = await chromium.newContext({ ignoreHTTPSErrors: true, ...options });
  const foreign = [];
  const ours = [`https://${AUTH}/`, `${APP}/`];
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (ours.some((it) => url.startsWith(it)) || /^(data|blob):/.test(url)) return route.continue();
    foreign.push(url);
    return route.abort();
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { context, page, foreign, complaints };
}
