//! The sort order of a request.

use crate::{
    error::{ErrorCode, QueryError},
    query::{Order, Query},
    words::Direction,
};

use super::parse;

/// One sort key of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrderKey {
    /// The metric, dimension or time to sort by.
    pub by: OrderBy,
    /// The direction.
    pub direction: Direction,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderBy {
    /// The start of the bucket.
    Time,
    /// A position in the query's metrics.
    Metric(usize),
    /// A position in the query's dimensions.
    Dimension(usize),
}

/// Parses the sort order; `timed` says whether rows have a time. Fails if it names something the query lacks.
pub(super) fn order(query: &Query, timed: bool) -> Result<Vec<OrderKey>, QueryError> {
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
        let detail = "an order must name one metric or one dimension of the query (or `time`, with a granularity)";
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
