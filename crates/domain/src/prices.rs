//! What a text costs, by the prefix of its number: a table the operator can replace.
//!
//! A row is `prefix,price,provider,currency`; the last two may be left out.
//! The longest prefix that fits holds, a provider's own row before one for all.

use crate::{
    money::{Micros, NotAnAmount},
    phone::PhoneNumber,
};
use std::collections::HashMap;
use thiserror::Error;

/// The table that holds until the operator gives another. It is a default, not an offer of anybody.
const BUILT_IN: &str = include_str!("prices/default.csv");
const COLUMNS: &str = "prefix,price,provider,currency";
/// More than any published list holds.
const MOST_ROWS: usize = 200_000;

/// Prices in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    /// By provider, none for all, and prefix, empty for everywhere.
    rows: HashMap<(Option<String>, String), Micros>,
    currency: String,
}

/// Why a table cannot be used; the line counts from one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPrices {
    #[error("line {line}: {reason}")]
    Row { line: usize, reason: &'static str },
    #[error("there are no rows")]
    Empty,
    #[error("more than {MOST_ROWS} rows")]
    TooLong,
}

impl Prices {
    /// List prices of the well-known carriers' gateways, rounded up.
    pub fn built_in() -> Self {
        let reason = "the committed table is well-formed, as a test holds";
        Self::parse(BUILT_IN).unwrap_or_else(|error| unreachable!("{reason}: {error}"))
    }

    /// Reads a table. Blank lines and those that begin with `#` are skipped; prices are decimals
    /// such as `0.0079`; `*` is everywhere else.
    ///
    /// # Errors
    /// Names the line.
    pub fn parse(text: &str) -> Result<Self, NoPrices> {
        let (mut rows, mut currency) = (HashMap::new(), None);
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            let is_heading = COLUMNS.starts_with(line) && line.starts_with("prefix");
            if line.is_empty() || line.starts_with('#') || is_heading {
                continue;
            }
            let wrong = |reason| NoPrices::Row { line: at + 1, reason };
            let row = Row::parse(line).map_err(wrong)?;
            if let Some(named) = row.currency
                && named != *currency.get_or_insert_with(|| named.clone())
            {
                return Err(wrong("one currency for the whole table"));
            }
            if rows.insert((row.provider, row.prefix), row.price).is_some() {
                return Err(wrong("this prefix stands in an earlier line"));
            }
            if rows.len() > MOST_ROWS {
                return Err(NoPrices::TooLong);
            }
        }
        if rows.is_empty() {
            return Err(NoPrices::Empty);
        }
        Ok(Self { rows, currency: currency.unwrap_or_else(|| "USD".to_owned()) })
    }

    /// What one text to the number costs by the provider; none where the table does not say.
    pub fn of(&self, provider: &str, number: &PhoneNumber) -> Option<Micros> {
        let digits = number.as_str().trim_start_matches('+');
        let prefixes = || (0..=digits.len()).rev().filter_map(|length| digits.get(..length));
        let price = |by: Option<&str>| {
            prefixes().find_map(|it| self.rows.get(&(by.map(str::to_owned), it.to_owned())).copied())
        };
        price(Some(provider)).or_else(|| price(None))
    }

    /// Three letters of ISO 4217.
    pub fn currency(&self) -> &str {
        &self.currency
    }
}

struct Row {
    prefix: String,
    price: Micros,
    provider: Option<String>,
    currency: Option<String>,
}

impl Row {
    fn parse(line: &str) -> Result<Self, &'static str> {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let cell = |at: usize| cells.get(at).copied().filter(|it| !it.is_empty()).map(str::to_owned);
        if !(2..=4).contains(&cells.len()) {
            return Err("two to four cells: prefix,price,provider,currency");
        }
        let currency = cell(3);
        if currency.as_ref().is_some_and(|it| it.len() != 3 || !it.bytes().all(|b| b.is_ascii_uppercase())) {
            return Err("a currency has three capital letters, such as USD");
        }
        let price = cell(1).ok_or("a price is missing")?;
        let price = price.parse().map_err(|NotAnAmount| "a price is a decimal such as 0.0079")?;
        Ok(Self { prefix: prefix(cells[0])?, price, provider: cell(2), currency })
    }
}

/// The digits of a prefix, with or without its plus sign; none for `*`.
fn prefix(cell: &str) -> Result<String, &'static str> {
    let digits = cell.trim_start_matches('+');
    match cell {
        "*" => Ok(String::new()),
        _ if (1..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit()) => {
            Ok(digits.to_owned())
        }
        _ => Err("a prefix has 1 to 15 digits, or is * for everywhere else"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::stored(text.to_owned())
    }

    fn price(table: &str, to: &str) -> Option<String> {
        Prices::parse(table).unwrap().of("twilio", &number(to)).map(|it| it.to_string())
    }

    #[test]
    fn the_longest_prefix_holds_and_a_provider_s_own_before_it() {
        let table = "prefix,price\n*,0.20\n1,0.01\n1264,0.05\n1,0.008,twilio\n";
        assert_eq!(price(table, "+12645550101"), Some("0.008".to_owned()), "the provider's own row");
        let table = "*,0.20\n1,0.01\n1264,0.05\n";
        assert_eq!(price(table, "+12645550101"), Some("0.05".to_owned()));
        assert_eq!(price(table, "+12025550101"), Some("0.01".to_owned()));
        assert_eq!(price(table, "+41791234567"), Some("0.20".to_owned()));
        assert_eq!(price("1,0.01\n", "+41791234567"), None, "nobody said what it costs");
    }

    #[test]
    fn a_malformed_row_is_named_by_its_line() {
        for (table, line) in [
            ("1,0.01\n41\n", 2),
            ("# note\n\n41,cheap\n", 3),
            ("41,-1\n", 1),
            ("x,1\n", 1),
            ("1,0.01\n+1,0.02\n", 2),
            ("1,0.01,,USD\n41,0.01,,CHF\n", 2),
            ("1,0.01,,usd\n", 1),
            ("1,0.01,a,USD,b\n", 1),
            ("1234567890123456,1\n", 1),
            ("1,0.0000001\n", 1),
        ] {
            let told = Prices::parse(table).unwrap_err().to_string();
            assert!(told.starts_with(&format!("line {line}: ")), "{table}: {told}");
        }
        assert_eq!(Prices::parse("# nothing\n"), Err(NoPrices::Empty));
    }

    #[test]
    fn the_built_in_table_knows_every_number() {
        let table = Prices::built_in();
        assert_eq!(table.currency(), "USD");
        for known in ["+12025550123", "+41446681800", "+99999999", "+447700900123"] {
            assert!(table.of("webhook", &number(known)).is_some_and(|it| it.get() > 0), "{known}");
        }
    }
}
