"""Counts what holds and says what does not."""

from stytch.core.response_base import StytchError

passed = 0
failed = 0


def check(what, actual, expected=True):
    global passed
    if type(actual) is type(expected) and actual == expected:
        passed += 1
        print(f"ok - {what}")
    else:
        fail(what, expected, actual)


def refused(what, call, error_type, status_code=None):
    """The call must raise the client's own error, with this `error_type`
    and, where the contract fixes it, this status."""
    try:
        answer = call()
    except StytchError as error:
        details = error.details
        if status_code is None:
            return check(what, details.error_type, error_type)
        return check(what, (details.status_code, details.error_type), (status_code, error_type))
    fail(what, error_type, f"no error at all but {type(answer).__name__}")


def fail(what, expected, actual):
    global failed
    failed += 1
    print(f"not ok - {what}")
    print(f"#   expected {expected!r}")
    print(f"#   actual   {actual!r}")


def finish():
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1
