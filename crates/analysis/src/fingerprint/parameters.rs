//! Placeholders where values stood: addresses, identifiers, numbers, dates, hosts, paths, quotations.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, NoExpand, Regex};

/// Name of a group, its expression. Of several that match at a place the first is taken.
const KINDS: &[(&str, &str)] = &[
    ("url", r#"\b[a-zA-Z][a-zA-Z0-9+.-]{1,14}://[^\s"'<>)\]}]+"#),
    ("email", r"\[redacted\]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("arn", r#"\barn:[\w-]+:[^\s"',]+"#),
    (
        "time",
        r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? \w{3} \d{4}(?: [\d:]+ \w+)?",
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
        r#""[^"\n]{0,400}"|`[^`\n]{0,200}`|“[^”\n]{0,200}”|‘[^’‘\n]{0,200}[’‘]|\B'[^'\n]{0,200}'\B|\[[^\]\n]{0,200}\]"#,
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
        r"\b0x[0-9a-fA-F]+\b|\b[0-9a-fA-F]{12,}\b|\b[a-zA-Z]{1,8}[_-](?:\w+[_-])*\w*\d\w*\b|\b[A-Za-z]*\d[A-Za-z\d]*[A-Za-z][A-Za-z\d]*\d[A-Za-z\d]*\b|\b[A-Z]{1,6}-\d[\w-]*|\*{3,}\w*",
    ),
    (
        "number",
        r"[-+]?\b\d+(?:[.,_]\d+)*(?:\s?(?:ms|s|sec|secs|seconds?|m|min|minutes?|h|hours?|days?|[kKmMgGtT]i?[bB]|bytes?|[bB]|%|px))?\b",
    ),
];

/// What stands for each kind, in the order of [`KINDS`].
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
];

static ANY: LazyLock<Regex> = LazyLock::new(|| {
    let kinds: Vec<String> = KINDS
        .iter()
        .map(|(name, kind)| format!("(?P<{name}>{kind})"))
        .collect();
    Regex::new(&kinds.join("|")).expect("the expressions are valid")
});

/// The same without names: to find where a value stands is much quicker than to tell its kind.
static ANYWHERE: LazyLock<Regex> = LazyLock::new(|| {
    let kinds: Vec<String> = KINDS
        .iter()
        .map(|(_, kind)| format!("(?:{kind})"))
        .collect();
    Regex::new(&kinds.join("|")).expect("the expressions are valid")
});

static SPACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s+").expect("it is valid"));

/// The text without values.
pub(super) fn taken_out(text: &str) -> Cow<'_, str> {
    ANYWHERE.replace_all(text, NoExpand(" "))
}

/// The text with placeholders, its white space single.
pub(super) fn put_in(text: &str) -> String {
    let placed = ANY.replace_all(text, |found: &Captures| {
        let kind = KINDS
            .iter()
            .position(|(name, _)| found.name(name).is_some());
        kind.map_or("", |kind| PLACEHOLDERS[kind])
    });
    SPACE.replace_all(placed.trim(), " ").into_owned()
}
