//! How a text travels: 160 characters of the GSM alphabet, or 70 of UCS-2, a segment (3GPP TS 23.038, 23.040).

/// The characters of the basic table, one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Those of the extension table, two septets each.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Gsm7,
    /// UTF-16 in practice: what is beyond the basic plane counts two.
    Ucs2,
}

/// What carriers send the text in: one character outside the GSM tables costs all the others.
pub fn encoding(text: &str) -> Encoding {
    if text.chars().all(|c| septets(c).is_some()) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// How many segments the text costs; an empty one costs one, too.
pub fn segments(text: &str) -> usize {
    let (width, alone, joined): (fn(char) -> usize, _, _) = match encoding(text) {
        Encoding::Gsm7 => (|c| septets(c).unwrap_or(2), 160, 153),
        Encoding::Ucs2 => (char::len_utf16, 70, 67),
    };
    if text.chars().map(width).sum::<usize>() <= alone {
        return 1;
    }
    // No character is cut in two between segments.
    let fill = |(done, used): (usize, usize), c| match used + width(c) {
        more if more > joined => (done + 1, width(c)),
        more => (done, more),
    };
    text.chars().fold((1, 0), fill).0
}

pub fn is_one_segment(text: &str) -> bool {
    segments(text) == 1
}

fn septets(c: char) -> Option<usize> {
    match () {
        () if BASIC.contains(c) => Some(1),
        () if EXTENSION.contains(c) => Some(2),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_outside_the_tables_halves_the_segment() {
        for (text, of) in [
            ("Your code is 123456", Encoding::Gsm7),
            ("@acme.com #123456\n", Encoding::Gsm7),
            ("Der Code läuft ab: ÄÖÜäöüß", Encoding::Gsm7),
            ("perché è già ñ à ù", Encoding::Gsm7),
            ("10 € [a] {b} ~ | \\ ^", Encoding::Gsm7),
            ("código", Encoding::Ucs2),
            ("á", Encoding::Ucs2),
            ("ç", Encoding::Ucs2),
            ("Ç", Encoding::Gsm7),
            ("`", Encoding::Ucs2),
            ("’", Encoding::Ucs2),
            ("验证码", Encoding::Ucs2),
        ] {
            assert_eq!(encoding(text), of, "{text}");
        }
    }

    #[test]
    fn segments_are_counted_as_carriers_bill_them() {
        for (text, expected) in [
            (String::new(), 1),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("€".repeat(76 * 2 + 1), 3), // 153 is odd: no pair is cut
            ("ó".repeat(70), 1),
            ("ó".repeat(71), 2),
            ("ó".repeat(134), 2),
            ("ó".repeat(135), 3),
            ("😀".repeat(35), 1),
            ("😀".repeat(36), 2),
            ("😀".repeat(67), 3), // 33 a segment: no pair is cut
        ] {
            assert_eq!(segments(&text), expected, "{} characters", text.chars().count());
        }
    }

    #[test]
    fn the_tables_are_those_of_the_standard() {
        assert_eq!((BASIC.chars().count(), EXTENSION.chars().count()), (127, 10)); // without the escape
    }
}
