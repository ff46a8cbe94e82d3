//! Redaction of JSON and of whole events: keys with their values at any depth, and every text.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    cards,
    keys::{Hint, Weight},
    redactor::Redactor,
    shape,
    span::REDACTED,
};

/// A value that a rule redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it was: `metadata.user.password`, `metadata.tags[2]`.
    pub path: String,
    /// The rule that redacted it.
    pub rule: String,
}

/// The event fields, by their names as sent, whose texts are redacted. Identifiers are not: with
/// another id, an execution or a step would be a different one.
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

impl Redactor {
    /// Redacts a JSON text: the values of sensitive keys, and sensitive values in its texts. Text
    /// that is not JSON is redacted as plain text.
    pub fn json(&self, text: &str) -> String {
        match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                self.value(&mut value, &mut |_, _| {}, &mut String::new());
                value.to_string()
            }
            Err(_) => self.text(text).into_owned(),
        }
    }

    /// Redacts an event as it would be redacted before storage. Returns what was redacted by which
    /// rule, in order.
    pub fn event(&self, event: &mut Value) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut report = |path: &str, rule: &str| {
            hits.push(Hit {
                path: path.to_owned(),
                rule: rule.to_owned(),
            });
        };
        for field in TEXTS {
            if let Some(value) = event.get_mut(field) {
                self.value(value, &mut report, &mut (*field).to_owned());
            }
        }
        hits
    }

    fn value(&self, value: &mut Value, report: &mut dyn FnMut(&str, &str), path: &mut String) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(left) = self.redact(text, &mut |rule| report(path, rule)) {
                    *text = left;
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter_mut().enumerate() {
                    let length = path.len();
                    path.push_str(&format!("[{position}]"));
                    self.value(item, report, path);
                    path.truncate(length);
                }
            }
            Value::Object(fields) => self.fields(fields, report, path),
            Value::Number(number) if self.cards && cards::is_one(&number.to_string()) => {
                report(path, cards::RULE);
                *value = REDACTED.into();
            }
            _ => {}
        }
    }

    fn fields(
        &self,
        fields: &mut Map<String, Value>,
        report: &mut dyn FnMut(&str, &str),
        path: &mut String,
    ) {
        // Headers and parameters are often given as pairs: `{"name": "X-Api-Key", "value": "..."}`.
        let name = ["name", "key"].iter().find_map(|name| fields.get(*name));
        let pair = name
            .and_then(Value::as_str)
            .filter(|_| fields.contains_key("value"));
        let paired = pair.and_then(|name| self.keys.hint(name));
        for (key, field) in fields.iter_mut() {
            let length = path.len();
            path.push_str(if length > 0 { "." } else { "" });
            path.push_str(key);
            let hint = match key.as_str() {
                "value" => paired,
                key => self.keys.hint(key),
            };
            match hint.filter(|hint| is_secret(*hint, field)) {
                Some(hint) => {
                    report(path, &format!("key {}", hint.term));
                    *field = REDACTED.into();
                }
                None => self.value(field, report, path),
            }
            path.truncate(length);
        }
    }
}

/// Whether the value of a sensitive key is a secret. Booleans, empty values, small numbers and file
/// paths are not.
fn is_secret(hint: Hint, value: &Value) -> bool {
    match (hint.weight, value) {
        (_, Value::Null | Value::Bool(_)) => false,
        (Weight::Certain, Value::Number(number)) => number.to_string().len() > 2,
        (Weight::Certain, Value::String(text)) => {
            !text.is_empty() && text != REDACTED && !shape::is_path(text)
        }
        (Weight::Certain, Value::Array(items)) => !items.is_empty(),
        (Weight::Certain, Value::Object(fields)) => !fields.is_empty(),
        (Weight::Possible, Value::String(text)) => shape::looks_random(text),
        (Weight::Possible, _) => false,
    }
}
