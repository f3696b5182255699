//! The secret itself.

use crate::Refusal;
use serde::Deserialize;
use std::fmt;
use zeroize::Zeroizing;

/// A password exactly as it was sent, 1 to 1024 bytes. Not trimmed, not
/// normalised; never printed; overwritten when dropped.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub struct Password(Zeroizing<String>);

impl Password {
    /// # Errors
    /// `InvalidPasswordLength`.
    pub fn parse(text: String) -> Result<Self, Refusal> {
        // Wrapped before it is judged, so that a refused one is overwritten too.
        let text = Zeroizing::new(text);
        if !(1..=1024).contains(&text.len()) {
            return Err(Refusal::InvalidPasswordLength);
        }
        Ok(Self(text))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl TryFrom<String> for Password {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_1_to_1024_bytes() {
        let refusal = |text: String| Password::parse(text).err();
        assert_eq!(refusal("a".to_owned()), None);
        assert_eq!(refusal("a".repeat(1024)), None);
        assert_eq!(refusal(String::new()), Some(Refusal::InvalidPasswordLength));
        assert_eq!(refusal("a".repeat(1025)), Some(Refusal::InvalidPasswordLength));
        assert_eq!(refusal("é".repeat(513)), Some(Refusal::InvalidPasswordLength));
    }

    #[test]
    fn a_password_stays_exactly_as_sent() {
        let sent = " e\u{301} \0\t";
        assert_eq!(Password::parse(sent.to_owned()).unwrap().expose(), sent);
    }

    #[test]
    fn a_password_prints_as_nothing() {
        let password: Password = serde_json::from_str("\"s3cret\"").unwrap();
        assert_eq!(password.expose(), "s3cret");
        assert_eq!(format!("{password:?}"), "Password(hidden)");
    }
}
