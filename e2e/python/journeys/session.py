"""A session is asked for, prolonged, verified without the server, and ended."""

import math

import dev
from checks import check, fail, refused
from login import logged_in_with_totp, named


def a_login_opens_a_session(world):
    world.session = logged_in_with_totp(world, world.ada)
    check("a session lasts an hour", minutes_left(world.session), 60)


def a_session_is_prolonged(world):
    token = world.session.session_token
    world.session = world.client.sessions.authenticate(
        session_token=token,
        session_duration_minutes=120,
        session_custom_claims={"plan": "enterprise", "trial": True},
    )
    check("a session keeps its token when asked for", world.session.session_token, token)
    check("a session is prolonged on request", minutes_left(world.session), 120)
    check("a session takes claims", claims_of(world.session), {"plan": "enterprise", "trial": True})

    world.session = world.client.sessions.authenticate(session_token=token, session_custom_claims={"trial": None})
    check("a null takes a claim away", claims_of(world.session), {"plan": "enterprise"})
    check("a session is not prolonged unasked", minutes_left(world.session), 120)


def a_jwt_is_verified_locally(world):
    # This client reads the machine's clock, which the server's may be ahead of.
    ahead = math.ceil(dev.offset_seconds()) + 1
    local = world.client.sessions.authenticate_jwt_local(world.session.session_jwt, leeway=ahead)
    if local is None:
        return fail("a JWT is verified without the server", "a session", local)
    check("a JWT names its session", local.member_session_id, world.session.member_session.member_session_id)
    check("a JWT names its member", local.member_id, world.ada.member_id)
    check("a JWT names its organization", local.organization_id, world.organization_id)
    check("a JWT names the organization's slug", local.organization_slug, world.slug)
    check("a JWT carries the claims", local.custom_claims, {"plan": "enterprise"})


def a_session_is_listed(world):
    listed = world.client.sessions.get(**named(world, world.ada)).member_sessions
    ids = [session.member_session_id for session in listed]
    check("a session is listed", world.session.member_session.member_session_id in ids)


def a_session_is_ended(world):
    sessions, token, jwt = world.client.sessions, world.session.session_token, world.session.session_jwt
    sessions.revoke(session_token=token)
    refused(
        "the token of an ended session is dead",
        lambda: sessions.authenticate(session_token=token),
        "session_not_found",
        404,
    )
    refused(
        "so is its JWT, once the server is asked",
        lambda: sessions.authenticate(session_jwt=jwt),
        "session_not_found",
        404,
    )


def minutes_left(answer):
    return round((answer.member_session.expires_at - dev.now()).total_seconds() / 60)


def claims_of(answer):
    return answer.member_session.custom_claims


STEPS = [
    a_login_opens_a_session,
    a_session_is_prolonged,
    a_jwt_is_verified_locally,
    a_session_is_listed,
    a_session_is_ended,
]
