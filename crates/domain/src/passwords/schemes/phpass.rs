//! The portable hashes of phpass (as in `WordPress` and `phpBB`), imported only.

use crate::{Refusal, passwords::encoding::same};
use data_encoding::{BitOrder, Encoding, Specification};
use md5::{Digest, Md5};
use std::{fmt, ops::RangeInclusive, str::FromStr, sync::LazyLock};

const ALPHABET: &str = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOG_COUNT: RangeInclusive<u32> = 7..=20;

/// Base64 that begins with the low bits.
static BASE64: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str(ALPHABET);
    specification.bit_order = BitOrder::LeastSignificantFirst;
    specification.encoding().expect("the alphabet has 64 different symbols")
});

/// A phpass hash. `$H$` names the same computation as `$P$` and is kept as `$P$`.
#[derive(Clone, PartialEq, Eq)]
pub struct Phpass {
    log_count: u32,
    salt: [u8; 8],
    output: [u8; 16],
}

impl Phpass {
    pub fn matches(&self, password: &[u8]) -> bool {
        let salted = Md5::new().chain_update(self.salt).chain_update(password).finalize();
        let stretch = |output, _| Md5::new().chain_update(output).chain_update(password).finalize();
        let output = (0..1u32 << self.log_count).fold(salted, stretch);
        same(&output, &self.output)
    }
}

impl FromStr for Phpass {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        read(text).ok_or(Refusal::InvalidPhpassHash)
    }
}

fn read(text: &str) -> Option<Phpass> {
    let bytes = text.strip_prefix("$P$").or_else(|| text.strip_prefix("$H$"))?.as_bytes();
    let (count, rest) = bytes.split_first()?;
    let (salt, output) = rest.split_first_chunk()?;
    let log_count = u32::try_from(digit(*count)?).ok().filter(|it| LOG_COUNT.contains(it))?;
    salt.iter().copied().try_for_each(|it| digit(it).map(drop))?;
    let output = BASE64.decode(output).ok()?.try_into().ok()?;
    Some(Phpass { log_count, salt: *salt, output })
}

fn digit(symbol: u8) -> Option<usize> {
    ALPHABET.bytes().position(|it| it == symbol)
}

impl fmt::Display for Phpass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = char::from(ALPHABET.as_bytes()[self.log_count as usize]);
        write!(f, "$P${count}{}{}", String::from_utf8_lossy(&self.salt), BASE64.encode(&self.output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{
        import::{Configs, HashType, import},
        tests::password,
    };

    fn refusal(hash: &str) -> Option<Refusal> {
        import(HashType::Phpass, hash, &Configs::default()).err()
    }

    // By passlib.
    #[test]
    fn hashes_of_other_implementations_match() {
        for hash in ["$P$57zQW44CDXxDxgGnpWL4bQCR9udAgW0", "$H$BB7/uVXM/K/1tactp8r50bMEA3fYFg/"] {
            let imported = import(HashType::Phpass, hash, &Configs::default()).unwrap();
            assert!(imported.matches(&password("corréct horse 🔋")), "{hash}");
            assert!(!imported.matches(&password("corréct horse")), "{hash}");
            assert_eq!(imported.to_string()[3..], hash[3..]);
            assert_eq!(imported.to_string().parse(), Ok(imported));
        }
    }

    #[test]
    fn the_count_of_phpass_is_between_2_to_the_7_and_2_to_the_20() {
        for count in ["5", "I"] {
            assert_eq!(refusal(&format!("$P${count}7zQW44CDXxDxgGnpWL4bQCR9udAgW0")), None);
        }
        for count in [".", "4", "J", "z", "*", "é"] {
            let hash = format!("$P${count}7zQW44CDXxDxgGnpWL4bQCR9udAgW0");
            assert_eq!(refusal(&hash), Some(Refusal::InvalidPhpassHash), "{count}");
        }
    }

    #[test]
    fn what_is_not_a_portable_hash_is_refused() {
        for odd in [
            "",
            "$P$",
            "$P$5",
            "$Q$57zQW44CDXxDxgGnpWL4bQCR9udAgW0",
            "$P$57zQW44CDXxDxgGnpWL4bQCR9udAgW",
            "$P$57zQW44CDXxDxgGnpWL4bQCR9udAgW00",
            "$P$57zQW44C*XxDxgGnpWL4bQCR9udAgW0",
            "$P$57zQW44CDXxDxgGnpWL4bQCR9udAgWz",
        ] {
            assert_eq!(refusal(odd), Some(Refusal::InvalidPhpassHash), "{odd}");
        }
    }
}
