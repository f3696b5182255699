import { createServer } from "node:http";
import { once } from "node:events";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { check } from "../lib/checks.mjs";
import { operator } from "../lib/dev.mjs";

const PATIENCE_SECONDS = 10;

export const steps = [whatIsToldIsVerifiedByTheLibrary];

async function whatIsToldIsVerifiedByTheLibrary({ client, slug }) {
  const received = [];
  const backend = createServer(async (request, answer) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    answer.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  try {
    await once(backend, "listening");
    const url = `http://127.0.0.1:${backend.address().port}/hooks`;
    const { secret } = await operator.tell({ url, events: ["direct.organization.create"] });
    const { organization } = await client.organizations.create({ organization_name: `${slug} \u00e9\u682a "&<>` });
    const { headers, body } = await next(received);
    const event = new Webhook(secret).verify(body, headers);
    check("a webhook is verified by the library", event.id, organization.organization_id);
    check("and tells what the API told", event.organization, organization);
    check("one that was changed is not", believes(secret, body.replace("CREATE", "DELETE"), headers), false);
    check("nor is one under another secret", believes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body, headers), false);
  } finally {
    backend.close();
  }
}

async function next(received) {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (Date.now() < deadline) {
    if (received.length > 0) return received.shift();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no webhook came within ${PATIENCE_SECONDS} s`);
}

function believes(secret, body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
