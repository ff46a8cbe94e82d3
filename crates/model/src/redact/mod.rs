//! Taking out what must not be stored: passwords, tokens, card numbers, addresses.

mod own;

use regex::{Captures, Regex, RegexSet};
use serde_json::Value;

pub use own::{NamedPattern, OwnRules, RuleFault};

/// What stands in place of what was taken out.
pub const REDACTED: &str = "[redacted]";
/// The rule that takes out numbers of payment cards.
const CARDS: &str = "cards";

/// Which keys and which values are sensitive.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RedactionRules {
    /// A key is sensitive if it contains one of these; case, `_` and `-` do not matter.
    pub keys_containing: Vec<String>,
    /// A key is sensitive if it ends in one of these (`accessToken`, but not `inputTokens`).
    pub keys_ending: Vec<String>,
    /// Regular expressions for sensitive values inside any text. What a group named `keep`
    /// matches stays.
    pub values: Vec<String>,
    /// Whether numbers that pass the Luhn check of payment cards are taken out.
    pub cards: bool,
}

impl Default for RedactionRules {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            keys_containing: words(&[
                "password",
                "passwd",
                "passphrase",
                "secret",
                "authorization",
                "apikey",
                "accesskey",
                "privatekey",
                "credential",
                "cardnumber",
                "creditcard",
            ]),
            keys_ending: words(&[
                "token", "cookie", "cvv", "cvc", "ssn", "iban", "pin", "email",
            ]),
            values: words(&[
                r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
                r"(?i)(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}",
                r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
                r#"(?i)(?P<keep>\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token|token)["']?\s*[=:]\s*["']?)[^\s"'&,;]{3,}"#,
                r"(?P<keep>://[^/\s:@]*:)[^/\s@]+(?:@)",
            ]),
            cards: true,
        }
    }
}

/// Compiled rules.
#[derive(Debug)]
pub struct Redactor {
    keys_containing: Vec<String>,
    keys_ending: Vec<String>,
    /// Keys of the project's own, which have to be equal.
    keys: Vec<String>,
    any: RegexSet,
    values: Vec<Regex>,
    /// What each of the values is called.
    names: Vec<String>,
    card: Option<Regex>,
}

/// Something that a rule took out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it stood: `metadata.user.password`, `metadata.tags[2]`.
    pub path: String,
    /// By which rule.
    pub rule: String,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new(&RedactionRules::default()).expect("the default rules compile")
    }
}

impl Redactor {
    /// Compiles rules; the error names the expression that does not compile.
    pub fn new(rules: &RedactionRules) -> Result<Self, regex::Error> {
        Self::with(rules, &OwnRules::default())
    }

    /// Compiles rules and those that a project has beside them; the bounds of the latter are
    /// [`OwnRules::check`]'s.
    pub fn with(rules: &RedactionRules, own: &OwnRules) -> Result<Self, regex::Error> {
        let card = r"\b(?:\d[ -]?){12,18}\d\b";
        let patterns = || {
            let own = own.values.iter().map(|value| &value.pattern);
            rules.values.iter().chain(own)
        };
        let numbered = (1..=rules.values.len()).map(|number| format!("built-in value {number}"));
        let named = own.values.iter().map(|value| value.name.clone());
        Ok(Self {
            keys_containing: rules.keys_containing.iter().map(|k| plain(k)).collect(),
            keys_ending: rules.keys_ending.iter().map(|k| plain(k)).collect(),
            keys: own.keys.iter().map(|k| plain(k)).collect(),
            any: RegexSet::new(patterns())?,
            values: patterns()
                .map(|v| Regex::new(v))
                .collect::<Result<_, _>>()?,
            names: numbered.chain(named).collect(),
            card: rules.cards.then(|| Regex::new(card)).transpose()?,
        })
    }

    /// The text without sensitive values.
    pub fn text(&self, text: &str) -> String {
        self.text_telling(text, &mut |_| {})
    }

    /// The same, telling the rules that took something out.
    fn text_telling(&self, text: &str, tell: &mut dyn FnMut(&str)) -> String {
        let mut result = text.to_owned();
        for index in self.any.matches(text) {
            let replaced = self.values[index].replace_all(&result, |found: &Captures| {
                let kept = found.name("keep").map_or("", |keep| keep.as_str());
                format!("{kept}{REDACTED}")
            });
            if replaced != result {
                tell(&self.names[index]);
            }
            result = replaced.into_owned();
        }
        match &self.card {
            Some(card) if result.bytes().filter(u8::is_ascii_digit).count() >= 13 => card
                .replace_all(&result, |found: &Captures| {
                    let digits = &found[0];
                    if luhn(digits) {
                        tell(CARDS);
                        return REDACTED.to_owned();
                    }
                    digits.to_owned()
                })
                .into_owned(),
            _ => result,
        }
    }

