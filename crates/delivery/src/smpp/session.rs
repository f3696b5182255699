//! One session: it writes messages, reads answers and receipts, and ends at the
//! first thing it does not understand.

use super::{SessionReceipt, SmppConfig, text};
use crate::DeliveryFault;
use bytes::BytesMut;
use rusmpp::{
    Command, CommandId, CommandStatus, Pdu,
    pdus::{BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm},
    tokio_codec::CommandCodec,
    types::COctetString,
    values::InterfaceVersion,
};
use secrecy::ExposeSecret;
use std::{collections::HashMap, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::{mpsc, oneshot},
    time,
};
use tokio_util::codec::{Decoder, Encoder};

/// How often the other side is asked whether it is there; not to answer by the
/// next time ends the session.
const ENQUIRY: Duration = Duration::from_secs(20);
/// Answers that may be outstanding, those of given-up messages included.
const OUTSTANDING: usize = 100;
/// A command of more octets ends the session before anything is reserved for it.
const LONGEST: usize = 4096;
/// The longest the other side may take nothing.
const WRITE_LIMIT: Duration = Duration::from_secs(4);

pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}
pub type Stream = Box<dyn Duplex>;

type Answer = Result<String, DeliveryFault>;

pub struct Order {
    pub submit: Box<SubmitSm>,
    pub answer: oneshot::Sender<Answer>,
}

/// What was read and not yet understood.
pub struct Inward {
    codec: CommandCodec,
    read: BytesMut,
}

impl Inward {
    fn new() -> Self {
        Self { codec: CommandCodec::new().with_max_length(LONGEST), read: BytesMut::new() }
    }

    fn next(&mut self) -> Result<Option<Command>, DeliveryFault> {
        self.codec.decode(&mut self.read).map_err(|_| DeliveryFault::BrokenOff)
    }

    /// Safe to give up between two reads: what was read stays here.
    async fn more(&mut self, stream: &mut Stream) -> Result<(), DeliveryFault> {
        match stream.read_buf(&mut self.read).await {
            Ok(0) | Err(_) => Err(DeliveryFault::BrokenOff),
            Ok(_) => Ok(()),
        }
    }
}

/// # Errors
/// `Refused` with SMPP's status, `Unreachable`.
pub async fn bind(stream: &mut Stream, config: &SmppConfig) -> Result<Inward, DeliveryFault> {
    let unsendable = DeliveryFault::Unsendable;
    let bind = BindTransceiver::builder()
        .system_id(octets(&config.system_id).ok_or(unsendable)?)
        .password(octets(config.password.expose_secret()).ok_or(unsendable)?)
        .system_type(octets(&config.system_type).ok_or(unsendable)?)
        .interface_version(InterfaceVersion::Smpp3_4)
        .build();
    write(stream, Command::new(CommandStatus::EsmeRok, 1, bind)).await?;
    let mut inward = Inward::new();
    loop {
        while let Some(command) = inward.next().map_err(|_| DeliveryFault::Unreachable)? {
            if command.sequence_number() == 1 {
                return accepted(command.status()).map(|()| inward);
            }
        }
        inward.more(stream).await.map_err(|_| DeliveryFault::Unreachable)?;
    }
}

fn octets<const MIN: usize, const MAX: usize>(text: &str) -> Option<COctetString<MIN, MAX>> {
    COctetString::from_string(text.to_owned()).ok()
}

/// Takes leave; whether the other side hears it is all the same.
pub async fn unbind(stream: &mut Stream) {
    let _heard = write(stream, Command::new(CommandStatus::EsmeRok, 2, Pdu::Unbind)).await;
}

/// Runs until the other side is gone or nobody holds the session any more.
/// Answers that are still due are then given up.
pub async fn run(
    mut stream: Stream,
    mut inward: Inward,
    mut orders: mpsc::Receiver<Order>,
    receipts: mpsc::Sender<SessionReceipt>,
) {
    let mut talk = Talk { waiting: HashMap::new(), sequence: 1, enquired: None, left: false, receipts };
    let mut enquiries = time::interval(ENQUIRY);
    enquiries.tick().await; // the first is at once
    loop {
        let goes_on = tokio::select! {
            order = orders.recv() => match order {
                Some(order) => talk.submit(&mut stream, order).await,
                None => return unbind(&mut stream).await,
            },
            read = inward.more(&mut stream) => match read {
                Ok(()) => talk.understand(&mut stream, &mut inward).await,
                Err(fault) => Err(fault),
            },
            _ = enquiries.tick() => talk.enquire(&mut stream).await,
        };
        if goes_on.is_err() {
            tracing::info!("an SMPP session ended");
            return;
        }
    }
}

