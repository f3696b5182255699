"""An authenticator app, with steps of 30 seconds."""

import pyotp

import dev

STEP_SECONDS = 30


def right_code(secret):
    return pyotp.TOTP(secret).at(_server_time())


def wrong_code(secret):
    """A code that is right at no step near the present one."""
    app, present = pyotp.TOTP(secret), _server_time()
    near = {app.at(present + drift * STEP_SECONDS) for drift in (-2, -1, 0, 1, 2)}
    return next(code for code in (digit * 6 for digit in "0123456789") if code not in near)


def next_code(secret):
    """A step counts once, so whoever wants to show a second code waits for the next."""
    dev.advance("31s")
    return right_code(secret)


def _server_time():
    return int(dev.now().timestamp())
