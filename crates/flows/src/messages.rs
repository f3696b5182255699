//! The words of what is sent, one file per kind.
//!
//! Tenant-controlled text never stands in a text message; in mail it is cut,
//! stripped of what could pass for a link or another line, and escaped.

mod codes;
mod links;
mod notice;
pub mod password_reset;
mod texts;

pub use codes::CodeMail;
pub use links::LinkMail;
pub use notice::notice;
pub use texts::passcode;

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    Login,
    Signup,
    Invite,
    /// The first proof of an address that a member changes to.
    EmailUpdate,
}

/// A name that others chose, made harmless: at most 64 characters, no control
/// or direction marks, nothing that a mail program would turn into a link.
pub fn plain(name: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let kept: String = name.chars().filter(|c| !c.is_control() && !is_mark(*c)).take(64).collect();
    let words = kept.split_whitespace().filter(|word| !word.contains("://") && !word.contains('@'));
    let joined = words.collect::<Vec<_>>().join(" ").replace(['/', '<', '>', '\\'], " ");
    let dotless: String = joined.replace('.', ". ").split_whitespace().collect::<Vec<_>>().join(" ");
    if dotless.is_empty() { "your organization".to_owned() } else { dotless }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_smuggle_a_link_or_a_line() {
        assert_eq!(plain("Acme, Inc."), "Acme, Inc.");
        assert_eq!(plain("Win at https://evil.com now"), "Win at now");
        assert_eq!(plain("evil.com\r\nBcc: x"), "evil. comBcc: x");
        assert_eq!(plain("\u{202e}moc"), "moc");
        assert_eq!(plain("\u{200b}"), "your organization");
        assert!(plain(&"x".repeat(500)).len() <= 64);
    }
}
