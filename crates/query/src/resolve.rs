//! From a valid query and `now` to fixed ranges and buckets.

mod echo;

use jiff::ToSpan;
use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, HOUR},
};

use crate::{
    axis::Axis,
    buckets::{Buckets, back},
    catalogue::Metric,
    error::{ErrorCode, QueryError},
    validate::{BOUNDS, Length, OrderKey, RangeSpec, ValidFilter, ValidQuery},
    words::{Comparison, GranularityWord, Interval, Word},
    zone::Zone,
};

/// The most buckets in an answer.
pub const MAX_BUCKETS: usize = 10_000;
/// Groups in an answer unless the query says how many.
pub const DEFAULT_LIMIT: usize = 1_000;
/// Groups in an answer with a granularity unless the query says how many.
pub const DEFAULT_TIMED_LIMIT: usize = 50;

/// A query in which nothing depends on the present any more. Serialises as the answer's `query`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedQuery {
    /// What is asked for.
    #[serde(serialize_with = "echo::metric_names")]
    #[schema(value_type = Vec<String>)]
    pub metrics: Vec<&'static Metric>,
    /// By what.
    #[serde(serialize_with = "echo::dimension_names")]
    #[schema(value_type = Vec<String>)]
    pub dimensions: Vec<Axis>,
    /// Of which facts.
    #[schema(value_type = Vec<crate::query::Filter>)]
    pub filters: Vec<ValidFilter>,
    /// When.
    #[schema(value_type = echo::ResolvedRange)]
    pub range: TimeRange,
    /// In which buckets.
    pub granularity: Option<Interval>,
    /// In which zone.
    #[serde(rename = "timezone")]
    #[schema(value_type = String)]
    pub zone: Zone,
    /// Beside which range.
    pub compare: Option<Comparison>,
    /// That range.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<echo::ResolvedRange>)]
    pub comparison_range: Option<TimeRange>,
    /// In which order.
    #[serde(rename = "orderBy", serialize_with = "echo::order_words")]
    #[schema(value_type = Vec<crate::query::Order>)]
    order: echo::EchoedOrder,
    /// How many groups or rows at most; null without a limit.
    pub limit: Option<usize>,
    /// How many groups of each value of the first dimension.
    #[serde(rename = "limitEach", skip_serializing_if = "Option::is_none")]
    pub limit_each: Option<usize>,
    /// Whether what the limits leave out is told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// Up to which duration in milliseconds metrics with a threshold count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i64>,
}

/// A resolved query with the buckets of its ranges.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// The query.
    pub query: ResolvedQuery,
    /// The buckets of its range.
    pub buckets: Buckets,
    /// The buckets of the range to compare with.
    pub comparison: Option<Buckets>,
    /// How many of the buckets have a row even if nothing is in them: of a range up to the present those that
    /// have begun. The others say nothing yet.
    pub begun: usize,
}

impl ResolvedQuery {
    /// What facts are grouped and filtered by.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        let filters = self.filters.iter().map(|filter| &filter.axis);
        self.dimensions.iter().chain(filters)
    }

    /// The order asked for; empty means the default.
    pub fn order(&self) -> impl Iterator<Item = OrderKey> {
        self.order.0.iter().map(|(key, _)| *key)
    }
}

impl Resolution {
    /// Equal queries have equal keys: what an answer is cached by, with the scope and the watermark.
    pub fn cache_key(&self) -> String {
        // Nothing in a resolved query can fail to be written as JSON.
        let query = serde_json::to_string(&self.query).unwrap_or_default();
        format!("{query} {}", self.begun)
    }
}

/// Fixes what depends on `now` and on which events there are.
pub fn resolve(
    valid: ValidQuery,
    now: Timestamp,
    data_range: Option<TimeRange>,
) -> Result<Resolution, QueryError> {
    let zone = &valid.zone;
    let asked = asked(valid.range, now, data_range, zone);
    let granularity = valid.granularity.map(|word| match word {
        GranularityWord::Of(interval) => interval,
        GranularityWord::Auto => suitable(asked.length()),
    });
    let range = match valid.range {
        RangeSpec::Between(_) | RangeSpec::Last(_) => asked,
        RangeSpec::All => {
            let edge = granularity.unwrap_or_else(|| edge_of(asked.length()));
            outward(asked, edge, zone)
        }
    };
    let buckets = buckets(granularity, range, zone)?;
    let begun = match valid.range {
        RangeSpec::Last(_) => buckets.index_of(now) + 1,
        RangeSpec::Between(_) | RangeSpec::All => buckets.len(),
    };
    let compared = valid
        .compare
        .map(|compare| compared(compare, range, granularity, zone));
    let comparison = compared
        .map(|range| self::buckets(granularity, range, zone))
        .transpose()?;
    Ok(Resolution {
        query: query(valid, range, granularity, compared),
        buckets,
        comparison,
        begun,
    })
}

fn query(
    valid: ValidQuery,
    range: TimeRange,
    granularity: Option<Interval>,
    comparison_range: Option<TimeRange>,
) -> ResolvedQuery {
    ResolvedQuery {
        limit: limit(&valid),
        limit_each: valid.limit_each,
        other: valid.other,
        threshold: valid.threshold,
        order: echo::EchoedOrder(echo::echoed(&valid)),
        metrics: valid.metrics,
        dimensions: valid.dimensions,
        filters: valid.filters,
        range,
        granularity,
        zone: valid.zone,
        compare: valid.compare,
        comparison_range,
    }
}

