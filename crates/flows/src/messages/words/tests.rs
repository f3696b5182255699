//! What holds of every language.

use super::*;

fn letters(words: &'static Words) -> [&'static Letter; 9] {
    let Words {
        login, signup, invite, new_address, login_code, signup_code, new_address_code, reset, ..
    } = words;
    [
        login,
        signup,
        invite,
        new_address,
        login_code,
        signup_code,
        new_address_code,
        reset,
        &words.first_password,
    ]
}

#[test]
fn every_letter_names_who_writes_and_only_links_have_a_button() {
    for locale in Locale::ALL {
        for (at, letter) in letters(of(locale)).into_iter().enumerate() {
            assert!(letter.subject.contains("{name}") && letter.greeting.contains("{name}"), "{locale} {at}");
            assert_eq!(letter.button.is_empty(), (4..7).contains(&at), "{locale} {at}");
        }
    }
}

#[test]
fn every_place_is_one_that_is_filled() {
    for locale in Locale::ALL {
        let words = of(locale);
        for text in [words.link_ends, words.links_end, words.code_ends] {
            assert!(text.contains("{time}"), "{locale}: {text}");
        }
        for text in [words.times.minutes, words.times.hours, words.times.days] {
            assert!(text.contains("{n}"), "{locale}: {text}");
        }
        assert!(words.notices.code_used.contains("{count}"), "{locale}");
        for text in [words.texts.passcode, words.texts.passcode_in_short] {
            assert!(text.contains("{code}"), "{locale}: {text}");
        }
        let all = letters(words).map(|it| filled(it.greeting, &[("name", "Acme")]));
        assert!(all.iter().all(|it| !it.contains(['{', '}'])), "{locale}");
    }
}

#[test]
fn no_language_borrows_its_sentences_from_english() {
    for locale in Locale::ALL.into_iter().filter(|it| *it != Locale::English) {
        let (theirs, ours) = (of(locale), of(Locale::English));
        for (it, english) in letters(theirs).iter().zip(letters(ours)) {
            assert_ne!(it.greeting, english.greeting, "{locale}");
        }
        assert_ne!(theirs.notices.totp_removed, ours.notices.totp_removed, "{locale}");
        assert_ne!(theirs.texts.passcode, ours.texts.passcode, "{locale}");
    }
}

#[test]
fn what_is_filled_in_is_not_looked_through() {
    let (name, time) = ("{time} {name}", "60");
    assert_eq!(filled("{name}: {time} {odd", &[("name", name), ("time", time)]), "{time} {name}: 60 {odd");
}

#[test]
fn a_span_is_told_in_the_largest_unit_that_is_exact() {
    let times = [1, 60, 90, 120, 150, 1_440, 2_880, 10_080].map(|it| of(Locale::English).time(it));
    assert_eq!(
        times,
        ["1 minutes", "60 minutes", "90 minutes", "2 hours", "150 minutes", "24 hours", "2 days", "7 days"]
    );
}
