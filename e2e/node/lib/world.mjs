// The client under test, and the people who log in.

import { randomBytes, randomInt } from "node:crypto";
import { B2BClient } from "stytch";

const run = randomBytes(4).toString("hex");
let nextLine = randomInt(100);

export function newWorld() {
  return {
    projectId: setting("VESTIBULE_PROJECT_ID"),
    client: clientWith(setting("VESTIBULE_SECRET")),
    slug: `e2e-node-${run}`,
    externalId: `crm|node_${run}`,
    organizationId: undefined, // once it is created
    ada: person("ada"),
  };
}

export function clientWith(secret, project_id = setting("VESTIBULE_PROJECT_ID")) {
  return new B2BClient({ project_id, secret, env: setting("VESTIBULE_URL") });
}

// Numbers 202-555-0100 to 0199 are reserved for fiction: nobody owns them.
export function person(name) {
  const line = String(nextLine++ % 100).padStart(2, "0");
  return { name, email: `${name}-${run}@example.com`, phone: `+120255501${line}`, memberId: undefined };
}

export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; see e2e/README.md`);
  return value;
}
