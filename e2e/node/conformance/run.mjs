// Every operation of the table, in every way that this client can ask it; a line for each says how it went.

import { appendFileSync } from "node:fs";
import { StytchError } from "stytch";
import { check, fail } from "../lib/checks.mjs";
import { clientWith } from "../lib/world.mjs";
import { arranged, asked, filled } from "./arrange.mjs";
import { faultIn } from "./shape.mjs";
import { routes, scenarios } from "./table.mjs";

const NOBODY = {
  organization_id: ["organization-test-00000000-0000-4000-8000-000000000000", "organization_not_found"],
  member_id: ["member-test-00000000-0000-4000-8000-000000000000", "member_not_found"],
  client_id: ["nobody", "m2m_client_not_found"],
};

export async function conformance() {
  for (const [operation, scenario] of scenarios()) {
    const route = routes[operation];
    if (!route) {
      fail(`conformance: ${operation}`, "an operation of the contract", "none");
      continue;
    }
    const subject = { operation, scenario, route };
    for (const ask of [refusalsThenSuccess, absent, nulls, extra]) await ask(subject).catch((error) => note(subject, ask.name, String(error)));
  }
}

// One arrangement: what was refused must not have used anything up.
async function refusalsThenSuccess(subject) {
  const { scenario, route } = subject;
  const kept = await arranged(scenario);
  const fields = filled(scenario.send, kept);
  for (const [what, given, type, status, project] of refusals(subject, fields, kept)) {
    note(subject, what, await refusalFault(call(subject, project ?? kept.project, given), type, status));
  }
  const full = { ...fields, ...filled(scenario.also ?? {}, kept) };
  note(subject, "success", await answerFault(subject, kept.project, full));
  if (scenario.twice) {
    const again = call(subject, kept.project, full);
    note(subject, "a second time", await refusalFault(again, scenario.twice));
  }
}

function refusals({ scenario, route }, fields, kept) {
  const found = [];
  if (route.auth === "basic") {
    found.push(["a wrong secret", fields, "unauthorized_credentials", 401, { ...kept.project, secret: "secret-test-wrong" }]);
    for (const [name, [nobody, type]] of Object.entries(NOBODY)) {
      if (!(name in fields)) continue;
      const expected = scenario.unknown?.[name] ?? type;
      found.push([`an unknown ${name}`, { ...fields, [name]: nobody }, expected]);
    }
    for (const field of route.request) {
      if (field.in && field.in !== "body") continue;
      // Some clients leave an empty list out, so a missing one is an empty one.
      if (!field.name || field.optional || !(field.name in fields) || field.type.startsWith("array")) continue;
      found.push([`without ${field.name}`, { ...fields, [field.name]: undefined }, undefined, 400]);
    }
  }
  for (const [what, { with: change, type, status }] of Object.entries(scenario.refused ?? {})) {
    found.push([what, { ...fields, ...filled(change, kept) }, type, status]);
  }
  return found;
}

async function absent(subject) {
  const { scenario } = subject;
  if (!scenario.also) return;
  const kept = await arranged(scenario);
  note(subject, "absent fields", await answerFault(subject, kept.project, filled(scenario.send, kept)));
}

async function nulls(subject) {
  const { scenario, route } = subject;
  const nothing = route.request.filter((field) => field.optional && (field.in ?? "body") === "body");
  if (nothing.length === 0 || route.auth !== "basic") return;
  const kept = await arranged(scenario);
  const fields = filled(scenario.send, kept);
  const all = { ...Object.fromEntries(nothing.map((field) => [field.name, null])), ...fields };
  note(subject, "null fields", await answerFault(subject, kept.project, all));
}

// By hand: the client would leave out of some requests what it does not know.
async function extra({ scenario, route, ...subject }) {
  if (route.auth !== "basic" || route.method === "GET") return;
  const kept = await arranged(scenario);
  const fields = { ...filled(scenario.send, kept), unheard_of: { by: ["anybody"] } };
  const { status, body } = await asked(kept.project, subject.operation, fields);
  note(subject, "extra fields", status === 200 ? undefined : `${status} ${body.error_type}`);
}

async function answerFault(subject, project, fields) {
  try {
    return faultIn(await call(subject, project, fields), subject.route.response);
  } catch (error) {
    return said(error);
  }
}

async function refusalFault(answer, type, status) {
  const error = await answer.then(() => new Error("no refusal"), (thrown) => thrown);
  const isRefusal = error instanceof StytchError;
  if (!isRefusal) return said(error);
  const isExpected = (type === undefined || error.error_type === type) && (status === undefined || error.status_code === status);
  return isExpected ? undefined : `${said(error)} in place of ${type ?? status}`;
}

async function call({ operation, scenario }, project, fields) {
  if (scenario.by_hand) {
    const { status, body } = await asked(project, operation, fields);
    if (status !== 200) throw new StytchError({ ...body, status_code: status });
    return body;
  }
  const names = operation.split(".");
  const method = names.pop();
  const owner = names.reduce((inner, name) => inner[name], clientWith(project.secret, project.project_id));
  return owner[method](fields);
}

function said(error) {
  return error instanceof StytchError ? `${error.status_code} ${error.error_type}` : String(error);
}

function note({ operation }, what, fault) {
  check(`conformance: ${operation}: ${what}`, fault ?? "works", "works");
  const line = { operation, case: what, outcome: fault ? "differs" : "works", how: fault ?? "" };
  appendFileSync(process.env.VESTIBULE_CONFORMANCE, `${JSON.stringify(line)}\n`);
}
