//! Errors that are the same error: a fingerprint of a message that does not depend on the
//! identifiers, numbers, addresses, dates, hosts and quoted values in it, nor on the library that
//! said it.
//!
//! The steps, each in a file of its own: [`names`] takes out what is known of the place where it
//! happened, [`cut`] finds the telling part of a message (the last line
//! of a traceback, the `message` of a JSON body), [`status`] takes out HTTP statuses, [`causes`] is a
//! table of what libraries say in many ways ("Connection timeout", "connect ETIMEDOUT"),
//! [`parameters`] puts placeholders where values stood, and [`words`] keeps the words that tell.
//! A project's [`rules`] come before all of them. The steps were fitted to the messages in `table/`,
//! which were grouped by hand.

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

/// The version of the steps: a change that gives stored errors other fingerprints raises it, and
/// history is keyed anew.
pub const STEPS: u32 = 3;

/// Bytes of a message that are looked at.
const LOOKED_AT: usize = 2_000;
/// Characters of a title.
const TITLE: usize = 160;

/// What an error is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// 16 hexadecimal digits; equal for equal errors.
    pub id: String,
    /// The error for people: its message with placeholders.
    pub title: String,
    /// What kind of error it is.
    pub class: ErrorClass,
}

/// Finds fingerprints by the rules of a project.
#[derive(Debug, Default)]
pub struct Fingerprinter {
    rules: Vec<Compiled>,
}

impl Fingerprinter {
    /// Compiles a project's rules; the error names the rule and what is wrong with it.
    pub fn new(rules: &[Rule]) -> Result<Self, RuleError> {
        Ok(Self {
            rules: rules::compile(rules)?,
        })
    }

    /// The fingerprint of an error.
    pub fn fingerprint(&self, error: &SeenError<'_>) -> Fingerprint {
        self.find(error, true)
    }

    /// The id and class of an error's fingerprint: what intake needs, in half the time.
    pub fn key(&self, error: &SeenError<'_>) -> (String, ErrorClass) {
        let found = self.find(error, false);
        (found.id, found.class)
    }

    fn find(&self, error: &SeenError<'_>, titled: bool) -> Fingerprint {
        let error_type = error.error_type.unwrap_or_default().trim();
        let message = limited(error.message.unwrap_or_default().trim());
        let told = self.replaced(message);
        let told = told.as_deref().unwrap_or(message);
        let mut found = plain(error_type, told, &Names::of(error), titled);
        for rule in &self.rules {
            if rule.applies(error_type, message, &found.id) {
                rule.apply(&mut found);
            }
        }
        found
    }

    /// The message after every rule that replaces; `None` if none does.
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

/// The fingerprint of an error without rules; its title is empty unless it is to be `titled`.
fn plain(error_type: &str, message: &str, names: &Names, titled: bool) -> Fingerprint {
    let cut = cut::telling_part(names.without_labels(message));
    let (status, text) = status_of(names.without_labels(&cut.text));
    let nameless = names.taken_out(&text);
    let lower = text.to_ascii_lowercase();
    if let Some(cause) = causes::find(&lower) {
        let before = &text[..cause.at];
        let before = names::without_likely_label(before).unwrap_or(before);
        let before = names.taken_out(before);
        let context = words::of(&parameters::taken_out(&before), true);
        if context.is_empty() {
            return fingerprint(cause.title, cause.title, cause.class);
        }
        let key = format!("{context} | {}", cause.title);
        return fingerprint(&key, &title_of(&nameless, titled), cause.class);
    }
    let bare = parameters::taken_out(&nameless);
    let words = match status {
        // What is generic beside a status is still a part of what else the message says.
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

/// The status that a text begins with, if need be after a label, and the rest of the text.
fn status_of(text: &str) -> (Option<status::Status>, String) {
    let found = status::take(text);
    if found.0.is_some() {
        return found;
    }
    // A number alone after a colon may be anything.
    let labelled = names::without_likely_label(text).filter(|rest| rest.len() > 3);
    match labelled.map(status::take) {
        Some(labelled @ (Some(_), _)) => labelled,
        _ => found,
    }
}

fn title_of(text: &str, titled: bool) -> String {
    match titled {
        true => parameters::put_in(text),
        false => String::new(),
    }
}

/// The title of errors that say nothing.
const NAMELESS: &str = "Unknown error";

fn fingerprint(key: &str, title: &str, class: ErrorClass) -> Fingerprint {
    Fingerprint {
        id: id_of(key),
        title: shortened(title),
        class,
    }
}

/// Hexadecimal digits of a hash that stays the same over versions: it is stored.
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
