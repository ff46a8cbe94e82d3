//! Secrets that follow their key in a text: `password=...`, `"token": "..."`, `X-Api-Key: ...`,
//! `--token ...`, `<secret>...</secret>`.

use super::{
    keys::{Hint, Keys, Weight},
    shape::{is_path, is_stand_in, looks_random, looks_unlike_word},
    span::Span,
};

/// The longest key that is considered, in bytes.
const KEY: usize = 64;
/// The shortest secret, in bytes.
const SHORTEST: usize = 3;
/// How many bytes are searched for the end of a line or an element.
const FAR: usize = 2_048;
/// Headers whose value is the rest of the line.
const LINES: &[&str] = &["authorization", "cookie", "cookies"];
/// The schemes that precede the credentials in an `Authorization` header.
const SCHEMES: &[&str] = &[
    "bearer",
    "basic",
    "digest",
    "token",
    "apikey",
    "negotiate",
    "ntlm",
    "hawk",
    "key",
    "oauth",
    "aws4-hmac-sha256",
    "sharedkey",
    "bot",
];

/// The range of a value in bytes, and whether it is quoted.
pub(super) struct Value {
    pub from: usize,
    pub to: usize,
    pub quoted: bool,
}

/// Finds secrets after `=`, `:` or a tag.
pub(super) fn find(text: &str, keys: &Keys, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let assigns = |byte: &u8| matches!(byte, b'=' | b':' | b'>');
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(assigns) {
        let sign = at + found;
        at = sign + 1;
        // `==`, `://` and `::` are not assignments.
        let behind = &bytes[sign..];
        let others: [&[u8]; 3] = [b"==", b"::", b"://"];
        if others.iter().any(|other| behind.starts_with(other)) {
            at += 1;
            continue;
        }
        let Some((key, hint)) = key_before(text, sign, keys) else {
            continue;
        };
        let span = match bytes[sign] {
            b'>' => tagged(text, sign, hint),
            _ => assigned(text, sign, key, hint),
        };
        if let Some(span) = span {
            at = at.max(span.to);
            spans.push(span);
        }
    }
}

/// Finds secrets in command-line options: `--token ...`, `curl -u user:...`.
pub(super) fn options(text: &str, keys: &Keys, spans: &mut Vec<Span>) {
    let mut at = 0;
    while let Some(found) = text[at..].find('-') {
        let dash = at + found;
        let option = text[dash..].split([' ', '=']).next().unwrap_or_default();
        at = dash + option.len().max(1);
        let begins = dash == 0 || text.as_bytes()[dash - 1] == b' ';
        if !begins || option.len() > KEY || text.as_bytes().get(at) != Some(&b' ') {
            continue;
        }
        let value = value_from(text, at + 1);
        let given = &text[value.from..value.to];
        let secret = match option {
            "-u" | "--user" => given.split_once(':').map_or("", |(_, password)| password),
            _ if option.starts_with("--") => match keys.hint(option) {
                Some(hint) if is_secret(given, &value, hint, false) => given,
                _ => "",
            },
            _ => "",
        };
        let is_value =
            secret.len() >= SHORTEST && !secret.starts_with(['-', '/']) && !is_stand_in(secret);
        if is_value {
            spans.push(Span::new(
                value.to - secret.len(),
                value.to,
                "command-line options",
            ));
            at = value.to;
        }
    }
}

/// The key before a sign, if it says something about its value.
fn key_before<'t, 'k>(text: &'t str, sign: usize, keys: &'k Keys) -> Option<(&'t str, Hint<'k>)> {
    let between = |c: char| matches!(c, ' ' | '"' | '\'' | '`' | '\\' | ']' | ':' | '?');
    let before = &text[..sign];
    let nearest = before.floor_char_boundary(sign.saturating_sub(KEY + 4));
    let before = &before[nearest..];
    let trimmed = before.trim_end_matches(between);
    if before.len() - trimmed.len() > 4 {
        return None;
    }
    let in_key = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let last = trimmed.trim_end_matches(in_key);
    let word = &trimmed[last.len()..];
    // Times and numbers are not keys.
    if word.len() < 2 || is_number(word) {
        return None;
    }
    if let Some(hint) = keys.hint(word) {
        // E-mail addresses have their own search.
        return (hint.term != "email").then_some((word, hint));
    }
    // `API key: ...`.
    let first = last.strip_suffix(' ')?.trim_end_matches(in_key);
    let both = &trimmed[first.len()..];
    let hint = keys
        .hint(both)
        .filter(|hint| hint.weight == Weight::Certain)?;
    (both.len() - word.len() > 1 && hint.term != "email").then_some((both, hint))
}

