//! Which keys have values that must not be stored. A key is split into words at `_`, `-`, other
//! punctuation and camelCase, and its words are compared: `OPENAI_KEY`, `x-api-key` and `dbPassword` are
//! sensitive, `secretary` and `primaryKey` are not.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use super::{RedactionRules, known};

/// Words behind the one that counts that change nothing: `PASSWORD_PROD`, `apiKeyValue`.
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
/// A term of fewer letters has to be a word of its own; a longer one may end a word, as in `dbpassword`.
const WORD_OF_ITS_OWN: usize = 5;
/// The longest key that is looked at in full; of a longer one, its end.
const LONGEST: usize = 128;

/// How much a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It is sensitive, whatever it is.
    Surely,
    /// It is sensitive if it looks like a made-up secret.
    Perhaps,
}

/// What a key says about its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling<'a> {
    pub weight: Weight,
    /// The term of the rules that the key has.
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
    /// Keys that have to be equal.
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

    /// What a key says about its value.
    pub(super) fn telling(&self, key: &str) -> Option<Telling<'_>> {
        if !self.own.is_empty() {
            let plain = plain(key);
            if let Some(term) = self.own.iter().find(|own| **own == plain) {
                let weight = Weight::Surely;
                return Some(Telling { weight, term });
            }
        }
        self.listed(&Key::new(key))
    }

    fn listed(&self, key: &Key) -> Option<Telling<'_>> {
        let (mut surely, mut perhaps, mut provider) = (None, None, false);
        for found in self.search.find_overlapping_iter(key.plain()) {
            let (term, class) = &self.terms[found.pattern().as_usize()];
            let (from, to) = (found.start(), found.end());
            match class {
                Class::Kept if key.begins(from) && to == key.length => return None,
                Class::Containing if key.holds(from, to) => surely = surely.or(Some(term)),
                Class::Ending if key.holds(from, to) && key.says_last(to) => {
                    surely = surely.or(Some(term));
                }
                // A `key` alone is that of a map.
                Class::Hinting
                    if key.begins(from)
                        && key.says_last(to)
                        && !(term == "key" && key.length == to - from) =>
                {
                    perhaps = perhaps.or(Some(term));
                }
                Class::Provider => provider |= key.begins(from) && key.ends(to),
                _ => {}
            }
        }
        let weight = match (surely, perhaps) {
            (None, Some(_)) if !provider => Weight::Perhaps,
            _ => Weight::Surely,
        };
        let term = surely.or(perhaps)?;
        Some(Telling { weight, term })
    }
}

/// A key in lower case without separators, and where its words begin.
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

    /// Whether a word begins at a place.
    fn begins(&self, at: usize) -> bool {
        at < self.length && self.begins >> at & 1 == 1
    }

    /// Whether a word ends at a place, or digits that belong to it follow: `password2`.
    fn ends(&self, at: usize) -> bool {
        at == self.length || self.begins(at) || self.text[at].is_ascii_digit()
    }

    /// Whether a term stands here as words, or at the end of one.
    fn holds(&self, from: usize, to: usize) -> bool {
        let long = to - from >= WORD_OF_ITS_OWN;
        let plural =
            long && self.text.get(to) == Some(&b's') && self.ends((to + 1).min(self.length));
        (self.begins(from) || long) && (self.ends(to) || plural)
    }

    /// Whether nothing stands behind a place but digits and words that change nothing.
    fn says_last(&self, to: usize) -> bool {
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
    fn a_key_is_known_by_its_words() {
        let keys = Keys::new(&RedactionRules::default(), &[]).unwrap();
        let weight = |key: &str| keys.telling(key).map(|telling| telling.weight);
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
            assert_eq!(weight(key), Some(Weight::Surely), "{key}");
        }
        for key in ["customKey", "sig", "deployKey2", "X-Auth", "inputTokens"] {
            assert_eq!(weight(key), Some(Weight::Perhaps), "{key}");
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
