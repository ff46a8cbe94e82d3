//! Payment card numbers.
//!
//! One in ten numbers passes the check digit by chance. So a number must also begin like those of a
//! card network, have a length that the network issues, be written like a card number, and stand
//! alone.

use std::cell::OnceCell;

use super::span::Span;

/// The name of the rule.
pub(super) const RULE: &str = "card numbers";

/// A range of numbers that a network issues.
struct Network {
    /// The first six digits, from and to.
    first: (u32, u32),
    /// The usual lengths.
    lengths: &'static [usize],
    /// Lengths that are rare among cards and common among other numbers: they count only if the
    /// text mentions cards.
    rare: &'static [usize],
}

const fn network(first: (u32, u32), lengths: &'static [usize], rare: &'static [usize]) -> Network {
    Network {
        first,
        lengths,
        rare,
    }
}

/// The networks by their published ranges (ISO/IEC 7812 issuer identification numbers, as listed in
/// the networks' rules for merchants and in <https://en.wikipedia.org/wiki/Payment_card_number>).
const NETWORKS: &[Network] = &[
    // Mir.
    network((220_000, 220_499), &[16], &[17, 18, 19]),
    // Mastercard.
    network((222_100, 272_099), &[16], &[]),
    network((510_000, 559_999), &[16], &[]),
    // Diners Club.
    network((300_000, 305_999), &[14, 16], &[]),
    network((309_500, 309_599), &[14, 16], &[]),
    network((360_000, 369_999), &[14], &[16]),
    network((380_000, 399_999), &[14, 16], &[]),
    // American Express.
    network((340_000, 349_999), &[15], &[]),
    network((370_000, 379_999), &[15], &[]),
    // JCB.
    network((352_800, 358_999), &[16], &[17, 18, 19]),
    // Visa.
    network((400_000, 499_999), &[16], &[13, 19]),
    // Maestro, Dankort, Verve, Elo.
    network((500_000, 509_999), &[16], &[13, 14, 15, 17, 18, 19]),
    network((560_000, 589_999), &[16], &[13, 14, 15, 17, 18, 19]),
    network((639_000, 639_099), &[16], &[13, 14, 15, 17, 18, 19]),
    network((670_000, 679_999), &[16], &[13, 14, 15, 17, 18, 19]),
    // RuPay, Discover, Hipercard.
    network((601_100, 601_199), &[16], &[17, 18, 19]),
    network((606_282, 608_500), &[16], &[]),
    network((644_000, 659_999), &[16], &[17, 18, 19]),
    // UnionPay, Elo, InterPayment.
    network((620_000, 629_999), &[16], &[17, 18, 19]),
    network((630_400, 630_499), &[16], &[13, 14, 15, 17, 18, 19]),
    network((636_000, 636_999), &[16], &[17, 18, 19]),
    network((810_000, 829_999), &[16], &[]),
    // Troy.
    network((979_200, 979_299), &[16], &[]),
];

/// The lengths of the groups of digits on cards.
const GROUPS: &[&[usize]] = &[&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];
/// What separates groups, longer separators before their prefixes, including what typesetting and
/// copying turn a space or a hyphen into.
const SEPARATORS: &[&str] = &[
    " - ",
    " \u{2013} ",
    "   ",
    "  ",
    " ",
    "-",
    ".",
    "\t",
    "\u{a0}",
    "\u{202f}",
    "\u{2007}",
    "\u{2009}",
    "\u{2010}",
    "\u{2011}",
    "\u{2012}",
    "\u{2013}",
    "\u{2014}",
    "\u{2212}",
    "\u{b7}",
];
/// The number of digits of the longest card number.
const LONGEST: usize = 19;

/// Words that show that a text is about cards.
const WORDS: &[&str] = &[
    "card", "visa", "maestro", "amex", "credit", "debit", "unionpay", "karte", "tarjeta", "carte",
];

/// A text that is searched for cards.
struct Search<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Whether the text mentions cards; determined only when needed.
    mentions_cards: OnceCell<bool>,
}

/// Finds the card numbers in a text.
pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    let search = Search::new(text);
    let bytes = search.bytes;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = digits_at(bytes, at);
        match search.card_at(at, run) {
            Some(to) => {
                spans.push(Span::new(at, to, RULE));
                at = to;
            }
            None => at += run,
        }
    }
}

/// Whether a text is a card number and nothing else.
pub(super) fn is_one(text: &str) -> bool {
    let run = digits_at(text.as_bytes(), 0);
    run == text.len() && Search::new(text).card_at(0, run).is_some()
}

fn digits_at(bytes: &[u8], from: usize) -> usize {
    let digits = bytes[from..].iter();
    digits.take_while(|byte| byte.is_ascii_digit()).count()
}

