//! Validates a request: turns its words into what they stand for, or returns the error that names the
//! mistake.

mod order;
mod range;

use std::collections::HashSet;

use weir_model::{cube::Dimension, sketch::MAX_VALUE};

use crate::{
    axis::{Axis, Declared, METADATA},
    catalogue::{METRICS, Metric},
    error::{ErrorCode, QueryError},
    nearest::nearest,
    query::{Filter, Query},
    words::{Comparison, GranularityWord, Operator, Word},
    zone::Zone,
};

pub use order::{OrderBy, OrderKey};
pub use range::{BOUNDS, Length, RangeSpec};

/// The most metrics in a query.
pub const MAX_METRICS: usize = 20;
/// The most dimensions in a query.
pub const MAX_DIMENSIONS: usize = 5;
/// The most filters in a query.
pub const MAX_FILTERS: usize = 20;
/// The most values of a filter.
pub const MAX_VALUES: usize = 5_000;
/// The threshold of a query that names none, in milliseconds: the default p95 target.
pub const DEFAULT_THRESHOLD: i64 = 5_000;
/// The largest limit.
pub const MAX_LIMIT: i64 = 10_000;

/// A request whose words are all known and which is consistent.
#[derive(Clone, Debug)]
pub struct ValidQuery {
    /// The metrics.
    pub metrics: Vec<&'static Metric>,
    /// The dimensions to group by.
    pub dimensions: Vec<Axis>,
    /// The filters; all must hold.
    pub filters: Vec<ValidFilter>,
    /// The range of time.
    pub range: RangeSpec,
    /// The buckets.
    pub granularity: Option<GranularityWord>,
    /// The time zone of buckets and relative ranges.
    pub zone: Zone,
    /// The range to compare with.
    pub compare: Option<Comparison>,
    /// The requested sort order; empty means the default.
    pub order: Vec<OrderKey>,
    /// The requested limit.
    pub limit: Option<usize>,
    /// The limit per value of the first dimension.
    pub limit_each: Option<usize>,
    /// Whether the answer includes the sums of what the limits leave out.
    pub other: bool,
    /// Whether the answer includes the figures of the whole range.
    pub totals: bool,
    /// The threshold in milliseconds, if a metric uses one.
    pub threshold: Option<i64>,
}

/// A filter with its values sorted and deduplicated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ValidFilter {
    /// The dimension.
    pub axis: Axis,
    /// Whether the values are included or excluded.
    pub op: Operator,
    /// The text values.
    pub values: Vec<String>,
    /// Whether null is among the values.
    pub null: bool,
}

/// Validates a request in a project that declared these dimensions. Fails with the first mistake found.
pub fn validate(query: &Query, declared: &[Declared]) -> Result<ValidQuery, QueryError> {
    let metrics = metrics(&query.metrics)?;
    let dimensions = dimensions(&query.dimensions, declared)?;
    let filters = filters(&query.filters, declared)?;
    check_availability(&metrics, &dimensions, &filters)?;
    let granularity = parse(&query.granularity, "granularity")?;
    Ok(ValidQuery {
        range: range::range(&query.range)?,
        zone: zone(query.timezone.as_deref())?,
        compare: parse(&query.compare, "compare")?,
        order: order::order(query, granularity.is_some())?,
        limit: limit(query.limit, "limit")?,
        limit_each: limit_each(query, dimensions.len())?,
        other: other(query)?,
        totals: totals(query)?,
        threshold: threshold(query.threshold, &metrics)?,
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
        let detail = "a query needs at least one metric";
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
        let error = unknown(ErrorCode::UnknownMetric, field, "metric", name, names);
        error.or_fix("GET /api/v1/catalog lists all metrics")
    })
}

fn dimensions(names: &[String], declared: &[Declared]) -> Result<Vec<Axis>, QueryError> {
    at_most(
        names.len(),
        MAX_DIMENSIONS,
        ErrorCode::TooManyDimensions,
        "dimensions",
    )?;
    check_once(names.iter().map(String::as_str), "dimensions")?;
    let positions = names.iter().enumerate();
    positions
        .map(|(i, name)| axis(name, declared, format!("dimensions[{i}]")))
        .collect()
}

fn axis(name: &str, declared: &[Declared], field: String) -> Result<Axis, QueryError> {
    Axis::find(name, declared).ok_or_else(|| match name.strip_prefix(METADATA) {
        Some(key) => not_declared(name, key, declared, field),
        None => {
            let common = Dimension::ALL.iter().map(|dimension| dimension.name());
            let names = common.chain(declared.iter().map(Declared::name));
            let error = unknown(ErrorCode::UnknownDimension, field, "dimension", name, names);
            error.or_fix("GET /api/v1/catalog lists all dimensions")
        }
    })
}

