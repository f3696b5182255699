// A program has an access token, which whoever it calls verifies without the server.

import { check, refused } from "../lib/checks.mjs";

export const steps = [aTokenIsVerifiedLocally];

async function aTokenIsVerifiedLocally({ client }) {
  const { m2m_client } = await client.m2m.clients.create({ client_name: "Billing", scopes: ["read:users", "write:users"] });
  const { client_id, client_secret } = m2m_client;
  const { access_token, token_type } = await client.m2m.token({ client_id, client_secret, scopes: ["read:users"] });
  check("a token is a bearer's", token_type, "bearer");

  const verified = await client.m2m.authenticateToken({ access_token, required_scopes: ["read:users"] });
  check("it names its client", verified.client_id, client_id);
  check("it holds the scopes that were asked for", verified.scopes, ["read:users"]);
  const refusal = await client.m2m.authenticateToken({ access_token, required_scopes: ["write:users"] }).then(
    () => "no refusal",
    (error) => error.code,
  );
  check("and no others", refusal, "missing_scopes");

  await client.m2m.clients.update({ client_id, status: "inactive" });
  await refused(
    "a client that is put aside has no token",
    client.m2m.token({ client_id, client_secret }),
    "invalid_client",
    401,
  );
}
