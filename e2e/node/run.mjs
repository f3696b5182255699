// Walks the journeys in order. They share one world: what an earlier one built, a later one uses.

import { conformance } from "./conformance/run.mjs";
import { fail, finish } from "./lib/checks.mjs";
import { newWorld } from "./lib/world.mjs";

const JOURNEYS = [
  "credentials",
  "organization",
  "webhook", // before the clock moves: the library believes five minutes
  "m2m", // before the clock moves, which the clients do not follow here
  "password",
  "sms",
  "magic-link",
  "totp",
  "recovery-codes",
  "session",
  "session-header",
  "member",
  "lock", // moves the clock by an hour, which ends every session: last
];

const world = newWorld();
let step = { name: "start" };
try {
  for (const journey of JOURNEYS) {
    console.log(`# ${journey}`);
    const { steps } = await import(`./journeys/${journey}.mjs`);
    for (step of steps) await step(world);
  }
  // Asked for by whoever collects its lines; see README.md.
  step = conformance;
  if (process.env.VESTIBULE_CONFORMANCE) await conformance();
} catch (error) {
  fail(step.name, "to go through", error);
}
finish();
