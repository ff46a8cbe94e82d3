//! Rules as callers send them.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::wrong,
    {ProcessRule, ProcessRuleKind},
};
use crate::AppError;

/// The most rules of a workflow.
const MOST: usize = 50;
/// The longest id of a rule, in characters.
const LONGEST_ID: usize = 64;
/// The longest id of a step, in bytes, as in events.
const STEP_BYTES: usize = 256;
/// The longest time in which a step must follow: ten years.
const LONGEST_MS: i64 = 3_653 * weir_model::time::DAY;
/// The largest number of times.
const MOST_TIMES: u32 = 10_000;

/// The rules of a workflow, which replace those before.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessRulesInput {
    /// At most 50 rules; none removes all.
    pub rules: Vec<ProcessRuleInput>,
}

/// A rule about the steps of a workflow.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProcessRuleInput {
    /// Its id: 1 to 64 letters, digits, `-` and `_`. Without one, it gets one.
    pub id: Option<String>,
    /// What it demands.
    pub kind: ProcessRuleKind,
    /// The id of the step that it is about.
    pub step: String,
    /// The id of the other step, for kinds about two.
    pub other: Option<String>,
    /// For `followed_within`: milliseconds.
    pub within_ms: Option<i64>,
    /// For `at_most`: how often the step may run.
    pub times: Option<u32>,
}

impl ProcessRulesInput {
    /// The rules, each with an id. Fails if there are too many, or at a rule that is not valid.
    pub fn checked(&self) -> Result<Vec<ProcessRule>, AppError> {
        if self.rules.len() > MOST {
            let detail = "There are too many rules.";
            return Err(wrong("rules", detail).fix(format!("at most {MOST}")));
        }
        let given = self.rules.iter().filter_map(|rule| rule.id.as_deref());
        let mut used: BTreeSet<String> = given.map(str::to_owned).collect();
        let mut seen = BTreeSet::new();
        let rules = self.rules.iter().enumerate().map(|(number, rule)| {
            let at = |field: &str| format!("rules[{number}].{field}");
            let id = match &rule.id {
                Some(id) => id_of(id, &mut seen, &at("id"))?,
                None => unused(&mut used),
            };
            rule.checked(id, at)
        });
        rules.collect()
    }
}

impl ProcessRuleInput {
    fn checked(&self, id: String, at: impl Fn(&str) -> String) -> Result<ProcessRule, AppError> {
        let needs = Needs::of(self.kind);
        demand(self.other.is_some(), needs.other, &at("other"))?;
        demand(self.within_ms.is_some(), needs.within, &at("withinMs"))?;
        demand(self.times.is_some(), needs.times, &at("times"))?;
        step_of(&self.step, &at("step"))?;
        if let Some(other) = &self.other {
            step_of(other, &at("other"))?;
            if *other == self.step {
                return Err(wrong(&at("other"), "The two steps are the same.").fix("another step"));
            }
        }
        if self
            .within_ms
            .is_some_and(|within| !(1..=LONGEST_MS).contains(&within))
        {
            let detail = "The time is out of range.";
            return Err(wrong(&at("withinMs"), detail).fix(format!("1 to {LONGEST_MS}")));
        }
        if self
            .times
            .is_some_and(|times| !(1..=MOST_TIMES).contains(&times))
        {
            let detail = "The number is out of range.";
            return Err(wrong(&at("times"), detail).fix(format!("1 to {MOST_TIMES}")));
        }
        Ok(ProcessRule {
            id,
            kind: self.kind,
            step: self.step.clone(),
            other: self.other.clone(),
            within_ms: self.within_ms,
            times: self.times,
        })
    }
}

/// The fields that a kind of rule has.
struct Needs {
    other: bool,
    within: bool,
    times: bool,
}

impl Needs {
    fn of(kind: ProcessRuleKind) -> Self {
        use ProcessRuleKind::{
            AtMost, FollowedBy, FollowedWithin, NeverBefore, NeverTogether, PrecededBy,
        };
        Self {
            other: matches!(
                kind,
                NeverBefore | FollowedBy | FollowedWithin | PrecededBy | NeverTogether
            ),
            within: kind == FollowedWithin,
            times: kind == AtMost,
        }
    }
}

