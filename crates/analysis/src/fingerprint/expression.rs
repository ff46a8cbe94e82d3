//! The regular expressions that messages are read by: quick for any text.

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// What the states of a search may take, in bytes. With less than some 5 MB for the largest expression its search
/// has no automaton, and takes a hundred times as long.
const STATES: usize = 16 << 20;

/// Compiles an expression of this program.
pub(super) fn compiled(expression: &str) -> Regex {
    RegexBuilder::new(&with_plain_bounds(expression))
        .dfa_size_limit(STATES)
        .build()
        .expect("the expression is valid")
}

/// Compiles expressions that are looked for together.
pub(super) fn compiled_set<'a>(expressions: impl Iterator<Item = &'a str>) -> RegexSet {
    RegexSetBuilder::new(expressions.map(with_plain_bounds))
        .dfa_size_limit(STATES)
        .build()
        .expect("the expressions are valid")
}

/// Has the bounds of words look at ASCII letters alone. An automaton cannot tell those of Unicode, and gives a
/// message with any other letter up to a search that takes a thousand times as long.
fn with_plain_bounds(expression: &str) -> String {
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
    fn a_message_in_any_letters_is_read_in_time_in_proportion() {
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
            // The first round makes the states. Without them, a round takes more than half a second.
            let quickest = (0..5).map(round).min();
            let quickest = quickest.unwrap_or(Duration::MAX);
            assert!(
                quickest < Duration::from_millis(150),
                "{words}: {quickest:?}"
            );
        }
    }
}
