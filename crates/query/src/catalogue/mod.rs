//! What can be queried: every metric is declared once, in [`METRICS`]; validation, planning,
//! assembly, `GET /api/v1/catalog`, the docs and the application read that declaration.

pub mod definitions;
mod document;
mod metrics;

use std::hash::{Hash, Hasher};

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::cube::{Dimension, Family};

pub use definitions::{Definition, TOPICS, Topic, definitions};
pub use document::document;
pub use metrics::METRICS;

use crate::words::{Interval, Word};

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

/// A sum of one measure of a family, over all facts or those with certain values of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The measure: a column of the family's cubes and raw source.
    pub measure: &'static str,
    /// Only facts whose dimension has one of the values.
    pub only: Option<(Dimension, &'static [&'static str])>,
    /// How each fact is weighted by its worth, instead of by the measure alone.
    pub weight: Option<Weight>,
}

impl Term {
    /// A measure summed over all facts.
    pub const fn all(measure: &'static str) -> Self {
        Self {
            measure,
            only: None,
            weight: None,
        }
    }

    /// A measure summed over facts with one of the values.
    pub const fn only(
        measure: &'static str,
        dimension: Dimension,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            measure,
            only: Some((dimension, values)),
            weight: None,
        }
    }

    /// The same facts, weighted by their worth.
    pub const fn weighed(self, weight: Weight) -> Self {
        Self {
            weight: Some(weight),
            ..self
        }
    }

    /// Whether its sums can exceed 64 bits: money, credits and billed units, which are stored in
    /// billionths, and weighted facts.
    pub fn is_large(self) -> bool {
        self.weight.is_some()
            || matches!(self.measure, "amount" | "credits" | "goal_value" | "units")
    }

    /// What the stored integer is divided by.
    pub fn divisor(self) -> f64 {
        match self.weight {
            Some(Weight::Time) => 60_000.0,
            _ if self.is_large() => 1e9,
            _ => 1.0,
        }
    }

    /// The dimensions that its rows must carry.
    pub fn dimensions(self) -> impl Iterator<Item = Dimension> {
        let only = self.only.map(|(dimension, _)| dimension);
        only.into_iter().chain(self.weight.map(Weight::dimension))
    }
}

/// What facts are weighted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// The time saved, by the workflow.
    Time,
    /// The money value of the time saved, by the workflow.
    Money,
    /// The money value of a goal; for goals without a worth, the fact's own measure.
    GoalMoney,
}

impl Weight {
    /// The dimension that the worth depends on.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Time | Self::Money => Dimension::Workflow,
            Self::GoalMoney => Dimension::Goal,
        }
    }
}

/// An end of a confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The lower bound.
    Lower,
    /// The upper bound.
    Upper,
}

/// How a metric is computed from the sums and sketches of its family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Formula {
    /// A sum; 0 without facts.
    Sum(Term),
    /// The first sum minus the second; 0 without facts.
    Difference(Term, Term),
    /// 100 times the first sum divided by the second; null if the second is 0.
    Percent(Term, Term),
    /// The first sum divided by the second; null if the second is 0.
    Mean(Term, Term),
    /// The first sum minus the second, divided by the third; null if the third is 0.
    MeanDifference([Term; 2], Term),
    /// The quantile (0 to 1) of the family's durations; null without durations.
    Quantile(f64),
    /// The largest of the family's durations within the sketch's error; null without durations.
    Max,
    /// The standard deviation of the family's durations; null without durations.
    Deviation,
    /// A 95 % confidence bound of the quantile; null if there are too few durations.
    QuantileBound(f64, Bound),
    /// 100 times (saved + reached - spent) / spent, from sums of three families; null if nothing
    /// was spent.
    Return {
        /// The value saved, a sum of the metric's family.
        saved: Term,
        /// The worth of the goals reached.
        reached: (Family, Term),
        /// The money spent.
        spent: (Family, Term),
    },
    /// A sum of another family divided by a sum of the metric's family; null if that is 0.
    PerFact((Family, Term), Term),
    /// The number of distinct values of a dimension; 0 without facts.
    Distinct(Dimension),
    /// The number of the family's durations up to the query's threshold, within the
    /// sketch's error; 0 without durations.
    Within,
    /// 100 times [`Formula::Within`] divided by the number of durations; null without durations.
    WithinPercent,
}

