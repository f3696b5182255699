//! SMPP against a fake message centre that misbehaves.

use crate::authority::Authority;
use crate::samples::{MOMENT, NOW, promptly, provider, text};
use bytes::BytesMut;
use delivery::{
    CALL_LIMIT, Carrier, ConfigurationFault, DeliveryFault, Outcome, Provider, Smpp, SmppConfig, Texts,
};
use rusmpp::{
    Command, CommandStatus, Pdu,
    pdus::{BindTransceiverResp, DeliverSm, SubmitSmResp},
    tokio_codec::CommandCodec,
    types::{COctetString, OctetString},
    values::EsmClass,
};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::codec::{Decoder, Encoder};

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Obliging,
    RefusingBinds,
    /// Takes the connection and says nothing.
    Mute,
    /// Refuses with a header and no body, as SMPP lets it.
    Curt,
    /// Tells of every message twice, of others, and forwards what somebody texted.
    Talkative,
    Refusing(CommandStatus),
    Silent,
    HangingUp,
    /// Answers a message with these octets.
    Garbage(&'static [u8]),
}

/// Its port, and every command it got.
async fn centre(manner: Manner) -> (u16, Arc<Mutex<Vec<Command>>>) {
    centre_behind(None, manner).await
}

async fn centre_behind(tls: Option<TlsAcceptor>, manner: Manner) -> (u16, Arc<Mutex<Vec<Command>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, heard) = (listener.local_addr().unwrap().port(), Arc::default());
    let ledger = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let (tls, ledger) = (tls.clone(), Arc::clone(&ledger));
            tokio::spawn(async move {
                match tls {
                    None => serve(caller, manner, ledger).await,
                    Some(tls) => {
                        // Whoever does not trust the certificate is gone in the middle of it.
                        let Ok(within) = tls.accept(caller).await else { return };
                        serve(within, manner, ledger).await;
                    }
                }
            });
        }
    });
    (port, heard)
}

