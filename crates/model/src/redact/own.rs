//! A project's own rules, in addition to the server's.

use std::collections::HashSet;

use regex::RegexBuilder;
use serde::{Deserialize, Serialize};

use super::keys::plain;

/// The most keys in a project's rules.
const KEYS: usize = 200;
/// The most expressions in a project's rules.
const VALUES: usize = 50;
/// The longest key or name, in bytes.
const WORD: usize = 100;
/// The longest expression, in bytes.
const PATTERN: usize = 500;
/// The largest compiled expression, in bytes. Expressions run in linear time anyway; this limits
/// their memory and the time per character.
const COMPILED: usize = 256 * 1024;

/// What a project redacts in its events, in addition to the server's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRules {
    /// Keys whose values are redacted, ignoring case, `_`, `-`, `.` and spaces.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Values that are redacted in any text.
    #[serde(default)]
    pub values: Vec<NamedPattern>,
}

/// A regular expression with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPattern {
    /// Its name, which is shown where it redacted something.
    pub name: String,
    /// The regular expression. What a group named `keep` matches is kept.
    pub pattern: String,
}

/// Why a project's rules are invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    /// The offending field: `values[2].pattern`.
    pub field: String,
    /// What is wrong.
    pub detail: String,
    /// How to fix it.
    pub fix: String,
}

impl OwnRules {
    /// Fails if the rules exceed a limit, a name is used twice, or an expression does not compile
    /// or matches empty text.
    pub fn check(&self) -> Result<(), RuleFault> {
        bound("keys", self.keys.len(), KEYS)?;
        bound("values", self.values.len(), VALUES)?;
        for (position, key) in self.keys.iter().enumerate() {
            word(&format!("keys[{position}]"), key)?;
        }
        let mut names = HashSet::new();
        for (position, NamedPattern { name, pattern }) in self.values.iter().enumerate() {
            let field = format!("values[{position}]");
            word(&format!("{field}.name"), name)?;
            if !names.insert(name) {
                let detail = format!("the name {name:?} is used twice");
                return Err(fault(format!("{field}.name"), detail, "a unique name"));
            }
            compiles(&format!("{field}.pattern"), pattern)?;
        }
        Ok(())
    }
}

fn bound(field: &str, count: usize, most: usize) -> Result<(), RuleFault> {
    match count <= most {
        true => Ok(()),
        false => {
            let detail = format!("there are {count} of them");
            Err(fault(field.to_owned(), detail, &format!("at most {most}")))
        }
    }
}

fn word(field: &str, text: &str) -> Result<(), RuleFault> {
    if text.len() <= WORD && !plain(text).is_empty() {
        return Ok(());
    }
    let detail = format!("{text:?} is not a valid name");
    let fix = format!("1 to {WORD} bytes, with at least one letter or digit");
    Err(fault(field.to_owned(), detail, &fix))
}

fn compiles(field: &str, pattern: &str) -> Result<(), RuleFault> {
    if pattern.is_empty() || pattern.len() > PATTERN {
        let detail = format!("it has {} bytes", pattern.len());
        let fix = format!("1 to {PATTERN} bytes");
        return Err(fault(field.to_owned(), detail, &fix));
    }
    let built = RegexBuilder::new(pattern)
        .size_limit(COMPILED)
        .dfa_size_limit(COMPILED)
        .build();
    let regex = built.map_err(|error| {
        let detail = match error {
            regex::Error::CompiledTooBig(_) => "it is too large when compiled".to_owned(),
            other => other.to_string(),
        };
        fault(field.to_owned(), detail, "a smaller or simpler expression")
    })?;
    if regex.is_match("") {
        let detail = "it matches empty text".to_owned();
        return Err(fault(
            field.to_owned(),
            detail,
            "an expression that matches at least one character",
        ));
    }
    Ok(())
}

fn fault(field: String, detail: String, fix: &str) -> RuleFault {
    RuleFault {
        field,
        detail,
        fix: fix.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(name: &str, pattern: &str) -> OwnRules {
        OwnRules {
            keys: Vec::new(),
            values: vec![NamedPattern {
                name: name.to_owned(),
                pattern: pattern.to_owned(),
            }],
        }
    }

    #[test]
    fn invalid_rules_are_rejected_with_their_field() {
        assert_eq!(rules("a", "x[0-9]+").check(), Ok(()));
        for (rules, field) in [
            (rules("", "x"), "values[0].name"),
            (rules("-", "x"), "values[0].name"),
            (rules("a", ""), "values[0].pattern"),
            (rules("a", "x("), "values[0].pattern"),
            (rules("a", "x*"), "values[0].pattern"),
            (rules("a", "\\pL{500}{50}"), "values[0].pattern"),
            (rules("a", &"x".repeat(501)), "values[0].pattern"),
            (
                OwnRules {
                    keys: vec![" ".to_owned()],
                    values: Vec::new(),
                },
                "keys[0]",
            ),
            (
                OwnRules {
                    keys: vec!["k".to_owned(); 201],
                    values: Vec::new(),
                },
                "keys",
            ),
        ] {
            assert_eq!(rules.check().unwrap_err().field, field, "{rules:?}");
        }
        let mut twice = rules("a", "x");
        twice.values.push(twice.values[0].clone());
        assert_eq!(twice.check().unwrap_err().field, "values[1].name");
    }
}
