mod robustness;

use super::*;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

pub fn password(text: &str) -> Password {
    Password::parse(text.to_owned()).unwrap()
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

#[test]
fn a_hash_matches_its_password_alone() {
    let hash = PasswordHash::of(&password("corréct horse 🔋"), Cost::default(), &mut rng());
    assert!(hash.matches(&password("corréct horse 🔋")));
    assert!(!hash.matches(&password("corréct horse 🔋 ")));
    assert!(!hash.matches(&password("corre\u{301}ct horse 🔋")));
}

#[test]
fn a_native_hash_is_argon2id_with_16_bytes_of_salt_and_32_of_output() {
    let hash = PasswordHash::of(&password("a"), Cost::default(), &mut rng()).to_string();
    let (head, tail) = hash.split_at(30);
    assert_eq!(head, "$argon2id$v=19$m=19456,t=2,p=1");
    assert_eq!(tail.split('$').map(str::len).collect::<Vec<_>>(), [0, 22, 43]);
}

#[test]
fn a_native_hash_is_the_one_of_other_implementations() {
    let stored =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$VE2pWldMIbI+QgCZMWIFz5Xtyv5EePe30DG1Yhjc6hA";
    let hash = Argon2::of("corréct horse 🔋".as_bytes(), Cost::default(), *b"somesalt12345678");
    assert_eq!(hash.to_string(), stored);
}

#[test]
fn two_hashes_of_one_password_differ() {
    let mut rng = rng();
    let mut hash = || PasswordHash::of(&password("a"), Cost::default(), &mut rng);
    assert_ne!(hash(), hash());
}

#[test]
fn every_byte_of_a_long_password_counts() {
    let hash = PasswordHash::of(&password(&"a".repeat(1024)), Cost::default(), &mut rng());
    assert!(hash.matches(&password(&"a".repeat(1024))));
    assert!(!hash.matches(&password(&"a".repeat(1023))));
}

#[test]
fn a_native_hash_survives_storage_at_any_cost() {
    for cost in [Cost::default(), Cost::at_least_default(u32::MAX, u32::MAX, u32::MAX)] {
        let decoy = PasswordHash::decoy(cost);
        assert_eq!(decoy.to_string().parse(), Ok(decoy));
    }
}

#[test]
fn a_hash_is_outdated_below_the_cost_in_any_respect() {
    let cost = Cost::at_least_default(32_768, 3, 2);
    let outdated = |memory, iterations, lanes| {
        PasswordHash::decoy(Cost::at_least_default(memory, iterations, lanes)).is_outdated(cost)
    };
    assert!(!outdated(32_768, 3, 2) && !outdated(65_536, 4, 4));
    assert!(outdated(32_767, 3, 2) && outdated(32_768, 2, 2) && outdated(32_768, 3, 1));
}

#[test]
fn only_argon2id_of_version_19_is_up_to_date() {
    let rest = "m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$VE2pWldMIbI+QgCZMWIFz5Xtyv5EePe30DG1Yhjc6hA";
    let outdated = |hash: &str| hash.parse::<PasswordHash>().unwrap().is_outdated(Cost::default());
    assert!(!outdated(&format!("$argon2id$v=19${rest}")));
    assert!(outdated(&format!("$argon2id$v=16${rest}")) && outdated(&format!("$argon2i$v=19${rest}")));
    for imported in STORED {
        assert!(outdated(imported), "{imported}");
    }
}

#[test]
fn nothing_matches_the_decoy() {
    let decoy = PasswordHash::decoy(Cost::default());
    assert_eq!(decoy, PasswordHash::decoy(Cost::default()));
    for text in ["\0", "decoy", &"\0".repeat(32)] {
        assert!(!decoy.matches(&password(text)));
    }
}

#[test]
fn a_hash_prints_as_nothing() {
    let hash = PasswordHash::decoy(Cost::default());
    assert_eq!(format!("{hash:?}"), "PasswordHash(hidden)");
}

/// A stored hash of each imported kind.
const STORED: [&str; 6] = [
    "$2b$04$abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC",
    "$scrypt$ln=6,r=8,p=2$c2FsdA$F7RIrjnYLA+lgU7De7sNj8/31eMDwS/50gWIoV52Hwo",
    "$pbkdf2-sha256$i=1000$c2FsdA$/4MuQljCcFm4Cmzu0BNHTGsq0yLI5HKLP394e0TQlIg",
    "$vestibule-md5$$cG9zdA$83ktXay14dhepuYIwLpOnw",
    "$vestibule-sha1$cHJl$$UaGcy0eZuYKF1Wqm1JGTo+nrxDU",
    "$P$57zQW44CDXxDxgGnpWL4bQCR9udAgW0",
];

#[test]
fn what_was_stored_is_read_back() {
    for stored in STORED {
        assert_eq!(stored.parse::<PasswordHash>().unwrap().to_string(), stored);
    }
}

#[test]
fn a_stored_hash_beyond_the_bounds_is_not_read() {
    let beyond = [
        "$2b$17$",
        "$scrypt$ln=19,",
        "$pbkdf2-sha256$i=5000001$",
        "$vestibule-sha1$",
        "$vestibule-md5$",
        "$P$J",
    ];
    let within =
        ["$2b$04$", "$scrypt$ln=6,", "$pbkdf2-sha256$i=1000$", "$vestibule-md5$", "$vestibule-sha1$", "$P$5"];
    for ((stored, beyond), within) in STORED.into_iter().zip(beyond).zip(within) {
        let tampered = stored.replacen(within, beyond, 1);
        assert_eq!(tampered.parse::<PasswordHash>(), Err(NotAPasswordHash), "{tampered}");
    }
}
