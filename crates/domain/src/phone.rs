//! Telephone numbers in one canonical form, E.164.

mod reach;

use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::{fmt, panic::catch_unwind, str::FromStr};

/// A valid number in E.164 form: `+` and 7 to 15 digits, one spelling each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// An ISO 3166-1 alpha-2 country code, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

impl PhoneNumber {
    /// Takes E.164 only: a leading `+`, then digits. Other spellings of the
    /// same number are refused rather than guessed at.
    ///
    /// # Errors
    /// `InvalidPhoneNumber` for what no numbering plan knows, `SpecialPhoneNumber` for premium, shared-cost,
    /// satellite and other numbers that no person reads texts at.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let digits = text.strip_prefix('+').ok_or(Refusal::InvalidPhoneNumber)?;
        if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::InvalidPhoneNumber);
        }
        // The library has panicked on crafted numbers; a panic is a refusal here.
        let parsed = catch_unwind(|| phonenumber::parse(None, text))
            .ok()
            .and_then(Result::ok)
            .ok_or(Refusal::InvalidPhoneNumber)?;
        let valid = catch_unwind(|| parsed.is_valid()).unwrap_or(false);
        let e164 = parsed.format().mode(phonenumber::Mode::E164).to_string();
        if !valid || e164 != text {
            return Err(Refusal::InvalidPhoneNumber);
        }
        let number = Self(e164);
        if number.is_ordinary() { Ok(number) } else { Err(Refusal::SpecialPhoneNumber) }
    }

    /// A number that was parsed before it was stored; numbering plans change, rows do not.
    pub fn stored(e164: String) -> Self {
        Self(e164)
    }

    /// For documents of our own that hold a number already parsed.
    ///
    /// # Errors
    /// When it is no text.
    pub fn deserialize_stored<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country of the number; none for numbers of no country, such as satellite networks.
    pub fn country(&self) -> Option<Country> {
        let parsed = catch_unwind(|| phonenumber::parse(None, &self.0)).ok()?.ok()?;
        parsed.country().id().and_then(|id| Country::parse(id.as_ref()).ok())
    }

    /// The block of 1,000 neighbouring numbers it belongs to: what pumping bots walk through.
    pub fn block(&self) -> &str {
        self.0.get(..self.0.len().saturating_sub(3)).unwrap_or_default()
    }

    /// The number with its middle hidden, for logs and traces.
    pub fn masked(&self) -> String {
        let (head, tail) = (self.0.get(..3).unwrap_or("+"), self.0.get(self.0.len() - 2..).unwrap_or(""));
        format!("{head}…{tail}")
    }
}

impl Country {
    /// # Errors
    /// `InvalidPhoneNumberCountryCode` for anything but two letters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(Refusal::InvalidPhoneNumberCountryCode),
        }
    }

    /// A country that the numbering plans know numbers of: of `XX` nobody has one.
    pub fn known(text: &str) -> Option<Self> {
        let country = Self::parse(text).ok()?;
        phonenumber::metadata::DATABASE.by_id(country.to_string().as_str()).map(|_| country)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
    }
}

impl TryFrom<String> for Country {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl FromStr for Country {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::parse(text)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        country.to_string()
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> String {
        phone.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_knows_its_country_and_block() {
        let swiss = PhoneNumber::parse("+41446681800").unwrap();
        assert_eq!((swiss.country().unwrap().to_string(), swiss.block()), ("CH".to_owned(), "+41446681"));
        assert_eq!(PhoneNumber::parse("+12025550123").unwrap().masked(), "+12…23");
    }

    #[test]
    fn a_second_spelling_is_refused() {
        for odd in [
            "12025550123",
            "+1 202 555 0123",
            "+1-202-555-0123",
            "+012025550123",
            "+1",
            "",
            "+1202555012３",
            "+999999999999",
        ] {
            assert_eq!(PhoneNumber::parse(odd), Err(Refusal::InvalidPhoneNumber), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\+?[0-9;=a-z]{0,24}") {
            let _ = PhoneNumber::parse(&text);
        }
    }
}
