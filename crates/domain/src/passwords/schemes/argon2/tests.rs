use super::*;
use crate::passwords::{
    PasswordHash,
    import::{Configs, HashType, import},
    tests::password,
};

const ID_HEX: &str = "490966393e6f4d5654eac20a7241d2ce49b2353cc338b0ad08a1f961a17abfba";
const I_HEX: &str = "577e8a9d37b9776cbfd04997cd6e8e1cbdd8a43dbb199e110da508886da4047d";

fn config() -> Argon2Config {
    let salt = "somesalt".to_owned();
    Argon2Config { salt, iteration_amount: 3, memory: 256, threads: 1, key_length: 32 }
}

fn imported(hash_type: HashType, hash: &str, argon_2: Argon2Config) -> Result<PasswordHash, Refusal> {
    import(hash_type, hash, &Configs { argon_2: Some(argon_2), ..Configs::default() })
}

fn encoded(hash_type: HashType, hash: &str) -> Result<PasswordHash, Refusal> {
    import(hash_type, hash, &Configs::default())
}

// By argon2-cffi and passlib.
#[test]
fn encoded_hashes_of_other_implementations_match() {
    for (hash_type, hash) in [
        (
            HashType::Argon2i,
            "$argon2i$v=16$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$gz9fxfIu1AkdCfjR0bqgKS5zQgTZx73f",
        ),
        (
            HashType::Argon2i,
            "$argon2i$v=19$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$D9rlLGprMOb2KUcmHPDTv8+x5m3e5rvT",
        ),
        (
            HashType::Argon2id,
            "$argon2id$v=16$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$VRSTj5pUYm66LFl0VpTMLIHxXBo0oERS",
        ),
        (
            HashType::Argon2id,
            "$argon2id$v=19$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$oeqwV4AAJkhTML385Z2TRBn49M3Qpylo",
        ),
        (
            HashType::Argon2id,
            "$argon2id$v=19$m=64,t=1,p=4$D8E4R6h1TinF2HsvZez9Xw$zWnYgycpby745PLo40n1hMH6fo5QwM6R8XlZ0D6Xckc",
        ),
    ] {
        let imported = encoded(hash_type, hash).unwrap();
        assert!(imported.matches(&password("corréct horse 🔋")), "{hash}");
        assert!(!imported.matches(&password("corréct horse")), "{hash}");
        assert_eq!(imported.to_string(), hash);
    }
}

#[test]
fn a_hash_without_a_version_is_of_version_16() {
    let hash = "$argon2i$m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$gz9fxfIu1AkdCfjR0bqgKS5zQgTZx73f";
    assert!(encoded(HashType::Argon2i, hash).unwrap().matches(&password("corréct horse 🔋")));
}

#[test]
fn bare_hashes_of_other_implementations_match() {
    for (hash_type, hash) in [(HashType::Argon2i, I_HEX), (HashType::Argon2id, ID_HEX)] {
        let lower = imported(hash_type, hash, config()).unwrap();
        assert!(lower.matches(&password("corréct horse 🔋")));
        assert!(!lower.matches(&password("corréct horse")));
        assert_eq!(imported(hash_type, &hash.to_uppercase(), config()), Ok(lower));
    }
}

#[test]
fn every_argon2_parameter_is_bounded_on_both_sides() {
    let refusal = |change: fn(&mut Argon2Config)| {
        let mut config = config();
        change(&mut config);
        imported(HashType::Argon2id, ID_HEX, config).err()
    };
    for (change, expected) in [
        (|it| it.memory = 7, Refusal::InvalidArgon2Memory),
        (|it| it.memory = 262_145, Refusal::InvalidArgon2Memory),
        (|it| (it.memory, it.threads) = (31, 4), Refusal::InvalidArgon2Memory),
        (|it| it.iteration_amount = 0, Refusal::InvalidArgon2IterationAmount),
        (|it| it.iteration_amount = 21, Refusal::InvalidArgon2IterationAmount),
        (|it| it.iteration_amount = (1 << 32) + 1, Refusal::InvalidArgon2IterationAmount),
        (|it| it.threads = 0, Refusal::InvalidArgon2Threads),
        (|it| it.threads = 17, Refusal::InvalidArgon2Threads),
        (|it| it.key_length = 15, Refusal::InvalidArgon2KeyLength),
        (|it| it.key_length = 129, Refusal::InvalidArgon2KeyLength),
        (|it| it.key_length = 33, Refusal::Argon2KeyLengthMismatch),
        (|it| it.salt = "7 bytes".to_owned(), Refusal::InvalidArgon2Salt),
        (|it| it.salt = "s".repeat(257), Refusal::InvalidArgon2Salt),
    ] as [(fn(&mut Argon2Config), Refusal); 13]
    {
        assert_eq!(refusal(change), Some(expected));
    }
}

#[test]
fn the_bounds_themselves_are_within() {
    let largest = Argon2Config { iteration_amount: 20, memory: 262_144, threads: 16, ..config() };
    let smallest = Argon2Config { iteration_amount: 1, memory: 8, threads: 1, ..config() };
    assert_eq!(imported(HashType::Argon2id, ID_HEX, largest).err(), None);
    assert_eq!(imported(HashType::Argon2id, ID_HEX, smallest).err(), None);
}

#[test]
fn an_encoded_argon2_hash_is_bounded_too() {
    let refusal = |costs: &str, salt: &str, output: &str| {
        encoded(HashType::Argon2id, &format!("$argon2id$v=19${costs}${salt}${output}")).err()
    };
    let (salt, output) = ("c29tZXNhbHQxMjM0NTY3OA", "oeqwV4AAJkhTML385Z2TRBn49M3Qpylo");
    assert_eq!(refusal("m=262145,t=2,p=2", salt, output), Some(Refusal::InvalidArgon2Memory));
    assert_eq!(refusal("m=64,t=4294967295,p=2", salt, output), Some(Refusal::InvalidArgon2IterationAmount));
    assert_eq!(refusal("m=64,t=2,p=17", salt, output), Some(Refusal::InvalidArgon2Threads));
    assert_eq!(refusal("m=64,t=2,p=2", "c2FsdA", output), Some(Refusal::InvalidArgon2Salt));
    assert_eq!(refusal("m=64,t=2,p=2", salt, "b3V0cHV0"), Some(Refusal::InvalidArgon2KeyLength));
    assert_eq!(refusal("m=64,t=2,p=2", salt, &"A".repeat(172)), Some(Refusal::InvalidArgon2KeyLength));
}

#[test]
fn what_is_not_argon2_of_its_type_is_refused() {
    let rest = "m=64,t=2,p=2$c29tZXNhbHQxMjM0NTY3OA$oeqwV4AAJkhTML385Z2TRBn49M3Qpylo";
    for odd in
        ["$argon2i$v=19$", "$argon2d$v=19$", "$argon2id$v=18$", "$argon2id$v=19$$", "$argon2id$v=19$k=1,"]
    {
        let refusal = encoded(HashType::Argon2id, &format!("{odd}{rest}")).err();
        assert_eq!(refusal, Some(Refusal::InvalidHash), "{odd}");
    }
    assert_eq!(imported(HashType::Argon2id, "no hex", config()).err(), Some(Refusal::InvalidHash));
}

#[test]
fn a_bare_argon2_hash_needs_a_configuration() {
    let refusal = encoded(HashType::Argon2id, ID_HEX).err();
    assert!(matches!(refusal, Some(Refusal::InvalidArgument { field: "argon_2_config", .. })));
}
