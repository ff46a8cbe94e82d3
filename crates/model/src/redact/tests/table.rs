//! How well the built-in rules distinguish secrets from everything else, measured over a table of
//! labelled values.

use serde_json::Value;

use super::{ordinary, sensitive};
use crate::redact::{REDACTED, Redactor};

/// A text or metadata, and the secret in it, if any.
pub(super) struct Case {
    is_metadata: bool,
    text: String,
    secret: Option<String>,
}

impl Case {
    pub(super) fn text(text: String, secret: &str) -> Self {
        Self {
            is_metadata: false,
            text,
            secret: Some(secret.to_owned()),
        }
    }

    pub(super) fn metadata(text: String, secret: &str) -> Self {
        Self {
            is_metadata: true,
            ..Self::text(text, secret)
        }
    }

    fn ordinary(text: &str, is_metadata: bool) -> Self {
        Self {
            is_metadata,
            text: with_check_digits(text),
            secret: None,
        }
    }

    fn stored(&self, redactor: &Redactor) -> String {
        match self.is_metadata {
            true => redactor.json(&self.text),
            false => redactor.text(&self.text).into_owned(),
        }
    }

    /// What should be stored: the rest of a text is kept. `None` for metadata with a secret.
    fn right(&self) -> Option<String> {
        let secret = match (&self.secret, self.is_metadata) {
            // In metadata, whole values can be redacted.
            (Some(_), true) => return None,
            (Some(secret), false) => secret,
            (None, true) => return Some(sorted(&self.text)),
            (None, false) => return Some(self.text.clone()),
        };
        Some(self.text.replace(secret.as_str(), REDACTED))
    }
}

/// Metadata as it is serialised again.
fn sorted(json: &str) -> String {
    let value: Value = serde_json::from_str(json).expect("the table's metadata is JSON");
    value.to_string()
}

/// Random characters, the same in every run.
pub(super) fn random(letters: &str, length: usize, seed: usize) -> String {
    let letters = letters.as_bytes();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed as u64 + 1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        letters[(state >> 11) as usize % letters.len()] as char
    };
    let made: String = (0..length).map(|_| next()).collect();
    // If a secret ends in punctuation, no one can tell where it ends.
    let whole = made.trim_end_matches(['-', '_']);
    whole.to_owned() + &"a".repeat(length - whole.len())
}

/// The text with `{luhn:N}` replaced by a number that passes the check digit of cards.
fn with_check_digits(text: &str) -> String {
    let (mut made, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{luhn:") {
        let (digits, after) = after
            .split_once('}')
            .expect("the table closes what it opens");
        let check = (0..10)
            .map(|check| format!("{digits}{check}"))
            .find(|number| passes(number))
            .expect("one of ten digits is right");
        made.push_str(before);
        made.push_str(&check);
        rest = after;
    }
    made + rest
}

/// The check digit, computed in a different way from the code under test.
fn passes(number: &str) -> bool {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let digits = number.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sums = digits.enumerate().map(|(place, digit)| match place % 2 {
        0 => digit,
        _ => DOUBLED[digit as usize],
    });
    sums.sum::<u32>() % 10 == 0
}

/// The beginnings of texts whose secrets are not found: only their meaning or another text gives
/// them away.
const MISSED: &[&str] = &[
    // A card number of 19 digits in a text that does not mention cards.
    "6205500000000000004",
    "signed by ",
    "the password is correcthorse",
    "logged in as bob with hunter2",
    r#"{"args":["--password","hunter2"]}"#,
];

fn all() -> Vec<Case> {
    let mut cases = sensitive::cases();
    cases.extend(
        ordinary::TEXTS
            .iter()
            .map(|text| Case::ordinary(text, false)),
    );
    cases.extend(
        ordinary::METADATA
            .iter()
            .map(|text| Case::ordinary(text, true)),
    );
    cases
}

#[test]
fn secrets_are_found_and_everything_else_is_kept() {
    let redactor = Redactor::default();
    let cases = all();
    let (mut found, mut missed, mut wrongly) = (0_usize, Vec::new(), Vec::new());
    for case in &cases {
        let stored = case.stored(&redactor);
        let gone = case
            .secret
            .as_ref()
            .map(|secret| !stored.contains(secret.as_str()));
        match gone {
            Some(true) => found += 1,
            Some(false) => missed.push(&case.text),
            None => {}
        }
        let whole = case.right().is_none_or(|right| right == stored);
        if !whole && gone != Some(false) {
            wrongly.push(format!("{} -> {stored}", case.text));
        }
    }
    let sensitive = found + missed.len();
    let recall = found as f64 / sensitive as f64;
    let precision = found as f64 / (found + wrongly.len()) as f64;
    let report = format!(
        "{} values, {sensitive} of them sensitive; precision {:.2} %, recall {:.2} %\nmissed: {missed:#?}\nwrongly: {wrongly:#?}",
        cases.len(),
        precision * 100.0,
        recall * 100.0
    );
    println!("{report}");
    assert!(cases.len() >= 300 && sensitive >= 150, "{report}");
    assert!(precision >= 0.99 && recall >= 0.97, "{report}");
    // If you find a way to detect these, shorten the list.
    for text in &missed {
        let known = MISSED.iter().any(|known| text.starts_with(known));
        assert!(known, "{text} is missed as well\n{report}");
    }
    assert_eq!(missed.len(), MISSED.len(), "{report}");
}

#[test]
fn redacting_twice_changes_nothing() {
    let redactor = Redactor::default();
    for case in all() {
        let once = case.stored(&redactor);
        let again = match case.is_metadata {
            true => redactor.json(&once),
            false => redactor.text(&once).into_owned(),
        };
        assert_eq!(again, once);
    }
}
