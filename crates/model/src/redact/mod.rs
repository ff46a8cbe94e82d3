//! Taking out what must not be stored: passwords, tokens, card numbers, addresses.
//!
//! Every text of every event passes here, so the first look at it ([`signs::Signs`]) is one pass over its
//! bytes that most texts do not get beyond. What it shows decides what is looked for: keys with their
//! values ([`assigned`]), secrets that are known by their form ([`tokens`], [`known`]), addresses and
//! credentials ([`at`]), cards ([`cards`]), bank accounts ([`accounts`]), what a sentence tells ([`prose`]). Each finds parts of the text as it came in; they are taken out
//! together. Expressions of the configuration and of a project follow on what is left.

mod accounts;
mod assigned;
mod at;
mod cards;
mod keys;
mod known;
mod own;
mod prose;
mod shape;
mod signs;
mod tokens;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use regex::{Captures, Regex, RegexSet};
use serde_json::{Map, Value};

use keys::{Keys, Telling, Weight};
pub use own::{NamedPattern, OwnRules, RuleFault};
use signs::Signs;

/// What stands in place of what was taken out.
pub const REDACTED: &str = "[redacted]";

/// Which keys and which values are sensitive. Keys are compared word by word: a term is one word or
/// several, and stands in a key as words (`DB_PASSWORD`, `dbPassword`) or, if it has five letters or
/// more, at the end of one (`dbpassword`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RedactionRules {
    /// A key is sensitive if it contains one of these; case and separators do not matter.
    pub keys_containing: Vec<String>,
    /// A key is sensitive if it ends in one of these (`accessToken`, but not `inputTokens`).
    pub keys_ending: Vec<String>,
    /// A key that ends in one of these is sensitive if its value looks like a made-up secret, or if the
    /// key names a provider whose secrets are known (`OPENAI_KEY`).
    pub keys_hinting: Vec<String>,
    /// A key that ends in one of these is about something sensitive, or about something else, and stays.
    pub keys_kept: Vec<String>,
    /// Whether secrets are taken out that are known by their form or by the key in a text: keys of
    /// providers, web tokens, private keys, credentials in URLs, cookies, `password=...`.
    pub secrets: bool,
    /// Whether e-mail addresses are taken out.
    pub emails: bool,
    /// Whether numbers of payment cards are taken out.
    pub cards: bool,
    /// Whether numbers of bank accounts (IBAN) and US social security numbers are taken out.
    pub accounts: bool,
    /// Regular expressions for further sensitive values inside any text. What a group named `keep`
    /// matches stays.
    pub values: Vec<String>,
}

impl Default for RedactionRules {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            keys_containing: words(KEYS_CONTAINING),
            keys_ending: words(KEYS_ENDING),
            keys_hinting: words(KEYS_HINTING),
            keys_kept: words(KEYS_KEPT),
            secrets: true,
            emails: true,
            cards: true,
            accounts: true,
            values: Vec::new(),
        }
    }
}

const KEYS_CONTAINING: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "credential",
    "authorization",
    "api key",
    "access key",
    "private key",
    "secret key",
    "signing key",
    "encryption key",
    "master key",
    "account key",
    "auth key",
    "service key",
    "shared key",
    "card number",
    "credit card",
    "security code",
    "social security",
];

const KEYS_ENDING: &[&str] = &[
    "token",
    "cookie",
    "cookies",
    "bearer",
    "jwt",
    "pwd",
    "otp",
    "cvv",
    "cvc",
    "ssn",
    "iban",
    "pin",
    "email",
    "db pass",
    "smtp pass",
    "user pass",
    "mail pass",
    "ftp pass",
    "ssh pass",
    "root pass",
    "admin pass",
];

const KEYS_HINTING: &[&str] = &[
    "key",
    "keys",
    "tokens",
    "auth",
    "pass",
    "pat",
    "creds",
    "signature",
    "sig",
];

