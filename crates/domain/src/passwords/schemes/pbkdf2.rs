//! PBKDF2 with HMAC (RFC 8018), imported only.

use crate::{
    Refusal,
    passwords::{
        encoding::{bounded, from_base64, parameters, same, sized, to_base64},
        import::Pbkdf2Config,
    },
};
use pbkdf2::pbkdf2_hmac;
use sha2::{Sha256, Sha512};
use std::{fmt, ops::RangeInclusive, str::FromStr};

const ITERATIONS: RangeInclusive<u32> = 1..=5_000_000;
const SALT_BYTES: RangeInclusive<usize> = 1..=256;
const OUTPUT_BYTES: RangeInclusive<usize> = 16..=128;

/// A PBKDF2 hash whose cost is within bounds.
#[derive(Clone, PartialEq, Eq)]
pub struct Pbkdf2 {
    algorithm: Algorithm,
    iterations: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha512,
}

impl Pbkdf2 {
    pub fn matches(&self, password: &[u8]) -> bool {
        let mut output = vec![0; self.output.len()];
        match self.algorithm {
            Algorithm::Sha256 => pbkdf2_hmac::<Sha256>(password, &self.salt, self.iterations, &mut output),
            Algorithm::Sha512 => pbkdf2_hmac::<Sha512>(password, &self.salt, self.iterations, &mut output),
        }
        same(&output, &self.output)
    }

    /// Reads an imported hash: base64 with the configuration beside it.
    ///
    /// # Errors
    /// Names the value that is malformed or out of bounds.
    pub fn import(hash: &str, config: Option<&Pbkdf2Config>) -> Result<Self, Refusal> {
        let config = config.ok_or(CONFIG_REQUIRED)?;
        let output = from_base64(hash).ok_or(Refusal::InvalidHash)?;
        let key_length = usize::try_from(config.key_length).ok().filter(|it| OUTPUT_BYTES.contains(it));
        if key_length.ok_or(Refusal::InvalidPbkdf2KeyLength)? != output.len() {
            return Err(Refusal::Pbkdf2KeyLengthMismatch);
        }
        let algorithm = match config.algorithm.as_str() {
            "" | "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ => return Err(Refusal::InvalidPbkdf2Algorithm),
        };
        let salt = from_base64(&config.salt).ok_or(Refusal::InvalidPbkdf2Salt)?;
        Self::new(algorithm, config.iteration_amount, salt, output)
    }

    fn new(algorithm: Algorithm, iterations: i64, salt: Vec<u8>, output: Vec<u8>) -> Result<Self, Refusal> {
        let iterations = bounded(iterations, &ITERATIONS, Refusal::InvalidPbkdf2IterationAmount)?;
        let salt = sized(salt, &SALT_BYTES, Refusal::InvalidPbkdf2Salt)?;
        let output = sized(output, &OUTPUT_BYTES, Refusal::InvalidPbkdf2KeyLength)?;
        Ok(Self { algorithm, iterations, salt, output })
    }
}

const CONFIG_REQUIRED: Refusal =
    Refusal::InvalidArgument { field: "pbkdf_2_config", reason: "it is required with this hash_type" };

impl FromStr for Pbkdf2 {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fields: Vec<&str> = text.split('$').collect();
        let (algorithm, iterations, salt, output) = match *fields.as_slice() {
            ["", "pbkdf2-sha256", iterations, salt, output] => (Algorithm::Sha256, iterations, salt, output),
            ["", "pbkdf2-sha512", iterations, salt, output] => (Algorithm::Sha512, iterations, salt, output),
            _ => return Err(Refusal::InvalidHash),
        };
        let [iterations] = parameters(iterations, ["i"]).ok_or(Refusal::InvalidHash)?;
        let salt = from_base64(salt).ok_or(Refusal::InvalidHash)?;
        let output = from_base64(output).ok_or(Refusal::InvalidHash)?;
        Self::new(algorithm, iterations, salt, output)
    }
}

