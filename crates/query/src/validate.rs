//! From a request's words to what they stand for, or to the error that names the mistake.

use std::collections::HashSet;

use weir_model::{
    TimeRange, Timestamp,
    cube::Dimension,
    time::{DAY, HOUR, MINUTE},
};

use crate::{
    catalogue::{METRICS, Metric, find_dimension},
    error::{ErrorCode, QueryError},
    nearest::nearest,
    query::{Filter, Order, Query, Range},
    words::{Comparison, Direction, GranularityWord, Operator, Word},
    zone::Zone,
};

/// The most metrics in a query.
pub const MAX_METRICS: usize = 20;
/// The most dimensions in a query.
pub const MAX_DIMENSIONS: usize = 5;
/// The most filters in a query.
pub const MAX_FILTERS: usize = 20;
/// The most values of a filter.
pub const MAX_VALUES: usize = 500;
/// The largest limit.
pub const MAX_LIMIT: i64 = 10_000;
/// 1900-01-01 and 2200-01-01: ranges lie between them.
pub const BOUNDS: TimeRange = TimeRange {
    from: Timestamp(-2_208_988_800_000),
    to: Timestamp(7_258_118_400_000),
};

/// A request whose every word is known and which hangs together.
#[derive(Clone, Debug)]
pub struct ValidQuery {
    /// What is asked for.
    pub metrics: Vec<&'static Metric>,
    /// By what.
    pub dimensions: Vec<Dimension>,
    /// Of which facts.
    pub filters: Vec<ValidFilter>,
    /// When.
    pub range: RangeSpec,
    /// In which buckets; `Some(None)` is `auto`.
    pub granularity: Option<GranularityWord>,
    /// In which zone.
    pub zone: Zone,
    /// Beside which range.
    pub compare: Option<Comparison>,
    /// In the order asked for; empty means the default.
    pub order: Vec<OrderKey>,
    /// The limit asked for.
    pub limit: Option<usize>,
}

/// A filter with its values sorted and each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidFilter {
    /// The dimension.
    pub dimension: Dimension,
    /// Whether the values are wanted.
    pub op: Operator,
    /// The values that are text.
    pub values: Vec<String>,
    /// Whether null is among the values.
    pub null: bool,
}

/// A range as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeSpec {
    /// Between two moments.
    Between(TimeRange),
    /// So long before the end of the current bucket.
    Last(Length),
    /// First to newest event.
    All,
}

/// A length of time before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A length by the clock, in milliseconds.
    Clock(i64),
    /// Calendar days.
    Days(i64),
}

impl Length {
    /// The length in milliseconds, with days of 24 hours.
    pub fn milliseconds(self) -> i64 {
        match self {
            Self::Clock(length) => length,
            Self::Days(days) => days * DAY,
        }
    }
}

/// One key of the order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// By what.
    pub by: OrderBy,
    /// In which direction.
    pub direction: Direction,
}

/// What rows are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderBy {
    /// The start of the bucket.
    Time,
    /// A position in the query's metrics.
    Metric(usize),
    /// A position in the query's dimensions.
    Dimension(usize),
}

/// Checks a request.
pub fn validate(query: &Query) -> Result<ValidQuery, QueryError> {
    let metrics = metrics(&query.metrics)?;
    let dimensions = dimensions(&query.dimensions)?;
    let filters = filters(&query.filters)?;
    check_availability(&metrics, &dimensions, &filters)?;
    let granularity = parse(&query.granularity, "granularity")?;
    Ok(ValidQuery {
        range: range(&query.range)?,
        zone: zone(query.timezone.as_deref())?,
        compare: parse(&query.compare, "compare")?,
        order: order(query, granularity.is_some())?,
        limit: limit(query.limit)?,
        granularity,
        metrics,
        dimensions,
        filters,
    })
}

fn parse<W: Word>(word: &Option<String>, field: &str) -> Result<Option<W>, QueryError> {
    word.as_deref()
        .map(|word| W::parse(word, field))
        .transpose()
}

fn zone(name: Option<&str>) -> Result<Zone, QueryError> {
    name.map_or_else(|| Ok(Zone::utc()), Zone::parse)
}

fn metrics(names: &[String]) -> Result<Vec<&'static Metric>, QueryError> {
    if names.is_empty() {
        let detail = "a query asks for at least one metric";
        return Err(
            QueryError::new(ErrorCode::MissingMetric, "metrics", detail).with_fix("executions")
        );
    }
    at_most(
        names.len(),
        MAX_METRICS,
        ErrorCode::TooManyMetrics,
        "metrics",
    )?;
    check_once(names.iter().map(String::as_str), "metrics")?;
    let positions = names.iter().enumerate();
    positions
        .map(|(i, name)| metric(name, format!("metrics[{i}]")))
        .collect()
}

