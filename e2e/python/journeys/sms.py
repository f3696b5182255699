"""A code sent to a telephone, named during the first login."""

from checks import check, refused
from dev import Watch
from login import factors_of, half_way_in, mistyped


def a_texted_code_enrols_a_phone(world):
    ada, sms = world.ada, world.client.otps.sms
    half = half_way_in(world, ada)
    # Begun before there is a phone, so that it texts none and leaves the code below the newest.
    other = half_way_in(world, ada)

    inbox = Watch(ada.phone)
    sent = sms.send(**half, mfa_phone_number=ada.phone)
    check("a phone is linked by texting it", sent.member.mfa_phone_number, ada.phone)
    check("a phone is unverified until its code comes back", sent.member.mfa_phone_number_verified, False)
    code = inbox.code()

    refused(
        "a wrong code is refused",
        lambda: sms.authenticate(**half, code=mistyped(code)),
        "otp_code_not_found",
    )
    login = sms.authenticate(**half, code=code, set_mfa_enrollment="enroll")
    check("the right code opens a session", login.session_token != "" and login.session_jwt != "")
    check("the session knows both factors", factors_of(login.member_session), ["otp", "password"])
    check("the phone is verified", login.member.mfa_phone_number_verified)
    check("the member is enrolled", login.member.mfa_enrolled)
    check("the first method used becomes the default", login.member.default_mfa_method, "sms_otp")

    refused(
        "the same code opens no second session",
        lambda: sms.authenticate(**other, code=code),
        "unable_to_auth_otp_code",
    )
    refused(
        "an intermediate session is traded once",
        lambda: sms.authenticate(**half, code=mistyped(code)),
        "intermediate_session_not_found",
    )


STEPS = [a_texted_code_enrols_a_phone]
