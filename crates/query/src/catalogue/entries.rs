//! The catalogue as `GET /api/v1/catalog` returns it.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::cube::Dimension;

use super::{GoodDirection, METRICS, Metric, Unit};
use crate::words::{Interval, Word};

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
    /// Whether the values of parts add up to the value of the whole, unlike those of rates, percentiles and distinct
    /// counts.
    pub additive: bool,
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
        additive: metric.formula.is_additive(),
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
    use super::*;

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
