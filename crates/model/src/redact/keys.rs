//! Which keys have values that must not be stored. A key is split into words at `_`, `-`, other
//! punctuation and camelCase, and its words are compared: `OPENAI_KEY`, `x-api-key` and
//! `dbPassword` are sensitive, `secretary` and `primaryKey` are not.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use super::{known, rules::RedactionRules};

/// Words at the end of a key that make no difference: `PASSWORD_PROD`, `apiKeyValue`.
const NEUTRAL: &[&str] = &[
    "value",
    "header",
    "string",
    "text",
    "raw",
    "plain",
    "hash",
    "hashed",
    "encrypted",
    "base64",
    "b64",
    "confirm",
    "confirmation",
    "repeat",
    "again",
    "old",
    "new",
    "current",
    "previous",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "stage",
    "test",
    "live",
    "sandbox",
    "env",
    "default",
    "primary",
    "secondary",
    "main",
    "backup",
];
/// A term with fewer letters must be a whole word; a longer one can also end a word, as in
/// `dbpassword`.
const ENDS_WORDS: usize = 5;
/// The longest key that is examined in full, in bytes; of a longer one, only the end is.
const LONGEST: usize = 128;

/// How certain it is that the value of a key is sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It is sensitive, whatever it looks like.
    Certain,
    /// It is sensitive if it looks like a random secret.
    Possible,
}

/// What a key says about its value; `None` if nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hint<'a> {
    pub weight: Weight,
    /// The term of the rules that the key matches.
    pub term: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Containing,
    Ending,
    Hinting,
    Kept,
    Provider,
}

/// Compiled rules for keys.
#[derive(Debug)]
pub(super) struct Keys {
    terms: Vec<(String, Class)>,
    search: AhoCorasick,
    /// The project's own keys, which must match as a whole.
    own: Vec<String>,
}

impl Keys {
    pub(super) fn new(rules: &RedactionRules, own: &[String]) -> Result<Self, BuildError> {
        let listed = [
            (&rules.keys_kept, Class::Kept),
            (&rules.keys_containing, Class::Containing),
            (&rules.keys_ending, Class::Ending),
            (&rules.keys_hinting, Class::Hinting),
        ];
        let mut terms: Vec<(String, Class)> = listed
            .into_iter()
            .flat_map(|(words, class)| words.iter().map(move |word| (plain(word), class)))
            .collect();
        if rules.secrets {
            let words = known::words().map(|word| (word.to_owned(), Class::Provider));
            terms.extend(words);
        }
        terms.retain(|(term, _)| !term.is_empty());
        Ok(Self {
            search: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .build(terms.iter().map(|(term, _)| term))?,
            terms,
            own: own.iter().map(|key| plain(key)).collect(),
        })
    }

    /// What a key says about its value; `None` if nothing.
    pub(super) fn hint(&self, key: &str) -> Option<Hint<'_>> {
        if !self.own.is_empty() {
            let plain = plain(key);
            if let Some(term) = self.own.iter().find(|own| **own == plain) {
                let weight = Weight::Certain;
                return Some(Hint { weight, term });
            }
        }
        self.listed(&Key::new(key))
    }

    fn listed(&self, key: &Key) -> Option<Hint<'_>> {
        let (mut certain, mut possible, mut provider) = (None, None, false);
        for found in self.search.find_overlapping_iter(key.plain()) {
            let (term, class) = &self.terms[found.pattern().as_usize()];
            let (from, to) = (found.start(), found.end());
            match class {
                Class::Kept if key.begins(from) && to == key.length => return None,
                Class::Containing if key.matches(from, to) => certain = certain.or(Some(term)),
                Class::Ending if key.matches(from, to) && key.is_last(to) => {
                    certain = certain.or(Some(term));
                }
                // `key` alone usually means the key of a map.
                Class::Hinting
                    if key.begins(from)
                        && key.is_last(to)
                        && !(term == "key" && key.length == to - from) =>
                {
                    possible = possible.or(Some(term));
                }
                Class::Provider => provider |= key.begins(from) && key.ends(to),
                _ => {}
            }
        }
        let weight = match (certain, possible) {
            (None, Some(_)) if !provider => Weight::Possible,
            _ => Weight::Certain,
        };
        let term = certain.or(possible)?;
        Some(Hint { weight, term })
    }
}

