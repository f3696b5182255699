//! The text messages. Nothing that a tenant chose can reach one: a code, a
//! language and the host of the project's pages are all there is to pass in.

use super::words::{self, filled};
use domain::{factors::sms_otp::Passcode, locale::Locale, sms_segments::is_one_segment, webotp::Host};

/// One segment in every language. It ends with the line that a browser on a
/// page of the host reads, wherever that line leaves room for words beside it.
pub fn passcode(code: &Passcode, locale: Locale, host: Option<&Host>) -> String {
    let texts = &words::of(locale).texts;
    let [whole, short] =
        [texts.passcode, texts.passcode_in_short].map(|it| filled(it, &[("code", code.expose())]));
    let line = host.map(|it| it.line(code));
    let with_line = |words: &str| line.as_ref().map(|line| format!("{words}\n\n{line}"));
    let wanted = [with_line(&whole), with_line(&short)];
    wanted.into_iter().flatten().find(|it| is_one_segment(it)).unwrap_or(whole)
}

/// To a number that was a member's; one segment in every language.
pub fn number_removed(locale: Locale) -> String {
    words::of(locale).texts.number_removed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::sms_segments::{Encoding, encoding};

    fn code() -> Passcode {
        Passcode::parse("123456").unwrap()
    }

    /// A host name of this many characters.
    fn host(length: usize) -> Host {
        let labels =
            "a".repeat(length).as_bytes().chunks(40).map(|it| "a".repeat(it.len())).collect::<Vec<_>>();
        labels.join(".").parse().unwrap()
    }

    #[test]
    fn every_text_is_one_segment_with_any_host_and_without() {
        for locale in Locale::ALL {
            assert!(
                is_one_segment(&number_removed(locale)),
                "{locale}: {}",
                number_removed(locale).chars().count()
            );
            assert!(is_one_segment(&passcode(&code(), locale, None)), "{locale}");
            for length in 1..=240 {
                let text = passcode(&code(), locale, Some(&host(length)));
                assert!(is_one_segment(&text) && text.contains("123456"), "{locale}: {text}");
            }
        }
    }

    #[test]
    fn the_line_of_a_host_comes_last_and_nothing_after_it() {
        let host: Host = "login.example.com".parse().unwrap();
        for locale in Locale::ALL {
            let text = passcode(&code(), locale, Some(&host));
            let (words, line) = text.rsplit_once("\n\n").expect("a line");
            assert_eq!(line, "@login.example.com #123456", "{locale}");
            assert!(
                words.contains("123456") && !words.contains('@') && !words.contains('\n'),
                "{locale}: {words}"
            );
        }
    }

    #[test]
    fn a_line_that_does_not_fit_is_left_out_before_the_words_are() {
        let text = passcode(&code(), Locale::English, Some(&host(240)));
        assert_eq!(text, passcode(&code(), Locale::English, None));
    }

    #[test]
    fn languages_in_latin_letters_keep_to_the_gsm_alphabet() {
        let others = [Locale::SimplifiedChinese, Locale::Japanese, Locale::Russian, Locale::Persian];
        for locale in Locale::ALL.into_iter().filter(|it| !others.contains(it)) {
            assert_eq!(encoding(&passcode(&code(), locale, None)), Encoding::Gsm7, "{locale}");
        }
    }
}
