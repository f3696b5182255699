//! Texts and mails: written down in the transaction of their cause, handed
//! over after its commit.

pub mod admission;
pub mod arrivals;
mod body;
mod couriers;
mod handover;
mod ledger;
pub mod outbox;
pub mod receipts;
pub mod trace;

pub use arrivals::Early as EarlyReceipts;
pub use couriers::Couriers;
pub use ledger::{Cause, message_id, place as place_of_body, recipient_parts};

use crate::{Call, Error, Result, allowance, audit, messages};
use delivery::{Mail, TextMessage};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::sms_otp::{LIFETIME, Passcode, Purpose as Bound},
    id::{MessageId, PhoneId},
    locale::Locale,
    members::Member,
    messages::{Channel, Purpose, Reason},
    phone::PhoneNumber,
    send_limits::{self, Origin},
    traces::TARGET,
};
use handover::Moment;
use ledger::Job;
use serde_json::json;
use store::{Tenant, Tx, messages as waiting, passcodes, send_counters};
use tracing::Instrument;

/// A text that waits for the commit of its transaction.
#[derive(Debug)]
pub struct Text(Option<Box<Job>>);

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
    (locale, reason): (Locale, Reason),
) -> Result<Text> {
    let counted = allowance::code(call, tx, (tenant, member), (number, Origin::Backend)).await?;
    let way = match ledger::way(call, tx, (tenant, member), (number, Purpose::Passcode)).await {
        Err(refused @ Error::Refused(_)) => {
            allowance::not_sent(call, tx, (tenant, number), &counted).await?;
            return Err(refused);
        }
        other => other?,
    };
    let code = Passcode::random(&mut call.rng);
    let bound = Bound {
        project: tenant.project_id(),
        organization: tenant.organization_id(),
        member: &member.member_id,
        phone: phone_id,
    };
    let digest = code.digest(&call.app.server_key, bound);
    passcodes::replace(tx, tenant, &member.member_id, (phone_id, &digest), call.now).await?;
    waiting::supersede_passcode(tx, tenant, &member.member_id).await?;
    let country = number.country().map(|it| it.to_string());
    let details = [("country", json!(country)), ("reason", json!(reason.as_str()))];
    audit::note(call, tx, tenant, Some(&member.member_id), (Action::PasscodeSent, Actor::Project), &details)
        .await?;
    let id = message_id(call);
    let text = TextMessage {
        id: id.to_string(),
        to: number.clone(),
        text: messages::passcode(&code, locale, call.project.settings.webotp_host.as_ref()),
        code: Some(code.expose().to_owned()),
    };
    let cause = Cause { reason, ..Cause::requested(Purpose::Passcode, digest, LIFETIME) };
    let job = ledger::text(call, tx, cause.of(tenant, member), (id, text, way)).await?;
    Ok(Text(job.map(Box::new)))
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
    let how = (locale, Reason::Automatic);
    match passcode(call, tx, (tenant, member), (phone_id, number), how).await {
        Ok(text) => Ok(Some(text)),
        Err(Error::Refused(
            Refusal::UsedUp(_) | Refusal::SpecialPhoneNumber | Refusal::InvalidPhoneNumberCountryCode,
        )) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Hands a text over; call it after the commit. One that has to wait its turn
/// counts as sent.
///
/// # Errors
/// `DownstreamCarrierError` when no provider took it within five seconds. It
/// may have been sent all the same, and is tried on while its code lives.
pub async fn deliver(call: &Call, Text(job): Text) -> Result<()> {
    let Some(job) = job else {
        call.app.couriers.wake(Channel::Sms);
        return Ok(());
    };
    let handed_over = handover::round(&call.app, *job, Moment::of(call.now)).await?;
    handed_over.map_err(|_| Refusal::DownstreamCarrierError.into())
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

/// Writes a mail down; it leaves in the background once the transaction is
/// committed. A failure is the operator's to see.
///
/// # Errors
/// When the database fails.
pub async fn mail(call: &mut Call, tx: &mut Tx, cause: Cause<'_>, mail: (MessageId, Mail)) -> Result<()> {
    let job = ledger::mail(call, tx, cause, mail).await?;
    leave(call, tx, Channel::Email, job);
    Ok(())
}

/// Tells a number that it was removed: whoever holds it may be the only one to
/// notice. Within caps and budgets, and where the project wants it.
///
/// # Errors
/// When the database fails.
pub async fn tell_removed(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    number: &PhoneNumber,
) -> Result<()> {
    if !call.project.settings.sms.tell_removed_number {
        return Ok(());
    }
    let way = match allowance::text(call, tx, (tenant, member), (number, Origin::Backend)).await {
        Ok(_) => ledger::way(call, tx, (tenant, member), (number, Purpose::Notice)).await,
        Err(error) => Err(error),
    };
    let way = match way {
        Err(Error::Refused(_)) => return Ok(()),
        other => other?,
    };
    let (id, text) = (message_id(call), messages::number_removed(call.project.settings.mail_locale));
    let text = TextMessage { id: id.to_string(), to: number.clone(), text, code: None };
    let job = ledger::text(call, tx, Cause::notice().of(tenant, member), (id, text, way)).await?;
    leave(call, tx, Channel::Sms, job);
    Ok(())
}

/// Hands over in the background, after the commit.
fn leave(call: &Call, tx: &mut Tx, channel: Channel, job: Option<Job>) {
    let (app, moment) = (call.app.clone(), Moment::of(call.now));
    let span = tracing::Span::current();
    tx.after_commit(move || match job {
        Some(job) => {
            let handing_over = async move {
                let id = job.message.message_id.clone();
                match handover::round(&app, job, moment).await {
                    Ok(Ok(())) => {}
                    Ok(Err(fault)) => tracing::warn!(%id, %fault, "a message was not accepted"),
                    Err(error) => tracing::warn!(%id, %error, "a message was not handed over"),
                }
            };
            let handing_over = handing_over.instrument(span); // its lines carry the id of the request
            let traced = tracing::info_span!(target: TARGET, "message in the background");
            drop(tokio::spawn(handing_over.instrument(traced)));
        }
        None => app.couriers.wake(channel),
    });
}
