//! Groups errors that have the same cause: the fingerprint of a message does not depend on the
//! identifiers, numbers, addresses, dates, hosts and quoted values in it, nor on the library that
//! produced it.
//!
//! The steps, each in its own file: [`names`] removes the names of the step and workflow where the
//! error happened, [`cut`] finds the relevant part of a message (the last line of a traceback, the
//! `message` of a JSON body), [`status`] removes HTTP statuses, [`causes`] is a table of causes
//! that libraries phrase in many ways ("Connection timeout", "connect ETIMEDOUT"), [`parameters`]
//! replaces values by placeholders, and [`words`] keeps the distinguishing words. A project's
//! [`rules`] take precedence. The steps were fitted to the messages in `table/`, which were grouped
//! by hand.

mod causes;
mod classify;
mod cut;
mod expression;
mod names;
mod parameters;
mod rules;
mod status;
mod words;

#[cfg(test)]
mod demo_test;
#[cfg(test)]
mod tests;

use weir_model::{ErrorClass, SeenError};
use xxhash_rust::xxh3::xxh3_64;

pub use rules::{MOST_RULES, Rule, RuleError, RuleField, of_rule};

use names::Names;
use rules::Compiled;

/// The version of the steps. Raise it with every change that gives stored errors other
/// fingerprints; history is then regrouped.
pub const STEPS: u32 = 3;

/// How many bytes of a message are examined.
const LOOKED_AT: usize = 2_000;
/// The longest title, in characters.
const TITLE: usize = 160;

/// What identifies errors with the same cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// 16 hexadecimal digits; equal for equal errors.
    pub id: String,
    /// The title to display: the message with placeholders.
    pub title: String,
    /// The class of the error.
    pub class: ErrorClass,
}

/// Computes fingerprints, with the rules of a project.
#[derive(Debug, Default)]
pub struct Fingerprinter {
    rules: Vec<Compiled>,
}

impl Fingerprinter {
    /// Compiles a project's rules. Fails if a rule is invalid; the error names it.
    pub fn new(rules: &[Rule]) -> Result<Self, RuleError> {
        Ok(Self {
            rules: rules::compile(rules)?,
        })
    }

    /// The fingerprint of an error.
    pub fn fingerprint(&self, error: &SeenError<'_>) -> Fingerprint {
        self.find(error, true)
    }

    /// The id and class of an error's fingerprint. It takes half the time of
    /// [`Fingerprinter::fingerprint`]; intake needs no more.
    pub fn key(&self, error: &SeenError<'_>) -> (String, ErrorClass) {
        let found = self.find(error, false);
        (found.id, found.class)
    }

    fn find(&self, error: &SeenError<'_>, titled: bool) -> Fingerprint {
        let error_type = error.error_type.unwrap_or_default().trim();
        let message = limited(error.message.unwrap_or_default().trim());
        let replaced = self.replaced(message);
        let replaced = replaced.as_deref().unwrap_or(message);
        let mut found = plain(error_type, replaced, &Names::of(error), titled);
        for rule in &self.rules {
            if rule.applies(error_type, message, &found.id) {
                rule.apply(&mut found);
            }
        }
        found
    }

    /// The message after all replacement rules; `None` if none matches.
    fn replaced(&self, message: &str) -> Option<String> {
        let mut replaced = None;
        for rule in &self.rules {
            if let Some(text) = rule.replace(replaced.as_deref().unwrap_or(message)) {
                replaced = Some(text);
            }
        }
        replaced
    }
}

/// The fingerprint of an error without rules; its title is empty unless `titled`.
fn plain(error_type: &str, message: &str, names: &Names, titled: bool) -> Fingerprint {
    let cut = cut::relevant_part(names.without_labels(message));
    let (status, text) = status_of(names.without_labels(&cut.text));
    let nameless = names.removed_from(&text);
    let lower = text.to_ascii_lowercase();
    if let Some(cause) = causes::find(&lower) {
        let before = &text[..cause.at];
        let before = names::without_likely_label(before).unwrap_or(before);
        let before = names.removed_from(before);
        let context = words::of(&parameters::removed_from(&before), true);
        if context.is_empty() {
            return fingerprint(cause.title, cause.title, cause.class);
        }
        let key = format!("{context} | {}", cause.title);
        return fingerprint(&key, &title_of(&nameless, titled), cause.class);
    }
    let bare = parameters::removed_from(&nameless);
    let words = match status {
        // Words that are generic beside a status still count together with other words of the
        // message.
        Some(_) if words::of(&bare, true).is_empty() => String::new(),
        _ => words::of(&bare, false),
    };
    let class = || {
        classify::text(&nameless.to_ascii_lowercase())
            .or_else(|| status.map(status::Status::class))
            .or_else(|| classify::name(&cut.prefix))
            .or_else(|| classify::name(error_type))
            .unwrap_or(ErrorClass::Unknown)
    };
    if !words.is_empty() {
        return fingerprint(&words, &title_of(&nameless, titled), class());
    }
    if let Some(status) = status {
        return fingerprint(status.title(), status.title(), status.class());
    }
    let names = [cut.prefix.as_str(), error_type];
    let mut causes = names
        .iter()
        .filter_map(|name| causes::find(&name.to_ascii_lowercase()));
    if let Some(cause) = causes.next() {
        return fingerprint(cause.title, cause.title, cause.class);
    }
    let name = names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or(NAMELESS);
    fingerprint(&name.to_lowercase(), name, class())
}

/// The status that a text begins with, possibly after a label, and the rest of the text.
fn status_of(text: &str) -> (Option<status::Status>, String) {
    let found = status::take(text);
    if found.0.is_some() {
        return found;
    }
    // A lone number after a colon can mean anything.
    let labelled = names::without_likely_label(text).filter(|rest| rest.len() > 3);
    match labelled.map(status::take) {
        Some(labelled @ (Some(_), _)) => labelled,
        _ => found,
    }
}

fn title_of(text: &str, titled: bool) -> String {
    match titled {
        true => parameters::with_placeholders(text),
        false => String::new(),
    }
}

/// The title of errors without a type and a message.
const NAMELESS: &str = "Unknown error";

fn fingerprint(key: &str, title: &str, class: ErrorClass) -> Fingerprint {
    Fingerprint {
        id: id_of(key),
        title: shortened(title),
        class,
    }
}

/// A hash in hexadecimal digits. It is stored, so it must stay the same across versions.
fn id_of(key: &str) -> String {
    format!("{:016x}", xxh3_64(key.as_bytes()))
}

fn limited(text: &str) -> &str {
    &text[..text.floor_char_boundary(LOOKED_AT)]
}

fn shortened(title: &str) -> String {
    let mut short: String = title.chars().take(TITLE).collect();
    if short.len() < title.len() {
        short.push('…');
    }
    short
}
