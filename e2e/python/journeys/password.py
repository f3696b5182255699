"""A password is a first factor: it says who is there, and opens nothing by itself."""

from checks import check, refused
from login import BCRYPT_2B, PASSWORD, with_password


def an_active_member_is_created(world):
    created = world.client.organizations.members.create(
        organization_id=world.organization_id, email_address=world.ada.email, name="Ada Lovelace"
    )
    member = created.member
    check("a member is active from the start", member.status, "active")
    check("a member begins without a phone", member.mfa_phone_number, "")
    check("a member begins without an app", member.totp_registration_id, "")
    world.ada.member_id = created.member_id


def a_hash_moves_in_from_elsewhere(world):
    moved = world.client.passwords.migrate(
        organization_id=world.organization_id, email_address=world.ada.email, hash=BCRYPT_2B, hash_type="bcrypt"
    )
    check("a bcrypt hash joins the member of its address", moved.member_id, world.ada.member_id)
    check("no second member was created", moved.member_created, False)
    check("the member has a password now", moved.member.member_password_id != "")


def a_wrong_password_is_refused(world):
    refused(
        "a wrong password is refused",
        lambda: with_password(world, world.ada, PASSWORD + "!"),
        "unauthorized_credentials",
        401,
    )


def the_right_password_opens_no_session(world):
    answer = with_password(world, world.ada)
    check("the right password alone does not authenticate", answer.member_authenticated, False)
    check("it opens no session", (answer.session_token, answer.session_jwt), ("", ""))
    check("it carries no session", answer.member_session, None)
    check("it opens an intermediate session", answer.intermediate_session_token != "")
    check("a second factor is due, and must be enrolled first", answer.mfa_required.member_options, None)
    check("nothing was texted", answer.mfa_required.secondary_auth_initiated, None)
    check("the first factor is not due any more", answer.primary_required, None)


STEPS = [
    an_active_member_is_created,
    a_hash_moves_in_from_elsewhere,
    a_wrong_password_is_refused,
    the_right_password_opens_no_session,
]
