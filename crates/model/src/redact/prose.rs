//! Passwords in sentences: `the password is hunter2`, `passphrase tr0ub4dor was refused`.
//!
//! Sentences mention passwords far more often than they contain one, so a value counts only if it
//! does not look like a word, a number, a date or a name.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{
    assigned::value_from,
    shape::{is_path, is_stand_in, looks_unlike_word},
    span::Span,
};

/// Words for passwords, in lower case.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "passwort",
    "kennwort",
];
/// What connects the word and the value. Without one of these, the value must be a password beyond
/// doubt.
const CONNECTING: &[&str] = &[
    "is", "was", "be", "are", "now", "still", "set", "to", "changed", "reset", "as", "=", "ist",
    "lautet", "war",
];
/// What introduces the owner of a password: `password for the user bob is ...`.
const OF: &[&str] = &["for", "of", "von", "f\u{fc}r"];
/// How many words can name the owner.
const OWNERS: usize = 4;
/// Names of methods, fields and versions, without their digits.
const NAMES: &[&str] = &[
    "sha", "md", "aes", "base", "utf", "argon", "argon2id", "argon2i", "pbkdf", "bcrypt", "scrypt",
    "oauth", "rsa", "fa", "v", "rc", "step", "field", "user", "account", "rule", "attempt",
    "entry", "policy", "version", "input", "login", "node", "vault", "server", "host", "db",
    "auth", "http", "https", "tls", "ssl", "iso", "ntlmv", "crc",
];
/// Units that follow numbers in sentences.
const UNITS: &[&str] = &[
    "bytes",
    "byte",
    "bits",
    "bit",
    "characters",
    "character",
    "chars",
    "char",
    "digits",
    "letters",
    "ms",
    "seconds",
    "minutes",
    "hours",
    "days",
    "times",
    "attempts",
    "zeichen",
    "users",
    "accounts",
];
/// The shortest password that is found, in bytes.
const SHORTEST: usize = 4;
/// The fewest digits of a numeric password, and of a passcode.
const DIGITS: usize = 6;
const CODE_DIGITS: usize = 4;

static SEARCH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(WORDS)
        .expect("the search for a few words compiles")
});

/// Finds passwords in the sentences of a text.
pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    for found in SEARCH.find_iter(text) {
        let joins = |at: usize| {
            let byte = bytes.get(at);
            byte.is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || b"_-".contains(byte) || !byte.is_ascii()
            })
        };
        let whole_word = !joins(found.end()) && (found.start() == 0 || !joins(found.start() - 1));
        let word = WORDS[found.pattern().as_usize()];
        if whole_word && let Some((from, to)) = password_after(text, found.end(), word) {
            spans.push(Span::new(from, to, format!("key {word}")));
        }
    }
}

/// The range of the value that follows the word, if it is a password.
fn password_after(text: &str, end: usize, word: &str) -> Option<(usize, usize)> {
    let mut from = end;
    let mut connected = false;
    let mut owners = 0;
    loop {
        let rest = text[from..].strip_prefix([' ', '('])?;
        let rest = rest.trim_start_matches(['(', ' ']);
        from = text.len() - rest.len();
        let next = rest.split([' ', '\n']).next().unwrap_or_default();
        let lower = next.to_ascii_lowercase();
        if CONNECTING.contains(&&*lower) {
            connected = true;
        } else if !connected && OF.contains(&&*lower) {
            owners = OWNERS;
        } else if !connected && owners > 0 && !next.ends_with(['.', ',', ';', ':', '!', '?']) {
            owners -= 1;
        } else {
            break;
        }
        from += next.len();
    }
    let mut value = value_from(text, from);
    if !value.quoted {
        value.to = from + word_length(&text[from..]);
    }
    let given = &text[value.from..value.to];
    let after = text[value.to..].trim_start_matches(['"', '\'', '`', ' ']);
    let unit = after
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_secret = match (connected, value.quoted) {
        (true, true) => is_quoted_password(given),
        _ => is_password(given, word, connected) && !UNITS.contains(&&*unit.to_ascii_lowercase()),
    };
    (is_secret && !is_stand_in(given) && !is_path(given)).then_some((value.from, value.to))
}

/// The length of a word in a sentence, without punctuation after it.
fn word_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || "\"'`,;)}]<>".contains(c);
    let word = &text[..text.find(ends).unwrap_or(text.len())];
    word.trim_end_matches(['.', ':', '?']).len()
}

/// Whether quoted text in a sentence is a password rather than a message.
fn is_quoted_password(given: &str) -> bool {
    given.len() >= SHORTEST && given.split(' ').count() <= 6
}

fn is_password(given: &str, word: &str, connected: bool) -> bool {
    let digits = given.bytes().filter(u8::is_ascii_digit).count();
    let letters = given.bytes().filter(u8::is_ascii_alphabetic).count();
    if digits == given.len() {
        let least = if word == "passcode" {
            CODE_DIGITS
        } else {
            DIGITS
        };
        return connected && digits >= least;
    }
    let is_phrase = word == "passphrase"
        && given
            .split(['-', '.', '_'])
            .filter(|part| part.len() > 2)
            .count()
            >= 3;
    let is_odd = letters > 0 && looks_unlike_word(given) && given.len() >= SHORTEST;
    let is_sure = connected || (digits > 0 && given.len() > DIGITS);
    (is_odd && is_sure && !is_date(given) && !is_name(given)) || is_phrase
}

/// Whether a value is a date or time: `2026-01-02T03:04:05Z`.
fn is_date(given: &str) -> bool {
    given
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-:.+/TZtz".contains(&byte))
}

/// Whether a value is the name of a method, field or version: `SHA-256`, `field2`, `v2.1`, `2FA`.
fn is_name(given: &str) -> bool {
    let lower = given.to_ascii_lowercase();
    let name = lower.trim_matches(|c: char| !c.is_ascii_alphabetic());
    NAMES.contains(&name)
}
