//! Octets that nobody who speaks SMPP would send.

use super::*;
use proptest::prelude::*;

/// Reads until the octets end or are refused; how much room was made for them.
fn read(octets: &[u8]) -> usize {
    let mut inward = Inward::new();
    let (receipts, _taken) = mpsc::channel(1);
    let mut talk = Talk { waiting: HashMap::new(), sequence: 1, enquired: None, left: false, receipts };
    inward.read.extend_from_slice(octets);
    while let Ok(Some(command)) = inward.next() {
        let _reply = talk.take(&command);
    }
    inward.read.capacity()
}

fn framed(id: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap_or(u32::MAX);
    let header = [length, id, 0, 2].into_iter().flat_map(u32::to_be_bytes);
    header.chain(body.iter().copied()).collect()
}

const KINDS: [u32; 9] = [0x8000_0004, 5, 0x8000_0009, 0x15, 0x8000_0015, 6, 0x8000_0000, 0x103, 0xB];

proptest! {
    #[test]
    fn no_octets_make_it_panic_or_reserve_what_they_announce(
        octets in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        prop_assert!(read(&octets) <= 2 * LONGEST);
    }

    #[test]
    fn nor_do_commands_of_any_kind_with_any_body(
        id in prop::sample::select(KINDS.to_vec()),
        body in prop::collection::vec(prop_oneof![Just(0), any::<u8>()], 0..200),
    ) {
        prop_assert!(read(&framed(id, &body)) <= 2 * LONGEST);
    }
}

#[test]
fn four_gigabytes_announced_are_not_waited_for() {
    let mut inward = Inward::new();
    inward.read.extend_from_slice(&[0xFF; 16]);
    assert!(matches!(inward.next(), Err(DeliveryFault::BrokenOff)));
}
