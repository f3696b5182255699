//! Texts and mails: prepared in a transaction, sent after its commit.

use crate::{Call, Result, allowance, audit, messages};
use delivery::{CALL_LIMIT, FIRST_LIMIT, Mail, TextMessage};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::sms_otp::{Passcode, Purpose},
    id::{PhoneId, RequestId},
    locale::Locale,
    members::Member,
    phone::PhoneNumber,
    send_limits::{self, Origin},
};
use serde_json::json;
use std::time::Duration;
use store::{Tenant, Tx, passcodes, send_counters};
use tracing::Instrument;

/// A text that waits for the commit of its transaction.
#[derive(Debug)]
pub struct Text(TextMessage);

/// What one caller waits for a provider, at most; the code lives on.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a new passcode for a number of the member, in place of any earlier
/// one, and the text that carries it. Counters are kept, codes are not.
///
/// # Errors
/// `InvalidPhoneNumberCountryCode`, `SpecialPhoneNumber`, `UsedUp`.
pub async fn passcode(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (phone_id, number): (&PhoneId, &PhoneNumber),
    locale: Locale,
) -> Result<Text> {
    allowance::code(call, tx, (tenant, member), (number, Origin::Backend)).await?;
    spend(call, tx, tenant, number).await?;
    let code = Passcode::random(&mut call.rng);
    let purpose = Purpose {
        project: tenant.project_id(),
        organization: tenant.organization_id(),
        member: &member.member_id,
        phone: phone_id,
    };
    let digest = code.digest(&call.app.server_key, purpose);
    passcodes::replace(tx, tenant, &member.member_id, (phone_id, &digest), call.now).await?;
    let country = number.country().map(|it| it.to_string());
    let details = [("country", json!(country))];
    audit::note(call, tx, tenant, Some(&member.member_id), (Action::PasscodeSent, Actor::Project), &details)
        .await?;
    Ok(Text(TextMessage {
        id: RequestId::random(call.project.environment, &mut call.rng).to_string(),
        to: number.clone(),
        text: messages::passcode(&code, locale, call.project.settings.webotp_host.as_ref()),
        code: Some(code.expose().to_owned()),
    }))
}

/// Counts the price of the one attempt there is.
async fn spend(call: &mut Call, tx: &mut Tx, tenant: &Tenant, number: &PhoneNumber) -> Result<()> {
    let attempt = allowance::Attempt { project: &call.project, tenant, provider: "default", number };
    allowance::attempt(&call.app, tx, &attempt, (call.now, &mut call.rng)).await?;
    Ok(())
}

/// The automatic text after a primary factor (MFA rule 15). A limit that is
/// reached, or a country that is off, never stops the login: nothing is sent.
///
/// # Errors
/// When the database fails.
pub async fn automatic(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    member: &Member,
    locale: Locale,
) -> Result<Option<Text>> {
    let Some((phone_id, number)) = member.phone_id.as_ref().zip(member.phone_number.as_ref()) else {
        return Ok(None);
    };
    match passcode(call, tx, (tenant, member), (phone_id, number), locale).await {
        Ok(text) => Ok(Some(text)),
        Err(crate::Error::Refused(
            Refusal::UsedUp(_) | Refusal::SpecialPhoneNumber | Refusal::InvalidPhoneNumberCountryCode,
        )) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Hands a text to the provider; call it after the commit.
///
/// # Errors
/// `DownstreamCarrierError` when the provider did not take it. It may have sent it all the same.
pub async fn deliver(call: &Call, Text(message): Text) -> Result<()> {
    let route = call.app.texts.route(message.to.country(), call.now);
    let first = if route.len() > 1 { FIRST_LIMIT } else { CALL_LIMIT };
    let sent = tokio::time::timeout(PATIENCE, async {
        for (place, provider) in route.into_iter().enumerate() {
            let limit = if place == 0 { first } else { CALL_LIMIT };
            match provider.send(&message, call.now, limit).await {
                Ok(_) => return true,
                Err(fault) if fault.is_final() => return false,
                Err(_) => {}
            }
        }
        false
    });
    if sent.await.unwrap_or(false) { Ok(()) } else { Err(Refusal::DownstreamCarrierError.into()) }
}

/// Counts a mail to an address.
///
/// # Errors
/// `UsedUp`.
pub async fn count_mail(call: &Call, tx: &mut Tx, address: &EmailAddress) -> Result<()> {
    let counted = send_limits::of_mail(call.app.strictness, &call.project.project_id, address);
    let taken = send_counters::take(tx, &call.project.project_id, &counted, call.now).await?;
    taken.map(|_| ()).map_err(|it| Refusal::UsedUp(it).into())
}

/// Hands a mail over in the background; call it after the commit. A failure is
/// the operator's to see: whoever waits for the mail asks for another.
pub fn post(call: &Call, mail: Mail) {
    let (app, now) = (call.app.clone(), call.now);
    let on_its_way = app.outgoing.clone().try_read_owned();
    let handing_over = async move {
        let _on_its_way = on_its_way; // the server stops when the last mail is handed over
        if let Err(fault) = app.mailer.send(&mail, now).await {
            tracing::warn!(id = mail.id, %fault, "a mail was not accepted");
        }
    };
    tokio::spawn(handing_over.in_current_span()); // its lines carry the id of the request
}
