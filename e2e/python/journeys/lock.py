"""Ten wrong second factors in a row shut the door for an hour."""

import dev
from authenticator import next_code, wrong_code
from checks import check, refused
from login import BCRYPT_2B, enrolled_in_totp, half_way_in, logged_in_with_totp, named, with_password


def a_moved_in_member_enrols(world):
    grace = world.grace
    moved = world.client.passwords.migrate(
        organization_id=world.organization_id, email_address=grace.email, hash=BCRYPT_2B, hash_type="bcrypt"
    )
    check("a hash for an unknown address creates its member", moved.member_created)
    grace.member_id = moved.member_id
    login = enrolled_in_totp(world, grace)
    check("a second member enrols an app", login.member.totp_registration_id, grace.totp_id)
    check("the first method used becomes the default", login.member.default_mfa_method, "totp")


def ten_wrong_codes_lock(world):
    grace, totps = world.grace, world.client.totps
    half = half_way_in(world, grace)
    for guess in range(1, 11):
        refused(
            f"wrong code {guess} of 10 is refused",
            lambda: totps.authenticate(**half, code=wrong_code(grace.totp_secret)),
            "unable_to_authenticate_totp",
        )
    locked = ("user_lock_limit_reached", 429)
    code = next_code(grace.totp_secret)
    refused("then even the right code is refused", lambda: totps.authenticate(**half, code=code), *locked)
    refused("no other login begins", lambda: with_password(world, grace), *locked)
    check("the member is locked", member(world).is_locked)


def the_lock_opens_by_itself(world):
    dev.advance("61m")
    login = logged_in_with_totp(world, world.grace)
    check("an hour later the member logs in again", login.session_token != "")
    check("and is not locked any more", member(world).is_locked, False)


def member(world):
    return world.client.organizations.members.get(**named(world, world.grace)).member


STEPS = [a_moved_in_member_enrols, ten_wrong_codes_lock, the_lock_opens_by_itself]
