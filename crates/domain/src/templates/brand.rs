//! What a prebuilt template changes: a logo and two colours.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The looks of the built-in mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Brand {
    /// Shown above the words, in place of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub logo_url: Option<LogoUrl>,
    /// Of the button.
    #[schemars(with = "String", regex(pattern = "^#[0-9A-Fa-f]{6}$"))]
    pub accent_color: Color,
    /// Around the words, where the reader's screen is light.
    #[schemars(with = "String", regex(pattern = "^#[0-9A-Fa-f]{6}$"))]
    pub background_color: Color,
}

impl Default for Brand {
    fn default() -> Self {
        let [accent_color, background_color] = [[0x1f, 0x4f, 0xd8], [0xf3, 0xf4, 0xf6]].map(Color);
        Self { logo_url: None, accent_color, background_color }
    }
}

/// Red, green, blue; written `#1f4fd8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color([u8; 3]);

impl Color {
    /// White or nearly black: whichever is easier to read upon it (WCAG 2.2, relative luminance).
    pub fn ink_upon(self) -> &'static str {
        let linear = |it: u8| {
            let it = f64::from(it) / 255.0;
            if it <= 0.040_45 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        // Where contrast with white, 1.05 / (l + 0.05), equals contrast with black, (l + 0.05) / 0.05.
        if luminance > 0.179 { "#111418" } else { "#ffffff" }
    }
}

impl FromStr for Color {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a colour is written #1f4fd8";
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6).ok_or(WRONG)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(WRONG);
        }
        let all = u32::from_str_radix(digits, 16).map_err(|_| WRONG)?;
        let [_, red, green, blue] = all.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl TryFrom<String> for Color {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Where readers' mail programs fetch the logo: https, without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LogoUrl(String);

impl FromStr for LogoUrl {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str =
            "a logo is at an https URL of at most 2,048 characters, without user and password";
        let url = url::Url::parse(text).map_err(|_| WRONG)?;
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if url.scheme() == "https" && url.has_host() && plain && url.as_str().len() <= 2_048 {
            Ok(Self(url.into()))
        } else {
            Err(WRONG)
        }
    }
}

impl TryFrom<String> for LogoUrl {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LogoUrl> for String {
    fn from(url: LogoUrl) -> Self {
        url.0
    }
}

impl fmt::Display for LogoUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