async fn serve(
    mut caller: impl AsyncRead + AsyncWrite + Unpin,
    manner: Manner,
    heard: Arc<Mutex<Vec<Command>>>,
) {
    let (mut codec, mut read) = (CommandCodec::new(), BytesMut::new());
    loop {
        while let Some(command) = codec.decode(&mut read).unwrap() {
            heard.lock().unwrap().push(command.clone());
            let Some(octets) = reply(&command, manner) else { return };
            caller.write_all(&octets).await.unwrap();
        }
        if caller.read_buf(&mut read).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

fn reply(command: &Command, manner: Manner) -> Option<Vec<u8>> {
    let sequence = command.sequence_number();
    let ok = CommandStatus::EsmeRok;
    let commands = match (command.pdu()?, manner) {
        (Pdu::BindTransceiver(_), Manner::RefusingBinds) => {
            vec![Command::new(CommandStatus::EsmeRinvpaswd, sequence, BindTransceiverResp::default())]
        }
        (Pdu::BindTransceiver(_), Manner::Mute) => Vec::new(),
        (Pdu::BindTransceiver(_), _) => vec![Command::new(ok, sequence, BindTransceiverResp::default())],
        (Pdu::SubmitSm(_), Manner::Obliging) => {
            let answer = taken("smsc-1");
            vec![Command::new(ok, sequence, answer), told(RECEIPT, "smsc-1", "UNDELIV err:042")]
        }
        (Pdu::SubmitSm(_), Manner::Refusing(status)) => {
            vec![Command::new(status, sequence, SubmitSmResp::default())]
        }
        (Pdu::SubmitSm(_), Manner::Talkative) => vec![
            Command::new(ok, 4000, taken("nobody's")),
            told(RECEIPT, "unknown", "DELIVRD err:000"),
            told(TEXT, "smsc-2", "DELIVRD err:000"),
            Command::new(ok, sequence, taken("smsc-2")),
            told(RECEIPT, "smsc-2", "ACCEPTD err:000"),
            told(RECEIPT, "smsc-2", "DELIVRD err:000"),
            told(RECEIPT, "smsc-2", "DELIVRD err:000"),
        ],
        (Pdu::SubmitSm(_), Manner::Curt) => {
            let header = [16, 0x8000_0004, 0x58, sequence];
            return Some(header.iter().flat_map(|it: &u32| it.to_be_bytes()).collect());
        }
        (Pdu::SubmitSm(_), Manner::Garbage(octets)) => return Some(octets.to_vec()),
        (Pdu::SubmitSm(_), Manner::HangingUp) => return None,
        _ => Vec::new(),
    };
    let mut written = BytesMut::new();
    for command in commands {
        CommandCodec::new().encode(command, &mut written).unwrap();
    }
    Some(written.to_vec())
}

/// The message classes of a receipt, and of a text that somebody sent.
const RECEIPT: u8 = 0x04;
const TEXT: u8 = 0x00;

fn taken(id: &str) -> SubmitSmResp {
    SubmitSmResp::builder().message_id(COctetString::from_string(id.to_owned()).unwrap()).build()
}

fn told(class: u8, id: &str, fate: &str) -> Command {
    let said =
        format!("id:{id} sub:001 dlvrd:001 submit date:2311142213 done date:2311142213 stat:{fate} text:");
    let receipt = DeliverSm::builder()
        .esm_class(EsmClass::from(class))
        .short_message(OctetString::from_vec(said.into_bytes()).unwrap());
    Command::new(CommandStatus::EsmeRok, 77, receipt.build())
}

fn count(heard: &Mutex<Vec<Command>>, of: impl Fn(&Pdu) -> bool) -> usize {
    heard.lock().unwrap().iter().filter(|it| it.pdu().is_some_and(&of)).count()
}

fn config(port: u16) -> SmppConfig {
    SmppConfig {
        host: "127.0.0.1".to_owned(),
        port,
        tls: false,
        trusted: None,
        system_id: "acme".to_owned(),
        password: "s3cret".into(),
        system_type: String::new(),
        from: "Acme".to_owned(),
    }
}

fn by(smpp: &Smpp) -> Provider {
    provider(Carrier::Smpp(smpp.clone()))
}

async fn send(port: u16) -> Result<delivery::Accepted, DeliveryFault> {
    by(&Smpp::new(config(port)).unwrap()).send(&text("text-1"), NOW, CALL_LIMIT).await
}

#[tokio::test]
async fn receipts_that_come_early_twice_and_for_others_are_told_and_forged_ones_are_not() {
    let (port, heard) = centre(Manner::Talkative).await;
    let texts = Texts::new(vec![by(&Smpp::new(config(port)).unwrap())]).unwrap();
    let accepted = texts.named("sample").unwrap().send(&text("text-1"), NOW, CALL_LIMIT).await.unwrap();
    assert_eq!(accepted.reference.as_deref(), Some("smsc-2"));
    for (reference, outcome) in [
        ("unknown", Outcome::Delivered),
        ("smsc-2", Outcome::Pending),
        ("smsc-2", Outcome::Delivered),
        ("smsc-2", Outcome::Delivered),
    ] {
        let (provider, receipt) = promptly(texts.next_session_receipt(|| NOW)).await;
        assert_eq!((provider.as_str(), receipt.reference.as_str()), ("sample", reference));
        assert_eq!((receipt.outcome, receipt.at), (outcome, NOW));
    }
    tokio::time::sleep(MOMENT).await;
    let answers = count(&heard, |it| matches!(it, Pdu::DeliverSmResp(_)));
    assert_eq!(answers, 5, "all are acknowledged");
}

#[tokio::test]
async fn a_session_is_opened_ahead_of_messages_and_once() {
    let (port, heard) = centre(Manner::Obliging).await;
    let texts = Texts::new(vec![by(&Smpp::new(config(port)).unwrap())]).unwrap();
    texts.keep_sessions().await;
    texts.keep_sessions().await;
    assert_eq!(count(&heard, |it| matches!(it, Pdu::BindTransceiver(_))), 1);
}

#[tokio::test]
async fn messages_share_a_session_and_receipts_come_back_on_it() {
    let (port, heard) = centre(Manner::Obliging).await;
    let smpp = Smpp::new(config(port)).unwrap();
    let texts = Texts::new(vec![by(&smpp)]).unwrap();
    for _ in 0..3 {
        let accepted = by(&smpp).send(&text("text-1"), NOW, CALL_LIMIT).await.unwrap();
        assert_eq!(accepted.reference.as_deref(), Some("smsc-1"));
    }
    let (_, receipt) = promptly(texts.next_session_receipt(|| NOW)).await;
    assert_eq!((receipt.reference.as_str(), receipt.outcome), ("smsc-1", Outcome::Failed { code: Some(42) }));
    assert_eq!(count(&heard, |it| matches!(it, Pdu::BindTransceiver(_))), 1);
    let heard = heard.lock().unwrap();
    let Some(Pdu::SubmitSm(submit)) = heard[1].pdu() else { panic!("{:?}", heard[1]) };
    assert_eq!(submit.destination_addr.as_str(), "12025550123");
    assert_eq!(submit.short_message().to_str(), Ok("Your code is 493027 & nothing else"));
}

#[tokio::test]
async fn over_tls_the_centre_is_believed_under_its_authority_and_name_alone() {
    let authority = Authority::new();
    let behind = |port, trusted: Option<String>| {
        by(&Smpp::new(SmppConfig { tls: true, trusted, ..config(port) }).unwrap())
    };
    let (port, _) = centre_behind(Some(authority.server("127.0.0.1")), Manner::Obliging).await;
    let sent = behind(port, Some(authority.pem())).send(&text("text-1"), NOW, CALL_LIMIT).await;
    assert_eq!(sent.unwrap().reference.as_deref(), Some("smsc-1"));
    for (name, trusted) in [
        ("127.0.0.1", Some(Authority::new().pem())),
        ("127.0.0.1", None),
        ("127.0.0.2", Some(authority.pem())),
    ] {
        let (port, heard) = centre_behind(Some(authority.server(name)), Manner::Obliging).await;
        let sent = behind(port, trusted).send(&text("text-1"), NOW, CALL_LIMIT).await;
        assert_eq!((sent, heard.lock().unwrap().len()), (Err(DeliveryFault::Unreachable), 0), "{name}");
    }
    let (plain, heard) = centre(Manner::Obliging).await;
    let sent = behind(plain, Some(authority.pem())).send(&text("text-1"), NOW, CALL_LIMIT).await;
    assert_eq!((sent, heard.lock().unwrap().len()), (Err(DeliveryFault::Unreachable), 0), "no TLS, no bind");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (status, fault) in [
        (CommandStatus::EsmeRthrottled, DeliveryFault::Refused { status: 0x58, code: Some(0x58) }),
        (CommandStatus::EsmeRinvdstadr, DeliveryFault::InvalidNumber),
    ] {
        let (port, _) = centre(Manner::Refusing(status)).await;
        assert_eq!(send(port).await, Err(fault));
    }
    let (port, _) = centre(Manner::Curt).await;
    assert_eq!(send(port).await, Err(DeliveryFault::Refused { status: 0x58, code: Some(0x58) }));
    let (port, _) = centre(Manner::RefusingBinds).await;
    assert_eq!(send(port).await, Err(DeliveryFault::Refused { status: 0x0E, code: Some(0x0E) }));
    let checked = by(&Smpp::new(config(port)).unwrap()).check(NOW).await;
    assert_eq!(checked, Err(DeliveryFault::Refused { status: 0x0E, code: Some(0x0E) }));
}

#[tokio::test]
async fn garbage_ends_the_session_and_the_next_message_begins_another() {
    for garbage in [
        b"\xff\xff\xff\xff\x80\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x02".as_slice(), // 4 GiB announced
        b"\x00\x00\x00\x03\x80\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x02",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x00\x00\x00\x12\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x02\xff\xff",
    ] {
        let (port, heard) = centre(Manner::Garbage(garbage)).await;
        let smpp = Smpp::new(config(port)).unwrap();
        for _ in 0..2 {
            let sent = promptly(by(&smpp).send(&text("text-1"), NOW, CALL_LIMIT)).await;
            assert_eq!(sent, Err(DeliveryFault::BrokenOff), "{garbage:?}");
        }
        assert_eq!(count(&heard, |it| matches!(it, Pdu::BindTransceiver(_))), 2, "{garbage:?}");
    }
}

#[tokio::test]
async fn what_waits_for_its_place_was_not_sent() {
    let (port, heard) = centre(Manner::Silent).await;
    let smpp = Smpp::new(config(port)).unwrap();
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..15 {
        let provider = by(&smpp);
        sending.spawn(async move { provider.send(&text("text-1"), NOW, MOMENT * 20).await.unwrap_err() });
    }
    let faults = sending.join_all().await;
    let unknown = faults.iter().filter(|&&it| it == DeliveryFault::TimedOut).count();
    let unsent = faults.iter().filter(|&&it| it == DeliveryFault::Unreachable).count();
    let submitted = count(&heard, |it| matches!(it, Pdu::SubmitSm(_)));
    assert_eq!((unknown, unsent, submitted), (10, 5, 10));
}

#[tokio::test]
async fn a_centre_that_hangs_hangs_up_or_is_not_there_is_told_apart() {
    let (port, _) = centre(Manner::Silent).await;
    let silent = by(&Smpp::new(config(port)).unwrap());
    assert_eq!(silent.send(&text("text-1"), NOW, MOMENT * 4).await, Err(DeliveryFault::TimedOut));
    let (port, _) = centre(Manner::Mute).await;
    assert_eq!(send(port).await, Err(DeliveryFault::Unreachable));
    let (port, _) = centre(Manner::HangingUp).await;
    assert_eq!(send(port).await, Err(DeliveryFault::BrokenOff));
    let port = crate::gateway::absent().await.rsplit_once(':').unwrap().1.parse().unwrap();
    assert_eq!(send(port).await, Err(DeliveryFault::Unreachable));
}

#[tokio::test]
async fn what_gsm_has_no_letter_for_goes_as_ucs_2_and_long_texts_as_payload() {
    let (port, heard) = centre(Manner::Obliging).await;
    let provider = by(&Smpp::new(config(port)).unwrap());
    for said in ["コード: 493027 😀", &"long ".repeat(60)] {
        let message = delivery::TextMessage { text: said.to_owned(), ..text("text-1") };
        provider.send(&message, NOW, CALL_LIMIT).await.unwrap();
    }
    let heard = heard.lock().unwrap();
    let submits: Vec<_> = heard
        .iter()
        .filter_map(|it| match it.pdu() {
            Some(Pdu::SubmitSm(it)) => Some(it),
            _ => None,
        })
        .collect();
    assert_eq!((u8::from(submits[0].data_coding), submits[0].tlvs().len()), (8, 0));
    assert_eq!((u8::from(submits[1].data_coding), submits[1].tlvs().len()), (0, 1));
}

#[test]
fn an_impossible_configuration_is_refused() {
    let refused = |config| Smpp::new(config).err();
    assert_eq!(
        refused(SmppConfig { password: "123456789".into(), ..config(1) }),
        Some(ConfigurationFault::Smpp)
    );
    assert_eq!(
        refused(SmppConfig { host: "smsc.acme.com".to_owned(), ..config(1) }),
        Some(ConfigurationFault::SmppWithoutTls)
    );
    let nobodys = SmppConfig { tls: true, trusted: Some("no pem".to_owned()), ..config(1) };
    assert_eq!(refused(nobodys), Some(ConfigurationFault::Certificates));
    let shown = format!("{:?}", Smpp::new(config(1)).unwrap());
    assert!(!shown.contains("s3cret"), "{shown}");
}
