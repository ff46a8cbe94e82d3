//! A project's own rules: which further texts are values, which messages form a group, and which
//! class they have.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::ErrorClass;

use super::{Fingerprint, id_of, shortened};

/// The most rules a project can have.
pub const MOST_RULES: usize = 200;
/// The longest text in a rule, in bytes.
const MOST_BYTES: usize = 1_000;
/// The memory limit of a compiled expression, in bytes.
const MOST_COMPILED: usize = 256 * 1024;

/// The part of an error that a rule's expression is matched against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ErrorRuleField)]
pub enum RuleField {
    /// The error's message.
    #[default]
    Message,
    /// The error's type.
    Type,
}

/// A rule for grouping errors. Replacements apply before the fingerprint is computed; group and
/// class apply after it, and if several rules match, the last one decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorRule)]
pub struct Rule {
    /// A note on the purpose of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the expression is matched against: `message` (the default) or `type`.
    #[serde(default)]
    pub on: RuleField,
    /// A regular expression that matches anywhere in the text.
    pub pattern: String,
    /// Limits the rule to errors with one of these fingerprints; empty for all errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// The text that replaces every match in the message before it is fingerprinted, for example
    /// `<order>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<String>,
    /// The title of the group that all matching errors are put into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The class of matching errors: timeout, network, auth, rate_limit, validation, not_found,
    /// server, quota, code or unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub class: Option<ErrorClass>,
}

/// An invalid rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule {index}: {detail}")]
pub struct RuleError {
    /// The rule's position, from 0.
    pub index: usize,
    /// The offending field.
    pub field: &'static str,
    /// What is wrong.
    pub detail: String,
}

/// The id of the group that a rule puts errors into.
pub fn of_rule(title: &str) -> String {
    id_of(&format!("rule | {title}"))
}

/// A compiled rule.
#[derive(Debug)]
pub(super) struct Compiled {
    rule: Rule,
    pattern: Regex,
}

pub(super) fn compile(rules: &[Rule]) -> Result<Vec<Compiled>, RuleError> {
    if rules.len() > MOST_RULES {
        let detail = format!(
            "there are {} rules; at most {MOST_RULES} are allowed",
            rules.len()
        );
        return Err(RuleError {
            index: MOST_RULES,
            field: "rules",
            detail,
        });
    }
    rules
        .iter()
        .enumerate()
        .map(|(index, rule)| one(index, rule))
        .collect()
}

fn one(index: usize, rule: &Rule) -> Result<Compiled, RuleError> {
    let wrong = |field, detail: String| {
        Err(RuleError {
            index,
            field,
            detail,
        })
    };
    let texts = [&rule.note, &rule.replace, &rule.group];
    if texts
        .into_iter()
        .flatten()
        .any(|text| text.len() > MOST_BYTES)
        || rule.pattern.len() > MOST_BYTES
    {
        return wrong(
            "pattern",
            format!("a text is longer than {MOST_BYTES} bytes"),
        );
    }
    if rule.pattern.is_empty() {
        return wrong("pattern", "the expression is empty".to_owned());
    }
    if rule.replace.is_none() && rule.group.is_none() && rule.class.is_none() {
        return wrong(
            "group",
            "the rule has no effect: set replace, group or class".to_owned(),
        );
    }
    if rule
        .group
        .as_ref()
        .is_some_and(|title| title.trim().is_empty())
    {
        return wrong("group", "the title is empty".to_owned());
    }
    if rule.replace.is_some() && rule.on == RuleField::Type {
        return wrong("replace", "replace works only on messages".to_owned());
    }
    let compiled = RegexBuilder::new(&rule.pattern)
        .size_limit(MOST_COMPILED)
        .build();
    match compiled {
        Ok(pattern) => Ok(Compiled {
            rule: rule.clone(),
            pattern,
        }),
        Err(error) => wrong("pattern", error.to_string()),
    }
}

impl Compiled {
    /// Whether the rule determines the group or class of an error.
    pub fn applies(&self, error_type: &str, message: &str, id: &str) -> bool {
        if self.rule.group.is_none() && self.rule.class.is_none() {
            return false;
        }
        let text = match self.rule.on {
            RuleField::Message => message,
            RuleField::Type => error_type,
        };
        let within = self.rule.within.is_empty() || self.rule.within.iter().any(|one| one == id);
        within && self.pattern.is_match(text)
    }