/// A key in lower case without separators, with the positions where its words begin.
struct Key {
    text: [u8; LONGEST],
    length: usize,
    begins: u128,
}

impl Key {
    fn new(key: &str) -> Self {
        let bytes = &key.as_bytes()[key.len().saturating_sub(LONGEST)..];
        let mut made = Self {
            text: [0; LONGEST],
            length: 0,
            begins: 0,
        };
        let mut before = b' ';
        for (at, &byte) in bytes.iter().enumerate() {
            let joins = byte.is_ascii_alphanumeric() || !byte.is_ascii();
            if joins {
                let after = bytes.get(at + 1).copied().unwrap_or(b' ');
                made.push(byte, begins_word(before, byte, after));
            }
            before = byte;
        }
        made
    }

    fn push(&mut self, byte: u8, begins: bool) {
        self.text[self.length] = byte.to_ascii_lowercase();
        self.begins |= u128::from(begins) << self.length;
        self.length += 1;
    }

    fn plain(&self) -> &[u8] {
        &self.text[..self.length]
    }

    /// Whether a word begins at a position.
    fn begins(&self, at: usize) -> bool {
        at < self.length && self.begins >> at & 1 == 1
    }

    /// Whether a word ends at a position, possibly followed by digits that belong to it:
    /// `password2`.
    fn ends(&self, at: usize) -> bool {
        at == self.length || self.begins(at) || self.text[at].is_ascii_digit()
    }

    /// Whether a term matches here as whole words, or as the end of one.
    fn matches(&self, from: usize, to: usize) -> bool {
        let long = to - from >= ENDS_WORDS;
        let plural =
            long && self.text.get(to) == Some(&b's') && self.ends((to + 1).min(self.length));
        (self.begins(from) || long) && (self.ends(to) || plural)
    }

    /// Whether nothing follows a position but digits and words that make no difference.
    fn is_last(&self, to: usize) -> bool {
        if to == self.length {
            return true;
        }
        if !self.ends(to) {
            return false;
        }
        let mut word = to;
        while word < self.length {
            let next = (word + 1..self.length).find(|&at| self.begins(at));
            let next = next.unwrap_or(self.length);
            let text = &self.text[word..next];
            let neutral = NEUTRAL.iter().any(|neutral| neutral.as_bytes() == text);
            if !neutral && !text.iter().all(u8::is_ascii_digit) {
                return false;
            }
            word = next;
        }
        true
    }
}

fn begins_word(before: u8, byte: u8, after: u8) -> bool {
    if !before.is_ascii_alphanumeric() && before.is_ascii() {
        return true;
    }
    if byte.is_ascii_uppercase() {
        // `apiKey`, `APIKey`, `s3Key`.
        return !before.is_ascii_uppercase() || after.is_ascii_lowercase();
    }
    before.is_ascii_digit() && byte.is_ascii_lowercase()
}

/// Lower case without separators.
pub(super) fn plain(key: &str) -> String {
    key.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_by_its_words() {
        let keys = Keys::new(&RedactionRules::default(), &[]).unwrap();
        let weight = |key: &str| keys.hint(key).map(|hint| hint.weight);
        for key in [
            "password",
            "dbPassword",
            "DB_PASSWORD_PROD",
            "password2",
            "x-api-key",
            "APIKey",
            "OPENAI_KEY",
            "stripeKey",
            "client.secret",
            "authtoken",
            "Set-Cookie",
            "cvv2",
            "user_passwords",
            "aws_secret_access_key",
            "smtp_pass",
            "PRIVATE-KEY",
        ] {
            assert_eq!(weight(key), Some(Weight::Certain), "{key}");
        }
        for key in ["customKey", "sig", "deployKey2", "X-Auth", "inputTokens"] {
            assert_eq!(weight(key), Some(Weight::Possible), "{key}");
        }
        for key in [
            "secretary",
            "tokenizer",
            "primaryKey",
            "cache_key",
            "passwordPolicy",
            "token_count",
            "secret_name",
            "shipping",
            "spin",
            "keyboard",
            "password_changed_at",
            "nextPageToken",
            "author",
            "monkey",
            "key",
            "idempotency-key",
        ] {
            assert_eq!(weight(key), None, "{key}");
        }
    }
}
