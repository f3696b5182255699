"""What is known of each operation: its form, from the contract; how it is arranged, from the table all clients share."""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

SHARED = Path(__file__).parents[2] / "conformance"
CONTRACT = Path(__file__).parents[3] / "crates/api/tests/data/b2b.json"

FIXTURES = json.loads((SHARED / "fixtures.json").read_text())
PROJECTS = json.loads((SHARED / "projects.json").read_text())
ROUTES = {route["operation"]: route for route in json.loads(CONTRACT.read_text())["routes"]}

# Somebody whose tokens the project trusts.
ISSUER = ec.generate_private_key(ec.SECP256R1())


def scenarios():
    files = sorted(path for path in SHARED.glob("*.json") if path.name not in ("fixtures.json", "projects.json"))
    return [item for path in files for item in json.loads(path.read_text()).items()]