    /// A JSON text without sensitive keys' values and without sensitive values in its texts. Text
    /// that is no JSON is treated as plain text.
    pub fn json(&self, text: &str) -> String {
        match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                self.value(&mut value, &mut |_, _| {}, &mut String::new());
                value.to_string()
            }
            Err(_) => self.text(text),
        }
    }

    /// Takes out of an event, as it is sent, what is taken out before it is stored: of its error
    /// message and of its metadata. Returns what was taken out by which rule, in order.
    pub fn event(&self, event: &mut Value) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut tell = |path: &str, rule: &str| {
            hits.push(Hit {
                path: path.to_owned(),
                rule: rule.to_owned(),
            });
        };
        for field in ["errorMessage", "error_message", "metadata"] {
            if let Some(value) = event.get_mut(field) {
                self.value(value, &mut tell, &mut field.to_owned());
            }
        }
        hits
    }

    fn value(&self, value: &mut Value, tell: &mut dyn FnMut(&str, &str), path: &mut String) {
        match value {
            Value::String(text) => *text = self.text_telling(text, &mut |rule| tell(path, rule)),
            Value::Array(items) => {
                for (position, item) in items.iter_mut().enumerate() {
                    let length = path.len();
                    path.push_str(&format!("[{position}]"));
                    self.value(item, tell, path);
                    path.truncate(length);
                }
            }
            Value::Object(fields) => {
                for (key, field) in fields.iter_mut() {
                    let length = path.len();
                    path.push_str(if length > 0 { "." } else { "" });
                    path.push_str(key);
                    match self.sensitive(key) {
                        Some(rule) => {
                            tell(path, &rule);
                            *field = REDACTED.into();
                        }
                        None => self.value(field, tell, path),
                    }
                    path.truncate(length);
                }
            }
            Value::Number(number) if self.card.is_some() && luhn(&number.to_string()) => {
                tell(path, CARDS);
                *value = REDACTED.into();
            }
            _ => {}
        }
    }

    /// The rule by which a key is sensitive.
    fn sensitive(&self, key: &str) -> Option<String> {
        let key = plain(key);
        let containing = || self.keys_containing.iter().find(|word| key.contains(*word));
        let ending = || self.keys_ending.iter().find(|word| key.ends_with(*word));
        let own = || self.keys.iter().find(|word| key == **word);
        let word = containing().or_else(ending).or_else(own)?;
        Some(format!("key {word}"))
    }
}

/// Lower case without separators.
fn plain(key: &str) -> String {
    key.chars()
        .filter(|c| !matches!(c, '_' | '-' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The check digit of payment cards (ISO/IEC 7812-1, annex B), for 13 to 19 digits that begin as
/// cards do.
fn luhn(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if !(13..=19).contains(&digits.len()) || !matches!(digits[0], 2..=6) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sensitive_values_leave_a_text_and_the_rest_stays() {
        let redactor = Redactor::default();
        for (before, after) in [
            (
                "mail to ada.l@example.co.uk failed",
                "mail to [redacted] failed",
            ),
            (
                "Authorization: Bearer abcdef123456.x",
                "Authorization: Bearer [redacted]",
            ),
            (
                "card 4111 1111 1111 1111 declined",
                "card [redacted] declined",
            ),
            (
                "order 4111 1111 1111 1112 not found",
                "order 4111 1111 1111 1112 not found",
            ),
            (
                "connect postgres://app:hunter2@db:5432",
                "connect postgres://app:[redacted]db:5432",
            ),
            ("login?token=abc123&x=1", "login?token=[redacted]&x=1"),
            ("used 1500 tokens: fine", "used 1500 tokens: fine"),
            ("took 1700000000000 ms", "took 1700000000000 ms"),
        ] {
            assert_eq!(redactor.text(before), after);
        }
    }

    #[test]
    fn sensitive_keys_lose_their_values_at_any_depth() {
        let redactor = Redactor::default();
        let json =
            r#"{"a":[{"api_key":{"x":1}}],"accessToken":"t","inputTokens":5,"note":"to a@b.io"}"#;
        assert_eq!(
            redactor.json(json),
            r#"{"a":[{"api_key":"[redacted]"}],"accessToken":"[redacted]","inputTokens":5,"note":"to [redacted]"}"#
        );
    }

    #[test]
    fn what_is_taken_out_of_an_event_is_told_with_its_place_and_rule() {
        let own = OwnRules {
            keys: vec!["customer-name".to_owned()],
            values: vec![NamedPattern {
                name: "case number".to_owned(),
                pattern: "CASE-[0-9]+".to_owned(),
            }],
        };
        let redactor = Redactor::with(&RedactionRules::default(), &own).unwrap();
        let mut event = serde_json::json!({
            "type": "execution", "workflowName": "CASE-1 stays",
            "errorMessage": "CASE-77 of a@b.io",
            "metadata": {"CustomerName": "Ada", "list": ["x", {"token": 5}], "fine": 1},
        });
        let hits = redactor.event(&mut event);
        let told: Vec<_> = hits
            .iter()
            .map(|hit| (hit.path.as_str(), hit.rule.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("errorMessage", "built-in value 1"),
                ("errorMessage", "case number"),
                ("metadata.CustomerName", "key customername"),
                ("metadata.list[1].token", "key token"),
            ]
        );
        assert_eq!(
            event,
            serde_json::json!({
                "type": "execution", "workflowName": "CASE-1 stays",
                "errorMessage": "[redacted] of [redacted]",
                "metadata": {"CustomerName": "[redacted]", "list": ["x", {"token": "[redacted]"}], "fine": 1},
            })
        );
    }
}