fn metric(name: &str, field: String) -> Result<&'static Metric, QueryError> {
    Metric::find(name).ok_or_else(|| {
        let names = METRICS.iter().map(|metric| metric.name);
        unknown(ErrorCode::UnknownMetric, field, "metric", name, names)
    })
}

fn dimensions(names: &[String]) -> Result<Vec<Dimension>, QueryError> {
    at_most(
        names.len(),
        MAX_DIMENSIONS,
        ErrorCode::TooManyDimensions,
        "dimensions",
    )?;
    check_once(names.iter().map(String::as_str), "dimensions")?;
    let positions = names.iter().enumerate();
    positions
        .map(|(i, name)| dimension(name, format!("dimensions[{i}]")))
        .collect()
}

fn dimension(name: &str, field: String) -> Result<Dimension, QueryError> {
    find_dimension(name).ok_or_else(|| {
        let names = Dimension::ALL.iter().map(|dimension| dimension.name());
        unknown(ErrorCode::UnknownDimension, field, "dimension", name, names)
    })
}

fn unknown<'a>(
    code: ErrorCode,
    field: String,
    kind: &str,
    word: &str,
    names: impl Iterator<Item = &'a str>,
) -> QueryError {
    let error = QueryError::new(code, field, format!("there is no {kind} `{word}`"));
    match nearest(word, names) {
        Some(near) => error.with_fix(near),
        None => error,
    }
}

fn filters(filters: &[Filter]) -> Result<Vec<ValidFilter>, QueryError> {
    at_most(
        filters.len(),
        MAX_FILTERS,
        ErrorCode::TooManyFilters,
        "filters",
    )?;
    let positions = filters.iter().enumerate();
    let mut valid: Vec<_> = positions
        .map(|(i, f)| filter(f, i))
        .collect::<Result<_, _>>()?;
    // Filters must all hold, so their order says nothing.
    valid.sort_by(|a, b| (a.dimension, a.op, &a.values).cmp(&(b.dimension, b.op, &b.values)));
    Ok(valid)
}

fn filter(filter: &Filter, position: usize) -> Result<ValidFilter, QueryError> {
    let field = format!("filters[{position}]");
    let at = format!("{field}.values");
    if filter.values.is_empty() {
        let detail = "a filter has at least one value";
        return Err(QueryError::new(ErrorCode::EmptyFilter, at, detail));
    }
    at_most(
        filter.values.len(),
        MAX_VALUES,
        ErrorCode::TooManyFilters,
        &at,
    )?;
    let mut values: Vec<String> = filter.values.iter().flatten().cloned().collect();
    values.sort();
    values.dedup();
    Ok(ValidFilter {
        dimension: dimension(&filter.dimension, format!("{field}.dimension"))?,
        op: Operator::parse(&filter.op, format!("{field}.op"))?,
        values,
        null: filter.values.contains(&None),
    })
}

