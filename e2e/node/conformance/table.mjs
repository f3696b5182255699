// What is known of each operation: its form, from the contract; how it is arranged, from the table all clients share.

import { generateKeyPairSync } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

const SHARED = new URL("../../conformance/", import.meta.url);
const CONTRACT = new URL("../../../crates/api/tests/data/b2b.json", import.meta.url);

export const contract = read(CONTRACT);
export const fixtures = read(new URL("fixtures.json", SHARED));
export const projects = read(new URL("projects.json", SHARED));
export const routes = Object.fromEntries(contract.routes.map((route) => [route.operation, route]));

export function scenarios() {
  const files = readdirSync(SHARED).filter((name) => !["fixtures.json", "projects.json"].includes(name));
  return files.sort().flatMap((name) => Object.entries(read(new URL(name, SHARED))));
}

// Somebody whose tokens the project trusts.
export const issuer = generateKeyPairSync("ec", { namedCurve: "P-256" });

function read(url) {
  return JSON.parse(readFileSync(url, "utf8"));
}
