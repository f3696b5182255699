//! Writing a message down, in the transaction of its cause.

use super::{admission, body::Body};
use crate::{Call, Result, allowance};
use delivery::{Mail, TextMessage};
use domain::{
    digest::Digest,
    id::{MessageId, ProjectId},
    members::Member,
    messages::{Channel, Outcome, Purpose, Reason, State, worth_sending_for},
    money::Micros,
    phone::{Country, PhoneNumber},
    sealing::Sealed,
    time::Span,
};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use store::{
    Tenant, Tx,
    messages::{self, Attempt, Line, Message},
};
use tokio::sync::OwnedSemaphorePermit;

/// Why there is a message, and how long it is worth anything.
pub struct Cause<'a> {
    /// Nobody's before an organization is chosen.
    pub whose: Option<(&'a Tenant, &'a Member)>,
    pub purpose: Purpose,
    pub reason: Reason,
    /// The digest of the code or token in it, as its own table keeps it.
    pub carries: Option<Digest>,
    pub lives: Span,
}

/// How long a notice is worth sending.
const NOTICE_LIVES: Span = Span::days(3);

impl<'a> Cause<'a> {
    pub fn requested(purpose: Purpose, carries: Digest, lives: Span) -> Self {
        Self { whose: None, purpose, reason: Reason::Requested, carries: Some(carries), lives }
    }

    pub fn notice() -> Self {
        let (purpose, reason) = (Purpose::Notice, Reason::Notice);
        Self { whose: None, purpose, reason, carries: None, lives: NOTICE_LIVES }
    }

    #[must_use]
    pub fn of(self, tenant: &'a Tenant, member: &'a Member) -> Self {
        Self { whose: Some((tenant, member)), ..self }
    }
}

/// A message that this task hands over first, once its transaction is committed.
#[derive(Debug)]
pub struct Job {
    pub message: Message,
    pub attempt: Attempt,
    pub body: Body,
    /// For what is written when it fails over.
    pub rng: ChaCha20Rng,
    /// How many work on hand-overs at a time is bounded.
    pub _permit: OwnedSemaphorePermit,
}

/// How long a node that died while handing over keeps others from it.
pub const CLAIM: Span = Span::seconds(30);

/// The new id of a message.
pub fn message_id(call: &mut Call) -> MessageId {
    MessageId::random(call.project.environment, &mut call.rng)
}

/// How a message leaves: at once by a provider, or in its turn.
pub struct Way(Option<Departure>);

/// A free courier, the provider to try first, and what that costs.
struct Departure {
    permit: OwnedSemaphorePermit,
    provider: String,
    price: Micros,
}

/// How a text to a number can leave, paid for if it leaves at once. An earlier
/// notice to the number that waits goes before another; a code takes the place
/// of one that waits. A busy node leaves both to the outbox.
///
/// # Errors
/// What [`allowance::attempt`] refuses; nothing was counted then.
pub async fn way(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (number, purpose): (&PhoneNumber, Purpose),
) -> Result<Way> {
    let digest = recipient_digest(call, number.as_str());
    let to = (Channel::Sms, &digest, purpose);
    let Some(permit) = courier(call, tx, Some((tenant, member)), to).await? else { return Ok(Way(None)) };
    let route = call.app.texts.route(number.country(), call.now);
    let provider = route.first().map_or("none", |it| it.name()).to_owned();
    let wanted = allowance::Attempt { project: &call.project, tenant, provider: &provider, number };
    let price = allowance::attempt(&call.app, tx, &wanted, (call.now, &mut call.rng)).await?;
    Ok(Way(Some(Departure { permit, provider, price })))
}

async fn courier(
    call: &Call,
    tx: &mut Tx,
    whose: Option<(&Tenant, &Member)>,
    (channel, recipient, purpose): (Channel, &Digest, Purpose),
) -> Result<Option<OwnedSemaphorePermit>> {
    if let Some((tenant, member)) = whose.filter(|_| !takes_the_place(purpose)) {
        let line = Line { tenant, member: &member.member_id, channel, recipient, purpose };
        if messages::in_the_way(tx, &line, call.now).await? {
            return Ok(None);
        }
    }
    Ok(call.app.couriers.at_once(channel))
}

/// Whether an older message of the purpose that waits is taken back.
fn takes_the_place(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Passcode | Purpose::EmailCode | Purpose::DiscoveryCode => true,
        Purpose::MagicLink
        | Purpose::Invite
        | Purpose::DiscoveryLink
        | Purpose::PasswordReset
        | Purpose::EmailUpdate
        | Purpose::Notice => false,
    }
}

