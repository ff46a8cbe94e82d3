//! What can be queried: every metric is declared once, in [`METRICS`]; validation, planning,
//! assembly, `GET /api/v1/catalog`, the docs and the application read that declaration.

pub mod definitions;
mod document;
mod entries;
mod formula;
mod metrics;

use std::hash::{Hash, Hasher};

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::cube::{Dimension, Family};

pub use definitions::{Definition, TOPICS, Topic, definitions};
pub use document::document;
pub use entries::{Catalogue, DeclaredEntry, DimensionEntry, MetricEntry, catalogue};
pub use formula::{Bound, Formula, Term, Weight};
pub use metrics::METRICS;

/// The unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A number of things.
    Count,
    /// 0 to 100.
    Percent,
    /// Milliseconds.
    Milliseconds,
    /// Minutes.
    Minutes,
    /// US dollars.
    Usd,
    /// Credits of the engine.
    Credits,
    /// Bytes.
    Bytes,
    /// Tokens of a language model.
    Tokens,
}

/// The direction in which a change is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoodDirection {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    Neutral,
}

/// A figure that can be queried.
#[derive(Debug)]
pub struct Metric {
    /// The name in the API.
    pub name: &'static str,
    /// The label in the application.
    pub label: &'static str,
    /// The unit.
    pub unit: Unit,
    /// The direction in which a change is good.
    pub good: GoodDirection,
    /// The family of facts that it is computed from.
    pub family: Family,
    /// How it is computed.
    pub formula: Formula,
    /// One sentence for the catalogue.
    pub description: &'static str,
}

impl PartialEq for Metric {
    /// Names are unique.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Metric {}

impl Hash for Metric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Metric {
    /// The metric with a name.
    pub fn find(name: &str) -> Option<&'static Metric> {
        METRICS.iter().find(|metric| metric.name == name)
    }

    /// All families of facts that it is computed from.
    pub fn families(&self) -> impl Iterator<Item = Family> {
        let elsewhere = self.formula.elsewhere().map(|(family, _)| family);
        elsewhere.chain([self.family])
    }

    /// Whether all facts that it is computed from have the dimension.
    pub fn has(&self, dimension: Dimension) -> bool {
        self.families()
            .all(|family| family.dimensions().contains(&dimension))
    }
}

/// Whether any of these metrics depends on the worths that the project has configured.
pub fn need_worth(metrics: &[String]) -> bool {
    let known = metrics.iter().filter_map(|name| Metric::find(name));
    known.into_iter().any(|metric| metric.formula.needs_worth())
}

/// The dimension with a name.
pub fn find_dimension(name: &str) -> Option<Dimension> {
    let known = Dimension::ALL.iter();
    known.copied().find(|dimension| dimension.name() == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn metric_names_are_unique_and_differ_from_dimensions() {
        let mut names = HashSet::from(["time"]);
        names.extend(Dimension::ALL.iter().map(|d| d.name()));
        for metric in METRICS {
            assert!(
                names.insert(metric.name),
                "{} is declared twice",
                metric.name
            );
        }
    }

    #[test]
    fn every_formula_uses_what_its_family_has() {
        for metric in METRICS {
            let own = metric.formula.terms().map(|term| (metric.family, term));
            for (family, term) in own.chain(metric.formula.elsewhere()) {
                let known = family.measures().contains(&term.measure);
                assert!(known, "{} sums {}", metric.name, term.measure);
                let told = |dimension| family.dimensions().contains(&dimension);
                let all = term.dimensions().all(told);
                assert!(
                    all,
                    "{} needs a dimension that its family lacks",
                    metric.name
                );
            }
            if metric.formula.needs_sketch() {
                assert!(metric.family.has_sketch(), "{}", metric.name);
            }
            if let Formula::Distinct(dimension) = metric.formula {
                assert!(metric.has(dimension), "{}", metric.name);
            }
        }
    }

    #[test]
    fn every_family_can_be_counted() {
        for family in Family::ALL {
            assert!(family.measures().contains(&"count"), "{}", family.name());
            assert!(METRICS.iter().any(|metric| metric.family == *family));
        }
    }
}
