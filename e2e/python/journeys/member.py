"""A member is found, changed and removed by the project's backend."""

from checks import check, refused
from login import named


def a_member_is_found_by_address(world):
    members, edsger = world.client.organizations.members, world.edsger
    created = members.create(**by_address(world))
    edsger.member_id = created.member_id
    member = members.get(**by_address(world)).member
    check("a member is found by address", member.member_id, created.member_id)
    check("an address nobody proved is unverified", member.email_address_verified, False)


def a_member_is_changed(world):
    members, edsger = world.client.organizations.members, named(world, world.edsger)
    members.update(**edsger, name="Edsger", trusted_metadata={"seat": 1, "shoe": {"size": 44}, "hat": "none"})
    member = members.update(
        **edsger, trusted_metadata={"shoe": {"colour": "black"}, "hat": None, "pen": "ink"}
    ).member
    check("what an update does not name stays", member.name, "Edsger")
    check(
        "metadata merges at the top, null deletes",
        member.trusted_metadata,
        {"seat": 1, "shoe": {"colour": "black"}, "pen": "ink"},
    )


def a_deleted_member_is_gone(world):
    members, edsger = world.client.organizations.members, named(world, world.edsger)
    check("deleting names the member", members.delete(**edsger).member_id, world.edsger.member_id)
    refused(
        "a deleted member is not found by address",
        lambda: members.get(**by_address(world)),
        "member_not_found",
        404,
    )
    refused(
        "a member without a verified address cannot come back",
        lambda: members.reactivate(**edsger),
        "email_unverified_for_reactivation",
    )


def by_address(world):
    return {"organization_id": world.organization_id, "email_address": world.edsger.email}


STEPS = [a_member_is_found_by_address, a_member_is_changed, a_deleted_member_is_gone]
