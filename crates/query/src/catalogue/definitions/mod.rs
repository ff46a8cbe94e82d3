//! Definitions of the scores, rates, bounds and forecasts that are not metrics of the catalogue: they are
//! computed from several answers, over time or by a model. Declared once; `docs/metrics.md` is
//! generated from here and from [`METRICS`](super::METRICS).
//!
//! To add one, append it to the file of its topic. A definition gives its formula in the words of
//! the API's fields, so that a reader can compute it again.

mod activity;
mod changes;
mod cohorts;
mod costs;
mod errors;
mod executions;
mod funnels;
mod general;
mod live;
mod process;
mod slis;
mod workflows;

/// A figure that is more than a sum, a rate or a quantile of one query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The API's field or word, in snake case and unique: `error_budget_burn`.
    pub name: &'static str,
    /// The label in the application.
    pub label: &'static str,
    /// What it is counted in: `percent`, `milliseconds`, `US dollars`, `ratio`, `count`, `score 0 to
    /// 100`, `none`.
    pub unit: &'static str,
    /// How it is computed, in one line.
    pub formula: &'static str,
    /// What it means, what it excludes, and when it is null.
    pub description: &'static str,
    /// Where the rule comes from: a book, an article, a product, or "Weir's own".
    pub source: &'static str,
}

/// Definitions that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The heading of its section.
    pub title: &'static str,
    /// Its definitions, in the order of the section.
    pub definitions: &'static [Definition],
}

/// Every topic, in the order of the document.
pub const TOPICS: &[Topic] = &[
    topic(
        "Percentiles, changes and completeness",
        general::DEFINITIONS,
    ),
    topic("What changed", changes::DEFINITIONS),
    topic("Workflows and steps", workflows::DEFINITIONS),
    topic("Process, variants and conformance", process::DEFINITIONS),
    topic("Errors", errors::DEFINITIONS),
    topic("Single executions", executions::DEFINITIONS),
    topic("Activity and engagement", activity::DEFINITIONS),
    topic("Cohorts and retention", cohorts::DEFINITIONS),
    topic("Funnels and conversion", funnels::DEFINITIONS),
    topic("Costs, forecasts and budgets", costs::DEFINITIONS),
    topic("Service levels", slis::DEFINITIONS),
    topic("Live updates", live::DEFINITIONS),
];

const fn topic(title: &'static str, definitions: &'static [Definition]) -> Topic {
    Topic { title, definitions }
}

/// Every definition, in the order of the document.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    TOPICS.iter().flat_map(|topic| topic.definitions)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::METRICS;

    #[test]
    fn a_name_is_defined_once_and_is_not_a_metric() {
        let mut names: HashSet<&str> = METRICS.iter().map(|metric| metric.name).collect();
        for definition in definitions() {
            let name = definition.name;
            assert!(names.insert(name), "{name} is defined twice");
            let snake = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
            };
            assert!(name.chars().all(snake), "{name} is not snake case");
        }
    }

    #[test]
    fn every_definition_is_complete() {
        for definition in definitions() {
            let texts = [
                definition.label,
                definition.unit,
                definition.formula,
                definition.description,
                definition.source,
            ];
            let said = texts.iter().all(|text| !text.trim().is_empty());
            assert!(said, "{} has an empty field", definition.name);
            // The text becomes part of a Markdown list: a line break would end it.
            let lines = texts.iter().any(|text| text.contains('\n'));
            assert!(!lines, "{} contains a line break", definition.name);
        }
    }
}
