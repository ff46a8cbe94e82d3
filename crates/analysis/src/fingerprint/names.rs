//! Removes from a message the names of the place where the error happened (its step, the step's
//! type, its workflow): they say where, not what.

use std::borrow::Cow;

use weir_model::SeenError;

use super::words;

/// What replaces a name.
const PLACEHOLDER: &str = " <step> ";

/// How many labels are removed from the front of a message.
const MOST_LABELS: usize = 4;

/// Words that can precede a name: `Error in step Load orders: ...`.
const BEFORE: &str = "a action activity an at component connector error errors exception executing execution \
    failed failure for from in job module node occurred of on operator problem running stage \
    step sub task the to while with workflow";

/// Words between a name and the message that it labels: `Load orders failed with error: ...`.
const AFTER: &str = "an because crashed due encountered ended error errored exception execution failed failure \
    has node of problem raised reported returned run said step task the threw to was with \
    workflow";

/// Step names that are also ordinary words of messages; only in labels do they count as names.
const ORDINARY: &str = "account action agent aggregate amount archive array body book branch chat check clean column \
    compare compute condition convert copy create crypto customer data database date deadlock \
    decide download email execute export extract field filter form format function hash html \
    image import input insert invoice item json key limit list load login loop mail mailbox \
    match memory merge order output parse payment pdf permission python quota record redirect \
    refund report respond result retry route save schedule score script search select send \
    session set sort split start step stop store sync table task timeout token tool transform \
    trigger update upload upsert validate value wait webhook workflow xml";

/// Whether a space-separated list contains a word.
fn is_among(word: &str, list: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// The names of one place, each as a list of lower-case words.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Vec<String>>);

/// A word of a text, with its range in bytes.
struct Word {
    from: usize,
    to: usize,
    lower: String,
}

impl Names {
    pub fn of(error: &SeenError<'_>) -> Self {
        let mut names: Vec<Vec<String>> = Vec::new();
        let mut add = |name: &str| {
            let words: Vec<String> = words_of(name).into_iter().map(|word| word.lower).collect();
            let long = words.iter().map(String::len).sum::<usize>() >= SHORTEST;
            if long && !names.contains(&words) {
                names.push(words);
            }
        };
        for name in error.names() {
            add(name);
            // `httpRequest` and `n8n-nodes-base.httpRequest` are displayed as "HTTP Request".
            let last = name.rsplit('.').next().unwrap_or(name);
            add(last);
            add(&apart(last));
        }
        // "Load orders again" before "Load orders".
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self(names)
    }

    /// The text without leading labels that only say where the error happened.
    pub fn without_labels<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        for _ in 0..MOST_LABELS {
            match self.without_label(rest) {
                Some(shorter) => rest = shorter,
                None => break,
            }
        }
        rest
    }

    fn without_label<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.0.is_empty() {
            return None;
        }
        let head = &text[..text.floor_char_boundary(LABEL)];
        let words = words_of(head);
        let mut at = 0;
        let after = loop {
            let named = self.0.iter().find(|name| stands_at(name, head, &words, at));
            if let Some(name) = named {
                break at + name.len();
            }
            if !is_among(&words.get(at)?.lower, BEFORE) {
                return None;
            }
            at += 1;
        };
        let last = (after - 1..words.len()).find(|&last| separated(head, &words, last))?;
        let between = words.get(after..=last).unwrap_or_default();
        let rest = &text[words.get(last + 1)?.from..];
        let label = between.iter().all(|word| is_among(&word.lower, AFTER));
        label.then(|| opened(text, rest))
    }

    /// The text with a placeholder for every name that is distinct from ordinary words.
    pub fn removed_from<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let distinct: Vec<&Vec<String>> = self.0.iter().filter(|name| is_distinct(name)).collect();
        if distinct.is_empty() {
            return text.into();
        }
        let words = words_of(text);
        let (mut out, mut done, mut at) = (String::new(), 0, 0);
        while at < words.len() {
            let named = distinct
                .iter()
                .find(|name| stands_at(name, text, &words, at));
            let Some(name) = named else {
                at += 1;
                continue;
            };
            out.push_str(&text[done..words[at].from]);
            out.push_str(PLACEHOLDER);
            at += name.len();
            done = words[at - 1].to;
        }
        if done == 0 {
            return text.into();
        }
        out.push_str(&text[done..]);
        out.into()
    }
}

/// The shortest name that is searched for, in bytes of letters and digits.
const SHORTEST: usize = 2;
/// How many bytes of a message are searched for a label.
const LABEL: usize = 300;

fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut from = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, letter) in ends {
        match (letter.is_alphanumeric(), from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                words.push(Word {
                    from: start,
                    to: at,
                    lower: text[start..at].to_lowercase(),
                });
                from = None;
            }
            _ => {}
        }
    }
    words
}

