//! Replaces values by placeholders: addresses, identifiers, numbers, dates, hosts, paths,
//! quotations.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use super::expression::compiled;

/// The names of months, in full and abbreviated.
macro_rules! months {
    () => {
        "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    };
}

/// The name of a capture group, and its expression. If several match at a position, the first
/// counts.
const KINDS: &[(&str, &str)] = &[
    ("url", r#"\b[a-zA-Z][a-zA-Z0-9+.-]{1,14}://[^\s"'<>)\]}]+"#),
    ("email", r"\[redacted\]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("arn", r#"\barn:[\w-]+:[^\s"',]+"#),
    (
        "time",
        concat!(
            r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?",
            r"|\b\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\b)?",
            r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d\d? \w{3} \d{4}(?: [\d:]+ \w+)?",
            // Months next to a day or a year, then months that are not other words as well, then
            // "in May".
            r"|\b\d\d?(?:st|nd|rd|th)?[ .-]{1,2}(?i:",
            months!(),
            r")\b\.?(?:[ ,-]{1,2}\d{2,4}\b)?",
            r"|\b(?i:",
            months!(),
            r")\.?[ -]\d{1,4}(?:st|nd|rd|th)?\b(?:,? \d{4}\b)?",
            r"|\b(?i:january|february|april|june|july|august|september|october|november|december)\b",
            r"|\b(?:in|for|of|on|to|by|from|until|since) (?:March|May)\b",
            r"|\b(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
        ),
    ),
    (
        "uuid",
        r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
    ),
    (
        "address",
        r"\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?\b|(?:[0-9a-fA-F]{1,4})?:(?::[0-9a-fA-F]{1,4}|[0-9a-fA-F]{1,4}:){1,7}[0-9a-fA-F:]*\d+|\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){5,7}(?::\d+)?",
    ),
    ("range", r"\b\w+![A-Z]+\d*(?::[A-Z]+\d*)?"),
    (
        "value",
        r#""[^"\n]{0,400}"|`[^`\n]{0,200}`|“[^”\n]{0,200}”|‘[^’‘\n]{0,200}[’‘]|\B'[^'\n]{0,200}'\B|\[[^\]\n]{0,200}\]|\{[^{}\n]{0,200}\}|\([\w$]+(?:\.[\w$]+)+\)"#,
    ),
    (
        "path",
        r"(?:[A-Za-z]:\\|\B/|\./|~/)[\w.@+-]+(?:[/\\][\w.@+-]+)*",
    ),
    (
        "host",
        r"\blocalhost\b|\b(?:localhost|(?:[a-zA-Z0-9_](?:[\w-]{0,61}\w)?\.)+(?:[a-zA-Z]{2,24}))(?::\d+)\b|\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|net|org|io|dev|app|ai|co|cloud|internal|local|localhost|test|example|invalid|eu|us|uk|de|nl|fr|info|biz)\b",
    ),
    ("name", r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){2,}\b"),
    (
        "iban",
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
    ),
    (
        "id",
        // Anything that mixes letters and digits, the letters of a short hash, and a masked secret.
        r"\b[A-Za-z_][A-Za-z_-]*\d[\w-]*|\b\d[\d_-]*[A-Za-z][\w-]*|\b[a-f]{7,}\b|\b[0-9a-fA-F]{12,}\b|\*{3,}\w*",
    ),
    (
        "number",
        concat!(
            r"(?:[-+]|[$€£¥]\s?|\b(?:USD|EUR|GBP|CHF|JPY)\s)?\b\d+(?:[.,_]\d+)*",
            r"(?:\s?(?:ms|msecs?|milliseconds?|s|sec|secs|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|[kKmMgGtT]i?[bB]|bytes?|[bB]|%|px|USD|EUR|GBP|CHF|JPY))?\b",
            r"|\b(?i:an?|another|few|several|couple of|half an?) (?:second|minute|hour|day|week|month|year)s?\b",
            r"|\b(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen)\b",
        ),
    ),
    // Letters alone are a value if they look randomly generated.
    ("token", r"\b[A-Za-z_][A-Za-z_-]{11,}\b"),
];

/// Words that contain digits and are not values.
const WORDS: &[&str] = &[
    "2fa", "3d", "4xx", "5xx", "aes128", "aes256", "arm64", "base32", "base64", "e2e", "ec2",
    "ed25519", "es256", "float32", "float64", "g2", "h264", "h2", "hs256", "http1", "http2",
    "http3", "i18n", "int16", "int32", "int64", "int8", "ipv4", "ipv6", "iso8601", "k8s", "l10n",
    "latin1", "log4j", "md5", "mp3", "mp4", "n8n", "neo4j", "oauth1", "oauth2", "p12", "pkcs12",
    "pkcs7", "pkcs8", "r2", "rfc3339", "rs256", "s3", "sha1", "sha256", "sha384", "sha512",
    "uint16", "uint32", "uint64", "uint8", "utf16", "utf32", "utf8", "web3", "win32", "x509",
    "x64", "x86",
];

/// Whether something that looks like a value is an ordinary word.
fn is_word(found: &str) -> bool {
    if found.len() > 40
        || !found.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
    {
        return false;
    }
    let lower = found.to_ascii_lowercase();
    if !lower.bytes().any(|byte| byte.is_ascii_digit()) {
        return found.len() >= 12
            && lower
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
            && !is_random(found);
    }
    let known = |part: &str| !part.contains(|c: char| c.is_ascii_digit()) || WORDS.contains(&part);
    WORDS.contains(&lower.replace('-', "").as_str()) || lower.split(['-', '_']).all(known)
}

/// Whether letters alternate between lower and upper case as they do in no name.
fn is_random(letters: &str) -> bool {
    let mut changes = 0;
    for pair in letters.as_bytes().windows(2) {
        changes += usize::from(pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    }
    changes >= 3 && changes * 6 >= letters.len()
}

/// The placeholder of each kind, in the order of [`KINDS`].
const PLACEHOLDERS: &[&str] = &[
    "<url>",
    "<email>",
    "<arn>",
    "<time>",
    "<uuid>",
    "<address>",
    "<range>",
    "<value>",
    "<path>",
    "<host>",
    "<name>",
    "<iban>",
    "<id>",
    "<number>",
    "<id>",
];

static ANY: LazyLock<Regex> =
    LazyLock::new(|| any_of(|(name, kind)| format!("(?P<{name}>{kind})")));

/// The same without names: locating a value is much faster than determining its kind.
static ANYWHERE: LazyLock<Regex> = LazyLock::new(|| any_of(|(_, kind)| format!("(?:{kind})")));

fn any_of(written: fn(&(&str, &str)) -> String) -> Regex {
    let kinds: Vec<String> = KINDS.iter().map(written).collect();
    compiled(&kinds.join("|"))
}

static SPACE: LazyLock<Regex> = LazyLock::new(|| compiled(r"\s+"));

/// Remarks in parentheses.
static REMARK: LazyLock<Regex> = LazyLock::new(|| compiled(r"\([^()\n]{1,200}\)"));

/// Words that show that a remark says what went wrong.
static WENT_WRONG: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)exceed|denied|refus|invalid|expire|missing|\bnot\b|\bno\b|fail|error|full|timeout|timed|unable|cannot|limit|quota",
    )
});

/// The text without remarks that only contain values: `(attempt 3)`, `(type: Heartbeat)`.
fn without_remarks(text: &str) -> Cow<'_, str> {
    REMARK.replace_all(text, |found: &Captures| {
        let remark = &found[0];
        let has_values = remark.contains([':', '=']) || remark.bytes().any(|b| b.is_ascii_digit());
        match has_values && !WENT_WRONG.is_match(remark) {
            true => " ".to_owned(),
            false => remark.to_owned(),
        }
    })
}

/// The text with its values removed.
pub(super) fn removed_from(text: &str) -> String {
    let text = without_remarks(text);
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for found in ANYWHERE.find_iter(&text) {
        if !is_word(found.as_str()) {
            out.push_str(&text[from..found.start()]);
            out.push(' ');
            from = found.end();
        }
    }
    out.push_str(&text[from..]);
    out
}

/// The text with placeholders for its values, and single spaces.
pub(super) fn with_placeholders(text: &str) -> String {
    let placed = ANY.replace_all(text, |found: &Captures| {
        if is_word(&found[0]) {
            return found[0].to_owned();
        }
        let kind = KINDS
            .iter()
            .position(|(name, _)| found.name(name).is_some());
        kind.map_or("", |kind| PLACEHOLDERS[kind]).to_owned()
    });
    SPACE.replace_all(placed.trim(), " ").into_owned()
}
