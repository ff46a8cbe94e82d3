//! The request: what a caller may write, as plain serde values with nothing checked yet.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::TimeRange;

use crate::words::{Comparison, Direction, GranularityWord, Interval, Operator, Word};

/// A question: metrics over a range, by dimensions and time.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Query {
    /// Names of metrics of the catalogue, 1 to 20.
    #[schema(example = json!(["executions", "success_rate", "duration_p95"]))]
    pub metrics: Vec<String>,
    /// Names of dimensions to group by, at most 5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["workflow"]))]
    pub dimensions: Vec<String>,
    /// What facts must be like; all filters must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// The time asked about.
    pub range: Range,
    /// The width of a row in time; without it there is one row per group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<GranularityWord>)]
    pub granularity: Option<String>,
    /// The IANA time zone of buckets and relative ranges; UTC without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Amsterdam")]
    pub timezone: Option<String>,
    /// Which range to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Comparison>)]
    pub compare: Option<String>,
    /// The order of rows: without it by time, then by the first metric, largest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<Order>,
    /// How many groups (values of the dimensions) to answer with, best first: 1 to 10,000. Without
    /// it 1,000, with a granularity 50. With a granularity and no dimensions it counts rows, and
    /// only where `orderBy` ranks them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub limit: Option<i64>,
    /// Groups of each value of the first dimension, best first: 1 to 10,000. `limit` then says how many
    /// values of the first dimension there are, best first by their totals. It needs two
    /// dimensions and no granularity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub limit_each: Option<i64>,
    /// Whether the answer also tells what the limits left out, summed, as `other`. It needs a dimension.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// The duration in milliseconds up to which `durations_within` and `duration_within_rate` count:
    /// 0 to 2^48; 5,000 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, example = 5_000)]
    pub threshold: Option<i64>,
}

/// A condition on a dimension.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The dimension's name.
    #[schema(example = "workflow")]
    pub dimension: String,
    /// Whether the values are wanted or unwanted.
    #[serde(default = "in_word")]
    #[schema(value_type = Operator)]
    pub op: String,
    /// The values, at most 500; null means facts without a value.
    #[schema(example = json!(["loan"]))]
    pub values: Vec<Option<String>>,
}

fn in_word() -> String {
    Operator::In.name().to_owned()
}

/// The time asked about: exactly one of `from` with `to`, `last`, `all`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The first moment, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub from: Option<String>,
    /// The first moment after the range, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub to: Option<String>,
    /// A length up to the present: minutes, hours, days or weeks such as `30m`, `24h`, `30d`, `2w`. It means one range in every
    /// answer, whatever the granularity, and the answer says which. `30d` is today and the 29 days before it, by the
    /// calendar of the time zone; a week is seven days. A length by the clock ends with the present minute (below an hour), five
    /// minutes (below 6 hours), half hour (below 24 hours) or hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "30d")]
    pub last: Option<String>,
    /// True for the first to the newest event of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
}

/// One key of the order of rows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// A metric of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// A dimension of the query, or `time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    /// Largest or smallest first; without it metrics are descending and dimensions ascending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Direction>)]
    pub direction: Option<String>,
}

impl Query {
    /// A question for metrics over everything; the other parts are added by the methods below.
    pub fn metrics<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            metrics: names.into_iter().map(str::to_owned).collect(),
            range: Range {
                all: Some(true),
                ..Range::default()
            },
            ..Self::default()
        }
    }

    /// Grouped by dimensions.
    pub fn by<'a>(mut self, dimensions: impl IntoIterator<Item = &'a str>) -> Self {
        self.dimensions = dimensions.into_iter().map(str::to_owned).collect();
        self
    }

    /// Only facts whose dimension has one of the values.
    pub fn filter<'a>(
        mut self,
        dimension: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.filters.push(Filter {
            dimension: dimension.to_owned(),
            op: in_word(),
            values: values.into_iter().map(|v| Some(v.to_owned())).collect(),
        });
        self
    }

    /// Between two moments.
    pub fn range(mut self, range: TimeRange) -> Self {
        self.range = Range {
            from: Some(range.from.to_string()),
            to: Some(range.to.to_string()),
            ..Range::default()
        };
        self
    }

    /// A relative range such as `30d`.
    pub fn last(mut self, length: &str) -> Self {
        self.range = Range {
            last: Some(length.to_owned()),
            ..Range::default()
        };
        self
    }

    /// In buckets of time.
    pub fn every(mut self, interval: Interval) -> Self {
        self.granularity = Some(interval.name().to_owned());
        self
    }

    /// In a time zone of the IANA database.
    pub fn timezone(mut self, name: &str) -> Self {
        self.timezone = Some(name.to_owned());
        self
    }

    /// Beside another range.
    pub fn compare(mut self, comparison: Comparison) -> Self {
        self.compare = Some(comparison.name().to_owned());
        self
    }

    /// Ordered by a metric, after the orders already given.
    pub fn order(mut self, metric: &str, direction: Direction) -> Self {
        self.order_by.push(Order {
            metric: Some(metric.to_owned()),
            dimension: None,
            direction: Some(direction.name().to_owned()),
        });
        self
    }

    /// At most so many groups.
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// At most so many groups of each value of the first dimension.
    pub fn limit_each(mut self, limit: i64) -> Self {
        self.limit_each = Some(limit);
        self
    }

    /// With what the limits leave out, summed.
    pub fn with_other(mut self) -> Self {
        self.other = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_in_camel_case_and_unknown_fields_are_refused() {
        let text = r#"{"metrics":["executions"],"range":{"last":"30d"},"orderBy":[{"metric":"executions"}]}"#;
        let query: Query = serde_json::from_str(text).unwrap();
        assert_eq!(query.order_by[0].metric.as_deref(), Some("executions"));
        let wrong = r#"{"metrics":["executions"],"range":{"last":"30d"},"granularty":"day"}"#;
        let error = serde_json::from_str::<Query>(wrong).unwrap_err();
        assert!(error.to_string().contains("granularty"), "{error}");
    }

    #[test]
    fn a_built_query_survives_json() {
        let query = Query::metrics(["executions"])
            .by(["workflow"])
            .filter("status", ["failed"])
            .last("7d")
            .every(Interval::Day)
            .timezone("Asia/Kolkata")
            .compare(Comparison::PreviousPeriod)
            .order("executions", Direction::Asc)
            .limit(5)
            .with_other();
        let json = serde_json::to_string(&query).unwrap();
        assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
    }
}
