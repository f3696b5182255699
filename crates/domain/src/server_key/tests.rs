//! What holds of the server key.

use super::*;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

fn two_versions() -> ServerKey {
    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    let (one, two) = (ServerKey::generate(rng), ServerKey::generate_version(2, rng));
    ServerKey::parse(&format!("# ours\n{}\n{}", *two, *one)).unwrap()
}

#[test]
fn a_generated_key_can_be_read_and_a_damaged_one_is_named() {
    let text = ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
    assert_eq!(ServerKey::parse(&text).unwrap().sealing(), 1);
    assert_eq!(ServerKey::parse("# empty\n").unwrap_err(), ServerKeyError::Empty);
    assert_eq!(ServerKey::parse(&format!("{}v2 short\n", *text)).unwrap_err(), ServerKeyError::Line(2));
    assert_eq!(ServerKey::parse(&format!("{0}{0}", *text)).unwrap_err(), ServerKeyError::Twice(1));
}

#[test]
fn one_of_several_versions_seals_and_another_can_take_over() {
    let key = two_versions();
    assert_eq!((key.versions(), key.sealing()), (vec![1, 2], 2));
    key.seal_with(1).unwrap();
    assert_eq!((key.sealing(), key.passcode_key().version), (1, 1));
    assert_eq!(key.seal_with(3), Err(SealError::MissingVersion(3)));
    assert_eq!(key.sealing(), 1);
}

#[test]
fn a_file_that_is_read_again_does_not_change_what_seals() {
    let key = ServerKey::parse(&ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(1))).unwrap();
    key.take_up(two_versions()).unwrap();
    assert_eq!((key.versions(), key.sealing()), (vec![1, 2], 1));
    let only_two = ServerKey::generate_version(2, &mut ChaCha20Rng::seed_from_u64(2));
    let only_two = || ServerKey::parse(&only_two).unwrap();
    assert_eq!(key.take_up(only_two()), Err(SealError::MissingVersion(1)));
    assert_eq!(key.versions(), [1, 2]);
    key.seal_with(2).unwrap();
    key.take_up(only_two()).unwrap();
    assert_eq!((key.versions(), key.sealing()), (vec![2], 2));
}
