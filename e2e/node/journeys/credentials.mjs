import { check, refused } from "../lib/checks.mjs";
import { clientWith, setting } from "../lib/world.mjs";

export const steps = [theCredentialsAreKnown, aWrongSecretIsRefused];

async function theCredentialsAreKnown({ client, projectId }) {
  const { project_id } = await client.debug.whoami();
  check("the credentials name their project", project_id, projectId);
}

async function aWrongSecretIsRefused() {
  const secret = setting("VESTIBULE_SECRET");
  const almost = secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A");
  await refused(
    "a secret that differs in one letter is refused",
    clientWith(almost).debug.whoami(),
    "unauthorized_credentials",
    401,
  );
}