impl Formula {
    /// The sums it needs.
    pub fn terms(self) -> impl Iterator<Item = Term> {
        let terms = match self {
            Self::Sum(term) | Self::Return { saved: term, .. } | Self::PerFact(_, term) => {
                [Some(term), None, None]
            }
            Self::Difference(a, b) | Self::Percent(a, b) | Self::Mean(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::MeanDifference([a, b], count) => [Some(a), Some(b), Some(count)],
            Self::Quantile(_)
            | Self::Max
            | Self::Distinct(_)
            | Self::Deviation
            | Self::QuantileBound(..)
            | Self::Within
            | Self::WithinPercent => [None; 3],
        };
        terms.into_iter().flatten()
    }

    /// The sums that it needs from families other than the metric's own.
    pub fn elsewhere(self) -> impl Iterator<Item = (Family, Term)> {
        let (first, second) = match self {
            Self::Return { reached, spent, .. } => (Some(reached), Some(spent)),
            Self::PerFact(sum, _) => (Some(sum), None),
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }

    /// Whether it depends on the worths that the project has configured.
    pub fn needs_worth(self) -> bool {
        let elsewhere = self.elsewhere().map(|(_, term)| term);
        self.terms()
            .chain(elsewhere)
            .any(|term| term.weight.is_some())
    }

    /// Whether it needs the sketch.
    pub fn needs_sketch(self) -> bool {
        let of_durations = matches!(
            self,
            Self::Quantile(_) | Self::Max | Self::Deviation | Self::QuantileBound(..)
        );
        of_durations || self.needs_threshold()
    }

    /// Whether it depends on the query's threshold.
    pub fn needs_threshold(self) -> bool {
        matches!(self, Self::Within | Self::WithinPercent)
    }
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

/// The answer to `GET /api/v1/catalog`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Catalogue {
    /// Every metric.
    pub metrics: Vec<MetricEntry>,
    /// Every dimension.
    pub dimensions: Vec<DimensionEntry>,
    /// The dimensions declared by the project; every metric has them.
    pub declared: Vec<DeclaredEntry>,
    /// Every granularity, finest first.
    pub granularities: Vec<Interval>,
}

/// A metric in the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricEntry {
    /// The name in queries.
    pub name: &'static str,
    /// The label in the application.
    pub label: &'static str,
    /// The unit.
    pub unit: Unit,
    /// What it means, in one sentence.
    pub description: &'static str,
    /// The family; metrics of the same family share their facts.
    pub family: &'static str,
    /// The direction in which a change is good.
    pub good_direction: GoodDirection,
    /// The dimensions that it can be grouped and filtered by.
    pub dimensions: Vec<&'static str>,
}

/// A dimension in the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DimensionEntry {
    /// The name in queries.
    pub name: &'static str,
    /// The label in the application.
    pub label: &'static str,
    /// What it means, in one sentence.
    pub description: &'static str,
}

/// A declared dimension in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeclaredEntry {
    /// The name in queries: `metadata.client`.
    pub name: String,
    /// The label in the application.
    pub label: String,
}

/// Everything that can be queried in a project that declared these dimensions.
pub fn catalogue(declared: Vec<DeclaredEntry>) -> Catalogue {
    Catalogue {
        declared,
        metrics: METRICS.iter().map(metric_entry).collect(),
        dimensions: Dimension::ALL.iter().map(dimension_entry).collect(),
        granularities: Interval::ALL.to_vec(),
    }
}

fn metric_entry(metric: &'static Metric) -> MetricEntry {
    let dimensions = metric.family.dimensions().iter();
    MetricEntry {
        name: metric.name,
        label: metric.label,
        unit: metric.unit,
        description: metric.description,
        family: metric.family.name(),
        good_direction: metric.good,
        dimensions: dimensions
            .filter(|&&dimension| metric.has(dimension))
            .map(|dimension| dimension.name())
            .collect(),
    }
}

fn dimension_entry(dimension: &Dimension) -> DimensionEntry {
    DimensionEntry {
        name: dimension.name(),
        label: dimension.label(),
        description: dimension.description(),
    }
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

    #[test]
    fn the_catalogue_is_complete_json() {
        let json = serde_json::to_value(catalogue(vec![DeclaredEntry {
            name: "metadata.client".to_owned(),
            label: "Client".to_owned(),
        }]))
        .unwrap();
        let first = &json["metrics"][0];
        assert_eq!(first["name"], "executions");
        assert_eq!(first["unit"], "count");
        assert_eq!(first["goodDirection"], "up");
        assert_eq!(first["dimensions"][1], "workflow");
        assert_eq!(json["granularities"][1], "five_minutes");
        assert_eq!(json["dimensions"][0]["label"], "Environment");
        assert_eq!(json["declared"][0]["name"], "metadata.client");
    }
}
