//! What holds of the text of a backup.

use super::*;
use crate::{sealing::Sealed, server_key::ServerKey};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::json;

const PLACE: [&str; 1] = ["check"];

fn key(seed: u64) -> ServerKey {
    ServerKey::parse(&ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(seed))).unwrap()
}

fn header() -> Header {
    let check = Sealed::seal(&key(1), &PLACE, b"it", &mut ChaCha20Rng::seed_from_u64(9)).unwrap();
    Header {
        vestibule_backup: FORMAT,
        product: "1.0.0".to_owned(),
        schema: 16,
        created_at: "2026-11-25T00:00:00Z".to_owned(),
        mode: "serve".to_owned(),
        key_check: check.to_string(),
        key_version: 0,
    }
}

/// Two tables, the second of three hundred rows.
fn backup() -> Vec<u8> {
    let (mut sealing, mut text) = Sealing::begin(&key(1), header());
    let table =
        |table: &str| TableLine { table: table.to_owned(), columns: vec!["id".to_owned(), "n".to_owned()] };
    text += &sealing.table(table("one"));
    text += &sealing.row(&[json!("a"), json!(null)]);
    text += &sealing.table(table("two"));
    for n in 0..300 {
        text += &sealing.row(&[json!(format!("row {n}")), json!(n)]);
    }
    text += &sealing.end().0;
    text.into_bytes()
}

fn check(text: &[u8], key: &ServerKey) -> Result<Counts, Damage> {
    let mut lines = text.split_inclusive(|it| *it == b'\n');
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let (mut checking, _) = Checking::begin(key, (first, second), &PLACE)?;
    let mut sealed = Counts::default();
    for line in lines {
        if let Found::Sealed(counts) = checking.next(line)? {
            sealed = counts;
        }
    }
    checking.end().map(|()| sealed)
}

#[test]
fn a_backup_reads_as_it_was_written() {
    let counts = check(&backup(), &key(1)).unwrap();
    assert_eq!(counts.rows, BTreeMap::from([("one".to_owned(), 1), ("two".to_owned(), 300)]));
}

#[test]
fn a_bit_flipped_in_any_byte_is_refused() {
    let whole = backup();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(check(&damaged, &key(1)).is_err(), "byte {at}");
    }
}

#[test]
fn a_backup_cut_off_anywhere_is_refused() {
    let whole = backup();
    for length in 0..whole.len() {
        assert!(check(&whole[..length], &key(1)).is_err(), "{length} bytes");
    }
}

#[test]
fn damage_is_named_by_its_place() {
    let text = String::from_utf8(backup()).unwrap();
    let damaged = text.replace("\"row 280\"", "\"row 281\"");
    let damage = check(damaged.as_bytes(), &key(1)).unwrap_err();
    assert_eq!(
        damage.to_string(),
        "the backup is damaged between line 266 and line 310 (table two): the checksum on line 310 does not hold"
    );
    let cut: String = text.split_inclusive('\n').take(100).collect();
    assert_eq!(check(cut.as_bytes(), &key(1)), Err(Damage::CutOff(100)));
}

#[test]
fn lines_left_out_or_moved_are_refused() {
    let text = String::from_utf8(backup()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        let (mut without, mut swapped) = (lines.clone(), lines.clone());
        without.remove(at);
        swapped.swap(at, (at + 1) % lines.len());
        assert!(check(without.concat().as_bytes(), &key(1)).is_err(), "without line {}", at + 1);
        assert!(check(swapped.concat().as_bytes(), &key(1)).is_err(), "line {} moved", at + 1);
    }
    assert_eq!(
        check(format!("{text}[]\n").as_bytes(), &key(1)),
        Err(Damage::Trailing(lines.len() as u64 + 1))
    );
}

#[test]
fn another_server_key_neither_opens_nor_makes_it() {
    assert!(matches!(check(&backup(), &key(2)), Err(Damage::OtherKey(_))));
    let (sealing, text) = Sealing::begin(&key(2), header());
    let forged = text + &sealing.end().0;
    assert_eq!(check(forged.as_bytes(), &key(1)), Err(Damage::Broken(4)));
}

#[test]
fn a_newer_format_is_refused_with_words() {
    let (sealing, text) = Sealing::begin(&key(1), Header { vestibule_backup: 2, ..header() });
    let newer = text + &sealing.end().0;
    assert_eq!(check(newer.as_bytes(), &key(1)), Err(Damage::NewerFormat(2)));
}