impl<'a> Search<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            mentions_cards: OnceCell::new(),
        }
    }

    /// The end of the card number that begins at `from`, the first of a run of `run` digits.
    fn card_at(&self, from: usize, run: usize) -> Option<usize> {
        let to = if (13..=LONGEST).contains(&run) {
            from + run
        } else if run == 4 {
            let rest = self.text.get(from + run..)?;
            let separator = SEPARATORS.iter().find(|with| rest.starts_with(**with))?;
            let grouped = |groups: &&[usize]| grouped(self.bytes, from, separator, groups);
            let to = GROUPS.iter().find_map(grouped)?;
            if *separator == " " && self.within_groups(from, to) {
                return None;
            }
            to
        } else {
            return None;
        };
        let stands_alone = begins(self.bytes, from) && ends(self.bytes, to);
        (stands_alone && self.is_card(&self.bytes[from..to])).then_some(to)
    }

    /// Whether the groups are preceded by a group of four, as in an account number, or followed by
    /// one in a text that does not mention cards.
    fn within_groups(&self, from: usize, to: usize) -> bool {
        let before = self.text[..from].strip_suffix(' ').unwrap_or_default();
        let word = before.rsplit(' ').next().unwrap_or_default();
        let after = self.text[to..].strip_prefix(' ').unwrap_or_default();
        let is_group = |word: &str| {
            word.len() == 4
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && word.bytes().any(|byte| byte.is_ascii_digit())
        };
        let followed = is_group(after.split(' ').next().unwrap_or_default());
        is_group(word) || (followed && !self.mentions_cards())
    }

    fn is_card(&self, written: &[u8]) -> bool {
        let mut digits = [0_u8; LONGEST];
        let mut length = 0;
        for byte in written.iter().filter(|byte| byte.is_ascii_digit()) {
            digits[length] = byte - b'0';
            length += 1;
        }
        let digits = &digits[..length];
        let first = digits[..6]
            .iter()
            .fold(0, |first, &digit| first * 10 + u32::from(digit));
        let network = NETWORKS
            .iter()
            .find(|network| (network.first.0..=network.first.1).contains(&first));
        network.is_some_and(|network| {
            let usual = network.lengths.contains(&length);
            let rare = network.rare.contains(&length);
            luhn(digits) && (usual || (rare && self.mentions_cards()))
        })
    }

    fn mentions_cards(&self) -> bool {
        *self.mentions_cards.get_or_init(|| {
            let text = self.text.to_ascii_lowercase();
            WORDS.iter().any(|word| text.contains(word))
        })
    }
}

/// The end of groups of these lengths.
fn grouped(bytes: &[u8], from: usize, separator: &str, groups: &[usize]) -> Option<usize> {
    let mut at = from;
    for (position, &length) in groups.iter().enumerate() {
        if position > 0 {
            if !bytes[at..].starts_with(separator.as_bytes()) {
                return None;
            }
            at += separator.len();
        }
        if digits_at(bytes, at) != length {
            return None;
        }
        at += length;
    }
    Some(at)
}

/// Whether a number can begin here: it must not be part of a longer token, a fraction, a negative
/// number, a telephone number, an amount or an order number.
pub(super) fn begins(bytes: &[u8], from: usize) -> bool {
    let before = from.checked_sub(1).map(|before| bytes[before]);
    before.is_none_or(|before| !(before.is_ascii_alphanumeric() || b"_-.+#$@~".contains(&before)))
}

/// Whether a number can end here: it must not be part of a longer token or have decimals.
pub(super) fn ends(bytes: &[u8], to: usize) -> bool {
    let joined = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    match bytes.get(to) {
        None => true,
        Some(b'_' | b'@' | b'%' | b'~') => false,
        Some(b'-' | b'.') => !joined(to + 1),
        Some(after) => !after.is_ascii_alphanumeric(),
    }
}

/// Verifies the check digit of payment cards (ISO/IEC 7812-1, annex B).
fn luhn(digits: &[u8]) -> bool {
    let places = digits.iter().rev().enumerate();
    let sum: u32 = places
        .map(|(place, &digit)| match (place % 2, digit * 2) {
            (0, _) => u32::from(digit),
            (_, doubled) if doubled > 9 => u32::from(doubled - 9),
            (_, doubled) => u32::from(doubled),
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_of_networks_do_not_overlap() {
        for (position, one) in NETWORKS.iter().enumerate() {
            for other in &NETWORKS[position + 1..] {
                let apart = one.first.1 < other.first.0 || other.first.1 < one.first.0;
                assert!(apart, "{:?} and {:?}", one.first, other.first);
            }
        }
    }

    #[test]
    fn a_rare_length_is_a_card_where_the_text_mentions_one() {
        let found = |text: &str| {
            let mut spans = Vec::new();
            find(text, &mut spans);
            spans.len()
        };
        assert_eq!(found("card 4222222222222"), 1);
        assert_eq!(found("chat 4222222222222"), 0);
    }
}