const KEYS_KEPT: &[&str] = &[
    "at",
    "on",
    "by",
    "id",
    "ids",
    "name",
    "type",
    "kind",
    "count",
    "length",
    "size",
    "limit",
    "age",
    "ttl",
    "url",
    "uri",
    "path",
    "file",
    "dir",
    "arn",
    "ref",
    "reference",
    "version",
    "status",
    "state",
    "policy",
    "strength",
    "score",
    "hint",
    "field",
    "label",
    "format",
    "scope",
    "scopes",
    "enabled",
    "required",
    "expired",
    "expires",
    "expiry",
    "expiration",
    "expires in",
    "valid",
    "usage",
    "used",
    "provider",
    "source",
    "method",
    "mode",
    "consent",
    "page token",
    "next token",
    "sync token",
    "continuation token",
    "cancellation token",
    "public key",
    "primary key",
    "foreign key",
    "partition key",
    "sort key",
    "cache key",
    "idempotency key",
    "object key",
    "row key",
    "route key",
    "routing key",
    "group key",
    "message key",
    "lookup key",
    "translation key",
    "issue key",
    "project key",
    "event key",
    "search key",
    "query key",
    "feature key",
    "hash key",
    "s3 key",
    "storage key",
    "item key",
    "correlation key",
    "dedup key",
    "deduplication key",
    "unique key",
    "business key",
    "natural key",
    "record key",
    "state key",
    "task key",
    "error key",
    "job key",
    "document key",
    "blob key",
    "file key",
];

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// An expression does not compile; the error names it.
    #[error(transparent)]
    Expression(#[from] regex::Error),
    /// The terms of keys are too many.
    #[error("the terms of keys cannot be searched for: {0}")]
    Terms(#[from] aho_corasick::BuildError),
}

/// Compiled rules.
#[derive(Debug)]
pub struct Redactor {
    keys: Keys,
    secrets: bool,
    emails: bool,
    cards: bool,
    accounts: bool,
    any: RegexSet,
    values: Vec<Regex>,
    /// What each of the values is called.
    names: Vec<String>,
}

/// Something that a rule took out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it stood: `metadata.user.password`, `metadata.tags[2]`.
    pub path: String,
    /// By which rule.
    pub rule: String,
}

/// A part of a text that is taken out, and the rule that says so.
#[derive(Debug)]
struct Span {
    from: usize,
    to: usize,
    rule: Cow<'static, str>,
}

impl Span {
    fn new(from: usize, to: usize, rule: impl Into<Cow<'static, str>>) -> Self {
        Self {
            from,
            to,
            rule: rule.into(),
        }
    }
}

/// The fields of an event whose texts pass the rules for values, by their names as they are sent.
/// Identities do not: an execution or a step without its id would be another one.
const TEXTS: &[&str] = &[
    "errorMessage",
    "error_message",
    "errorType",
    "error_type",
    "workflowName",
    "workflow_name",
    "stepName",
    "step_name",
    "subjectId",
    "subject_id",
    "triggerId",
    "trigger_id",
    "metadata",
];

impl Default for Redactor {
    fn default() -> Self {
        Self::new(&RedactionRules::default()).expect("the default rules compile")
    }
}

impl Redactor {
    /// Compiles rules; the error names the expression that does not compile.
    pub fn new(rules: &RedactionRules) -> Result<Self, RulesError> {
        Self::with(rules, &OwnRules::default())
    }

    /// Compiles rules and those that a project has beside them; the bounds of the latter are
    /// [`OwnRules::check`]'s.
    pub fn with(rules: &RedactionRules, own: &OwnRules) -> Result<Self, RulesError> {
        let patterns = || {
            let own = own.values.iter().map(|value| &value.pattern);
            rules.values.iter().chain(own)
        };
        let numbered = (1..=rules.values.len()).map(|number| format!("value {number}"));
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

    /// The text without sensitive values.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.text_telling(text, &mut |_| {})
    }

