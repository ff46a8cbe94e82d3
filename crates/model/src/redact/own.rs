//! Rules that a project has beside those of the server.

use std::collections::HashSet;

use regex::RegexBuilder;
use serde::{Deserialize, Serialize};

use super::keys::plain;

/// The most keys.
const KEYS: usize = 200;
/// The most expressions.
const VALUES: usize = 50;
/// Bytes of a key or a name.
const WORD: usize = 100;
/// Bytes of an expression.
const PATTERN: usize = 500;
/// Bytes of a compiled expression. It runs in linear time whatever it is; this bounds its memory and how
/// long a letter takes.
const COMPILED: usize = 256 * 1024;

/// What a project takes out of its events, beside what the server does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRules {
    /// Keys whose values are taken out; case, `_`, `-`, `.` and spaces do not matter.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Values that are taken out of any text.
    #[serde(default)]
    pub values: Vec<NamedPattern>,
}

/// An expression with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPattern {
    /// What it is called.
    pub name: String,
    /// A regular expression. What a group named `keep` matches stays.
    pub pattern: String,
}

/// Why rules cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    /// The field at fault: `values[2].pattern`.
    pub field: String,
    /// What is wrong.
    pub detail: String,
    /// What would be right.
    pub fix: String,
}

impl OwnRules {
    /// Whether the rules are within bounds, and every expression compiles.
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
                let detail = format!("{name:?} stands twice");
                return Err(fault(format!("{field}.name"), detail, "a name of its own"));
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
    let detail = format!("{text:?} is no word");
    let fix = format!("1 to {WORD} bytes, with a letter or digit");
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
        let detail = "it matches where nothing stands".to_owned();
        return Err(fault(
            field.to_owned(),
            detail,
            "an expression that needs a letter",
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
    fn rules_out_of_bounds_are_refused_by_their_field() {
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
