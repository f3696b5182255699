"""A call that names a member's session must not run with the project's authority."""

from stytch.b2b.models.organizations_members import UpdateRequestOptions
from stytch.shared.method_options import Authorization

from checks import check, refused
from login import logged_in_with_totp, named


def a_session_header_is_never_ignored(world):
    members, ada = world.client.organizations.members, world.ada
    login = logged_in_with_totp(world, ada)
    for authorization in (
        Authorization(session_token=login.session_token),
        Authorization(session_jwt=login.session_jwt),
    ):
        [kind] = authorization.model_dump(exclude_none=True)
        options = UpdateRequestOptions(authorization=authorization)
        refused(
            f"a call in a member's name is refused ({kind})",
            lambda: members.update(**named(world, ada), name="Root", method_options=options),
            "session_authorization_error",
            403,
        )
    check("and changes nothing", members.get(**named(world, ada)).member.name, "Ada Lovelace")


STEPS = [a_session_header_is_never_ignored]
