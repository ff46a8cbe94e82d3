//! The relevant part of a message: without stack frames, wrappers and advice.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::expression::compiled;

/// A message, cut to its relevant part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The name that was removed from the front of the message, for example `TypeError`.
    pub prefix: String,
    /// The relevant part.
    pub text: String,
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| compiled($text));
    };
}

pattern!(
    FRAME,
    r"^\s*(?:at .+[:(]|File .+, line \d+|- /|\.{3} \d+ more|Require stack:)"
);
pattern!(
    DETAIL,
    r"^\s*(?:DETAIL|HINT|CONTEXT|QUERY|STATEMENT|LINE \d+)\b"
);
pattern!(WRAPPED_LINE, r"(?i)^problem in node .{1,200}$");
pattern!(HTML_TITLE, r"(?is)<title>\s*(.*?)\s*</title>");
pattern!(TAG, r"(?s)<[^>]*>");
pattern!(
    SAID,
    r#"["'](?:message|error_description|errorMessage|description|detail)["']\s*:\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')"#
);
pattern!(
    SAID_ELSE,
    r#"["'](?:error|title|reason)["']\s*:\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')"#
);
pattern!(CAUSED_BY, r"(?s)\(Caused by \w+\((.*)\)\)\s*$");
pattern!(OBJECT, r"<[\w.]+ object at 0x[0-9a-f]+>[:,]?\s*");
pattern!(
    PREFIX,
    r"^\s*(?:(?i:error|fatal|fatal error|panic|warning|uncaught|unhandled|unhandledpromiserejection|critical|exception)\s*:|(?i:\[(?:errno -?\d+|ssl: \w+)\])|(?:[a-zA-Z_$][\w$]*\.)*([A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+|[A-Z]+[a-z]*(?:Error|Exception|Fault)|[A-Z]{2,}(?:_[A-Z0-9]+)*|[a-z]+(?:_[a-z]+)+)\s*[:;]|(?i:(?:line|column) ?number): *\d+;)\s*"
);
pattern!(
    BOTO,
    r"^An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: "
);
pattern!(
    ANNOUNCED,
    r"(?i)^(?:an )?(?:\w+ )?(?:api )?error (?:response|occurred|message|returned|details?)\s*: *|^(?:\w+ )?api error\s*[:-]+ *"
);
pattern!(
    ADVICE,
    r"(?i)[.!,;:)\]]\s+(?:for (?:more|further|details|help)|please|see|visit|read more|learn more|more info|you can|contact (?:us|support|sales|your|our|the|an)|try|retry|did you mean|consider|ensure|make sure|check|call|enable it|go to|to fix|note|sorry|that|reduce|but here|expected|a stack trace)\b|\s+because no \S+ policy"
);

/// Finds the relevant part of a message.
pub(super) fn relevant_part(message: &str) -> Cut {
    let line = html_title(message).unwrap_or_else(|| relevant_line(message));
    let said = said_in_json(&line);
    let mut text = caused_by(&said).into_owned();
    let mut prefix = String::new();
    while let Some((name, rest)) = without_prefix(&text) {
        if !name.is_empty() {
            prefix = name;
        }
        text = rest;
    }
    Cut {
        prefix,
        text: without_advice(&text).trim().to_owned(),
    }
}

/// The title of an HTML page, as proxies return.
fn html_title(message: &str) -> Option<String> {
    if !message.starts_with('<') {
        return None;
    }
    let titled = HTML_TITLE
        .captures(message)
        .map(|found| found[1].to_owned());
    Some(titled.unwrap_or_else(|| TAG.replace_all(message, " ").trim().to_owned()))
}

/// The last line of a Python traceback, otherwise the first line that is not a stack frame; if that
/// line only says in which node the error happened, the next one.
fn relevant_line(message: &str) -> String {
    let lines = || {
        let lines = message.lines().map(str::trim);
        lines.filter(|line| !line.is_empty() && !FRAME.is_match(line) && !DETAIL.is_match(line))
    };
    if message.starts_with("Traceback (most recent call last)") {
        return lines().next_back().unwrap_or_default().to_owned();
    }
    let mut lines = lines();
    let first = lines.next().unwrap_or_default();
    match lines.next() {
        Some(second) if WRAPPED_LINE.is_match(first) || first.ends_with(':') => second.to_owned(),
        _ => first.to_owned(),
    }
}

/// The line with a JSON body (or a Python dictionary) replaced by the message in it.
fn said_in_json(line: &str) -> Cow<'_, str> {
    let Some(start) = line.find('{') else {
        return line.into();
    };
    let body = &line[start..];
    let Some(found) = SAID.captures(body).or_else(|| SAID_ELSE.captures(body)) else {
        return line.into();
    };
    let said = found
        .get(1)
        .or_else(|| found.get(2))
        .map_or("", |said| said.as_str());
    let before = line[..start].trim_end_matches([' ', '-', ':']);
    format!("{before} {said}").trim().to_owned().into()
}

/// The innermost cause in a message of Python's urllib3.
fn caused_by(text: &str) -> Cow<'_, str> {
    match CAUSED_BY.captures(text) {
        Some(found) => {
            let inner = found.get(1).map_or("", |inner| inner.as_str());
            let plain = OBJECT.replace(inner, "");
            plain.trim_matches(['\'', '"', ' ']).to_owned().into()
        }
        None => text.into(),
    }
}

/// The name before the text, and the text without it. A name with nothing after it is the message.
fn without_prefix(text: &str) -> Option<(String, String)> {
    for expression in [&*BOTO, &*ANNOUNCED, &*PREFIX] {
        if let Some(found) = expression.captures(text)
            && found[0].len() < text.len()
        {
            let name = found.get(1).map_or("", |name| name.as_str());
            let rest = &text[found[0].len()..];
            let announced = std::ptr::eq(expression, &*ANNOUNCED);
            let rest = if announced { unquoted(rest) } else { rest };
            return Some((name.to_owned(), rest.to_owned()));
        }
    }
    None
}

/// The text up to the first sentence that only gives advice.
fn without_advice(text: &str) -> &str {
    match ADVICE.find(text) {
        Some(advice) => &text[..=advice.start()],
        None => text,
    }
}

/// A code in quotation marks after an announcement is not a value: it is what went wrong.
fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\'', '`', ' '])
}
