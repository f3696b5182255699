// Arranges what an operation needs, by plain requests: only the call under test goes through the client.

import { randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";
import { clock, inboxOf, operator } from "../lib/dev.mjs";
import { rightCode } from "../lib/totp.mjs";
import { setting } from "../lib/world.mjs";
import { fixtures, issuer, projects, routes } from "./table.mjs";

const made = new Map();
let phones = 2000;
let profile;
let before;

// Names for what is kept on the way; each arrangement has people of its own.
export async function arranged(scenario) {
  const n = randomBytes(6).toString("hex");
  const kept = {
    n,
    email: `ada-${n}@acme.example`,
    email2: `grace-${n}@acme.example`,
    // Counted, as an inbox is read by place: two people on one number would read each other's codes.
    phone: `+1202555${phones++}`,
    profile_id: await trusted(),
    userinfo: await userinfo(),
    read: {},
  };
  kept.project = await projectFor(scenario.project, kept);
  kept.project_id = kept.project.project_id;
  for (const step of scenario.given ?? []) await take(step, kept);
  return kept;
}

export function filled(value, kept) {
  if (typeof value === "string") {
    return value.replace(/\$([a-z_0-9]+)/g, (_, name) => kept[name] ?? missing(name));
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, kept));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, kept)]));
}

// The request as any HTTP client makes it.
export async function asked({ project_id, secret }, operation, fields) {
  const { method, path, request, auth } = routes[operation];
  const left = { project_id, ...fields };
  const filledPath = path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = encodeURIComponent(left[name]);
    delete left[name];
    return value;
  });
  delete left.project_id;
  const url = new URL(filledPath, setting("VESTIBULE_URL"));
  for (const field of request.filter((field) => field.in === "query" && field.name in left)) {
    url.searchParams.set(field.name, left[field.name]);
    delete left[field.name];
  }
  const isForm = auth === "client_credentials_in_body";
  const response = await fetch(url, {
    method,
    headers: {
      "Content-Type": isForm ? "application/x-www-form-urlencoded" : "application/json",
      ...(isForm ? {} : { Authorization: `Basic ${Buffer.from(`${project_id}:${secret}`).toString("base64")}` }),
    },
    body: method === "GET" ? undefined : isForm ? new URLSearchParams(left) : JSON.stringify(left),
  });
  return { status: response.status, body: await response.json() };
}

async function take(step, kept) {
  if (typeof step === "string") {
    for (const inner of fixtures[step]) await take(inner, kept);
  } else if (step.do) {
    const { status, body } = await asked(kept.project, step.do, filled(step.with, kept));
    if (status !== 200) throw new Error(`${step.do} answered ${status} ${JSON.stringify(body)}`);
    for (const [name, path] of Object.entries(step.keep ?? {})) {
      kept[name] = path.split(".").reduce((inner, key) => inner[key], body);
    }
  } else {
    kept[step.keep] = await produced(step, kept);
  }
}

async function produced(step, kept) {
  if (step.inbox) return read(filled(step.inbox, kept), step.part, kept);
  if (step.totp) return rightCode(step.totp);
  if (step.sign) return signed(filled(step.sign, kept));
  const [organization, member] = filled(step.impersonate, kept);
  return (await operator.impersonate({ organization, member })).impersonation_token;
}

// The next one that was not read yet.
async function read(address, part, kept) {
  const seen = (kept.read[`${part} ${address}`] ??= 0);
  kept.read[`${part} ${address}`] += 1;
  const found = await inboxOf(address, part, seen);
  return part === "link" ? new URL(found).searchParams.get("token") : found;
}

async function signed(claims) {
  const now = Math.floor((await clock.now()).getTime() / 1000);
  const all = { iss: "https://issuer.example", aud: "vestibule", iat: now, exp: now + 60, ...claims };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part({ alg: "ES256" })}.${part(all)}`;
  const signature = sign("sha256", message, { key: issuer.privateKey, dsaEncoding: "ieee-p1363" });
  return `${message}.${signature.toString("base64url")}`;
}

// The one that the server came with, unless other settings are wanted.
async function projectFor(name, kept) {
  if (!made.has(name)) {
    const project = name
      ? await operator.project(filled(projects[name], kept))
      : { project_id: setting("VESTIBULE_PROJECT_ID"), secret: setting("VESTIBULE_SECRET") };
    made.set(name, project);
  }
  return made.get(name);
}

async function trusted() {
  const pem = issuer.publicKey.export({ type: "spki", format: "pem" });
  profile ??= await operator.trust({ issuer: "https://issuer.example", audience: "vestibule", keys: { pem: [pem] } });
  return profile.profile_id;
}

// Where sessions were kept before: its tokens are the addresses of their members.
async function userinfo() {
  before ??= createServer((request, response) => {
    const email = request.headers.authorization?.replace(/^Bearer /, "");
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ email, email_verified: true }));
  });
  if (!before.listening) {
    await new Promise((ready) => before.listen(0, "127.0.0.1", ready));
    before.unref();
  }
  return `http://127.0.0.1:${before.address().port}/userinfo`;
}

function missing(name) {
  throw new Error(`nothing is kept as $${name}`);
}
