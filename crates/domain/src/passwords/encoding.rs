//! How hashes, salts and parameters are written.

use crate::Refusal;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use data_encoding::HEXLOWER_PERMISSIVE;
use std::ops::RangeInclusive;
use subtle::ConstantTimeEq;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads standard base64, padded or not.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Writes standard base64 without padding.
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Reads hexadecimal digits of either case.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// The values of `name=value,name=value`: exactly these names, in this order.
pub fn parameters<const N: usize>(text: &str, names: [&str; N]) -> Option<[i64; N]> {
    let mut values = [0; N];
    let mut parts = text.split(',');
    for (value, name) in values.iter_mut().zip(names) {
        *value = decimal(parts.next()?.strip_prefix(name)?.strip_prefix('=')?)?;
    }
    parts.next().is_none().then_some(values)
}

/// A number in decimal digits, without sign.
pub fn decimal(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The number, if it is in the range.
///
/// # Errors
/// The given refusal, if not.
pub fn bounded(number: i64, range: &RangeInclusive<u32>, refusal: Refusal) -> Result<u32, Refusal> {
    u32::try_from(number).ok().filter(|it| range.contains(it)).ok_or(refusal)
}

/// The bytes, if their number is in the range.
///
/// # Errors
/// The given refusal, if not.
pub fn sized(bytes: Vec<u8>, range: &RangeInclusive<usize>, refusal: Refusal) -> Result<Vec<u8>, Refusal> {
    if range.contains(&bytes.len()) { Ok(bytes) } else { Err(refusal) }
}

/// Compares in constant time.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_or_without_padding() {
        assert_eq!(from_base64("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(from_base64("+/8"), Some(vec![0xfb, 0xff]));
        assert_eq!(from_base64("-_8"), None);
    }

    #[test]
    fn parameters_are_complete_and_in_order() {
        assert_eq!(parameters("m=8,t=1", ["m", "t"]), Some([8, 1]));
        for odd in ["", "m=8", "t=1,m=8", "m=8,t=1,p=1", "m=8,t=", "m=+8,t=1", "m=8,t=-1", "m=8,,t=1"] {
            assert_eq!(parameters(odd, ["m", "t"]), None, "{odd}");
        }
        assert_eq!(parameters("m=99999999999999999999,t=1", ["m", "t"]), None);
    }
}
