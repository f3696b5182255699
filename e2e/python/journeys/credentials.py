from checks import check, refused
from world import client_with, setting


def the_credentials_are_known(world):
    answer = world.client.debug.whoami()
    check("the credentials name their project", answer.project_id, setting("VESTIBULE_PROJECT_ID"))


def a_wrong_secret_is_refused(world):
    secret = setting("VESTIBULE_SECRET")
    almost = secret[:-1] + ("B" if secret.endswith("A") else "A")
    refused(
        "a secret that differs in one letter is refused",
        lambda: client_with(almost).debug.whoami(),
        "unauthorized_credentials",
        401,
    )


STEPS = [the_credentials_are_known, a_wrong_secret_is_refused]
