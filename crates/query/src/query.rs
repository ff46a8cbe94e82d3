//! The request as plain serde values, before validation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::TimeRange;

use crate::words::{Comparison, Direction, GranularityWord, Interval, Operator, Word};

/// A query: metrics over a range, grouped by dimensions and time.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Query {
    /// Names of 1 to 20 metrics of the catalogue.
    #[schema(example = json!(["executions", "success_rate", "duration_p95"]))]
    pub metrics: Vec<String>,
    /// Names of up to 5 dimensions to group by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["workflow"]))]
    pub dimensions: Vec<String>,
    /// Conditions on the facts, up to 20; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// The range of time.
    pub range: Range,
    /// The width of a row in time. Without it, there is one row per group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<GranularityWord>)]
    pub granularity: Option<String>,
    /// The IANA time zone of buckets and relative ranges; UTC by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Amsterdam")]
    pub timezone: Option<String>,
    /// The range to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Comparison>)]
    pub compare: Option<String>,
    /// The sort order of rows. By default, rows are sorted by time, then by the first metric, largest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<Order>,
    /// The maximum number of groups (combinations of values of the dimensions), best first: 1 to 10,000. The
    /// default is 1,000, or 50 with a granularity. With a granularity and no dimensions, it counts rows, and
    /// applies only if `orderBy` ranks them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub limit: Option<i64>,
    /// The maximum number of groups per value of the first dimension, best first: 1 to 10,000. `limit`
    /// then limits the values of the first dimension, best first by their totals. Requires two or more
    /// dimensions and no granularity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub limit_each: Option<i64>,
    /// Whether the answer includes, as `other`, the sums of what the limits left out. Requires a dimension.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// Whether the answer includes, as `totals`, the figures of the whole range, computed from what the buckets
    /// are computed from, so that both agree while events arrive. Requires a granularity and no dimensions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub totals: bool,
    /// The duration in milliseconds up to which `durations_within` and `duration_within_rate` count:
    /// 0 to 2^48; 5,000 by default.
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
    /// Whether the values are included or excluded.
    #[serde(default = "in_word")]
    #[schema(value_type = Operator)]
    pub op: String,
    /// Up to 5,000 values; null stands for facts without a value.
    #[schema(example = json!(["loan"]))]
    pub values: Vec<Option<String>>,
}

fn in_word() -> String {
    Operator::In.name().to_owned()
}

/// The range of time: exactly one of `from` with `to`, `last`, `all`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The first moment of the range, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub from: Option<String>,
    /// The first moment after the range, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub to: Option<String>,
    /// A length up to the present, in minutes, hours, days or weeks: `30m`, `24h`, `30d`, `2w`. It
    /// covers the same range at any granularity, and the answer states that range. `30d` is today and
    /// the 29 days before it, by the calendar of the time zone; a week is seven days. A length in
    /// minutes or hours ends with the current minute (below an hour), five minutes (below 6 hours), half
    /// hour (below 24 hours) or hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "30d")]
    pub last: Option<String>,
    /// True for the range from the first to the newest event of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
}

/// One sort key of the rows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// A metric of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// A dimension of the query, or `time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    /// Largest or smallest first. By default, metrics are sorted descending and dimensions ascending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Direction>)]
    pub direction: Option<String>,
}

impl Query {
    /// A query for metrics over all data; the methods below add the other parts.
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

    /// Restricted to facts whose dimension has one of the values.
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

    /// Compared with another range.
    pub fn compare(mut self, comparison: Comparison) -> Self {
        self.compare = Some(comparison.name().to_owned());
        self
    }

    /// Sorted by a metric, after the sort keys already added.
    pub fn order(mut self, metric: &str, direction: Direction) -> Self {
        self.order_by.push(Order {
            metric: Some(metric.to_owned()),
            dimension: None,
            direction: Some(direction.name().to_owned()),
        });
        self
    }

    /// Limited to this many groups.
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Limited to this many groups per value of the first dimension.
    pub fn limit_each(mut self, limit: i64) -> Self {
        self.limit_each = Some(limit);
        self
    }

    /// With the sums of what the limits leave out.
    pub fn with_other(mut self) -> Self {
        self.other = true;
        self
    }

    /// With the figures of the whole range.
    pub fn with_totals(mut self) -> Self {
        self.totals = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_in_camel_case_and_unknown_fields_are_rejected() {
        let text = r#"{"metrics":["executions"],"range":{"last":"30d"},"orderBy":[{"metric":"executions"}]}"#;
        let query: Query = serde_json::from_str(text).unwrap();
        assert_eq!(query.order_by[0].metric.as_deref(), Some("executions"));
        let wrong = r#"{"metrics":["executions"],"range":{"last":"30d"},"granularty":"day"}"#;
        let error = serde_json::from_str::<Query>(wrong).unwrap_err();
        assert!(error.to_string().contains("granularty"), "{error}");
    }

    #[test]
    fn a_built_query_survives_a_round_trip_through_json() {
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
