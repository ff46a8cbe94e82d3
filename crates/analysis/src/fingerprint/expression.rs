//! Regular expressions for messages, compiled so that they are fast for any text.

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// The size limit of a regular expression's DFA cache, in bytes. The largest expression needs about
/// 5 MB; with less, it is searched without a DFA, which takes a hundred times as long.
const STATES: usize = 16 << 20;

/// Compiles one of this crate's expressions, which must be valid.
pub(super) fn compiled(expression: &str) -> Regex {
    RegexBuilder::new(&with_ascii_boundaries(expression))
        .dfa_size_limit(STATES)
        .build()
        .expect("the expression is valid")
}

/// Compiles expressions that are searched for together, all of which must be valid.
pub(super) fn compiled_set<'a>(expressions: impl Iterator<Item = &'a str>) -> RegexSet {
    RegexSetBuilder::new(expressions.map(with_ascii_boundaries))
        .dfa_size_limit(STATES)
        .build()
        .expect("the expressions are valid")
}

/// Makes word boundaries ASCII-only. A DFA cannot handle Unicode word boundaries: a message with
/// any non-ASCII letter would fall back to a search that takes a thousand times as long.
fn with_ascii_boundaries(expression: &str) -> String {
    expression
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"\B", r"(?-u:\B)")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use weir_model::SeenError;

    use super::super::Fingerprinter;

    #[test]
    fn a_message_in_any_script_is_read_in_reasonable_time() {
        let fingerprinter = Fingerprinter::default();
        let long = [
            "order could not be written ",
            "Ошибка записи заказа ",
            "注文の書き込みエラー ",
        ];
        for words in long {
            let messages: Vec<String> = (0..50)
                .map(|number| format!("{number}: {}", words.repeat(80)))
                .collect();
            let round = |_| {
                let begin = Instant::now();
                for message in &messages {
                    fingerprinter.key(&SeenError::told(None, Some(message)));
                }
                begin.elapsed()
            };
            // The first round builds the DFA states. Without a DFA, a round takes more than half a
            // second.
            let quickest = (0..5).map(round).min();
            let quickest = quickest.unwrap_or(Duration::MAX);
            assert!(
                quickest < Duration::from_millis(150),
                "{words}: {quickest:?}"
            );
        }
    }
}
