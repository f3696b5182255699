"""Every operation of the table, in every way that this client can ask it; a line for each says how it went.

The client parses each answer strictly. It leaves out what is None, so it asks with absent fields, never with null ones.
"""

import json
import os
import re

from stytch.b2b.models.sessions import AuthorizationCheck
from stytch.core.response_base import StytchError, StytchErrorDetails

from checks import check
from conformance.arrange import arranged, asked
from conformance.table import ROUTES, scenarios
from world import client_with, setting

NOBODY = {
    "organization_id": ("organization-test-00000000-0000-4000-8000-000000000000", "organization_not_found"),
    "member_id": ("member-test-00000000-0000-4000-8000-000000000000", "member_not_found"),
    "client_id": ("nobody", "m2m_client_not_found"),
}


def conformance():
    for operation, scenario in scenarios():
        for ask in (_refusals_then_success, _absent):
            try:
                ask(operation, scenario)
            except Exception as error:
                _note(operation, ask.__name__.strip("_").replace("_", " "), repr(error))


def _refusals_then_success(operation, scenario):
    """One arrangement: what was refused must not have used anything up."""
    kept = arranged(scenario)
    client = client_with(kept.project["secret"], kept.project["project_id"])
    stranger = client_with("secret-test-wrong", kept.project["project_id"])
    fields = kept.filled(scenario["send"])
    if ROUTES[operation]["auth"] == "basic":
        _refused(operation, "a wrong secret", lambda: _call(operation, scenario, stranger, fields), "unauthorized_credentials", 401)
        for name, (nobody, error_type) in NOBODY.items():
            if name in fields:
                expected = scenario.get("unknown", {}).get(name, error_type)
                changed = {**fields, name: nobody}
                _refused(operation, f"an unknown {name}", lambda: _call(operation, scenario, client, changed), expected)
    for what, refusal in scenario.get("refused", {}).items():
        changed = {**fields, **kept.filled(refusal["with"])}
        expected = refusal.get("type"), refusal.get("status")
        _refused(operation, what, lambda: _call(operation, scenario, client, changed), *expected)
    full = {**fields, **kept.filled(scenario.get("also", {}))}
    _note(operation, "success", _fault(lambda: _call(operation, scenario, client, full)))
    if "twice" in scenario:
        _refused(operation, "a second time", lambda: _call(operation, scenario, client, full), scenario["twice"])


def _absent(operation, scenario):
    if "also" in scenario:
        kept = arranged(scenario)
        client = client_with(kept.project["secret"], kept.project["project_id"])
        fields = kept.filled(scenario["send"])
        _note(operation, "absent fields", _fault(lambda: _call(operation, scenario, client, fields)))


def _call(operation, scenario, client, fields):
    if "by_hand" in scenario:
        answer = asked({"project_id": setting("VESTIBULE_PROJECT_ID")}, operation, fields)
        if answer.status_code != 200:
            raise StytchError(StytchErrorDetails.from_json(answer.status_code, answer.json()))
        return answer.json()
    *owners, method = (_snake(name) for name in operation.split("."))
    for owner in owners:
        client = getattr(client, owner)
    return getattr(client, method)(**_as_the_client_wants(operation, fields))


def _as_the_client_wants(operation, fields):
    if operation == "m2m.token":
        return {name: value for name, value in fields.items() if name != "grant_type"}
    if "authorization_check" in fields:
        return {**fields, "authorization_check": AuthorizationCheck(**fields["authorization_check"])}
    return fields


def _snake(name):
    return re.sub(r"([a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])", _broken, name).lower()


def _broken(match):
    return f"{match[1]}_{match[2]}" if match[1] else f"_{match[3]}"


def _fault(call):
    try:
        call()
    except StytchError as error:
        return f"{error.details.status_code} {error.details.error_type}"
    except Exception as error:
        return repr(error)


def _refused(operation, what, call, error_type, status=None):
    try:
        call()
        fault = "no refusal"
    except StytchError as error:
        details = error.details
        expected = error_type in (None, details.error_type) and status in (None, details.status_code)
        said = f"{details.status_code} {details.error_type}"
        fault = None if expected else f"{said} in place of {error_type or status}"
    except Exception as error:
        fault = repr(error)
    _note(operation, what, fault)


def _note(operation, what, fault):
    check(f"conformance: {operation}: {what}", fault or "works", "works")
    line = {"operation": operation, "case": what, "outcome": "differs" if fault else "works", "how": fault or ""}
    with open(os.environ["VESTIBULE_CONFORMANCE"], "a") as lines:
        lines.write(json.dumps(line) + "\n")
