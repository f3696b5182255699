"""Walks the journeys in order. They share one world: what an earlier one built, a later one uses."""

import importlib
import os
import sys

from checks import fail, finish
from conformance.run import conformance
from world import World

JOURNEYS = [
    "credentials",
    "organization",
    "m2m",  # before the clock moves, which the clients do not follow here
    "password",
    "sms",
    "magic_link",
    "totp",
    "recovery_codes",
    "session",
    "session_header",
    "member",
    "lock",  # moves the clock by an hour, which ends every session: last
]


def walk(world):
    for journey in JOURNEYS:
        print(f"# {journey}")
        for step in importlib.import_module(f"journeys.{journey}").STEPS:
            try:
                step(world)
            except Exception as error:
                return fail(step.__name__, "to go through", error)
    # Asked for by whoever collects its lines; see README.md.
    if os.environ.get("VESTIBULE_CONFORMANCE"):
        conformance()


if __name__ == "__main__":
    walk(World())
    sys.exit(finish())