fn is_number(word: &str) -> bool {
    !word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The secret after `=` or `:`, if there is one.
fn assigned(text: &str, sign: usize, key: &str, hint: Hint) -> Option<Span> {
    let bytes = text.as_bytes();
    let prose = bytes[sign] == b':';
    let after = bytes.get(sign + 1).copied();
    // The user of a URL and parts of a name are not keys: `https://token:...`,
    // `arn:...:secret:...`.
    let head = text[..sign].strip_suffix(key).unwrap_or_default();
    if prose && (head.ends_with("://") || head.ends_with(':')) {
        return None;
    }
    let from = sign + 1 + usize::from(matches!(after, Some(b'>' | b'=')));
    let rule = || format!("key {}", hint.term);
    if LINES.contains(&hint.term)
        && let Some((from, to)) = line(text, from, hint.term)
    {
        return Some(Span::new(from, to, rule()));
    }
    let value = value_from(text, from);
    let given = &text[value.from..value.to];
    // A parser's `unexpected token: x` is not about a secret.
    let parsed = key == "token" && head.ends_with("nexpected ");
    let secret = !parsed && is_secret(given, &value, hint, prose);
    secret.then(|| Span::new(value.from, value.to, rule()))
}

/// Whether the value of a sensitive key is a secret; in prose, what follows a colon can be an
/// ordinary word.
fn is_secret(given: &str, value: &Value, hint: Hint, prose: bool) -> bool {
    if given.len() < SHORTEST || is_stand_in(given) || is_path(given) {
        return false;
    }
    match hint.weight {
        Weight::Possible => looks_random(given),
        Weight::Certain if value.quoted => given.split(' ').count() <= 3,
        Weight::Certain => !prose || looks_unlike_word(given),
    }
}

/// The value that begins after spaces and a quotation mark.
pub(super) fn value_from(text: &str, from: usize) -> Value {
    let from = text.len() - text[from..].trim_start_matches(' ').len();
    let rest = &text[from..];
    for quote in ["\\\"", "\\'", "\"", "'", "`"] {
        if let Some(inner) = rest.strip_prefix(quote) {
            let to = closing(inner, quote);
            let from = from + quote.len();
            return Value {
                from,
                to: from + to,
                quoted: true,
            };
        }
    }
    let ends = |c: char| c.is_whitespace() || "\"'`&,;)}]<>\\".contains(c);
    let to = rest.find(ends).unwrap_or(rest.len());
    let to = rest[..to].trim_end_matches(['.', ':', '?']).len();
    Value {
        from,
        to: from + to,
        quoted: false,
    }
}

/// Where a quotation with this mark ends: at the end of its line if it is not closed.
fn closing(inner: &str, quote: &str) -> usize {
    let bytes = inner.as_bytes();
    let (escaped, mark) = (quote.len() > 1, quote.as_bytes()[quote.len() - 1]);
    let is_escaped = |at: usize| at > 0 && bytes[at - 1] == b'\\';
    let closes = |at: usize| bytes[at] == mark && is_escaped(at) == escaped;
    let end = (0..bytes.len()).find(|&at| bytes[at] == b'\n' || closes(at));
    match end {
        None => bytes.len(),
        Some(end) if escaped && bytes[end] == mark => end - 1,
        Some(end) => end,
    }
}

fn near(text: &str) -> &str {
    &text[..text.floor_char_boundary(FAR)]
}

/// The credentials in a header, up to the end of its line or quotation: for `Authorization`, what
/// follows the scheme; for cookies, everything.
fn line(text: &str, from: usize, term: &str) -> Option<(usize, usize)> {
    let quotes = [' ', '"', '\'', '\\', '['];
    let from = text.len() - text[from..].trim_start_matches(quotes).len();
    let near = near(&text[from..]);
    let whole = near.split(['\n', '\r']).next().unwrap_or_default();
    let ends = ['"', '\'', '\\', '`', '}'];
    let rest = whole.split(ends).next().unwrap_or_default();
    if term != "authorization" {
        return (rest.contains('=') && !is_stand_in(rest))
            .then_some((from, from + rest.trim_end().len()));
    }
    let (scheme, credentials) = rest.split_once(' ')?;
    if !SCHEMES
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return None;
    }
    // Digest credentials have many quoted parts, those of other schemes only one.
    let credentials = match scheme.eq_ignore_ascii_case("digest") {
        true => whole[scheme.len() + 1..].trim_end(),
        false => credentials
            .split([' ', ',', ';', ')', '>', '<'])
            .next()
            .unwrap_or_default(),
    };
    let from = from + scheme.len() + 1;
    let is_secret = credentials.len() >= SHORTEST
        && !is_stand_in(credentials)
        && (credentials.len() >= 16 || looks_unlike_word(credentials));
    is_secret.then(|| (from, from + credentials.len()))
}

/// The content of an element: `<password>...</password>`.
fn tagged(text: &str, sign: usize, hint: Hint) -> Option<Span> {
    let rest = &text[sign + 1..];
    let (given, _) = near(rest).split_once("</")?;
    let tag = &text[text.floor_char_boundary(sign.saturating_sub(KEY))..sign];
    let is_tag = !tag[tag.rfind('<')?..].contains([' ', '/']);
    let value = Value {
        from: sign + 1,
        to: sign + 1 + given.len(),
        quoted: true,
    };
    let secret = is_tag && !given.contains('<') && is_secret(given, &value, hint, false);
    secret.then(|| Span::new(value.from, value.to, format!("key {}", hint.term)))
}
