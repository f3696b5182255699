//! Numbers that no person reads texts at, and that cost more than others.

use super::PhoneNumber;
use phonenumber::Type;
use std::panic::catch_unwind;

/// Country codes of no country: freephone, shared cost, satellites, personal
/// numbers of no place, conferences, premium rate. 883 and 882 are networks of
/// no place, the favourites of whoever has a share in the price.
const OF_NO_COUNTRY: [&str; 12] =
    ["800", "808", "870", "875", "876", "877", "878", "881", "882", "883", "888", "979"];

impl PhoneNumber {
    /// Whether texts to the number may reach a person at an ordinary price.
    /// What the numbering plans do not know may.
    pub fn is_ordinary(&self) -> bool {
        let digits = self.as_str().trim_start_matches('+');
        let of_no_country = OF_NO_COUNTRY.iter().any(|it| digits.starts_with(it));
        !of_no_country && !self.kind().is_some_and(is_special)
    }

    fn kind(&self) -> Option<Type> {
        let parsed = catch_unwind(|| phonenumber::parse(None, self.as_str())).ok()?.ok()?;
        catch_unwind(|| parsed.number_type(&phonenumber::metadata::DATABASE)).ok()
    }
}

fn is_special(kind: Type) -> bool {
    match kind {
        Type::TollFree
        | Type::PremiumRate
        | Type::SharedCost
        | Type::PersonalNumber
        | Type::Pager
        | Type::Uan
        | Type::Emergency
        | Type::Voicemail
        | Type::ShortCode
        | Type::StandardRate
        | Type::Carrier
        | Type::NoInternational => true,
        // Telephones on the internet are what many people have; a fixed line may read texts aloud.
        Type::FixedLine | Type::Mobile | Type::FixedLineOrMobile | Type::Voip | Type::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Refusal;

    #[test]
    fn numbers_that_pay_their_owner_are_refused_and_told_from_invalid_ones() {
        for (number, what) in [
            ("+19002345678", "premium rate, United States"),
            ("+18002345678", "freephone, United States"),
            ("+449012345678", "premium rate, United Kingdom"),
            ("+448431234567", "shared cost, United Kingdom"),
            ("+447012345678", "personal number, United Kingdom"),
            ("+447640123456", "pager, United Kingdom"),
            ("+41900123456", "premium rate, Switzerland"),
            ("+41840123456", "shared cost, Switzerland"),
            ("+491802345678", "shared cost, Germany"),
            ("+881612345678", "satellite"),
            ("+870773111632", "ships"),
            ("+882161234567", "networks of no place"),
            ("+883510012345", "networks of no place"),
            ("+979123456789", "premium rate of no place"),
            ("+80012345678", "freephone of no place"),
        ] {
            let refused = PhoneNumber::parse(number).unwrap_err();
            let clear = matches!(refused, Refusal::SpecialPhoneNumber | Refusal::InvalidPhoneNumber);
            assert!(clear, "{number}, {what}: {refused:?}");
            assert!(!PhoneNumber::stored(number.to_owned()).is_ordinary(), "{number}, {what}");
        }
        assert_eq!(PhoneNumber::parse("+19002345678"), Err(Refusal::SpecialPhoneNumber));
        assert_eq!(PhoneNumber::parse("+881612345678"), Err(Refusal::SpecialPhoneNumber));
    }

    #[test]
    fn numbers_of_people_are_taken() {
        for number in [
            "+12025550123",
            "+447700900123",
            "+41791234567",
            "+41446681800",
            "+4915112345678",
            "+33612345678",
        ] {
            assert!(PhoneNumber::stored(number.to_owned()).is_ordinary(), "{number}");
        }
    }
}
