//! The words of what is sent.
//!
//! Tenant-controlled text never stands in a text message; in mail it is cut,
//! stripped of what could pass for a link or another line, and escaped.

mod letters;
mod notice;
mod page;
mod texts;
mod words;

pub use letters::{CodeMail, LinkMail, Occasion, ResetMail};
pub use notice::notice;
pub use texts::{number_removed, passcode};
pub(crate) use words::{Words, of as words_of};

/// A name that others chose, made harmless: at most 64 characters, no control
/// or direction marks, nothing that a mail program would turn into a link.
pub(crate) fn plain(name: &str, otherwise: &str) -> String {
    let is_mark = |c: char| {
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let kept: String = name.chars().filter(|c| !c.is_control() && !is_mark(*c)).take(64).collect();
    let named = kept.split_whitespace().filter(|word| !word.contains("://") && !word.contains('@'));
    let joined = named.collect::<Vec<_>>().join(" ").replace(['/', '<', '>', '\\'], " ");
    let dotless: String = joined.replace('.', ". ").split_whitespace().collect::<Vec<_>>().join(" ");
    if dotless.is_empty() { otherwise.to_owned() } else { dotless }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::locale::Locale;

    #[test]
    fn a_name_cannot_smuggle_a_link_or_a_line() {
        let plain = |name| plain(name, words::of(Locale::English).your_organization);
        assert_eq!(plain("Acme, Inc."), "Acme, Inc.");
        assert_eq!(plain("Win at https://evil.com now"), "Win at now");
        assert_eq!(plain("evil.com\r\nBcc: x"), "evil. comBcc: x");
        assert_eq!(plain("\u{202e}moc"), "moc");
        assert_eq!(plain("\u{200b}"), "your organization");
        assert_eq!(plain("A\u{ad}c\u{e0041}me\u{2066}"), "Acme");
        assert!(plain(&"x".repeat(500)).len() <= 64);
    }
}