    pub fn apply(&self, to: &mut Fingerprint) {
        if let Some(title) = &self.rule.group {
            to.id = of_rule(title);
            to.title = shortened(title);
        }
        if let Some(class) = self.rule.class {
            to.class = class;
        }
    }

    /// The message with every match replaced; `None` if there is none.
    pub fn replace(&self, message: &str) -> Option<String> {
        let with = self.rule.replace.as_deref()?;
        self.pattern.is_match(message).then(|| {
            self.pattern
                .replace_all(message, regex::NoExpand(with))
                .into_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fingerprinter;
    use weir_model::SeenError;

    use super::*;

    fn by(rules: &str) -> Fingerprinter {
        let rules: Vec<Rule> = serde_json::from_str(rules).unwrap();
        Fingerprinter::new(&rules).unwrap()
    }

    fn wrong(rules: &str) -> (usize, &'static str) {
        let rules: Vec<Rule> = serde_json::from_str(rules).unwrap();
        let error = Fingerprinter::new(&rules).unwrap_err();
        (error.index, error.field)
    }

    #[test]
    fn what_a_rule_replaces_counts_as_a_value() {
        let plain = Fingerprinter::default();
        let ruled = by(r#"[{"pattern": "depot \\w+", "replace": "depot <name>"}]"#);
        let of = |by: &Fingerprinter, text| by.fingerprint(&SeenError::told(None, Some(text))).id;
        assert_ne!(
            of(&plain, "depot north is closed"),
            of(&plain, "depot south is closed")
        );
        assert_eq!(
            of(&ruled, "depot north is closed"),
            of(&ruled, "depot south is closed")
        );
        assert_eq!(of(&ruled, "nothing to do"), of(&plain, "nothing to do"));
    }

    #[test]
    fn the_last_matching_rule_determines_group_and_class() {
        let ruled = by(
            r#"[{"pattern": "refused", "group": "Refusals", "class": "auth"},
                {"pattern": "refused by SAP", "group": "SAP"},
                {"pattern": "^Weir", "on": "type", "class": "code"}]"#,
        );
        let plain = ruled.fingerprint(&SeenError::told(None, Some("order 7 refused")));
        assert_eq!(
            (plain.title.as_str(), plain.class),
            ("Refusals", ErrorClass::Auth)
        );
        let sap = ruled.fingerprint(&SeenError::told(None, Some("order 7 refused by SAP")));
        assert_eq!((sap.title.as_str(), sap.class), ("SAP", ErrorClass::Auth));
        let typed = ruled.fingerprint(&SeenError::told(
            Some("WeirError"),
            Some("order 7 refused by SAP"),
        ));
        assert_eq!((typed.id, typed.class), (sap.id, ErrorClass::Code));
    }

    #[test]
    fn a_rule_within_a_fingerprint_does_not_affect_others() {
        let plain = Fingerprinter::default();
        let batch = plain
            .fingerprint(&SeenError::told(None, Some("batch north broke")))
            .id;
        let rule = serde_json::json!([{"pattern": "north", "group": "North", "within": [batch]}]);
        let ruled = by(&rule.to_string());
        assert_eq!(
            ruled
                .fingerprint(&SeenError::told(None, Some("batch north broke")))
                .title,
            "North"
        );
        let other = ruled.fingerprint(&SeenError::told(None, Some("train north broke")));
        assert_eq!(
            other,
            plain.fingerprint(&SeenError::told(None, Some("train north broke")))
        );
    }

    #[test]
    fn an_invalid_rule_is_reported_with_its_position() {
        assert_eq!(
            wrong(r#"[{"pattern": "x", "class": "auth"}, {"pattern": "(", "group": "x"}]"#),
            (1, "pattern")
        );
        assert_eq!(wrong(r#"[{"pattern": "", "group": "x"}]"#), (0, "pattern"));
        assert_eq!(wrong(r#"[{"pattern": "x"}]"#), (0, "group"));
        assert_eq!(wrong(r#"[{"pattern": "x", "group": " "}]"#), (0, "group"));
        assert_eq!(
            wrong(r#"[{"pattern": "x", "on": "type", "replace": "y"}]"#),
            (0, "replace")
        );
        assert_eq!(
            wrong(r#"[{"pattern": "(a{1000}){1000}", "group": "x"}]"#),
            (0, "pattern")
        );
        let many = vec![
            Rule {
                pattern: "x".to_owned(),
                class: Some(ErrorClass::Code),
                ..Rule::default()
            };
            MOST_RULES + 1
        ];
        assert_eq!(Fingerprinter::new(&many).unwrap_err().field, "rules");
    }
}
