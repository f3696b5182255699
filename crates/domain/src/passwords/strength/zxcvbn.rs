//! How many guesses a password takes.

use super::{Feedback, Strength};
use crate::email::EmailAddress;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// The time that the estimate takes grows faster than the text.
const CHARACTERS: usize = 100;

pub fn check(password: &str, email: Option<&EmailAddress>) -> Strength {
    let head: Zeroizing<String> = Zeroizing::new(password.chars().take(CHARACTERS).collect());
    let entropy = zxcvbn(&head, &email.map_or_else(Vec::new, guessable));
    Strength {
        valid: entropy.score() >= Score::Three,
        score: entropy.score().into(),
        feedback: entropy.feedback().map_or_else(no_feedback, feedback),
    }
}

fn guessable(email: &EmailAddress) -> Vec<&str> {
    let whole = email.canonical();
    whole.rsplit_once('@').map_or_else(|| vec![whole], |(local, domain)| vec![whole, local, domain])
}

fn feedback(given: &zxcvbn::feedback::Feedback) -> Feedback {
    Feedback::Zxcvbn {
        warning: given.warning().map_or_else(String::new, |it| it.to_string()),
        suggestions: given.suggestions().iter().map(ToString::to_string).collect(),
    }
}

fn no_feedback() -> Feedback {
    Feedback::Zxcvbn { warning: String::new(), suggestions: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_of_3_passes() {
        for (password, score) in [("password", 0), ("acme9911", 2), ("correct horse battery staple", 4)] {
            let strength = check(password, None);
            assert_eq!((strength.score, strength.valid), (score, score >= 3), "{password}");
        }
    }

    #[test]
    fn a_weak_password_comes_with_advice() {
        let Feedback::Zxcvbn { warning, suggestions } = check("password", None).feedback else {
            panic!("feedback of another policy");
        };
        assert_eq!(warning, "This is a top-10 common password.");
        assert!(!suggestions.is_empty());
        assert_eq!(check("correct horse battery staple", None).feedback, no_feedback());
    }

    #[test]
    fn the_parts_of_the_address_are_easy_to_guess() {
        let email = EmailAddress::parse("Kwxqzv.Jpfhgt@bvnmrtx.example").unwrap();
        for password in ["kwxqzv.jpfhgt", "BVNMRTX.example", "kwxqzv.jpfhgt@bvnmrtx.example"] {
            assert!(check(password, None).valid, "{password}");
            assert!(!check(password, Some(&email)).valid, "{password}");
        }
    }

    #[test]
    fn only_the_first_100_characters_count() {
        let weak = "é".repeat(100);
        assert_eq!(check(&format!("{weak}correct horse battery staple"), None), check(&weak, None));
    }
}
