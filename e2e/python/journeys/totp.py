"""An authenticator app, added by somebody who is logged in already."""

import base64
import re

from authenticator import next_code, right_code
from checks import check, refused
from login import factors_of, half_way_in, logged_in_with_sms, named, with_password


def a_session_gains_an_app(world):
    client, ada = world.client, world.ada
    before = logged_in_with_sms(world, ada)

    app = client.totps.create(**named(world, ada), session_token=before.session_token)
    check("a secret has 32 letters of base32", re.fullmatch("[A-Z2-7]{32}", app.secret) is not None)
    check("its picture is a PNG", is_png(app.qr_code))
    check("ten recovery codes come with it", len(app.recovery_codes), 10)
    check("a recovery code is three groups of four", all(map(looks_like_a_recovery_code, app.recovery_codes)))
    ada.totp_secret, ada.totp_id, ada.recovery_codes = app.secret, app.totp_registration_id, app.recovery_codes

    code = right_code(app.secret)
    after = client.totps.authenticate(**named(world, ada), session_token=before.session_token, code=code)
    check("the first code confirms the app", after.member.totp_registration_id, ada.totp_id)
    check("the session stays", after.member_session.member_session_id, before.member_session.member_session_id)
    check("the session gains the factor", factors_of(after.member_session), ["otp", "password", "totp"])
    check("its token is a new one", after.session_token != before.session_token)

    refused(
        "the old token is dead",
        lambda: client.sessions.authenticate(session_token=before.session_token),
        "session_not_found",
        404,
    )
    refused(
        "the same code counts once",
        lambda: client.totps.authenticate(**named(world, ada), session_token=after.session_token, code=code),
        "totp_code_already_authenticated",
    )


def a_login_offers_both_factors(world):
    options = with_password(world, world.ada).mfa_required.member_options
    check("a login offers the phone", options.mfa_phone_number, world.ada.phone)
    check("a login offers the app", options.totp_registration_id, world.ada.totp_id)


def an_app_completes_a_login(world):
    half = half_way_in(world, world.ada)
    login = world.client.totps.authenticate(**half, code=next_code(world.ada.totp_secret))
    check("the app completes a login", factors_of(login.member_session), ["password", "totp"])


def is_png(uri):
    head, _, data = uri.partition(",")
    return head == "data:image/png;base64" and base64.b64decode(data).startswith(b"\x89PNG")


def looks_like_a_recovery_code(code):
    return re.fullmatch("[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", code) is not None


STEPS = [a_session_gains_an_app, a_login_offers_both_factors, an_app_completes_a_login]
