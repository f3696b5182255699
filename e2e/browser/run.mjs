// Walks the journeys in a real browser. Each has people of its own.

import { browser } from "./lib/browser.mjs";
import { fail, finish } from "./lib/checks.mjs";
import { stand } from "./lib/front.mjs";

const JOURNEYS = process.argv.length > 2 ? process.argv.slice(2) : ["headless"];

const front = await stand(process.env.VESTIBULE_URL);
const chromium = await browser(front);
for (const journey of JOURNEYS) {
  console.log(`# ${journey}`);
  const { steps } = await import(`./journeys/${journey}.mjs`);
  for (const step of steps) await step({ chromium }).catch((error) => fail(`${journey}: ${step.name}`, "to go through", error));
}
await chromium.close();
front.stop();
finish();
