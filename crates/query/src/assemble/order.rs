//! The sort order of rows and of groups.

use std::cmp::Ordering;

use super::evaluate::Figures;
use crate::{
    answer::Row,
    resolve::ResolvedQuery,
    validate::{OrderBy, OrderKey},
    words::Direction,
};

const TIME: OrderKey = OrderKey {
    by: OrderBy::Time,
    direction: Direction::Asc,
};
const FIRST_METRIC: OrderKey = OrderKey {
    by: OrderBy::Metric(0),
    direction: Direction::Desc,
};

/// The sort keys of rows. With a granularity and dimensions, rows are sorted by time first, and the
/// query's order applies within a bucket, unless it names time itself.
pub fn keys(query: &ResolvedQuery) -> Vec<OrderKey> {
    let asked: Vec<_> = query.order().collect();
    let timed = query.granularity.is_some();
    let names_time = asked.iter().any(|key| key.by == OrderBy::Time);
    let time_first = asked.is_empty() || !query.dimensions.is_empty();
    let mut keys = Vec::new();
    if timed && time_first && !names_time {
        keys.push(TIME);
    }
    if asked.is_empty() {
        keys.push(FIRST_METRIC);
    }
    keys.extend(asked);
    keys
}

/// Sorts rows; rows with equal keys are sorted by time and then by their dimensions.
pub fn sort(rows: &mut [Row], keys: &[OrderKey]) {
    rows.sort_by(|a, b| {
        let by_keys = keys.iter().map(|key| compare(a, b, *key));
        by_keys
            .fold(Ordering::Equal, Ordering::then)
            .then_with(|| a.bucket.cmp(&b.bucket))
            .then_with(|| by_dimensions(a, b))
    });
}

fn by_dimensions(a: &Row, b: &Row) -> Ordering {
    let pairs = a.key.iter().zip(b.key.iter());
    let compared = pairs.map(|(a, b)| nulls_last(a.as_ref(), b.as_ref(), Direction::Asc, Ord::cmp));
    compared.fold(Ordering::Equal, Ordering::then)
}

fn compare(a: &Row, b: &Row, key: OrderKey) -> Ordering {
    match key.by {
        OrderBy::Time => directed(a.bucket.cmp(&b.bucket), key.direction),
        OrderBy::Metric(i) => compare_figures(a.values[i], b.values[i], key.direction),
        OrderBy::Dimension(i) => nulls_last(
            a.key[i].as_ref(),
            b.key[i].as_ref(),
            key.direction,
            Ord::cmp,
        ),
    }
}

fn compare_figures(a: Option<f64>, b: Option<f64>, direction: Direction) -> Ordering {
    nulls_last(a, b, direction, |a, b| a.total_cmp(b))
}

fn nulls_last<T>(
    a: Option<T>,
    b: Option<T>,
    direction: Direction,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => directed(compare(&a, &b), direction),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn directed(ordering: Ordering, direction: Direction) -> Ordering {
    match direction {
        Direction::Asc => ordering,
        Direction::Desc => ordering.reverse(),
    }
}

/// The groups to include, best first: by the first metric that the query sorts by, otherwise by its
/// first metric, largest first.
pub fn best_groups(query: &ResolvedQuery, totals: &[(u32, Figures)], limit: usize) -> Vec<u32> {
    let mut asked = query.order();
    let key = asked.find(|key| matches!(key.by, OrderBy::Metric(_)));
    let key = key.unwrap_or(FIRST_METRIC);
    let OrderBy::Metric(metric) = key.by else {
        return Vec::new();
    };
    let mut ranked: Vec<&(u32, Figures)> = totals.iter().collect();
    ranked.sort_by(|a, b| compare_figures(a.1[metric], b.1[metric], key.direction));
    ranked
        .iter()
        .take(limit)
        .map(|&&(group, _)| group)
        .collect()
}