/// Keys are compared without their common prefix, which would make all of them look similar.
fn not_declared(name: &str, key: &str, declared: &[Declared], field: String) -> QueryError {
    let keys = declared
        .iter()
        .filter_map(|dimension| dimension.name().strip_prefix(METADATA));
    let detail = format!("there is no dimension `{name}`");
    QueryError::new(ErrorCode::UnknownDimension, field, detail).with_fix(match nearest(key, keys) {
        Some(near) => format!("{METADATA}{near}"),
        None => "declare the key with PUT /api/v1/projects/{id}/dimensions".to_owned(),
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

fn filters(filters: &[Filter], declared: &[Declared]) -> Result<Vec<ValidFilter>, QueryError> {
    at_most(
        filters.len(),
        MAX_FILTERS,
        ErrorCode::TooManyFilters,
        "filters",
    )?;
    let positions = filters.iter().enumerate();
    let mut valid: Vec<_> = positions
        .map(|(i, f)| filter(f, declared, i))
        .collect::<Result<_, _>>()?;
    // All filters must hold, so their order does not matter.
    valid.sort_by(|a, b| (&a.axis, a.op, &a.values).cmp(&(&b.axis, b.op, &b.values)));
    Ok(valid)
}

fn filter(
    filter: &Filter,
    declared: &[Declared],
    position: usize,
) -> Result<ValidFilter, QueryError> {
    let field = format!("filters[{position}]");
    let at = format!("{field}.values");
    if filter.values.is_empty() {
        let detail = "a filter needs at least one value";
        let error = QueryError::new(ErrorCode::EmptyFilter, at, detail);
        return Err(error.with_fix("add a value (null counts as one), or remove the filter"));
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
        axis: axis(&filter.dimension, declared, format!("{field}.dimension"))?,
        op: Operator::parse(&filter.op, format!("{field}.op"))?,
        values,
        null: filter.values.contains(&None),
    })
}

fn check_availability(
    metrics: &[&'static Metric],
    dimensions: &[Axis],
    filters: &[ValidFilter],
) -> Result<(), QueryError> {
    for (i, axis) in dimensions.iter().enumerate() {
        check_has(metrics, axis, || format!("dimensions[{i}]"))?;
    }
    for filter in filters {
        check_has(metrics, &filter.axis, || "filters".to_owned())?;
    }
    Ok(())
}

fn check_has(
    metrics: &[&'static Metric],
    axis: &Axis,
    field: impl Fn() -> String,
) -> Result<(), QueryError> {
    let lacks = |metric: &&&Metric| !metric.families().all(|family| axis.is_of(family));
    let Some(metric) = metrics.iter().find(lacks) else {
        return Ok(());
    };
    let detail = format!(
        "the metric `{}` has no dimension `{}`",
        metric.name,
        axis.name()
    );
    let has: Vec<_> = metric
        .family
        .dimensions()
        .iter()
        .filter(|&&dimension| metric.has(dimension))
        .map(|d| d.name())
        .collect();
    let fix = format!("dimensions of `{}`: {}", metric.name, has.join(", "));
    Err(QueryError::new(ErrorCode::DimensionNotAvailable, field(), detail).with_fix(fix))
}

fn limit_each(query: &Query, dimensions: usize) -> Result<Option<usize>, QueryError> {
    if query.limit_each.is_some() && (dimensions < 2 || query.granularity.is_some()) {
        let detail =
            "a limit per value of the first dimension needs two dimensions and no granularity";
        let error = QueryError::new(ErrorCode::InvalidLimit, "limitEach", detail);
        return Err(error.with_fix("group by two dimensions without a granularity, or remove it"));
    }
    limit(query.limit_each, "limitEach")
}

fn other(query: &Query) -> Result<bool, QueryError> {
    if query.other && query.dimensions.is_empty() {
        let detail = "without dimensions, there are no groups that a limit could leave out";
        let error = QueryError::new(ErrorCode::InvalidLimit, "other", detail);
        return Err(error.with_fix("name a dimension, or remove it"));
    }
    Ok(query.other)
}

fn totals(query: &Query) -> Result<bool, QueryError> {
    let alone = query.granularity.is_some() && query.dimensions.is_empty();
    if query.totals && !alone {
        let detail = "totals are those of buckets of time, which groups do not have in common";
        let error = QueryError::new(ErrorCode::InvalidTotals, "totals", detail);
        return Err(error.with_fix("name a granularity and no dimensions, or remove it"));
    }
    Ok(query.totals)
}

fn limit(limit: Option<i64>, field: &str) -> Result<Option<usize>, QueryError> {
    match limit {
        Some(limit) if !(1..=MAX_LIMIT).contains(&limit) => {
            let detail = format!("the limit {limit} is out of range");
            let error = QueryError::new(ErrorCode::InvalidLimit, field, detail);
            Err(error.with_fix(format!("1 to {MAX_LIMIT}")))
        }
        limit => Ok(limit.and_then(|limit| usize::try_from(limit).ok())),
    }
}

fn threshold(threshold: Option<i64>, metrics: &[&Metric]) -> Result<Option<i64>, QueryError> {
    let needed = metrics
        .iter()
        .any(|metric| metric.formula.needs_threshold());
    let refused = |detail: String, fix: String| {
        let error = QueryError::new(ErrorCode::InvalidThreshold, "threshold", detail);
        Err(error.with_fix(fix))
    };
    match threshold {
        Some(_) if !needed => refused(
            "no metric of the query uses a threshold".to_owned(),
            "add durations_within or duration_within_rate, or remove it".to_owned(),
        ),
        Some(length) if !(0..=MAX_VALUE).contains(&length) => refused(
            format!("the threshold {length} ms is out of range"),
            format!("0 to {MAX_VALUE}"),
        ),
        given => Ok(needed.then_some(given.unwrap_or(DEFAULT_THRESHOLD))),
    }
}

fn at_most(count: usize, most: usize, code: ErrorCode, field: &str) -> Result<(), QueryError> {
    if count <= most {
        return Ok(());
    }
    let detail = format!("{count} are too many");
    Err(QueryError::new(code, field, detail).with_fix(format!("at most {most}")))
}

fn check_once<'a>(words: impl Iterator<Item = &'a str>, field: &str) -> Result<(), QueryError> {
    let mut seen = HashSet::new();
    for (i, word) in words.enumerate() {
        if !seen.insert(word) {
            let detail = format!("the query contains `{word}` twice");
            let error = QueryError::new(ErrorCode::Repeated, format!("{field}[{i}]"), detail);
            return Err(error.with_fix("name it once"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
