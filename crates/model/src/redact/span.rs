//! Parts of a text that are removed.

use std::borrow::Cow;

/// The text that replaces what was removed.
pub const REDACTED: &str = "[redacted]";

/// A part of a text to remove, as a range of bytes, and the rule that found it.
#[derive(Debug)]
pub(super) struct Span {
    pub from: usize,
    pub to: usize,
    pub rule: Cow<'static, str>,
}

impl Span {
    pub fn new(from: usize, to: usize, rule: impl Into<Cow<'static, str>>) -> Self {
        Self {
            from,
            to,
            rule: rule.into(),
        }
    }
}

/// The text without the given spans, which can overlap. Reports each rule once.
pub(super) fn cut(text: &str, mut spans: Vec<Span>, report: &mut dyn FnMut(&str)) -> String {
    spans.sort_by_key(|span| (span.from, std::cmp::Reverse(span.to)));
    let mut left = String::with_capacity(text.len());
    let (mut done, mut reported) = (None, Vec::new());
    for span in &spans {
        // A span that begins within another, or directly after it, belongs to it.
        if done.is_none_or(|done| span.from > done) {
            left.push_str(&text[done.unwrap_or(0)..span.from]);
            left.push_str(REDACTED);
            if !reported.contains(&&span.rule) {
                report(&span.rule);
                reported.push(&span.rule);
            }
        }
        done = done.max(Some(span.to));
    }
    left.push_str(&text[done.unwrap_or(0)..]);
    left
}
