//! Where the links in a text are.

use serde::Serialize;

/// A stretch of text, a link or not.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub text: String,
    pub is_link: bool,
}

/// The text in pieces; together they are the text again.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        match pieces.last_mut() {
            _ if is_link(bare) => {
                pieces.push(Piece { text: bare.to_owned(), is_link: true });
                pieces.push(Piece { text: word[bare.len()..].to_owned(), is_link: false });
            }
            Some(before) => before.text.push_str(word),
            None => pieces.push(Piece { text: word.to_owned(), is_link: false }),
        }
    }
    pieces
}

/// Web addresses only: no other scheme may be clicked.
pub fn is_link(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_text_and_only_web_addresses_are_links() {
        let text = "Log in:\n\nhttps://a.example/?x=1 \n\njavascript:alert(1) ftp://b http://c";
        let pieces = pieces(text);
        let links: Vec<&str> = pieces.iter().filter(|it| it.is_link).map(|it| it.text.as_str()).collect();
        assert_eq!(links, ["https://a.example/?x=1", "http://c"]);
        assert_eq!(pieces.iter().map(|it| it.text.as_str()).collect::<String>(), text);
    }
}
