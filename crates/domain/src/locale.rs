//! The languages a caller can ask for.

use crate::Refusal;
use std::str::FromStr;

/// An IETF tag of the wire; spelled as the contract spells it. English is
/// used where a text is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    #[default]
    English,
    Spanish,
    BrazilianPortuguese,
    French,
    Italian,
    German,
    SimplifiedChinese,
    Catalan,
    Japanese,
    Russian,
    Dutch,
    Polish,
    Turkish,
    Persian,
    Vietnamese,
    Czech,
}

impl FromStr for Locale {
    type Err = Refusal;
    /// Takes the spellings of every official client; the crate's omit hyphens.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Ok(match text {
            "en" => Self::English,
            "es" => Self::Spanish,
            "pt-br" | "ptbr" => Self::BrazilianPortuguese,
            "fr" => Self::French,
            "it" => Self::Italian,
            "de-DE" | "deDE" => Self::German,
            "zh-Hans" | "zhHans" => Self::SimplifiedChinese,
            "ca-ES" | "caES" => Self::Catalan,
            "ja" => Self::Japanese,
            "ru" => Self::Russian,
            "nl" => Self::Dutch,
            "pl" => Self::Polish,
            "tr" => Self::Turkish,
            "fa" => Self::Persian,
            "vi" => Self::Vietnamese,
            "cs" => Self::Czech,
            _ => return Err(Refusal::InvalidLocale),
        })
    }
}