impl fmt::Display for Pbkdf2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = match self.algorithm {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        };
        let (salt, output) = (to_base64(&self.salt), to_base64(&self.output));
        write!(f, "$pbkdf2-{algorithm}$i={}${salt}${output}", self.iterations)
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

    const HASH: &str = "/4MuQljCcFm4Cmzu0BNHTGsq0yLI5HKLP394e0TQlIg=";

    fn config() -> Pbkdf2Config {
        let (salt, algorithm) = ("c2FsdHn/AHNhbHQ=".to_owned(), String::new());
        Pbkdf2Config { salt, iteration_amount: 1000, key_length: 32, algorithm }
    }

    fn imported(hash: &str, pbkdf_2: Pbkdf2Config) -> Result<PasswordHash, Refusal> {
        import(HashType::Pbkdf2, hash, &Configs { pbkdf_2: Some(pbkdf_2), ..Configs::default() })
    }

    // By Python's hashlib.
    #[test]
    fn hashes_of_other_implementations_match() {
        let sha256 = Pbkdf2Config { algorithm: "sha256".to_owned(), ..config() };
        let sha512 = Pbkdf2Config { algorithm: "sha512".to_owned(), key_length: 100, ..config() };
        let long = "FvP83Nrs6w4LObG5O88ePBydFUoO9XiNUfPy5MxI3Ildnkj2TVAMbz2KaIBbS44zxLH0O9bRJCMr8O/LYZRDLRDwb8Fv\
            V/vcWDviJ98Yq9M82ODIj5LgHLRP62xRu8/YkZxecg==";
        for (hash, config) in [(HASH, config()), (HASH, sha256), (long, sha512)] {
            let imported = imported(hash, config).unwrap();
            assert!(imported.matches(&password("corréct horse 🔋")));
            assert!(!imported.matches(&password("corréct horse")));
            assert_eq!(imported.to_string().parse(), Ok(imported));
        }
    }

    #[test]
    fn every_pbkdf2_parameter_is_bounded_on_both_sides() {
        let refusal = |change: fn(&mut Pbkdf2Config)| {
            let mut config = config();
            change(&mut config);
            imported(HASH, config).err()
        };
        for (change, expected) in [
            (|it| it.iteration_amount = 0, Refusal::InvalidPbkdf2IterationAmount),
            (|it| it.iteration_amount = -1, Refusal::InvalidPbkdf2IterationAmount),
            (|it| it.iteration_amount = 5_000_001, Refusal::InvalidPbkdf2IterationAmount),
            (|it| it.key_length = 15, Refusal::InvalidPbkdf2KeyLength),
            (|it| it.key_length = 129, Refusal::InvalidPbkdf2KeyLength),
            (|it| it.key_length = 64, Refusal::Pbkdf2KeyLengthMismatch),
            (|it| it.algorithm = "sha1".to_owned(), Refusal::InvalidPbkdf2Algorithm),
            (|it| it.salt = String::new(), Refusal::InvalidPbkdf2Salt),
            (|it| it.salt = "sal t".to_owned(), Refusal::InvalidPbkdf2Salt),
            (|it| it.salt = "A".repeat(344), Refusal::InvalidPbkdf2Salt),
        ] as [(fn(&mut Pbkdf2Config), Refusal); 10]
        {
            assert_eq!(refusal(change), Some(expected));
        }
        assert_eq!(imported(HASH, Pbkdf2Config { iteration_amount: 5_000_000, ..config() }).err(), None);
    }

    #[test]
    fn a_pbkdf2_hash_needs_a_configuration() {
        let refusal = import(HashType::Pbkdf2, HASH, &Configs::default()).err();
        assert!(matches!(refusal, Some(Refusal::InvalidArgument { field: "pbkdf_2_config", .. })));
        assert_eq!(imported("not base64!", config()).err(), Some(Refusal::InvalidHash));
    }
}