fn demand(given: bool, needed: bool, field: &str) -> Result<(), AppError> {
    match (given, needed) {
        (false, true) => {
            Err(wrong(field, "This kind of rule needs the field.").fix("Send the field."))
        }
        (true, false) => {
            Err(wrong(field, "This kind of rule does not have the field.").fix("Leave it out."))
        }
        _ => Ok(()),
    }
}

fn step_of(id: &str, field: &str) -> Result<(), AppError> {
    if id.is_empty() || id.len() > STEP_BYTES || id.chars().any(char::is_control) {
        let detail = "This cannot be the id of a step.";
        return Err(wrong(field, detail).fix(format!("1 to {STEP_BYTES} bytes of text")));
    }
    Ok(())
}

fn id_of(id: &str, seen: &mut BTreeSet<String>, field: &str) -> Result<String, AppError> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(is_plain) {
        let detail = "The id of a rule is not valid.";
        return Err(wrong(field, detail).fix(format!("1 to {LONGEST_ID} letters, digits, - and _")));
    }
    match seen.insert(id.to_owned()) {
        true => Ok(id.to_owned()),
        false => Err(wrong(field, "Another rule has this id.").fix("Leave it out.")),
    }
}

/// The first of `rule-1`, `rule-2`, ... that no rule has.
fn unused(used: &mut BTreeSet<String>) -> String {
    let mut number = 1;
    loop {
        let id = format!("rule-{number}");
        if used.insert(id.clone()) {
            return id;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(rules: Value) -> Result<Vec<ProcessRule>, String> {
        let input: ProcessRulesInput = serde_json::from_value(json!({"rules": rules})).unwrap();
        input.checked().map_err(|error| error.field.unwrap())
    }

    #[test]
    fn a_rule_without_an_id_gets_one_that_no_other_has() {
        let found = checked(json!([
            {"kind": "never", "step": "a"},
            {"id": "rule-1", "kind": "at_most", "step": "a", "times": 2},
            {"kind": "followed_within", "step": "a", "other": "b", "withinMs": 1000},
        ]))
        .unwrap();
        let ids: Vec<_> = found.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, ["rule-2", "rule-1", "rule-3"]);
        assert_eq!(checked(json!([])).unwrap(), []);
    }

    #[test]
    fn an_invalid_rule_is_refused_with_its_field() {
        let with = |rule: Value| checked(json!([{"id": "x", "kind": "never", "step": "a"}, rule]));
        for (rule, field) in [
            (json!({"kind": "never", "step": ""}), "step"),
            (json!({"kind": "never", "step": "a".repeat(257)}), "step"),
            (json!({"kind": "never", "step": "a", "other": "b"}), "other"),
            (json!({"kind": "never", "step": "a", "times": 1}), "times"),
            (json!({"kind": "followed_by", "step": "a"}), "other"),
            (
                json!({"kind": "followed_by", "step": "a", "other": "a"}),
                "other",
            ),
            (
                json!({"kind": "followed_within", "step": "a", "other": "b"}),
                "withinMs",
            ),
            (
                json!({"kind": "followed_within", "step": "a", "other": "b", "withinMs": 0}),
                "withinMs",
            ),
            (json!({"kind": "at_most", "step": "a"}), "times"),
            (json!({"kind": "at_most", "step": "a", "times": 0}), "times"),
            (json!({"id": "x", "kind": "never", "step": "a"}), "id"),
            (json!({"id": "a b", "kind": "never", "step": "a"}), "id"),
        ] {
            let found = with(rule.clone()).unwrap_err();
            assert_eq!(found, format!("rules[1].{field}"), "{rule}");
        }
        let many: Vec<_> = (0..51)
            .map(|_| json!({"kind": "never", "step": "a"}))
            .collect();
        assert_eq!(checked(json!(many)).unwrap_err(), "rules");
    }
}
