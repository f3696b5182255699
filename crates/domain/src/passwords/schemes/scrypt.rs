//! Scrypt (RFC 7914), imported only.

use crate::{
    Refusal,
    passwords::{
        encoding::{bounded, from_base64, parameters, same, sized, to_base64},
        import::ScryptConfig,
    },
};
use scrypt::Params;
use std::{fmt, ops::RangeInclusive, str::FromStr};

const N: RangeInclusive<u32> = 2..=262_144;
const R: RangeInclusive<u32> = 1..=32;
const P: RangeInclusive<u32> = 1..=16;
const MEMORY_BYTES: u64 = 256 * 1024 * 1024;
const SALT_BYTES: RangeInclusive<usize> = 1..=256;
const OUTPUT_BYTES: RangeInclusive<usize> = 16..=128;

/// A scrypt hash whose cost is within bounds: 128 n r is at most 256 MiB.
#[derive(Clone, PartialEq, Eq)]
pub struct Scrypt {
    log_n: u8,
    r: u32,
    p: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Scrypt {
    pub fn matches(&self, password: &[u8]) -> bool {
        self.output_for(password).is_some_and(|output| same(&output, &self.output))
    }

    /// Reads an imported hash: the PHC form, or base64 with the configuration beside it.
    ///
    /// # Errors
    /// Names the value that is malformed or out of bounds.
    pub fn import(hash: &str, config: Option<&ScryptConfig>) -> Result<Self, Refusal> {
        if hash.starts_with('$') {
            return hash.parse();
        }
        let config = config.ok_or(CONFIG_REQUIRED)?;
        let output = from_base64(hash).ok_or(Refusal::InvalidHash)?;
        let key_length = usize::try_from(config.key_length).ok().filter(|it| OUTPUT_BYTES.contains(it));
        if key_length.ok_or(Refusal::InvalidScryptKeyLength)? != output.len() {
            return Err(Refusal::ScryptKeyLengthMismatch);
        }
        let salt = from_base64(&config.salt).ok_or(Refusal::InvalidScryptSalt)?;
        Self::new([config.n_parameter, config.r_parameter, config.p_parameter], salt, output)
    }

    fn new([n, r, p]: [i64; 3], salt: Vec<u8>, output: Vec<u8>) -> Result<Self, Refusal> {
        let n = bounded(n, &N, Refusal::InvalidScryptNParameter)?;
        let r = bounded(r, &R, Refusal::InvalidScryptRParameter)?;
        let p = bounded(p, &P, Refusal::InvalidScryptPParameter)?;
        if !n.is_power_of_two() || 128 * u64::from(n) * u64::from(r) > MEMORY_BYTES {
            return Err(Refusal::InvalidScryptNParameter);
        }
        let log_n = u8::try_from(n.ilog2()).map_err(|_| Refusal::InvalidScryptNParameter)?;
        // What is left to refuse is an n of 65536 or more with an r of 1.
        params(log_n, r, p).ok_or(Refusal::InvalidScryptNParameter)?;
        let salt = sized(salt, &SALT_BYTES, Refusal::InvalidScryptSalt)?;
        let output = sized(output, &OUTPUT_BYTES, Refusal::InvalidScryptKeyLength)?;
        Ok(Self { log_n, r, p, salt, output })
    }

    fn output_for(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mut output = vec![0; self.output.len()];
        let params = params(self.log_n, self.r, self.p)?;
        scrypt::scrypt(password, &self.salt, &params, &mut output).ok()?;
        Some(output)
    }
}

// The length among these parameters is not used: the output brings its own.
fn params(log_n: u8, r: u32, p: u32) -> Option<Params> {
    Params::new(log_n, r, p, Params::RECOMMENDED_LEN).ok()
}

const CONFIG_REQUIRED: Refusal = Refusal::InvalidArgument {
    field: "scrypt_config",
    reason: "it is required unless the hash is in its PHC form, beginning with $scrypt$",
};

impl FromStr for Scrypt {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fields: Vec<&str> = text.split('$').collect();
        let &["", "scrypt", costs, salt, output] = fields.as_slice() else {
            return Err(Refusal::InvalidHash);
        };
        let [log_n, r, p] = parameters(costs, ["ln", "r", "p"]).ok_or(Refusal::InvalidHash)?;
        let log_n = bounded(log_n, &(1..=18), Refusal::InvalidScryptNParameter)?;
        let salt = from_base64(salt).ok_or(Refusal::InvalidHash)?;
        let output = from_base64(output).ok_or(Refusal::InvalidHash)?;
        Self::new([1 << log_n, r, p], salt, output)
    }
}

