// The application's backend: what it arranges with the project's secret.

const { VESTIBULE_URL, VESTIBULE_PROJECT_ID, VESTIBULE_SECRET } = process.env;

export async function backend(path, body, method = "POST") {
  const response = await fetch(new URL(`/v1/b2b/${path}`, VESTIBULE_URL), {
    method,
    headers: {
      "Authorization": `Basic ${Buffer.from(`${VESTIBULE_PROJECT_ID}:${VESTIBULE_SECRET}`).toString("base64")}`,
      "Content-Type": "application/json",
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

export const PASSWORD = "correct horse battery staple";

let people = 0;

// Somebody with a password in an organization of their own.
export async function somebody(settings = {}, more = {}) {
  const n = `${Date.now().toString(36)}${(people += 1)}`;
  const slug = `acme-${n}`;
  const { organization } = await backend("organizations", { organization_name: "Acme", organization_slug: slug, ...settings });
  const email = `ada-${n}@acme.example`;
  // MD5 of PASSWORD: quick to check; the first login replaces it.
  const hash = "9cc2ae8a1ba7a93da39b46fc1019c481";
  const { member_id } = await backend("passwords/migrate", { organization_id: organization.organization_id, email_address: email, hash, hash_type: "md_5", ...more });
  return { slug, email, phone: `+1202555${3000 + people}`, organization: organization.organization_id, member: member_id };
}
