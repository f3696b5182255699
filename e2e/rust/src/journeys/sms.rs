//! A code sent to a telephone, named during the first login.

use stytch::b2b::otp_sms::{AuthenticateRequest, SendRequest};

use crate::Step;
use crate::checks::{check, holds, refused};
use crate::dev::Watch;
use crate::login::{factors_of, half_way_in, mistyped, with_text};
use crate::world::World;

pub async fn walk(world: &World) -> Step {
    println!("# sms");
    a_texted_code_enrols_a_phone(world).await
}

async fn a_texted_code_enrols_a_phone(world: &World) -> Step {
    let World { client, ada, organization_id, .. } = world;
    let half = half_way_in(world, ada).await?;
    // Begun before there is a phone, so that it texts none and leaves the code below the newest.
    let other = half_way_in(world, ada).await?;

    let inbox = Watch::on(&ada.phone).await?;
    let request = SendRequest {
        organization_id: organization_id.clone(),
        member_id: ada.member_id.clone(),
        mfa_phone_number: Some(ada.phone.clone()),
        intermediate_session_token: Some(half.clone()),
        ..Default::default()
    };
    let sent = client.otps.sms.send(request).await?;
    check("a phone is linked by texting it", &sent.member.mfa_phone_number, &ada.phone);
    check("a phone is unverified until its code comes back", sent.member.mfa_phone_number_verified, false);
    let code = inbox.code().await?;

    let wrong = with_text(world, ada, &half, &mistyped(&code)).await;
    refused("a wrong code is refused", wrong, "otp_code_not_found", None);

    let request = AuthenticateRequest {
        organization_id: organization_id.clone(),
        member_id: ada.member_id.clone(),
        intermediate_session_token: Some(half.clone()),
        code: code.clone(),
        set_mfa_enrollment: Some("enroll".to_owned()),
        ..Default::default()
    };
    let login = client.otps.sms.authenticate(request).await?;
    holds("the right code opens a session", !login.session_token.is_empty() && !login.session_jwt.is_empty());
    check("the session knows both factors", factors_of(login.member_session.as_ref()), ["otp", "password"]);
    holds("the phone is verified", login.member.mfa_phone_number_verified);
    holds("the member is enrolled", login.member.mfa_enrolled);
    check("the first method used becomes the default", login.member.default_mfa_method, "sms_otp");

    let replayed = with_text(world, ada, &other, &code).await;
    refused("the same code opens no second session", replayed, "unable_to_auth_otp_code", None);
    let consumed = with_text(world, ada, &half, &mistyped(&code)).await;
    refused("an intermediate session is traded once", consumed, "intermediate_session_not_found", None);
    Ok(())
}
