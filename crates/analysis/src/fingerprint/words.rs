//! The words of a text that distinguish one error from another.

use std::{borrow::Cow, sync::LazyLock};

use regex::{NoExpand, Regex};

use super::expression::compiled;

/// Expressions with the same meaning, and their common form.
const SAME: &[(&str, &str)] = &[
    (r"<\w+>", " "),
    (r"n['’]t\b", " not"),
    (
        r"\b(?:could|can|was|were|is|are|did|do|does|has|have|would|should) ?not\b",
        " not",
    ),
    (
        r"\bcannot\b|\bunable to\b|\bfailed to\b|\bfailure to\b|\bnot able to\b",
        " not",
    ),
    (r"\btime[ds]?[ -]?out\b", " timeout"),
    (r"\bde-?serializ|\bde-?serialis", " deserialis"),
];

/// Words that distinguish nothing.
const EMPTY: &[&str] = &[
    "a", "an", "the", "is", "was", "were", "are", "be", "been", "being", "of", "to", "in", "on",
    "at", "by", "with", "for", "from", "as", "it", "its", "and", "or", "this", "that", "your",
    "you", "my", "our", "please", "after", "has", "have", "had", "line", "item", "id", "row", "s",
    "gsmtp", "another", "ids", "one", "do", "does", "did",
];

/// Words that distinguish nothing once a cause or a status is known.
const GENERIC: &[&str] = &[
    "error",
    "errno",
    "exception",
    "failed",
    "failure",
    "fail",
    "request",
    "response",
    "http",
    "https",
    "code",
    "status",
    "url",
    "connect",
    "connecting",
    "connection",
    "connected",
    "not",
    "server",
    "client",
    "socket",
    "dial",
    "tcp",
    "udp",
    "lookup",
    "getaddrinfo",
    "resolve",
    "read",
    "write",
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "host",
    "name",
    "address",
    "port",
    "could",
    "translate",
    "extend",
    "open",
    "file",
    "ssl",
    "tls",
    "certificate",
    "verify",
    "remote",
    "curl",
    "api",
    "user",
    "call",
    "fetch",
    "message",
    "reason",
    "limit",
    "attempt",
    "attempted",
    "while",
    "during",
    "when",
    "because",
    "due",
    "service",
    "model",
    "system",
    "fatal",
    "sql",
    "aborted",
    "retry",
    "again",
    "later",
    "try",
    "operation",
    "network",
    "query",
    "ms",
    "axios",
    "ssh",
    "redis",
    "validation",
    "x509",
    "runtime",
    "java",
    "lang",
    "httpsconnectionpool",
    "httpconnectionpool",
    "stream",
    "imap",
    "smtp",
    "establish",
    "established",
    "new",
    "sorry",
];

static SAME_COMPILED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compile = |&(pattern, text): &(&str, &'static str)| (compiled(pattern), text);
    SAME.iter().map(compile).collect()
});

static WORD: LazyLock<Regex> = LazyLock::new(|| compiled(r"[\w$]+"));

/// The most words that are kept.
const MOST: usize = 40;

/// The distinguishing words of a text without values, in order. `beside` is set if a cause or a
/// status is known, so that generic words distinguish nothing.
pub(super) fn of(text: &str, beside: bool) -> String {
    let mut text = text.to_lowercase();
    for (pattern, same) in SAME_COMPILED.iter() {
        if let Cow::Owned(replaced) = pattern.replace_all(&text, NoExpand(same)) {
            text = replaced;
        }
    }
    let words = WORD.find_iter(&text).map(|word| singular(word.as_str()));
    let kept = words.filter(|word: &Cow<'_, str>| distinguishes(word, beside));
    kept.take(MOST).collect::<Vec<_>>().join(" ")
}

fn distinguishes(word: &str, beside: bool) -> bool {
    if beside && is_generic(word) {
        return false;
    }
    !EMPTY.contains(&word)
}

fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word) || word.ends_with("error") || word.ends_with("exception")
}

/// Whether the word occurs in many messages, whatever went wrong.
pub(super) fn is_common(word: &str) -> bool {
    is_generic(word) || EMPTY.contains(&word)
}

/// A word without its plural ending.
fn singular(word: &str) -> Cow<'_, str> {
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 2
    {
        return format!("{stem}y").into();
    }
    for end in ["ches", "shes", "sses", "xes"] {
        if word.len() > end.len() + 1 && word.ends_with(end) {
            return word[..word.len() - 2].into();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.into(),
        _ => word.into(),
    }
}
