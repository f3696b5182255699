"""A link sent by e-mail is another first factor; the texted code follows by itself."""

import base64
import hashlib
import secrets

from checks import check, refused
from dev import Watch
from login import factors_of, named


def a_link_logs_in_once(world):
    magic_links = world.client.magic_links
    page, query = mailed_link(world)
    check("a link leads to the default page", page, "http://localhost:3000/authenticate")
    check("a link says what it is", query["stytch_token_type"], "multi_tenant_magic_links")

    phone = Watch(world.ada.phone)
    half = magic_links.authenticate(magic_links_token=query["token"])
    check("a link alone does not authenticate", half.member_authenticated, False)
    check("a code was texted by itself", half.mfa_required.secondary_auth_initiated, "sms_otp")
    check("the verified phone is offered", half.mfa_required.member_options.mfa_phone_number, world.ada.phone)

    login = completed(world, half, phone.code())
    check("the texted code completes the login", factors_of(login.member_session), ["magic_link", "otp"])
    refused(
        "a link works once",
        lambda: magic_links.authenticate(magic_links_token=query["token"]),
        "unable_to_auth_magic_link",
        401,
    )


def a_link_with_a_challenge_wants_its_verifier(world):
    magic_links = world.client.magic_links
    verifier = secrets.token_urlsafe(32)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    _, query = mailed_link(world, pkce_code_challenge=challenge)

    refused(
        "a link sent with a challenge wants its verifier",
        lambda: magic_links.authenticate(magic_links_token=query["token"]),
        "pkce_expected_code_verifier",
    )
    phone = Watch(world.ada.phone)
    half = magic_links.authenticate(magic_links_token=query["token"], pkce_code_verifier=verifier)
    check("the right verifier is accepted", half.intermediate_session_token != "")
    login = completed(world, half, phone.code())
    check("a login with a challenge completes", login.session_token != "")


def mailed_link(world, **extra):
    mail = Watch(world.ada.email)
    answer = world.client.magic_links.email.login_or_signup(
        organization_id=world.organization_id, email_address=world.ada.email, **extra
    )
    check("a known address creates no member", answer.member_created, False)
    return mail.link()


def completed(world, half, code):
    return world.client.otps.sms.authenticate(
        **named(world, world.ada), intermediate_session_token=half.intermediate_session_token, code=code
    )


STEPS = [a_link_logs_in_once, a_link_with_a_challenge_wants_its_verifier]
