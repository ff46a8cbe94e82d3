//! Compiled rules, and how they are applied to a text.

use std::borrow::Cow;

use regex::{Captures, Regex, RegexSet};

use super::{
    accounts, assigned, at, cards,
    keys::Keys,
    own::OwnRules,
    prose,
    rules::RedactionRules,
    signs::Signs,
    span::{REDACTED, Span, cut},
    tokens,
};

/// Why rules cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A regular expression does not compile; the error names it.
    #[error(transparent)]
    Expression(#[from] regex::Error),
    /// There are too many terms for keys.
    #[error("the terms for keys cannot be compiled: {0}")]
    Terms(#[from] aho_corasick::BuildError),
}

/// Compiled rules.
#[derive(Debug)]
pub struct Redactor {
    pub(super) keys: Keys,
    secrets: bool,
    emails: bool,
    pub(super) cards: bool,
    accounts: bool,
    any: RegexSet,
    values: Vec<Regex>,
    /// The name of each of the values.
    names: Vec<String>,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new(&RedactionRules::default()).expect("the default rules compile")
    }
}

impl Redactor {
    /// Compiles rules. Fails if a regular expression does not compile; the error names it.
    pub fn new(rules: &RedactionRules) -> Result<Self, RulesError> {
        Self::with(rules, &OwnRules::default())
    }

    /// Compiles rules together with a project's own, whose limits [`OwnRules::check`] enforces.
    /// Fails if a regular expression does not compile; the error names it.
    pub fn with(rules: &RedactionRules, own: &OwnRules) -> Result<Self, RulesError> {
        let patterns = || {
            let own = own.values.iter().map(|value| &value.pattern);
            rules.values.iter().chain(own)
        };
        let numbered = (1..=rules.values.len()).map(|number| format!("pattern {number}"));
        let named = own.values.iter().map(|value| value.name.clone());
        Ok(Self {
            keys: Keys::new(rules, &own.keys)?,
            secrets: rules.secrets,
            emails: rules.emails,
            cards: rules.cards,
            accounts: rules.accounts,
            any: RegexSet::new(patterns())?,
            values: patterns()
                .map(|v| Regex::new(v))
                .collect::<Result<_, _>>()?,
            names: numbered.chain(named).collect(),
        })
    }

    /// The text without its sensitive values.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.redact(text, &mut |_| {})
    }

    /// Like [`Redactor::text`], and reports each rule that redacted something.
    pub(super) fn redact<'a>(&self, text: &'a str, report: &mut dyn FnMut(&str)) -> Cow<'a, str> {
        let signs = Signs::of(text);
        let spans = self.spans(text, signs);
        let result = match spans.is_empty() {
            true => Cow::Borrowed(text),
            false => Cow::Owned(cut(text, spans, report)),
        };
        match self.values.is_empty() {
            true => result,
            false => self.expressions(result, report),
        }
    }

    /// What the built-in rules find in a text, in no particular order.
    fn spans(&self, text: &str, signs: Signs) -> Vec<Span> {
        let mut spans = Vec::new();
        if signs.at() && (self.secrets || self.emails) {
            let wanted = at::Wanted {
                addresses: self.emails,
                credentials: self.secrets,
            };
            at::find(text, wanted, &mut spans);
        }
        if self.secrets {
            if signs.assigns() {
                assigned::find(text, &self.keys, &mut spans);
            }
            if signs.dashes() {
                assigned::options(text, &self.keys, &mut spans);
                tokens::private_keys(text, &mut spans);
            }
            if signs.long_word() {
                tokens::find(text, &mut spans);
            }
            if signs.sentence() {
                prose::find(text, &mut spans);
            }
        }
        if self.cards && signs.card() {
            cards::find(text, &mut spans);
        }
        if self.accounts && signs.account() {
            accounts::find(text, &mut spans);
        }
        spans
    }

    /// Applies the regular expressions of the configuration and of the project.
    fn expressions<'a>(&self, text: Cow<'a, str>, report: &mut dyn FnMut(&str)) -> Cow<'a, str> {
        let mut result = text;
        for index in self.any.matches(&result) {
            let replaced = self.values[index].replace_all(&result, |found: &Captures| {
                let kept = found.name("keep").map_or("", |keep| keep.as_str());
                format!("{kept}{REDACTED}")
            });
            if let Cow::Owned(replaced) = replaced {
                if replaced != *result {
                    report(&self.names[index]);
                }
                result = Cow::Owned(replaced);
            }
        }
        result
    }
}
