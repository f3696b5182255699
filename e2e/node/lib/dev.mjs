// What only `vestibule dev` answers: its pocket telephone and its movable clock.

const PATIENCE_SECONDS = 10;

export const clock = {
  async now() {
    return new Date((await dev("/dev/clock")).now);
  },

  async advance(duration) {
    await dev("/dev/clock", { advance: duration });
  },
};

// What an operator would do at the command line.
export const operator = {
  project: (settings) => dev("/dev/projects", settings),
  trust: (rules) => dev("/dev/trusted_token_profiles", rules),
  impersonate: (whom) => dev("/dev/impersonation", whom),
  tell: (whom) => dev("/dev/webhook_endpoints", whom),
};

// Notes what lies in the inbox already, so that only what comes later counts:
//
//     const inbox = await watch("+12025550123");
//     … something that sends …
//     const code = await inbox.code();
export async function watch(address) {
  const seen = new Set((await messages(address, 0)).map((message) => message.id));

  async function newest(part) {
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    while (Date.now() < deadline) {
      const fresh = (await messages(address, 1)).filter((message) => !seen.has(message.id) && message[part]);
      if (fresh.length > 0) return fresh.at(-1)[part];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no message with a ${part} came to ${address} within ${PATIENCE_SECONDS} s`);
  }

  return { code: () => newest("code"), link: async () => new URL(await newest("link")) };
}

// The code or link of the message at this place among those to an address that have one.
export async function inboxOf(address, part, place) {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (Date.now() < deadline) {
    const found = (await messages(address, 0)).filter((message) => message[part]);
    if (found.length > place) return found[place][part];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${part} came to ${address} within ${PATIENCE_SECONDS} s`);
}

function messages(address, wait) {
  return dev(`/dev/messages?${new URLSearchParams({ to: address, wait })}`);
}

async function dev(path, body) {
  const response = await fetch(new URL(path, process.env.VESTIBULE_URL), {
    method: body === undefined ? "GET" : "POST",
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
