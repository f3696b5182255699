//! A message as SMPP carries it, and the receipts it carries back.

use super::SessionReceipt;
use crate::{Outcome, TextMessage, accepted::is_reference};
use domain::sms_segments::{Encoding, encoding};
use rusmpp::{
    extra::encoding::gsm7bit::Gsm7BitUnpacked,
    pdus::{DeliverSm, SubmitSm},
    tlvs::{MessageSubmissionRequestTlvValue, TlvValue},
    types::{AnyOctetString, COctetString, OctetString},
    values::{
        DataCoding, IntermediateNotification, MCDeliveryReceipt, MessagePayload, MessageState, MessageType,
        Npi, RegisteredDelivery, SmeOriginatedAcknowledgement, Ton,
    },
};

/// Octets of one message; longer ones go as a payload, which the other side splits.
const ONE_GSM: usize = 160;
const ONE_UCS2: usize = 140;

/// In GSM-7, or in UCS-2 where that has no letter for it; with a receipt asked for.
pub fn submit(message: &TextMessage, from: &str) -> Option<SubmitSm> {
    let (coding, octets, one) = match encoding(&message.text) {
        Encoding::Gsm7 => {
            (DataCoding::McSpecific, Gsm7BitUnpacked::new().encode_to_vec(&message.text).ok()?, ONE_GSM)
        }
        Encoding::Ucs2 => {
            (DataCoding::Ucs2, message.text.encode_utf16().flat_map(u16::to_be_bytes).collect(), ONE_UCS2)
        }
    };
    let (ton, npi, sender) = match from.strip_prefix('+') {
        Some(number) => (Ton::International, Npi::Isdn, number),
        None => (Ton::Alphanumeric, Npi::Unknown, from),
    };
    let receipt = RegisteredDelivery::new(
        MCDeliveryReceipt::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccessOrFailure,
        SmeOriginatedAcknowledgement::NoReceiptSmeAcknowledgementRequested,
        IntermediateNotification::NoIntermediaryNotificationRequested,
        0,
    );
    let to = message.to.as_str().trim_start_matches('+').to_owned();
    let submit = SubmitSm::builder()
        .source_addr_ton(ton)
        .source_addr_npi(npi)
        .source_addr(COctetString::from_string(sender.to_owned()).ok()?)
        .dest_addr_ton(Ton::International)
        .dest_addr_npi(Npi::Isdn)
        .destination_addr(COctetString::from_string(to).ok()?)
        .registered_delivery(receipt)
        .data_coding(coding);
    Some(if octets.len() <= one {
        submit.short_message(OctetString::from_vec(octets).ok()?).build()
    } else {
        let payload = MessagePayload::new(AnyOctetString::from_vec(octets));
        submit.push_tlv(MessageSubmissionRequestTlvValue::MessagePayload(payload)).build()
    })
}

/// By the fields made for it, else by the text that SMPP 3.4 suggests:
/// `id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…`. Only what the centre marks as a receipt: anybody
/// can send us a text that reads like one.
pub fn receipt(deliver: &DeliverSm) -> Option<SessionReceipt> {
    match deliver.esm_class.message_type {
        MessageType::ShortMessageContainsMCDeliveryReceipt
        | MessageType::ShortMessageContainsIntermediateDeliveryNotification => {}
        MessageType::Default | MessageType::Other(_) => return None,
    }
    let (mut reference, mut state) = (None, None);
    for value in deliver.tlvs().iter().filter_map(|it| it.value()) {
        match value {
            TlvValue::ReceiptedMessageId(id) => reference = Some(id.as_str().to_owned()),
            TlvValue::MessageState(it) => state = Some(*it),
            _ => {} // the enum is not ours
        }
    }
    let text = deliver.short_message().to_str().unwrap_or_default();
    let reference = reference.or_else(|| field(text, "id:").map(str::to_owned))?;
    let outcome = match state {
        Some(state) => by_state(state),
        None => by_word(field(text, "stat:")?, field(text, "err:")),
    };
    is_reference(&reference).then_some(SessionReceipt { reference, outcome })
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(' ').find_map(|it| it.strip_prefix(name))
}

fn by_state(state: MessageState) -> Outcome {
    match state {
        MessageState::Delivered => Outcome::Delivered,
        MessageState::Scheduled | MessageState::Enroute | MessageState::Accepted => Outcome::Pending,
        _ => Outcome::Failed { code: None }, // the enum is not ours
    }
}

fn by_word(word: &str, code: Option<&str>) -> Outcome {
    match word {
        "DELIVRD" => Outcome::Delivered,
        "ENROUTE" | "ACCEPTD" | "SCHEDLD" => Outcome::Pending,
        _ => Outcome::Failed { code: code.and_then(|it| it.parse().ok()) },
    }
}