/// Writes a text down; none when it waits its turn.
///
/// # Errors
/// When the database fails.
pub async fn text(
    call: &mut Call,
    tx: &mut Tx,
    cause: Cause<'_>,
    (id, message, way): (MessageId, TextMessage, Way),
) -> Result<Option<Job>> {
    let recipient = Recipient {
        channel: Channel::Sms,
        digest: recipient_digest(call, message.to.as_str()),
        masked: message.to.masked(),
        country: message.to.country(),
    };
    write(call, tx, cause, (id, recipient, way), Body::Text(message)).await
}

/// Writes a mail down; the same.
///
/// # Errors
/// When the database fails.
pub async fn mail(
    call: &mut Call,
    tx: &mut Tx,
    cause: Cause<'_>,
    (id, mail): (MessageId, Mail),
) -> Result<Option<Job>> {
    let digest = recipient_digest(call, mail.to.in_canonical_form().as_str());
    if takes_the_place(cause.purpose) {
        messages::supersede_email_code(tx, &call.project.project_id, &digest).await?;
    }
    let permit = courier(call, tx, cause.whose, (Channel::Email, &digest, cause.purpose)).await?;
    let permit = permit.filter(|_| call.app.mailer.admit(call.now));
    let provider = call.app.mailer.name().to_owned();
    let way = Way(permit.map(|permit| Departure { permit, provider, price: Micros::default() }));
    let masked = masked(mail.to.as_str());
    let recipient = Recipient { channel: Channel::Email, digest, masked, country: None };
    write(call, tx, cause, (id, recipient, way), Body::Mail(mail)).await
}

struct Recipient {
    channel: Channel,
    digest: Digest,
    masked: String,
    country: Option<Country>,
}

/// Under which place the body is sealed.
pub fn place(id: &MessageId) -> [&str; 2] {
    ["messages", id.as_str()]
}

async fn write(
    call: &mut Call,
    tx: &mut Tx,
    cause: Cause<'_>,
    (id, recipient, Way(departure)): (MessageId, Recipient, Way),
    body: Body,
) -> Result<Option<Job>> {
    let sealed = Sealed::seal(&call.app.server_key, &place(&id), &body.written(), &mut call.rng)?;
    let (now, at_once) = (call.now, departure.is_some());
    let message = Message {
        message_id: id,
        project_id: call.project.project_id.clone(),
        organization_id: cause.whose.map(|(tenant, _)| tenant.organization_id().clone()),
        member_id: cause.whose.map(|(_, member)| member.member_id.clone()),
        channel: recipient.channel,
        purpose: cause.purpose,
        reason: cause.reason,
        recipient: recipient.masked,
        recipient_digest: recipient.digest,
        country: recipient.country,
        carries: cause.carries,
        state: State::Waiting,
        sealed_body: Some(sealed),
        attempts: i64::from(at_once),
        next_attempt_at: now,
        claimed_until: if at_once { now.plus(CLAIM) } else { now },
        deadline: now.plus(worth_sending_for(cause.lives)),
        wrong_guesses: 0,
        provider: None,
        created_at: now,
        accepted_at: None,
        delivered_at: None,
        verified_at: None,
        failed_at: None,
        hindrance: None,
    };
    messages::record(tx, &message).await?;
    let Some(Departure { permit, provider, price }) = departure else { return Ok(None) };
    let attempt = admission::begin(tx, &message, (1, provider), (price, now)).await?;
    let rng = ChaCha20Rng::from_rng(&mut call.rng);
    Ok(Some(Job { message, attempt, body, rng, _permit: permit }))
}

/// An attempt that has not ended.
pub fn started(message: &Message, (number, provider): (i64, String), price_micros: i64) -> Attempt {
    Attempt {
        message_id: message.message_id.clone(),
        attempt: number,
        project_id: message.project_id.clone(),
        organization_id: message.organization_id.clone(),
        channel: message.channel,
        country: message.country,
        provider,
        price_micros,
        outcome: Outcome::Started,
        status: None,
        code: None,
        reference: None,
        began_at: message.created_at,
        ended_at: None,
        receipt: None,
        receipt_code: None,
        receipt_at: None,
    }
}

fn recipient_digest(call: &Call, address: &str) -> Digest {
    let parts = recipient_parts(&call.project.project_id, address);
    Digest::keyed(call.app.server_key.recipient_key(), &parts)
}

/// What the digest of a number or an address is made of.
pub fn recipient_parts<'a>(project: &'a ProjectId, address: &'a str) -> [&'a str; 2] {
    [project.as_str(), address]
}

/// `a…@example.com`.
fn masked(address: &str) -> String {
    let (name, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let first = name.chars().next().map(String::from).unwrap_or_default();
    format!("{first}…@{host}")
}
