//! Passwords that a sentence tells: `the password is hunter2`, `passphrase tr0ub4dor was refused`.
//!
//! A sentence speaks of passwords far more often than it tells one, so what counts is a value that no
//! word, number, date or name of a method looks like.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{
    Span,
    assigned::value_from,
    shape::{is_no_word, is_path, is_stand_in},
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
/// What stands between the word and the value: one of these at least, or the value has to be surely one.
const CONNECTING: &[&str] = &[
    "is", "was", "be", "are", "now", "still", "set", "to", "changed", "reset", "as", "=", "ist",
    "lautet", "war",
];
/// What tells whose password it is: `password for the user bob is ...`.
const OF: &[&str] = &["for", "of", "von", "f\u{fc}r"];
/// Words that may follow those.
const OWNERS: usize = 4;
/// What methods, fields and versions are called, without their digits.
const NAMES: &[&str] = &[
    "sha", "md", "aes", "base", "utf", "argon", "argon2id", "argon2i", "pbkdf", "bcrypt", "scrypt",
    "oauth", "rsa", "fa", "v", "rc", "step", "field", "user", "account", "rule", "attempt",
    "entry", "policy", "version", "input", "login", "node", "vault", "server", "host", "db",
    "auth", "http", "https", "tls", "ssl", "iso", "ntlmv", "crc",
];
/// What numbers in sentences are of.
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
/// The shortest password that is found.
const SHORTEST: usize = 4;
/// The fewest digits of a password that is a number, and of a passcode.
const DIGITS: usize = 6;
const CODE_DIGITS: usize = 4;

static SEARCH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(WORDS)
        .expect("a few words are a search")
});

/// The passwords that sentences of a text tell.
pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    for found in SEARCH.find_iter(text) {
        let joins = |at: usize| {
            let byte = bytes.get(at);
            byte.is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || b"_-".contains(byte) || !byte.is_ascii()
            })
        };
        let own_word = !joins(found.end()) && (found.start() == 0 || !joins(found.start() - 1));
        let word = WORDS[found.pattern().as_usize()];
        if own_word && let Some((from, to)) = told(text, found.end(), word) {
            spans.push(Span::new(from, to, format!("key {word}")));
        }
    }
}

/// Where the value stands that follows the word.
fn told(text: &str, end: usize, word: &str) -> Option<(usize, usize)> {
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
    let told = match (connected, value.quoted) {
        (true, true) => is_quoted(given),
        _ => is_password(given, word, connected) && !UNITS.contains(&&*unit.to_ascii_lowercase()),
    };
    (told && !is_stand_in(given) && !is_path(given)).then_some((value.from, value.to))
}

/// How long a word of a sentence is without what ends the sentence.
fn word_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || "\"'`,;)}]<>".contains(c);
    let word = &text[..text.find(ends).unwrap_or(text.len())];
    word.trim_end_matches(['.', ':', '?']).len()
}

/// Whether what a sentence puts in quotation marks is a password rather than a message.
fn is_quoted(given: &str) -> bool {
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
    let is_odd = letters > 0 && is_no_word(given) && given.len() >= SHORTEST;
    let is_sure = connected || (digits > 0 && given.len() > DIGITS);
    (is_odd && is_sure && !is_date(given) && !is_name(given)) || is_phrase
}

/// Whether a value is a moment: `2026-01-02T03:04:05Z`.
fn is_date(given: &str) -> bool {
    given
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-:.+/TZtz".contains(&byte))
}

/// Whether a value is what a method, a field or a version is called: `SHA-256`, `field2`, `v2.1`, `2FA`.
fn is_name(given: &str) -> bool {
    let lower = given.to_ascii_lowercase();
    let name = lower.trim_matches(|c: char| !c.is_ascii_alphabetic());
    NAMES.contains(&name)
}
