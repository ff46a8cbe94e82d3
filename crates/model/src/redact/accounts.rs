//! Bank account numbers (IBAN) and US social security numbers, recognised by their form and check
//! digits.

use super::{
    cards::{begins, ends},
    span::Span,
};

/// The name of the rule for account numbers.
pub(super) const IBAN: &str = "bank account numbers";
/// The name of the rule for social security numbers.
pub(super) const SSN: &str = "social security numbers";

/// The length of account numbers by country (ISO 13616, IBAN registry).
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// What separates the groups of an account number, if anything.
const SEPARATORS: &[&str] = &[" ", "-", ".", "\u{a0}", "\u{202f}"];
/// The number of characters in a group.
const GROUP: usize = 4;

/// Finds the account numbers and social security numbers in a text.
pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let starts = bytes[at].is_ascii_alphanumeric() && begins(bytes, at);
        let found = starts.then(|| {
            let account = account_at(text, at).map(|to| (to, IBAN));
            account.or_else(|| ssn_at(bytes, at).map(|to| (to, SSN)))
        });
        match found.flatten() {
            Some((to, rule)) => {
                spans.push(Span::new(at, to, rule));
                at = to;
            }
            None => at += 1,
        }
    }
}

/// The end of the account number that begins here.
fn account_at(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let head = bytes.get(from..from + 4)?;
    if !head[2..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let country = text.get(from..from + 2)?;
    let (_, length) = LENGTHS.iter().find(|(known, _)| *known == country)?;
    let rest = &text[from + GROUP..];
    let separator = SEPARATORS.iter().find(|with| rest.starts_with(**with));
    let to = read(text, from, *length, separator.copied())?;
    let written = bytes[from..to].iter().filter(|b| b.is_ascii_alphanumeric());
    (ends(bytes, to) && remainder(written) == 1).then_some(to)
}

/// The end of `length` capital letters and digits that begin here, in groups of four if there is a
/// separator.
fn read(text: &str, from: usize, length: usize, separator: Option<&str>) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    for position in 0..length {
        if let Some(separator) = separator
            && position > 0
            && position % GROUP == 0
        {
            at += text
                .get(at..)?
                .strip_prefix(separator)
                .map(|_| separator.len())?;
        }
        let byte = bytes.get(at)?;
        if !(byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// The number modulo 97, with its first four characters moved to the end and letters counted from
/// 10 (ISO 7064).
fn remainder<'b>(written: impl Iterator<Item = &'b u8> + Clone) -> u32 {
    let turned = written.clone().skip(GROUP).chain(written.take(GROUP));
    turned.fold(0, |rest, &byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}

/// The end of the social security number that begins here: `###-##-####`, unless it is a number
/// that is never issued.
fn ssn_at(bytes: &[u8], from: usize) -> Option<usize> {
    let written = bytes.get(from..from + 11)?;
    let is_one = written.iter().enumerate().all(|(place, byte)| match place {
        3 | 6 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let (area, group, serial) = (&written[..3], &written[4..6], &written[7..]);
    let is_issued =
        area != b"000" && area != b"666" && area[0] != b'9' && group != b"00" && serial != b"0000";
    (is_one && is_issued && ends(bytes, from + 11)).then_some(from + 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_needs_its_country_length_and_check_digits() {
        let found = |text: &str| {
            let mut spans = Vec::new();
            find(text, &mut spans);
            spans
                .iter()
                .map(|span| text[span.from..span.to].to_owned())
                .collect::<Vec<_>>()
        };
        for account in [
            "DE89370400440532013000",
            "NO93 8601 1117 947",
            "GB82-WEST-1234-5698-7654-32",
        ] {
            assert_eq!(found(&format!("to {account}, please")), [account]);
        }
        for other in [
            "DE89370400440532013001",
            "DE893704004405320130",
            "XX89370400440532013000",
            "xDE89370400440532013000",
            "DE89370400440532013000x",
        ] {
            assert!(found(other).is_empty(), "{other}");
        }
        assert_eq!(found("078-05-1120"), ["078-05-1120"]);
        for other in [
            "000-12-3456",
            "666-12-3456",
            "912-12-3456",
            "123-00-4567",
            "123-45-0000",
            "123-45-67890",
            "1-123-45-6789",
        ] {
            assert!(found(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn every_country_is_listed_once_and_in_order() {
        assert!(LENGTHS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
