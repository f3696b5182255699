//! Lower case, upper case, digits, symbols.

use super::{Feedback, Strength};

pub fn check(password: &str, minimum_length: u32, minimum_complexity: u32) -> Strength {
    let has_lower_case = password.contains(|c: char| c.is_ascii_lowercase());
    let has_upper_case = password.contains(|c: char| c.is_ascii_uppercase());
    let has_digit = password.contains(|c: char| c.is_ascii_digit());
    let has_symbol = password.contains(|c: char| !c.is_ascii_alphanumeric());
    let complexity = [has_lower_case, has_upper_case, has_digit, has_symbol].map(u32::from).iter().sum();
    let length = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    let missing_complexity = minimum_complexity.saturating_sub(complexity);
    let missing_characters = minimum_length.saturating_sub(length);
    Strength {
        valid: missing_complexity == 0 && missing_characters == 0,
        score: 0,
        feedback: Feedback::Luds {
            has_lower_case,
            has_upper_case,
            has_digit,
            has_symbol,
            missing_complexity,
            missing_characters,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(password: &str, length: u32, complexity: u32) -> (u32, u32) {
        match check(password, length, complexity).feedback {
            Feedback::Luds { missing_complexity, missing_characters, .. } => {
                (missing_complexity, missing_characters)
            }
            Feedback::Zxcvbn { .. } => panic!("feedback of another policy"),
        }
    }

    #[test]
    fn what_is_lacking_is_counted() {
        assert_eq!(missing("abc", 8, 3), (2, 5));
        assert_eq!(missing("aB3", 8, 3), (0, 5));
        assert_eq!(missing("aaaaaaaa", 8, 4), (3, 0));
        assert_eq!(missing("aB3-aB3-aB3-", 8, 4), (0, 0));
    }

    #[test]
    fn a_password_that_lacks_nothing_is_valid_with_score_0() {
        let strength = check("Tr0ub4dor", 9, 3);
        assert!(strength.valid);
        assert_eq!(strength.score, 0);
        assert!(!check("Tr0ub4dor", 10, 3).valid);
        assert!(!check("Tr0ub4dor", 9, 4).valid);
    }

    #[test]
    fn anything_but_ascii_letters_and_digits_is_a_symbol() {
        for symbol in ["-", " ", "é", "É", "٣", "🔋", "\0"] {
            assert_eq!(missing(symbol, 8, 1), (0, 7), "{symbol}");
            assert_eq!(missing(symbol, 8, 4), (3, 7), "{symbol}");
        }
    }
}
