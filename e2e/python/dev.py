"""What only `vestibule dev` answers: its pocket telephone and its movable clock."""

import time
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import requests

from world import setting

PATIENCE_SECONDS = 10


def now():
    return datetime.fromisoformat(_get("/dev/clock")["now"])


def offset_seconds():
    return _get("/dev/clock")["offset_seconds"]


def advance(duration):
    _post("/dev/clock", {"advance": duration})


# What an operator would do at the command line.


def project_with(settings):
    return _post("/dev/projects", settings)


def trust(rules):
    return _post("/dev/trusted_token_profiles", rules)


def impersonate(organization, member):
    return _post("/dev/impersonation", {"organization": organization, "member": member})


def inbox_of(address, part, place):
    """The code or link of the message at this place among those to an address that have one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = [message[part] for message in _messages(address, wait=0) if message.get(part)]
        if len(found) > place:
            return found[place]
        time.sleep(0.02)
    raise TimeoutError(f"no {part} came to {address} within {PATIENCE_SECONDS} s")


class Watch:
    """Notes what lies in the inbox already, so that only what comes later counts:

        inbox = Watch("+12025550123")
        … something that sends …
        code = inbox.code()
    """

    def __init__(self, address):
        self.address = address
        self.seen = {message["id"] for message in _messages(address, wait=0)}

    def code(self):
        return self._newest("code")

    def link(self):
        """The link's address and its query, one value a name."""
        parts = urlsplit(self._newest("link"))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return f"{parts.scheme}://{parts.netloc}{parts.path}", query

    def _newest(self, part):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            arrived = _messages(self.address, wait=1)
            fresh = [message[part] for message in arrived if message["id"] not in self.seen and message.get(part)]
            if fresh:
                return fresh[-1]
            time.sleep(0.1)
        raise TimeoutError(f"no message with a {part} came to {self.address} within {PATIENCE_SECONDS} s")


def _messages(address, wait):
    return _get("/dev/messages", to=address, wait=wait)


def _get(path, **query):
    return _answered(requests.get(setting("VESTIBULE_URL") + path, params=query, timeout=30))


def _post(path, body):
    return _answered(requests.post(setting("VESTIBULE_URL") + path, json=body, timeout=30))


def _answered(response):
    response.raise_for_status()
    return response.json()
