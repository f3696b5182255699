//! Amounts of money, exact: whole millionths of a currency's unit.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;

/// Millionths of the unit of the price table's currency; never a fraction of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(i64);

const PER_UNIT: i64 = 1_000_000;
/// A thousand million units: more than anybody spends, and far from what overflows.
const MOST: i64 = 1_000_000_000 * PER_UNIT;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an amount such as 25, 0.0079 or 1000.50: at most six decimals and 1000000000")]
pub struct NotAnAmount;

impl Micros {
    pub const fn new(micros: i64) -> Self {
        Self(micros)
    }
    /// Whole units: dollars, euros.
    pub const fn units(units: i64) -> Self {
        Self(units * PER_UNIT)
    }
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Decimal notation with at least two decimals: `0.0079`, `25.00`.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let sign = if self.0 < 0 { "-" } else { "" };
        let decimals = format!("{rest:06}");
        let kept = decimals.trim_end_matches('0').len().max(2);
        write!(f, "{sign}{units}.{}", &decimals[..kept])
    }
}

/// Reads what `Display` writes, for amounts from zero.
impl FromStr for Micros {
    type Err = NotAnAmount;
    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let (units, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |it: &str, most| (1..=most).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit());
        if !digits(units, 10) || !digits(decimals, 6) {
            return Err(NotAnAmount);
        }
        let units: i64 = units.parse().map_err(|_| NotAnAmount)?;
        let decimals: i64 = format!("{decimals:0<6}").parse().map_err(|_| NotAnAmount)?;
        let micros = units.checked_mul(PER_UNIT).and_then(|it| it.checked_add(decimals));
        micros.filter(|it| *it <= MOST).map(Self).ok_or(NotAnAmount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_written_as_people_write_it() {
        for (micros, text) in
            [(7_900, "0.0079"), (25_000_000, "25.00"), (100_500_000, "100.50"), (1, "0.000001")]
        {
            assert_eq!(Micros::new(micros).to_string(), text);
        }
        assert_eq!("25".parse(), Ok(Micros::units(25)));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in
            ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "0.0000001", "1000000001", "99999999999", "１"]
        {
            assert_eq!(text.parse::<Micros>(), Err(NotAnAmount), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_writing_and_reading(micros in 0..=MOST) {
            prop_assert_eq!(Micros::new(micros).to_string().parse(), Ok(Micros::new(micros)));
        }
    }
}
