"""The ways in that more than one journey takes."""

from authenticator import next_code, right_code
from dev import Watch

PASSWORD = "correct horse battery staple"

# A way to write PASSWORD down that other systems use.
BCRYPT_2B = "$2b$10$cZnqDTiVc5Un0YnQJQv/DenS6gpYBJRliJ8gxKk0cVrowgycT/s6O"


def with_password(world, person, password=PASSWORD):
    return world.client.passwords.authenticate(
        organization_id=world.organization_id, email_address=person.email, password=password
    )


def half_way_in(world, person):
    """The first factor is proven, the second is not: what every MFA call wants to know."""
    answer = with_password(world, person)
    return {**named(world, person), "intermediate_session_token": answer.intermediate_session_token}


def named(world, person):
    return {"organization_id": world.organization_id, "member_id": person.member_id}


# Whole logins. Each answers what the last call answered.


def logged_in_with_totp(world, person):
    half = half_way_in(world, person)
    return world.client.totps.authenticate(**half, code=next_code(person.totp_secret))


def logged_in_with_sms(world, person):
    inbox = Watch(person.phone)
    half = half_way_in(world, person)
    return world.client.otps.sms.authenticate(**half, code=inbox.code())


def enrolled_in_totp(world, person):
    """A first login, which leaves the person with an app."""
    half = half_way_in(world, person)
    app = world.client.totps.create(**half)
    person.totp_secret, person.totp_id = app.secret, app.totp_registration_id
    return world.client.totps.authenticate(**half, code=right_code(app.secret))


def factors_of(session):
    return sorted(factor.type.value for factor in session.authentication_factors)


def mistyped(code):
    """Another code of the same shape."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)
