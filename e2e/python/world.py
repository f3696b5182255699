"""The client under test, and the people who log in."""

import os
import secrets
from dataclasses import dataclass, field
from typing import Optional

from stytch import B2BClient

RUN = secrets.token_hex(4)
_first_line = secrets.randbelow(100)


@dataclass
class Person:
    name: str
    phone: str
    member_id: Optional[str] = None  # once the member is created
    totp_secret: Optional[str] = None  # once an app is added
    totp_id: Optional[str] = None
    recovery_codes: list = field(default_factory=list)

    @property
    def email(self):
        return f"{self.name}-{RUN}@example.com"


class World:
    def __init__(self):
        self.client = client_with(setting("VESTIBULE_SECRET"))
        self.slug = f"e2e-python-{RUN}"
        self.external_id = f"crm|python_{RUN}"
        self.organization_id = None  # once it is created
        self.session = None  # once somebody logged in
        # Numbers 202-555-0100 to 0199 are reserved for fiction: nobody owns them.
        self.ada, self.grace, self.edsger = (
            Person(name, f"+120255501{(_first_line + line) % 100:02}")
            for line, name in enumerate(["ada", "grace", "edsger"])
        )


def client_with(secret, project_id=None):
    return B2BClient(project_id or setting("VESTIBULE_PROJECT_ID"), secret, environment=setting("VESTIBULE_URL"))


def setting(name):
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set; see e2e/README.md")
    return value
