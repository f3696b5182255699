"""Half of the calls speak of the organization and the member that are there:
made-up names alone would hear "not found" and little else.

Deletions keep their made-up names, so that the two stay.
"""

import os
import random

import schemathesis

KNOWN = {
    "organization_id": os.environ["VESTIBULE_ORGANIZATION_ID"],
    "member_id": os.environ["VESTIBULE_ADMIN_MEMBER_ID"],
    "email_address": os.environ["VESTIBULE_ADMIN_EMAIL"],
    "project_id": os.environ["VESTIBULE_PROJECT_ID"],
    "mfa_phone_number": "+12025550142",
}
luck = random.Random(7)


def told(context, fields):
    deletes = context.operation.method.upper() == "DELETE"
    if isinstance(fields, dict) and not deletes and luck.random() < 0.5:
        return fields | {name: KNOWN[name] for name in KNOWN if name in fields}
    return fields


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return told(context, path_parameters)


@schemathesis.hook
def map_query(context, query):
    return told(context, query)


@schemathesis.hook
def map_body(context, body):
    return told(context, body)