impl fmt::Display for Scrypt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (salt, output) = (to_base64(&self.salt), to_base64(&self.output));
        write!(f, "$scrypt$ln={},r={},p={}${salt}${output}", self.log_n, self.r, self.p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{
        PasswordHash,
        import::{Configs, HashType, import},
        tests::password,
    };

    const HASH: &str = "F7RIrjnYLA+lgU7De7sNj8/31eMDwS/50gWIoV52Hwo=";
    const LONG: &str = "F7RIrjnYLA+lgU7De7sNj8/31eMDwS/50gWIoV52HwqQQpgmDes+4j70NH2V9fUtyxqaWQTDoCu44hqf8g+\
        LfEx0aDmvWF2NaEbuR0GgVu3hhwyox8e+O8m/9XLYFO/epw88wxiTgoA2tp6iEbROGSscO9+QKxXltqXepHzO6hg=";

    fn config() -> ScryptConfig {
        let salt = "c2FsdHn/AHNhbHQ=".to_owned();
        ScryptConfig { salt, n_parameter: 64, r_parameter: 8, p_parameter: 2, key_length: 32 }
    }

    fn imported(hash: &str, scrypt: ScryptConfig) -> Result<PasswordHash, Refusal> {
        import(HashType::Scrypt, hash, &Configs { scrypt: Some(scrypt), ..Configs::default() })
    }

    // By Python's hashlib.
    #[test]
    fn hashes_of_other_implementations_match() {
        let long = ScryptConfig { key_length: 128, ..config() };
        for (hash, config) in [(HASH, config()), (HASH.trim_end_matches('='), config()), (LONG, long)] {
            let imported = imported(hash, config).unwrap();
            assert!(imported.matches(&password("corréct horse 🔋")));
            assert!(!imported.matches(&password("corréct horse")));
            assert_eq!(imported.to_string().parse(), Ok(imported));
        }
    }

    // By passlib.
    #[test]
    fn the_phc_form_needs_no_configuration() {
        let hash = "$scrypt$ln=6,r=8,p=2$ixHiXKs1RohR6p0zRojxPg$+LM0Bh59lrnITeoCuY6BN48S6TISZyNolZvLPkfvpac";
        let imported = import(HashType::Scrypt, hash, &Configs::default()).unwrap();
        assert!(imported.matches(&password("corréct horse 🔋")));
        assert_eq!(imported.to_string(), hash);
    }

    #[test]
    fn every_scrypt_parameter_is_bounded_on_both_sides() {
        let refusal = |change: fn(&mut ScryptConfig)| {
            let mut config = config();
            change(&mut config);
            imported(HASH, config).err()
        };
        for (change, expected) in [
            (|it| it.n_parameter = 1, Refusal::InvalidScryptNParameter),
            (|it| it.n_parameter = 63, Refusal::InvalidScryptNParameter),
            (|it| it.n_parameter = 524_288, Refusal::InvalidScryptNParameter),
            (|it| it.n_parameter = (1 << 32) + 64, Refusal::InvalidScryptNParameter),
            (|it| it.r_parameter = 0, Refusal::InvalidScryptRParameter),
            (|it| it.r_parameter = 33, Refusal::InvalidScryptRParameter),
            (|it| it.p_parameter = 0, Refusal::InvalidScryptPParameter),
            (|it| it.p_parameter = 17, Refusal::InvalidScryptPParameter),
            (|it| it.key_length = 15, Refusal::InvalidScryptKeyLength),
            (|it| it.key_length = 129, Refusal::InvalidScryptKeyLength),
            (|it| it.key_length = 31, Refusal::ScryptKeyLengthMismatch),
            (|it| it.salt = String::new(), Refusal::InvalidScryptSalt),
            (|it| it.salt = "salt*".to_owned(), Refusal::InvalidScryptSalt),
            (|it| it.salt = "A".repeat(344), Refusal::InvalidScryptSalt),
        ] as [(fn(&mut ScryptConfig), Refusal); 14]
        {
            assert_eq!(refusal(change), Some(expected));
        }
    }

    #[test]
    fn scrypt_takes_at_most_256_mib() {
        let with = |n, r| imported(HASH, ScryptConfig { n_parameter: n, r_parameter: r, ..config() }).err();
        assert_eq!(with(262_144, 8), None);
        assert_eq!(with(262_144, 9), Some(Refusal::InvalidScryptNParameter));
        assert_eq!(with(65_536, 32), None);
        assert_eq!(with(131_072, 32), Some(Refusal::InvalidScryptNParameter));
    }

    #[test]
    fn a_large_n_needs_an_r_above_1() {
        let with = |n, r| imported(HASH, ScryptConfig { n_parameter: n, r_parameter: r, ..config() }).err();
        assert_eq!(with(32_768, 1), None);
        assert_eq!(with(65_536, 1), Some(Refusal::InvalidScryptNParameter));
    }

    #[test]
    fn an_encoded_scrypt_hash_is_bounded_too() {
        let refusal = |costs: &str| {
            let hash =
                format!("$scrypt${costs}$ixHiXKs1RohR6p0zRojxPg$+LM0Bh59lrnITeoCuY6BN48S6TISZyNolZvLPkfvpac");
            import(HashType::Scrypt, &hash, &Configs::default()).err()
        };
        assert_eq!(refusal("ln=0,r=8,p=2"), Some(Refusal::InvalidScryptNParameter));
        assert_eq!(refusal("ln=19,r=8,p=2"), Some(Refusal::InvalidScryptNParameter));
        assert_eq!(refusal("ln=6,r=33,p=2"), Some(Refusal::InvalidScryptRParameter));
        assert_eq!(refusal("ln=6,r=8,p=0"), Some(Refusal::InvalidScryptPParameter));
        assert_eq!(refusal("r=8,p=2"), Some(Refusal::InvalidHash));
    }

    #[test]
    fn a_bare_scrypt_hash_needs_a_configuration() {
        let refusal = import(HashType::Scrypt, HASH, &Configs::default()).err();
        assert!(matches!(refusal, Some(Refusal::InvalidArgument { field: "scrypt_config", .. })));
        assert_eq!(imported("not base64!", config()).err(), Some(Refusal::InvalidHash));
    }
}
