"""Arranges what an operation needs, by plain requests: only the call under test goes through the client."""

import itertools
import re
import secrets
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import dev
from authenticator import right_code
from conformance.table import FIXTURES, ISSUER, PROJECTS, ROUTES
from world import setting

# Counted, as an inbox is read by place: two people on one number would read each other's codes.
_PHONES = itertools.count(2000)


class Kept(dict):
    """What is kept on the way, by name; each arrangement has people of its own."""

    def __init__(self, project):
        n = secrets.token_hex(6)
        super().__init__(
            n=n,
            email=f"ada-{n}@acme.example",
            email2=f"grace-{n}@acme.example",
            phone=f"+1202555{next(_PHONES)}",
            project_id=project["project_id"],
            profile_id=_profile(),
        )
        self.project = project
        self.read = {}

    def filled(self, value):
        if isinstance(value, str):
            return re.sub(r"\$([a-z_0-9]+)", lambda match: self[match[1]], value)
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        return value


def arranged(scenario):
    kept = Kept(_project(scenario.get("project")))
    for step in scenario.get("given", []):
        _take(step, kept)
    return kept


def asked(project, operation, fields):
    """The request as any HTTP client makes it."""
    route, left = ROUTES[operation], dict(fields)
    left.setdefault("project_id", project["project_id"])
    url = setting("VESTIBULE_URL") + re.sub(r"\{(\w+)\}", lambda name: quote(left.pop(name[1]), safe=""), route["path"])
    left.pop("project_id", None)
    query = {field["name"]: left.pop(field["name"]) for field in route["request"]
             if field.get("in") == "query" and field["name"] in left}
    if route["auth"] == "client_credentials_in_body":
        return requests.request(route["method"], url, data=left, timeout=30)
    credentials = (project["project_id"], project["secret"])
    body = None if route["method"] == "GET" else left
    return requests.request(route["method"], url, params=query, json=body, auth=credentials, timeout=30)


def _take(step, kept):
    if isinstance(step, str):
        for inner in FIXTURES[step]:
            _take(inner, kept)
    elif "do" in step:
        answer = asked(kept.project, step["do"], kept.filled(step.get("with", {})))
        if answer.status_code != 200:
            raise RuntimeError(f"{step['do']} answered {answer.status_code} {answer.text}")
        for name, path in step.get("keep", {}).items():
            kept[name] = _found(answer.json(), path)
    else:
        kept[step["keep"]] = _made(step, kept)


def _found(body, path):
    for key in path.split("."):
        body = body[int(key) if isinstance(body, list) else key]
    return body


def _made(step, kept):
    if "inbox" in step:
        return _read(kept.filled(step["inbox"]), step["part"], kept)
    if "totp" in step:
        return right_code(step["totp"])
    if "sign" in step:
        return _signed(kept.filled(step["sign"]))
    organization, member = kept.filled(step["impersonate"])
    return dev.impersonate(organization, member)["impersonation_token"]


def _read(address, part, kept):
    """The next one that was not read yet."""
    seen = kept.read.get((address, part), 0)
    kept.read[address, part] = seen + 1
    found = dev.inbox_of(address, part, seen)
    return parse_qs(urlsplit(found).query)["token"][0] if part == "link" else found


def _signed(claims):
    now = int(dev.now().timestamp())
    claims = {"iss": "https://issuer.example", "aud": "vestibule", "iat": now, "exp": now + 60, **claims}
    return jwt.encode(claims, ISSUER, algorithm="ES256")


@cache
def _project(name):
    """The one that the server came with, unless other settings are wanted."""
    if name is None:
        return {"project_id": setting("VESTIBULE_PROJECT_ID"), "secret": setting("VESTIBULE_SECRET")}
    settings = PROJECTS[name].items()
    return dev.project_with({key: value.replace("$userinfo", _userinfo()) for key, value in settings})


@cache
def _profile():
    pem = ISSUER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return dev.trust({"issuer": "https://issuer.example", "audience": "vestibule", "keys": {"pem": [pem]}})["profile_id"]


@cache
def _userinfo():
    """Where sessions were kept before: its tokens are the addresses of their members."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Userinfo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/userinfo"


class _Userinfo(BaseHTTPRequestHandler):
    def do_GET(self):
        email = self.headers["Authorization"].removeprefix("Bearer ")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(f'{{"email": "{email}", "email_verified": true}}'.encode())

    def log_message(self, *_):
        """Nobody reads it."""
