//! Whatever is stored or sent, nothing panics.

use super::{STORED, password};
use crate::passwords::{
    PasswordHash,
    import::{Argon2Config, Configs, HashType, Pbkdf2Config, SaltsConfig, ScryptConfig, import},
};
use proptest::{prelude::*, sample::select, string::string_regex};

const HASH_TYPES: [&str; 9] =
    ["bcrypt", "md_5", "argon_2i", "argon_2id", "sha_1", "sha_512", "scrypt", "phpass", "pbkdf_2"];

/// Text that is nearly a stored hash, and cheap to check if it is one.
fn nearly_stored() -> impl Strategy<Value = String> {
    let name = "(argon2i|argon2id|2a|scrypt|pbkdf2-sha512|vestibule-(md5|sha1|sha512)|P|.{0,3})";
    let costs = "(v=1[69]\\$)?(m=1?[0-9]{1,2},t=[0-3],p=[0-3]|ln=[0-9],r=[0-9],p=[0-3]|i=[0-9]{1,3}|0[0-5])?";
    let tail = "([$./+=A-Za-z0-9]{0,60}|\\$[A-Za-z0-9]{8,24}\\$[A-Za-z0-9]{22,100}|.{0,40})";
    let composed = string_regex(&format!("(?s)\\${name}\\$?{costs}{tail}")).unwrap();
    let altered =
        (select(&STORED[..]), any::<prop::sample::Index>(), any::<char>()).prop_map(|(stored, at, c)| {
            let at = at.index(stored.len());
            format!("{}{c}{}", &stored[..at], &stored[at + 1..])
        });
    prop_oneof![composed, altered]
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![select(&[2, 8, 16, 32, 64][..]), 0..40i64, any::<i64>()]
}

fn configs(salt: &str, [a, b, c, key_length]: [i64; 4]) -> Configs {
    let salt = || salt.to_owned();
    let salts = || Some(SaltsConfig { prepend_salt: salt(), append_salt: salt() });
    Configs {
        md_5: salts(),
        sha_1: salts(),
        sha_512: salts(),
        argon_2: Some(Argon2Config { salt: salt(), iteration_amount: a, memory: b, threads: c, key_length }),
        scrypt: Some(ScryptConfig {
            salt: salt(),
            n_parameter: a,
            r_parameter: b,
            p_parameter: c,
            key_length,
        }),
        pbkdf_2: Some(Pbkdf2Config {
            salt: salt(),
            iteration_amount: a,
            key_length,
            algorithm: String::new(),
        }),
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(?s).{0,100}") {
        let _ = text.parse::<PasswordHash>();
    }

    #[test]
    fn any_stored_hash_is_checked_without_panic(text in nearly_stored(), secret in "(?s).{1,80}") {
        if let Ok(hash) = text.parse::<PasswordHash>() {
            prop_assert_eq!(hash.to_string().parse(), Ok(hash.clone()));
            prop_assert!(!hash.matches(&password(&secret)));
        }
    }

    #[test]
    fn any_hash_is_imported_without_panic(
        hash_type in select(&HASH_TYPES[..]),
        hash in prop_oneof!["([0-9a-f]{2}){16,64}", "[A-Za-z0-9+/]{22,44}", "(?s).{0,60}", nearly_stored()],
        salt in "([A-Za-z0-9+/]{4}){0,6}|(?s).{0,20}",
        numbers in [number(), number(), number(), number()],
    ) {
        let hash_type: HashType = hash_type.parse().unwrap();
        if let Ok(hash) = import(hash_type, &hash, &configs(&salt, numbers)) {
            prop_assert_eq!(hash.to_string().parse(), Ok(hash.clone()));
            prop_assert!(!hash.matches(&password("a")));
        }
    }
}