/// Whether the name's words appear in sequence at this position.
fn stands_at(name: &[String], text: &str, words: &[Word], at: usize) -> bool {
    let Some(found) = words.get(at..at + name.len()) else {
        return false;
    };
    let same = found
        .iter()
        .zip(name)
        .all(|(word, name)| word.lower == *name);
    same && found.windows(2).all(|pair| {
        let gap = &text[pair[0].to..pair[1].from];
        gap.len() <= 3 && !gap.contains([':', '\n', ';'])
    })
}

/// Whether a word is followed by something that separates a label from its message.
fn separated(text: &str, words: &[Word], last: usize) -> bool {
    let Some(next) = words.get(last + 1) else {
        return false;
    };
    let gap = &text[words[last].to..next.from];
    gap.contains([':', '|', '\n', '»', '>', '—', '–', ']', ')'])
        || gap.contains(" - ")
        || gap.contains(" / ")
}

/// The rest of a text, including the bracket, quotation mark or sign that opens it.
fn opened<'t>(text: &'t str, rest: &'t str) -> &'t str {
    let from = text.len() - rest.len();
    let before = text[..from].chars().next_back();
    match before {
        Some(sign @ ('{' | '[' | '(' | '"' | '\'' | '`' | '‘' | '“' | '<' | '/' | '-')) => {
            &text[from - sign.len_utf8()..]
        }
        _ => rest,
    }
}

/// Whether a name cannot be confused with ordinary words of messages.
fn is_distinct(name: &[String]) -> bool {
    match name {
        [word] => word.len() >= 4 && !words::is_common(word) && !is_among(word, ORDINARY),
        several => !several.iter().all(|word| words::is_common(word)),
    }
}

/// A camelCase name split into words: `httpRequest` as `http Request`.
fn apart(name: &str) -> String {
    let mut apart = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            apart.push(' ');
        }
        apart.push(letter);
        before = letter;
    }
    apart
}

/// The text without a leading label that is recognised by its form: a few words and a colon, none
/// of which says that something went wrong.
pub(super) fn without_likely_label(text: &str) -> Option<&str> {
    const MOST_WORDS: usize = 6;
    const MOST_BYTES: usize = 60;
    let (label, rest) = text.split_once(": ")?;
    if label.len() > MOST_BYTES || label.contains(['"', '\'', '`', '{', '(', '/', '=']) {
        return None;
    }
    let words = words_of(label);
    let says_what = |word: &Word| {
        is_among(&word.lower, WENT_WRONG)
            || ["fail", "error", "except", "timeout"]
                .iter()
                .any(|part| word.lower.contains(part))
    };
    let names = !words.is_empty() && words.len() <= MOST_WORDS && !words.iter().any(says_what);
    names.then(|| rest.trim_start())
}

/// Words that show that a label says what went wrong.
const WENT_WRONG: &str = "aborted can cannot could denied does during exceeded expired invalid missing no not problem \
    refused rejected timed unable unexpected unknown when while wrong";

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::of(&SeenError {
            step: Some("load-orders"),
            step_name: Some("Load orders"),
            step_type: Some("hubspot"),
            workflow: Some("wf-17"),
            workflow_name: Some("Invoice capture EMEA"),
            ..SeenError::default()
        })
    }

    #[test]
    fn a_leading_label_is_removed_however_it_is_written() {
        for text in [
            "Load orders: disk gone",
            "[Load orders] disk gone",
            "load_orders - disk gone",
            "Invoice capture EMEA / Load orders: disk gone",
            "Error in step 'Load orders': disk gone",
            "Load orders failed with error: disk gone",
            "Problem in node ‘Load orders‘\ndisk gone",
            "hubspot: Load orders: disk gone",
        ] {
            assert_eq!(names().without_labels(text), "disk gone", "{text}");
        }
    }

    #[test]
    fn anything_but_a_label_is_kept() {
        for text in [
            "Load orders",
            "Step Load orders failed",
            "orders: disk gone",
            "The disk of Load orders: gone",
            "",
        ] {
            assert_eq!(names().without_labels(text), text);
        }
        let labelled = "Load orders: [Errno 2] gone";
        assert_eq!(names().without_labels(labelled), "[Errno 2] gone");
    }

    #[test]
    fn distinct_names_are_removed_anywhere_and_ordinary_words_are_not() {
        let text = "Request of Load orders to HubSpot was refused";
        assert_eq!(
            names().removed_from(text),
            "Request of  <step>  to  <step>  was refused"
        );
        let ordinary = Names::of(&SeenError {
            step_name: Some("Limit"),
            step_type: Some("httpRequest"),
            ..SeenError::default()
        });
        let text = "HTTP request limit reached";
        assert_eq!(ordinary.removed_from(text), text);
        assert_eq!(ordinary.without_labels("Limit: broke"), "broke");
    }
}