    /// The same, telling the rules that took something out.
    fn text_telling<'a>(&self, text: &'a str, tell: &mut dyn FnMut(&str)) -> Cow<'a, str> {
        let signs = Signs::of(text);
        let spans = self.spans(text, signs);
        let result = match spans.is_empty() {
            true => Cow::Borrowed(text),
            false => Cow::Owned(cut(text, spans, tell)),
        };
        match self.values.is_empty() {
            true => result,
            false => self.expressions(result, tell),
        }
    }

    /// What the built-in rules take out of a text, in no order.
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

    /// What the expressions of the configuration and of the project leave.
    fn expressions<'a>(&self, text: Cow<'a, str>, tell: &mut dyn FnMut(&str)) -> Cow<'a, str> {
        let mut result = text;
        for index in self.any.matches(&result) {
            let replaced = self.values[index].replace_all(&result, |found: &Captures| {
                let kept = found.name("keep").map_or("", |keep| keep.as_str());
                format!("{kept}{REDACTED}")
            });
            if let Cow::Owned(replaced) = replaced {
                if replaced != *result {
                    tell(&self.names[index]);
                }
                result = Cow::Owned(replaced);
            }
        }
        result
    }

    /// A JSON text without sensitive keys' values and without sensitive values in its texts. Text
    /// that is no JSON is treated as plain text.
    pub fn json(&self, text: &str) -> String {
        match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                self.value(&mut value, &mut |_, _| {}, &mut String::new());
                value.to_string()
            }
            Err(_) => self.text(text).into_owned(),
        }
    }

    /// Takes out of an event, as it is sent, what is taken out before it is stored. Returns what was taken
    /// out by which rule, in order.
    pub fn event(&self, event: &mut Value) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut tell = |path: &str, rule: &str| {
            hits.push(Hit {
                path: path.to_owned(),
                rule: rule.to_owned(),
            });
        };
        for field in TEXTS {
            if let Some(value) = event.get_mut(field) {
                self.value(value, &mut tell, &mut (*field).to_owned());
            }
        }
        hits
    }

    fn value(&self, value: &mut Value, tell: &mut dyn FnMut(&str, &str), path: &mut String) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(left) = self.text_telling(text, &mut |rule| tell(path, rule)) {
                    *text = left;
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter_mut().enumerate() {
                    let length = path.len();
                    path.push_str(&format!("[{position}]"));
                    self.value(item, tell, path);
                    path.truncate(length);
                }
            }
            Value::Object(fields) => self.fields(fields, tell, path),
            Value::Number(number) if self.cards && cards::is_one(&number.to_string()) => {
                tell(path, cards::RULE);
                *value = REDACTED.into();
            }
            _ => {}
        }
    }

    fn fields(
        &self,
        fields: &mut Map<String, Value>,
        tell: &mut dyn FnMut(&str, &str),
        path: &mut String,
    ) {
        // Headers and parameters are often told as pairs: `{"name": "X-Api-Key", "value": "..."}`.
        let name = ["name", "key"].iter().find_map(|name| fields.get(*name));
        let pair = name
            .and_then(Value::as_str)
            .filter(|_| fields.contains_key("value"));
        let paired = pair.and_then(|name| self.keys.telling(name));
        for (key, field) in fields.iter_mut() {
            let length = path.len();
            path.push_str(if length > 0 { "." } else { "" });
            path.push_str(key);
            let telling = match key.as_str() {
                "value" => paired,
                key => self.keys.telling(key),
            };
            match telling.filter(|telling| holds_secret(*telling, field)) {
                Some(telling) => {
                    tell(path, &format!("key {}", telling.term));
                    *field = REDACTED.into();
                }
                None => self.value(field, tell, path),
            }
            path.truncate(length);
        }
    }
}

/// Whether the value of a key that says so is a secret: yes or no, nothing, a count or the path of a
/// file are none.
fn holds_secret(telling: Telling, value: &Value) -> bool {
    match (telling.weight, value) {
        (_, Value::Null | Value::Bool(_)) => false,
        (Weight::Surely, Value::Number(number)) => number.to_string().len() > 2,
        (Weight::Surely, Value::String(text)) => {
            !text.is_empty() && text != REDACTED && !shape::is_path(text)
        }
        (Weight::Surely, Value::Array(items)) => !items.is_empty(),
        (Weight::Surely, Value::Object(fields)) => !fields.is_empty(),
        (Weight::Perhaps, Value::String(text)) => shape::looks_made_up(text),
        (Weight::Perhaps, _) => false,
    }
}

/// The text without parts of it, which may overlap.
fn cut(text: &str, mut spans: Vec<Span>, tell: &mut dyn FnMut(&str)) -> String {
    spans.sort_by_key(|span| (span.from, std::cmp::Reverse(span.to)));
    let mut left = String::with_capacity(text.len());
    let (mut done, mut told) = (None, Vec::new());
    for span in &spans {
        // One that begins within another, or right behind it, is a part of it.
        if done.is_none_or(|done| span.from > done) {
            left.push_str(&text[done.unwrap_or(0)..span.from]);
            left.push_str(REDACTED);
            if !told.contains(&&span.rule) {
                tell(&span.rule);
                told.push(&span.rule);
            }
        }
        done = done.max(Some(span.to));
    }
    left.push_str(&text[done.unwrap_or(0)..]);
    left
}
