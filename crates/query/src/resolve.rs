//! Turns a valid query and `now` into fixed ranges and buckets.

mod echo;

use jiff::{Span, ToSpan};
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
    worth::Worths,
    zone::Zone,
};

/// The most buckets in an answer.
pub const MAX_BUCKETS: usize = 10_000;
/// The default number of groups in an answer.
pub const DEFAULT_LIMIT: usize = 1_000;
/// The default number of groups in an answer with a granularity.
pub const DEFAULT_TIMED_LIMIT: usize = 50;

/// A query that no longer depends on the present. Serialises as the answer's `query`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedQuery {
    /// The metrics.
    #[serde(serialize_with = "echo::metric_names")]
    #[schema(value_type = Vec<String>)]
    pub metrics: Vec<&'static Metric>,
    /// The dimensions that rows are grouped by.
    #[serde(serialize_with = "echo::dimension_names")]
    #[schema(value_type = Vec<String>)]
    pub dimensions: Vec<Axis>,
    /// The filters; all must hold.
    #[schema(value_type = Vec<crate::query::Filter>)]
    pub filters: Vec<ValidFilter>,
    /// The range of time.
    #[schema(value_type = echo::ResolvedRange)]
    pub range: TimeRange,
    /// The width of a bucket; null without a granularity.
    pub granularity: Option<Interval>,
    /// The IANA time zone of the buckets.
    #[serde(rename = "timezone")]
    #[schema(value_type = String)]
    pub zone: Zone,
    /// What the range is compared with.
    pub compare: Option<Comparison>,
    /// The range to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<echo::ResolvedRange>)]
    pub comparison_range: Option<TimeRange>,
    /// The sort order.
    #[serde(rename = "orderBy", serialize_with = "echo::order_words")]
    #[schema(value_type = Vec<crate::query::Order>)]
    order: echo::EchoedOrder,
    /// The maximum number of groups or rows; null without a limit.
    pub limit: Option<usize>,
    /// The maximum number of groups per value of the first dimension.
    #[serde(rename = "limitEach", skip_serializing_if = "Option::is_none")]
    pub limit_each: Option<usize>,
    /// Whether the answer includes the sums of what the limits leave out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// Whether the answer includes the figures of the whole range.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub totals: bool,
    /// The duration in milliseconds up to which metrics with a threshold count.
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
    /// How many of the buckets have a row even if they are empty: in a range up to the present, those that
    /// have begun.
    pub begun: usize,
}

/// What an answer depends on, together with the scope and the watermark. Equal queries have equal keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    query: ResolvedQuery,
    begun: usize,
    /// What facts are worth, if a metric depends on it.
    pub(crate) worths: Option<Worths>,
}

impl CacheKey {
    /// Approximate size in bytes.
    pub fn bytes(&self) -> usize {
        let values = self.query.filters.iter().flat_map(|filter| &filter.values);
        size_of::<Self>() + values.map(String::len).sum::<usize>()
    }
}

impl ResolvedQuery {
    /// What facts are grouped and filtered by.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        let filters = self.filters.iter().map(|filter| &filter.axis);
        self.dimensions.iter().chain(filters)
    }

    /// The requested sort order; empty means the default.
    pub fn order(&self) -> impl Iterator<Item = OrderKey> {
        self.order.0.iter().map(|(key, _)| *key)
    }
}

impl Resolution {
    /// The key of an answer that does not depend on worth.
    pub fn cache_key(&self) -> CacheKey {
        CacheKey {
            query: self.query.clone(),
            begun: self.begun,
            worths: None,
        }
    }
}

/// Resolves what depends on `now` and on the events stored. `data_range` spans the first to the newest event.
/// Fails if the range or its comparison has more buckets than a query can have.
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
    let compared = valid.compare.map(|compare| compared(compare, range, zone));
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
        totals: valid.totals,
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

/// Rows in time are only limited if an order ranks them: otherwise a chart would lose its left part.
fn limit(valid: &ValidQuery) -> Option<usize> {
    match (valid.granularity, valid.dimensions.is_empty()) {
        (None, _) => Some(valid.limit.unwrap_or(DEFAULT_LIMIT)),
        (Some(_), false) => Some(valid.limit.unwrap_or(DEFAULT_TIMED_LIMIT)),
        (Some(_), true) => valid.limit.filter(|_| !valid.order.is_empty()),
    }
}

/// The requested range; that of all data is not aligned yet.
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

/// The interval for a length, with granularity `auto`. The extra hour when clocks go back does not change it.
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

/// The unit that the range of all data is aligned to without a granularity.
fn edge_of(length: i64) -> Interval {
    match length {
        _ if length <= 6 * HOUR => Interval::Minute,
        _ if length <= 48 * HOUR => Interval::FiveMinutes,
        _ if length <= 60 * DAY => Interval::Hour,
        _ => Interval::Day,
    }
}

/// A relative range is the same for every metric and granularity: days are today and the days
/// before it; a length by the clock ends with the current unit, which is at most a twelfth of it.
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

/// The range to compare with. It does not depend on the granularity: figures and series of one page are
/// compared with the same time.
fn compared(compare: Comparison, range: TimeRange, zone: &Zone) -> TimeRange {
    let shift = match compare {
        Comparison::PreviousYear => Some(a_year_for(range, zone)),
        Comparison::PreviousPeriod => whole_months(range, zone)
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

/// How far back the previous year of a range is: a calendar year for whole months, which people compare by
/// name, and for ranges so long that 52 weeks would compare them with a part of themselves; otherwise 52
/// weeks, so that each weekday is compared with the same weekday.
fn a_year_for(range: TimeRange, zone: &Zone) -> Span {
    let weeks = 52.weeks();
    match whole_months(range, zone) {
        Some(_) => 1.year(),
        None if back(range.to, weeks, zone) > range.from => 1.year(),
        None => weeks,
    }
}

/// The number of calendar months in a range that begins and ends with a month: 3 for a quarter, 12 for a
/// year.
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

/// The number of calendar days in a range that begins and ends with a day.
fn whole_days(range: TimeRange, zone: &Zone) -> Option<i64> {
    if !begins(Interval::Day, range.from, zone) || !begins(Interval::Day, range.to, zone) {
        return None;
    }
    // A clock change of an hour does not change the number of days.
    Some((range.length() + DAY / 2) / DAY)
}

#[cfg(test)]
mod tests;