struct Talk {
    waiting: HashMap<u32, oneshot::Sender<Answer>>,
    sequence: u32,
    /// The enquiry that has no answer yet.
    enquired: Option<u32>,
    /// Whether the other side took leave.
    left: bool,
    receipts: mpsc::Sender<SessionReceipt>,
}

impl Talk {
    async fn submit(&mut self, stream: &mut Stream, order: Order) -> Result<(), DeliveryFault> {
        if self.waiting.len() >= OUTSTANDING {
            let _gone = order.answer.send(Err(DeliveryFault::Unreachable));
            return Err(DeliveryFault::TimedOut);
        }
        let sequence = self.next();
        self.waiting.insert(sequence, order.answer);
        write(stream, Command::new(CommandStatus::EsmeRok, sequence, *order.submit)).await
    }

    async fn enquire(&mut self, stream: &mut Stream) -> Result<(), DeliveryFault> {
        if self.enquired.is_some() {
            return Err(DeliveryFault::TimedOut);
        }
        let sequence = self.next();
        self.enquired = Some(sequence);
        write(stream, Command::new(CommandStatus::EsmeRok, sequence, Pdu::EnquireLink)).await
    }

    async fn understand(&mut self, stream: &mut Stream, inward: &mut Inward) -> Result<(), DeliveryFault> {
        while let Some(command) = inward.next()? {
            if let Some(reply) = self.take(&command) {
                write(stream, reply).await?;
            }
            if self.left {
                return Err(DeliveryFault::BrokenOff);
            }
        }
        Ok(())
    }

    /// What is to be answered, if anything.
    fn take(&mut self, command: &Command) -> Option<Command> {
        let sequence = command.sequence_number();
        let reply = |pdu: Pdu| Some(Command::new(CommandStatus::EsmeRok, sequence, pdu));
        if command.id() == CommandId::SubmitSmResp || command.id() == CommandId::GenericNack {
            if let Some(answer) = self.waiting.remove(&sequence) {
                // Whoever gave up waiting is gone.
                let _gone = answer.send(taken(command));
            }
            return None;
        }
        match command.pdu() {
            Some(Pdu::EnquireLink) => reply(Pdu::EnquireLinkResp),
            Some(Pdu::EnquireLinkResp) => {
                self.enquired = self.enquired.filter(|&it| it != sequence);
                None
            }
            Some(Pdu::DeliverSm(deliver)) => {
                let status = self.keep(deliver);
                Some(Command::new(status, sequence, DeliverSmResp::default()))
            }
            Some(Pdu::Unbind) => {
                self.left = true;
                reply(Pdu::UnbindResp)
            }
            Some(_) | None => None, // the enum is not ours
        }
    }

    /// A text that is no receipt is taken and forgotten.
    fn keep(&self, deliver: &DeliverSm) -> CommandStatus {
        let Some(receipt) = text::receipt(deliver) else { return CommandStatus::EsmeRok };
        if self.receipts.try_send(receipt).is_ok() {
            return CommandStatus::EsmeRok;
        }
        tracing::warn!("an SMPP receipt was put off: too many are waiting to be taken down");
        CommandStatus::EsmeRxTAppn
    }

    fn next(&mut self) -> u32 {
        self.sequence = if self.sequence >= 0x7FFF_FFFF { 2 } else { self.sequence + 1 };
        self.sequence
    }
}

fn taken(command: &Command) -> Answer {
    accepted(command.status())?;
    match command.pdu() {
        Some(Pdu::SubmitSmResp(it)) => Ok(it.message_id().as_str().to_owned()),
        Some(_) | None => Err(DeliveryFault::BrokenOff), // a yes that is none
    }
}

fn accepted(status: CommandStatus) -> Result<(), DeliveryFault> {
    match status {
        CommandStatus::EsmeRok => Ok(()),
        CommandStatus::EsmeRinvdstadr => Err(DeliveryFault::InvalidNumber),
        other => {
            let code = u32::from(other);
            Err(DeliveryFault::Refused { status: u16::try_from(code).unwrap_or(u16::MAX), code: Some(code) })
        }
    }
}

async fn write(stream: &mut Stream, command: Command) -> Result<(), DeliveryFault> {
    let mut written = BytesMut::new();
    CommandCodec::new().encode(command, &mut written).map_err(|_| DeliveryFault::Unsendable)?;
    let leaving = async {
        stream.write_all(&written).await?;
        stream.flush().await
    };
    let left = time::timeout(WRITE_LIMIT, leaving).await;
    left.ok().and_then(Result::ok).ok_or(DeliveryFault::BrokenOff)
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
