"""Codes on paper stand in for a lost app, each of them once."""

from checks import check, refused
from login import factors_of, half_way_in, named


def a_recovery_code_completes_a_login_once(world):
    spent = world.ada.recovery_codes[0]
    login = recovered(world, spent)
    check("a recovery code completes a login", factors_of(login.member_session), ["password", "recovery_codes"])
    check("nine are left", login.recovery_codes_remaining, 9)
    refused("a recovery code works once", lambda: recovered(world, spent), "unable_to_authenticate_recovery_code")


def the_unused_codes_can_be_read(world):
    answer = world.client.recovery_codes.get(**named(world, world.ada))
    check("the nine unused codes can be read", sorted(answer.recovery_codes), sorted(world.ada.recovery_codes[1:]))


def rotating_replaces_them_all(world):
    old = world.ada.recovery_codes
    new = world.client.recovery_codes.rotate(**named(world, world.ada)).recovery_codes
    check("rotating makes ten codes", len(new), 10)
    check("none of them is an old one", set(new) & set(old), set())

    refused("an old code is dead", lambda: recovered(world, old[1]), "unable_to_authenticate_recovery_code")
    check("a new code works", recovered(world, new[0]).recovery_codes_remaining, 9)


def recovered(world, code):
    return world.client.recovery_codes.recover(**half_way_in(world, world.ada), recovery_code=code)


STEPS = [a_recovery_code_completes_a_login_once, the_unused_codes_can_be_read, rotating_replaces_them_all]
