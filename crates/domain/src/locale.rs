//! The languages a caller can ask for.

use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An IETF tag of the wire; spelled as the contract spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

impl Locale {
    pub const ALL: [Self; 16] = [
        Self::English,
        Self::Spanish,
        Self::BrazilianPortuguese,
        Self::French,
        Self::Italian,
        Self::German,
        Self::SimplifiedChinese,
        Self::Catalan,
        Self::Japanese,
        Self::Russian,
        Self::Dutch,
        Self::Polish,
        Self::Turkish,
        Self::Persian,
        Self::Vietnamese,
        Self::Czech,
    ];

    /// What an operator may write.
    pub fn listed() -> String {
        format!("one of {}", Self::ALL.map(Self::tag).join(", "))
    }

    /// As the wire spells it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::BrazilianPortuguese => "pt-br",
            Self::French => "fr",
            Self::Italian => "it",
            Self::German => "de-DE",
            Self::SimplifiedChinese => "zh-Hans",
            Self::Catalan => "ca-ES",
            Self::Japanese => "ja",
            Self::Russian => "ru",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Turkish => "tr",
            Self::Persian => "fa",
            Self::Vietnamese => "vi",
            Self::Czech => "cs",
        }
    }
}

impl FromStr for Locale {
    type Err = Refusal;
    /// Takes the spellings of every official client; the crate's omit hyphens.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let is = |it: &Self| it.tag() == text || it.tag().replace('-', "") == text;
        Self::ALL.into_iter().find(is).ok_or(Refusal::InvalidLocale)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl TryFrom<String> for Locale {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|_| format!("unknown locale {text:?}, {}", Self::listed()))
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.tag().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_read_back_with_and_without_hyphens() {
        for locale in Locale::ALL {
            assert_eq!(locale.tag().parse::<Locale>().unwrap(), locale);
            assert_eq!(locale.tag().replace('-', "").parse::<Locale>().unwrap(), locale);
        }
        for wrong in ["", "EN", "en-us", "de", "zh", "pt", "xx"] {
            assert!(wrong.parse::<Locale>().is_err(), "{wrong}");
        }
    }
}
