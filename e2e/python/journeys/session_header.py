"""A call that names a member's session runs with that member's rights, never with the project's."""

from stytch.b2b.models.organizations import DeleteRequestOptions
from stytch.b2b.models.organizations_members import UpdateRequestOptions
from stytch.shared.method_options import Authorization

from checks import check, refused
from login import logged_in_with_totp, named


def a_session_header_gives_the_members_rights(world):
    organizations, ada = world.client.organizations, world.ada
    members = organizations.members
    login = logged_in_with_totp(world, ada)
    for authorization in (
        Authorization(session_token=login.session_token),
        Authorization(session_jwt=login.session_jwt),
    ):
        [by] = authorization.model_dump(exclude_none=True)
        options = UpdateRequestOptions(authorization=authorization)
        answer = members.update(**named(world, ada), name=f"Ada by {by}", method_options=options)
        check(f"a member changes her own name ({by})", answer.member.name, f"Ada by {by}")
        refused(
            f"she does not make herself an admin ({by})",
            lambda: members.update(**named(world, ada), roles=["stytch_admin"], method_options=options),
            "session_authorization_error",
            403,
        )
        refused(
            f"nor does she delete her organization ({by})",
            lambda: organizations.delete(
                world.organization_id, method_options=DeleteRequestOptions(authorization=authorization)
            ),
            "session_authorization_error",
            403,
        )
    nobody = UpdateRequestOptions(authorization=Authorization(session_token="nobody-has-this"))
    refused(
        "a session that is none is refused",
        lambda: members.update(**named(world, ada), name="Root", method_options=nobody),
        "session_not_found",
        404,
    )
    member = members.update(**named(world, ada), name="Ada Lovelace").member
    check("and is given no role", any(role.role_id == "stytch_admin" for role in member.roles), False)


STEPS = [a_session_header_gives_the_members_rights]
