//! Taking out what must not be stored: passwords, tokens, card numbers, addresses.

use regex::{Captures, Regex, RegexSet};
use serde_json::Value;

/// What stands in place of what was taken out.
pub const REDACTED: &str = "[redacted]";

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
    any: RegexSet,
    values: Vec<Regex>,
    card: Option<Regex>,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new(&RedactionRules::default()).expect("the default rules compile")
    }
}

impl Redactor {
    /// Compiles rules; the error names the expression that does not compile.
    pub fn new(rules: &RedactionRules) -> Result<Self, regex::Error> {
        let card = r"\b(?:\d[ -]?){12,18}\d\b";
        Ok(Self {
            keys_containing: rules.keys_containing.iter().map(|k| plain(k)).collect(),
            keys_ending: rules.keys_ending.iter().map(|k| plain(k)).collect(),
            any: RegexSet::new(&rules.values)?,
            values: rules
                .values
                .iter()
                .map(|v| Regex::new(v))
                .collect::<Result<_, _>>()?,
            card: rules.cards.then(|| Regex::new(card)).transpose()?,
        })
    }

    /// The text without sensitive values.
    pub fn text(&self, text: &str) -> String {
        let mut result = text.to_owned();
        for index in self.any.matches(text) {
            let replaced = self.values[index].replace_all(&result, |found: &Captures| {
                let kept = found.name("keep").map_or("", |keep| keep.as_str());
                format!("{kept}{REDACTED}")
            });
            result = replaced.into_owned();
        }
        match &self.card {
            Some(card) if result.bytes().filter(u8::is_ascii_digit).count() >= 13 => card
                .replace_all(&result, |found: &Captures| {
                    let digits = &found[0];
                    let shown = if luhn(digits) { REDACTED } else { digits };
                    shown.to_owned()
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
                self.value(&mut value);
                value.to_string()
            }
            Err(_) => self.text(text),
        }
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => {
                for (key, field) in fields.iter_mut() {
                    if self.is_sensitive(key) {
                        *field = REDACTED.into();
                    } else {
                        self.value(field);
                    }
                }
            }
            Value::Number(number) if self.card.is_some() && luhn(&number.to_string()) => {
                *value = REDACTED.into();
            }
            _ => {}
        }
    }

    fn is_sensitive(&self, key: &str) -> bool {
        let key = plain(key);
        self.keys_containing.iter().any(|word| key.contains(word))
            || self.keys_ending.iter().any(|word| key.ends_with(word))
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
}
