"""A program has an access token, which whoever it calls verifies without the server."""

from checks import check, refused


def a_token_is_verified_locally(world):
    m2m = world.client.m2m
    client = m2m.clients.create(scopes=["read:users", "write:users"], client_name="Billing").m2m_client
    named = {"client_id": client.client_id, "client_secret": client.client_secret}
    answer = m2m.token(**named, scopes=["read:users"])
    check("a token is a bearer's", answer.token_type, "bearer")

    verified = m2m.authenticate_token(answer.access_token, required_scopes=["read:users"])
    check("it names its client", verified.client_id, client.client_id)
    check("it holds the scopes that were asked for", verified.scopes, ["read:users"])
    refusal = m2m.authenticate_token(answer.access_token, required_scopes=["write:users"])
    check("and no others", refusal, None)

    m2m.clients.update(client.client_id, status="inactive")
    refused("a client that is put aside has no token", lambda: m2m.token(**named), "invalid_client", 401)


STEPS = [a_token_is_verified_locally]