/// Rows in time are only limited where an order ranks them: a chart is not cut off at its left.
fn limit(valid: &ValidQuery) -> Option<usize> {
    match (valid.granularity, valid.dimensions.is_empty()) {
        (None, _) => Some(valid.limit.unwrap_or(DEFAULT_LIMIT)),
        (Some(_), false) => Some(valid.limit.unwrap_or(DEFAULT_TIMED_LIMIT)),
        (Some(_), true) => valid.limit.filter(|_| !valid.order.is_empty()),
    }
}

/// The range, that of everything before it is aligned.
fn asked(
    range: RangeSpec,
    now: Timestamp,
    data_range: Option<TimeRange>,
    zone: &Zone,
) -> TimeRange {
    match range {
        RangeSpec::Between(range) => range,
        RangeSpec::Last(length) => last(length, now, zone),
        RangeSpec::All => {
            let range = data_range.unwrap_or(TimeRange { from: now, to: now });
            TimeRange {
                from: range.from.clamp(BOUNDS.from, BOUNDS.to.plus(-DAY)),
                to: range.to.clamp(BOUNDS.from, BOUNDS.to.plus(-DAY)),
            }
        }
    }
}

/// The interval that suits a length: `auto`. A day in which the clock is put back does not change it.
fn suitable(length: i64) -> Interval {
    match length {
        _ if length <= 2 * HOUR => Interval::Minute,
        _ if length <= 12 * HOUR => Interval::FiveMinutes,
        _ if length <= 7 * DAY + HOUR => Interval::Hour,
        _ if length <= 120 * DAY + HOUR => Interval::Day,
        _ if length <= 731 * DAY + HOUR => Interval::Week,
        _ => Interval::Month,
    }
}

/// The unit to which the range of everything is aligned without a granularity.
fn edge_of(length: i64) -> Interval {
    match length {
        _ if length <= 6 * HOUR => Interval::Minute,
        _ if length <= 48 * HOUR => Interval::FiveMinutes,
        _ if length <= 60 * DAY => Interval::Hour,
        _ => Interval::Day,
    }
}

/// A relative range is the same whatever is asked about it, in whatever buckets: days are today and those
/// before it, a length by the clock ends with the present part of it, at most a twelfth.
fn last(length: Length, now: Timestamp, zone: &Zone) -> TimeRange {
    let unit = unit_of(length);
    let to = unit.next(unit.floor(now, zone), zone);
    let from = match length {
        Length::Clock(length) => to.plus(-length),
        Length::Days(days) => back(to, days.days(), zone),
    };
    TimeRange {
        from: unit.floor(from, zone),
        to,
    }
}

fn unit_of(length: Length) -> Interval {
    match length {
        Length::Days(_) => Interval::Day,
        Length::Clock(length) if length < HOUR => Interval::Minute,
        Length::Clock(length) if length < 6 * HOUR => Interval::FiveMinutes,
        Length::Clock(length) if length < DAY => Interval::HalfHour,
        Length::Clock(_) => Interval::Hour,
    }
}

fn outward(range: TimeRange, edge: Interval, zone: &Zone) -> TimeRange {
    TimeRange {
        from: edge.floor(range.from, zone),
        to: edge.next(edge.floor(range.to, zone), zone),
    }
}

fn buckets(
    granularity: Option<Interval>,
    range: TimeRange,
    zone: &Zone,
) -> Result<Buckets, QueryError> {
    let Some(interval) = granularity else {
        return Ok(Buckets::whole(range));
    };
    Buckets::of(interval, range, zone, MAX_BUCKETS).ok_or_else(|| {
        let detail = format!(
            "the range has more than {MAX_BUCKETS} buckets of granularity {}",
            interval.name()
        );
        let fix = suitable(range.length()).name();
        QueryError::new(ErrorCode::TooManyBuckets, "granularity", detail).with_fix(fix)
    })
}

fn compared(
    compare: Comparison,
    range: TimeRange,
    granularity: Option<Interval>,
    zone: &Zone,
) -> TimeRange {
    let shift = match (compare, granularity) {
        (Comparison::PreviousYear, Some(Interval::Week)) => Some(52.weeks()),
        (Comparison::PreviousYear, _) => Some(1.year()),
        (Comparison::PreviousPeriod, _) => whole_months(range, zone)
            .map(ToSpan::months)
            .or_else(|| whole_days(range, zone).map(ToSpan::days)),
    };
    let moved = |moment: Timestamp| match shift {
        Some(span) => back(moment, span, zone),
        None => moment.plus(-range.length()),
    };
    TimeRange {
        from: moved(range.from),
        to: moved(range.to),
    }
}

/// How many calendar months a range has, if it begins and ends with a month: a quarter has 3, a year 12.
fn whole_months(range: TimeRange, zone: &Zone) -> Option<i64> {
    if !begins(Interval::Month, range.from, zone) || !begins(Interval::Month, range.to, zone) {
        return None;
    }
    let month = |moment| {
        let date = zone.zoned(moment).date();
        12 * i64::from(date.year()) + i64::from(date.month())
    };
    Some(month(range.to) - month(range.from))
}

fn begins(interval: Interval, moment: Timestamp, zone: &Zone) -> bool {
    interval.floor(moment, zone) == moment
}

/// How many calendar days a range has, if it begins and ends with a day.
fn whole_days(range: TimeRange, zone: &Zone) -> Option<i64> {
    if !begins(Interval::Day, range.from, zone) || !begins(Interval::Day, range.to, zone) {
        return None;
    }
    // An hour put forward or back does not make or break a day.
    Some((range.length() + DAY / 2) / DAY)
}

#[cfg(test)]
mod tests;