fn check_availability(
    metrics: &[&'static Metric],
    dimensions: &[Dimension],
    filters: &[ValidFilter],
) -> Result<(), QueryError> {
    for (i, &dimension) in dimensions.iter().enumerate() {
        check_has(metrics, dimension, || format!("dimensions[{i}]"))?;
    }
    for filter in filters {
        check_has(metrics, filter.dimension, || "filters".to_owned())?;
    }
    Ok(())
}

fn check_has(
    metrics: &[&'static Metric],
    dimension: Dimension,
    field: impl Fn() -> String,
) -> Result<(), QueryError> {
    let Some(metric) = metrics.iter().find(|metric| !metric.has(dimension)) else {
        return Ok(());
    };
    let detail = format!(
        "the metric `{}` has no dimension `{}`",
        metric.name,
        dimension.name()
    );
    let has: Vec<_> = metric
        .family
        .dimensions()
        .iter()
        .map(|d| d.name())
        .collect();
    let fix = format!("`{}` has {}", metric.name, has.join(", "));
    Err(QueryError::new(ErrorCode::DimensionNotAvailable, field(), detail).with_fix(fix))
}

fn range(range: &Range) -> Result<RangeSpec, QueryError> {
    match (&range.from, &range.to, &range.last, range.all) {
        (Some(from), Some(to), None, None) => between(from, to),
        (None, None, Some(last), None) => Ok(RangeSpec::Last(length(last)?)),
        (None, None, None, Some(true)) => Ok(RangeSpec::All),
        _ => Err(QueryError::new(
            ErrorCode::InvalidRange,
            "range",
            "a range is exactly one of from with to, last, all: true",
        )
        .with_fix("{\"last\":\"30d\"}")),
    }
}

fn between(from: &str, to: &str) -> Result<RangeSpec, QueryError> {
    let range = TimeRange {
        from: moment(from, "range.from")?,
        to: moment(to, "range.to")?,
    };
    if range.from >= range.to {
        let detail = format!(
            "the range ends at {}, not after it begins at {}",
            range.to, range.from
        );
        let error = QueryError::new(ErrorCode::ReversedRange, "range.to", detail);
        return Err(error.with_fix("a `to` that is later than `from`"));
    }
    if range.from < BOUNDS.from || range.to > BOUNDS.to {
        return Err(out_of_bounds("range"));
    }
    Ok(RangeSpec::Between(range))
}

fn out_of_bounds(field: &str) -> QueryError {
    let detail = "the range reaches beyond the years that can be asked about";
    QueryError::new(ErrorCode::RangeOutOfBounds, field, detail)
        .with_fix(format!("between {} and {}", BOUNDS.from, BOUNDS.to))
}

fn moment(text: &str, field: &str) -> Result<Timestamp, QueryError> {
    Timestamp::parse(text).ok_or_else(|| {
        let detail = format!("`{text}` is not an RFC 3339 time with an offset or Z");
        QueryError::new(ErrorCode::InvalidTime, field, detail).with_fix("2012-01-01T00:00:00Z")
    })
}

/// The longest relative range: 50 years.
const MAX_LENGTH: i64 = 18_263 * DAY;

fn length(text: &str) -> Result<Length, QueryError> {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let unit = match &text[number.len()..] {
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => 0,
    };
    if !digits || unit == 0 {
        let detail = format!("`{text}` is not a number of minutes, hours, days or weeks");
        let error = QueryError::new(ErrorCode::InvalidRange, "range.last", detail);
        return Err(error.with_fix("30m, 24h, 30d or 2w"));
    }
    let number: i64 = number.parse().unwrap_or(i64::MAX);
    let length = number.saturating_mul(unit);
    match length {
        0 => Err(
            QueryError::new(ErrorCode::ReversedRange, "range.last", "the range is empty")
                .with_fix(format!("1{}", &text[text.len() - 1..])),
        ),
        MAX_LENGTH.. => Err(out_of_bounds("range.last")),
        _ if unit < DAY => Ok(Length::Clock(length)),
        _ => Ok(Length::Days(length / DAY)),
    }
}

fn order(query: &Query, timed: bool) -> Result<Vec<OrderKey>, QueryError> {
    let positions = query.order_by.iter().enumerate();
    positions
        .map(|(i, order)| order_key(query, order, i, timed))
        .collect()
}

fn order_key(
    query: &Query,
    order: &Order,
    position: usize,
    timed: bool,
) -> Result<OrderKey, QueryError> {
    let field = format!("orderBy[{position}]");
    let by = match (order.metric.as_deref(), order.dimension.as_deref()) {
        (Some(metric), None) => find(&query.metrics, metric).map(OrderBy::Metric),
        (None, Some("time")) => timed.then_some(OrderBy::Time),
        (None, Some(dimension)) => find(&query.dimensions, dimension).map(OrderBy::Dimension),
        _ => None,
    };
    let by = by.ok_or_else(|| {
        let detail = "an order names one metric or one dimension of the query (or `time`, with a granularity)";
        let words = query.metrics.iter().chain(&query.dimensions);
        let words: Vec<&str> = words.map(String::as_str).collect();
        let fix = format!("one of {}", words.join(", "));
        QueryError::new(ErrorCode::InvalidOrder, &field, detail).with_fix(fix)
    })?;
    let default = match by {
        OrderBy::Metric(_) => Direction::Desc,
        OrderBy::Time | OrderBy::Dimension(_) => Direction::Asc,
    };
    let direction = parse(&order.direction, &format!("{field}.direction"))?;
    Ok(OrderKey {
        by,
        direction: direction.unwrap_or(default),
    })
}

fn find(words: &[String], word: &str) -> Option<usize> {
    words.iter().position(|known| known == word)
}

fn limit(limit: Option<i64>) -> Result<Option<usize>, QueryError> {
    match limit {
        Some(limit) if !(1..=MAX_LIMIT).contains(&limit) => {
            let detail = format!("a limit of {limit} is not possible");
            let error = QueryError::new(ErrorCode::InvalidLimit, "limit", detail);
            Err(error.with_fix(format!("1 to {MAX_LIMIT}")))
        }
        limit => Ok(limit.and_then(|limit| usize::try_from(limit).ok())),
    }
}

fn at_most(count: usize, most: usize, code: ErrorCode, field: &str) -> Result<(), QueryError> {
    if count <= most {
        return Ok(());
    }
    let detail = format!("{count} are more than can be answered");
    Err(QueryError::new(code, field, detail).with_fix(format!("at most {most}")))
}

fn check_once<'a>(words: impl Iterator<Item = &'a str>, field: &str) -> Result<(), QueryError> {
    let mut seen = HashSet::new();
    for (i, word) in words.enumerate() {
        if !seen.insert(word) {
            let detail = format!("`{word}` stands in the query twice");
            let error = QueryError::new(ErrorCode::Repeated, format!("{field}[{i}]"), detail);
            return Err(error.with_fix("name it once"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
