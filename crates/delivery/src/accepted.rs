//! What a provider said when it took a message.

/// Longer references are worth nothing: no provider gives them.
const LONGEST_REFERENCE: usize = 128;

/// A message that a provider has taken. Whether it arrived, its receipts tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The provider's own id of the message, 1 to 128 printable ASCII
    /// characters, by which its receipts name it.
    pub reference: Option<String>,
    /// How many parts the provider bills, if it says so.
    pub segments: Option<u32>,
}

impl Accepted {
    pub(crate) fn referred_to(reference: Option<String>) -> Self {
        Self { reference: reference.filter(|it| is_reference(it)), segments: None }
    }
}

/// Whether a text can be the id of a message at a provider.
pub(crate) fn is_reference(text: &str) -> bool {
    (1..=LONGEST_REFERENCE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}
