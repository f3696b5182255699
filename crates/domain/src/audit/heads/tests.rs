//! Documents that follow one another, are bridged, and introduce keys.

use super::*;
use crate::audit::key::AuditKey;
use zeroize::Zeroizing;

fn key(versions: &[u32]) -> AuditKey {
    let root = |it: &u32| (*it, Zeroizing::new([u8::try_from(*it).unwrap(); 32]));
    AuditKey::of(&versions.iter().map(root).collect::<Vec<_>>()).unwrap()
}

fn heads(number: i64, previous: &str) -> Heads {
    let signed_at = Timestamp::from_milliseconds(1);
    Heads { number, previous: previous.to_owned(), signed_at, chains: Vec::new(), keys: Vec::new() }
}

fn signed(number: i64, previous: &SignedHeads) -> SignedHeads {
    SignedHeads::sign(key(&[1]).prover_after(0), &heads(number, &previous.digest()))
}

/// Five documents, each after the one before.
fn five() -> Vec<SignedHeads> {
    let mut all = vec![SignedHeads::sign(key(&[1]).prover_after(0), &heads(1, ""))];
    for number in 2..=5 {
        all.push(signed(number, all.last().unwrap()));
    }
    all
}

fn read(mut reader: HeadsReader, documents: &[&SignedHeads]) -> Result<(), String> {
    documents.iter().try_for_each(|it| reader.next(it).map(|_| ()))
}

fn reader() -> HeadsReader {
    HeadsReader::new(key(&[1]).public_keys())
}

#[test]
fn documents_follow_one_another() {
    let all = five();
    let forked = SignedHeads::sign(key(&[1]).prover_after(0), &heads(2, "another"));
    assert_eq!(read(reader(), &[&all[0], &all[1], &all[1], &all[2]]), Ok(()));
    assert!(read(reader(), &[&all[0], &all[2]]).unwrap_err().contains("number 2 is missing"));
    assert!(read(reader(), &[&all[0], &forked]).unwrap_err().contains("does not follow"));
}

#[test]
fn the_first_is_missed_where_all_should_be_there() {
    let all = five();
    let from_the_first = || HeadsReader::from_the_first(key(&[1]).public_keys());
    assert_eq!(read(from_the_first(), &[&all[0], &all[1]]), Ok(()));
    assert!(read(from_the_first(), &[&all[1]]).unwrap_err().contains("number 1 is missing"));
}

#[test]
fn an_altered_document_is_not_signed() {
    let mut signed = five().remove(0);
    signed.document = signed.document.replace("\"number\":1", "\"number\":2");
    assert!(read(reader(), &[&signed]).unwrap_err().contains("signature"));
}

#[test]
fn a_gap_that_the_server_made_is_bridged_and_no_other() {
    let mut all = five();
    let from_second = |key: &AuditKey| Bridge::sign(key.prover_after(0), (2, &all[1]), (5, &all[4]));
    let (honest, forged) = (from_second(&key(&[1])), from_second(&key(&[2])));
    all[4].bridge = Some(honest.clone());
    assert_eq!(read(reader(), &[&all[0], &all[1], &all[4]]), Ok(()));
    assert_eq!(read(reader(), &[&all[0], &all[1], &all[2], &all[4]]), Ok(()), "a file that has more");
    assert!(read(reader(), &[&all[0], &all[4]]).unwrap_err().contains("number 2 is missing"));
    all[4].bridge = Some(forged);
    assert!(read(reader(), &[&all[0], &all[1], &all[4]]).unwrap_err().contains("number 3 is missing"));
    all[3].bridge = Some(honest);
    assert!(read(reader(), &[&all[0], &all[1], &all[3]]).is_err(), "of another document");
}

#[test]
fn a_new_key_is_introduced_under_the_old_one_which_signs_nothing_afterwards() {
    let (both, one) = (key(&[1, 2]), five().remove(0));
    let keys = vec![both.public_keys()[1].to_string()];
    let two = SignedHeads::sign(key(&[1]).prover_after(0), &Heads { keys, ..heads(2, &one.digest()) });
    let three = SignedHeads::sign(both.prover_after(0), &heads(3, &two.digest()));
    assert_eq!(read(reader(), &[&one, &two, &three]), Ok(()));
    let stranger = SignedHeads::sign(both.prover_after(0), &heads(2, &one.digest()));
    assert!(read(reader(), &[&one, &stranger]).unwrap_err().contains("signature"));
    let old = SignedHeads::sign(key(&[1]).prover_after(0), &heads(4, &three.digest()));
    assert!(read(reader(), &[&one, &two, &three, &old]).unwrap_err().contains("had taken over"));
}
