//! The answer to a query.

use std::{collections::BTreeMap, sync::Arc};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use utoipa::ToSchema;
use weir_model::{TimeRange, Timestamp, cube::Dimension};

use crate::{axis::Axis, catalogue::Metric, resolve::ResolvedQuery};

/// The rows that answer a query. Serialises as `{"query", "rows", "comparison"}`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Answer {
    /// The query as it was resolved.
    pub query: ResolvedQuery,
    /// The rows of the range.
    #[schema(value_type = Vec<Object>)]
    pub rows: Rows,
    /// The rows of the comparison range, for the same groups; without a granularity, row by
    /// row in the same order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub comparison: Option<Rows>,
    /// The sums of what the limits left out; only if the query requests it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Other>,
    /// The figures of the whole range; only if the query requests them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// Which tables answered.
    #[serde(skip)]
    pub source: String,
    /// How many rows the database returned.
    #[serde(skip)]
    pub rows_read: u64,
    /// How many groups there were before the limit.
    #[serde(skip)]
    pub groups: usize,
}

/// The figures of a whole range, one row each.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Totals {
    /// Those of the range of the query.
    #[schema(value_type = Vec<Object>)]
    pub rows: Rows,
    /// Those of the range to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub comparison: Option<Rows>,
}

/// What the limits of a query left out. Each row has `groups`, the number of groups that it sums.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Other {
    /// With `limitEach`, one row for each listed value of the first dimension that has further groups;
    /// and one row without dimensions for all other groups. With a granularity, there is one row per
    /// bucket.
    #[schema(value_type = Vec<Object>)]
    pub rows: OtherRows,
    /// The same for the comparison range: everything outside the listed groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub comparison: Option<OtherRows>,
}

/// Rows that sum groups.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherRows {
    /// The rows; their keys are empty, or the value of the first dimension.
    pub rows: Rows,
    /// The number of groups that each row sums.
    pub groups: Vec<usize>,
}

impl OtherRows {
    /// The sums of the groups left out for a value of the first dimension, and their number.
    pub fn of(&self, first: Option<&str>) -> Option<(&Row, usize)> {
        self.find(|key| key.first().is_some_and(|value| value.as_deref() == first))
    }

    /// The sums of the groups left out altogether, and their number.
    pub fn rest(&self) -> Option<(&Row, usize)> {
        self.find(<[_]>::is_empty)
    }

    fn find(&self, matches: impl Fn(&[Option<Arc<str>>]) -> bool) -> Option<(&Row, usize)> {
        let mut rows = self.rows.rows.iter().zip(&self.groups);
        let (row, &groups) = rows.find(|(row, _)| matches(&row.key))?;
        Some((row, groups))
    }
}

impl Serialize for OtherRows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.groups.len()))?;
        for (row, &groups) in self.rows.rows.iter().zip(&self.groups) {
            rows.serialize_element(&RowWithHeadings(&self.rows, row, Some(groups)))?;
        }
        rows.end()
    }
}

/// Rows with their headings. Serialises as an array of objects: `time` (with a granularity), then
/// the dimensions, then the metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub(crate) metrics: Vec<&'static Metric>,
    pub(crate) dimensions: Vec<Axis>,
    /// The start of every bucket, also as text; empty without a granularity.
    pub(crate) times: Arc<Vec<(Timestamp, String)>>,
    pub(crate) range: TimeRange,
    pub(crate) rows: Vec<Row>,
}

/// The values of the dimensions of a group, in the order of the query; `None` is null.
pub type Key = Arc<[Option<Arc<str>>]>;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The position of its bucket; 0 without a granularity.
    pub bucket: usize,
    /// The values of its dimensions.
    pub key: Key,
    /// The values of the metrics, in the order of the query; `None` is null.
    pub values: Vec<Option<f64>>,
}

impl Rows {
    /// The rows in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Row> {
        self.rows.iter()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The first row: the only one if the query has no dimensions and no granularity.
    pub fn first(&self) -> Option<&Row> {
        self.rows.first()
    }

    /// The range that the rows cover.
    pub fn range(&self) -> TimeRange {
        self.range
    }

    /// The position of a metric in [`Row::values`].
    pub fn position(&self, metric: &str) -> Option<usize> {
        self.metrics.iter().position(|known| known.name == metric)
    }

    /// A row's figure; `None` if it is null or the query does not include the metric.
    pub fn value(&self, row: &Row, metric: &str) -> Option<f64> {
        row.values[self.position(metric)?]
    }

    /// A row's value of a dimension; `None` if it is null or the query does not group by the dimension.
    pub fn dimension<'a>(&self, row: &'a Row, dimension: Dimension) -> Option<&'a str> {
        let position = self
            .dimensions
            .iter()
            .position(|known| *known == dimension)?;
        row.key[position].as_deref()
    }

    /// The start of a row's bucket; `None` without a granularity.
    pub fn time(&self, row: &Row) -> Option<Timestamp> {
        self.times.get(row.bucket).map(|&(start, _)| start)
    }

    /// The start of a row's bucket in the zone of the query; `None` without a granularity.
    pub fn time_text(&self, row: &Row) -> Option<&str> {
        self.times.get(row.bucket).map(|(_, text)| text.as_str())
    }
}

impl Answer {
    /// The values that occur in the rows, by wanted dimension: the ids to look up names for.
    pub fn ids(&self, wanted: &[Dimension]) -> BTreeMap<Dimension, Vec<String>> {
        let mut ids = BTreeMap::new();
        for (position, axis) in self.query.dimensions.iter().enumerate() {
            if let Some(dimension) = axis.common().filter(|known| wanted.contains(known)) {
                ids.insert(dimension, values_at(&self.rows, position));
            }
        }
        ids
    }
}

fn values_at(rows: &Rows, position: usize) -> Vec<String> {
    let values = rows.iter().filter_map(|row| row.key[position].as_deref());
    let mut values: Vec<&str> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.into_iter().map(str::to_owned).collect()
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in &self.rows {
            rows.serialize_element(&RowWithHeadings(self, row, None))?;
        }
        rows.end()
    }
}

struct RowWithHeadings<'a>(&'a Rows, &'a Row, Option<usize>);

impl Serialize for RowWithHeadings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(rows, row, groups) = self;
        let mut map = serializer.serialize_map(None)?;
        if let Some(time) = rows.time_text(row) {
            map.serialize_entry("time", time)?;
        }
        for (dimension, value) in rows.dimensions.iter().zip(row.key.iter()) {
            map.serialize_entry(dimension.name(), value)?;
        }
        if let Some(groups) = groups {
            map.serialize_entry("groups", groups)?;
        }
        for (metric, &value) in rows.metrics.iter().zip(&row.values) {
            map.serialize_entry(metric.name, &Figure(value))?;
        }
        map.end()
    }
}

/// A number, written without a fraction if it is an integer.
struct Figure(Option<f64>);

/// Integers up to this are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(value) if value.fract() == 0.0 && value.abs() <= EXACT => {
                serializer.serialize_i64(value as i64)
            }
            Some(value) => serializer.serialize_f64(value),
            None => serializer.serialize_none(),
        }
    }
}
