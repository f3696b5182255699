"""A call that names a member's session runs with that member's rights, never with the project's."""

import math

from stytch.b2b.models.organizations import DeleteRequestOptions
from stytch.b2b.models.organizations_members import UpdateRequestOptions
from stytch.b2b.models.sessions import AuthorizationCheck
from stytch.shared.method_options import Authorization
from stytch.shared.rbac_local import RBACPermissionError

import dev
from checks import check, fail, refused
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


def a_jwt_is_authorized_locally(world):
    session_jwt = logged_in_with_totp(world, world.ada).session_jwt
    # This client reads the machine's clock, which the server's may be ahead of.
    ahead = math.ceil(dev.offset_seconds()) + 1

    def wanting(resource_id, action):
        wanted = AuthorizationCheck(organization_id=world.organization_id, resource_id=resource_id, action=action)
        return world.client.sessions.authenticate_jwt_local(session_jwt, leeway=ahead, authorization_check=wanted)

    session = wanting("stytch.self", "update.info.name")
    check("a JWT is authorized without the server", session.organization_id, world.organization_id)
    try:
        wanting("stytch.organization", "delete")
        fail("and refused what no role of the member grants", "a refusal", "none")
    except RBACPermissionError as error:
        check("and refused what no role of the member grants", error.authorization_check.action, "delete")


STEPS = [a_session_header_gives_the_members_rights, a_jwt_is_authorized_locally]
