//! One range of a query: builds its rows from cells.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    AssembleError,
    cells::Cells,
    evaluate::{Evaluator, Figures},
    order,
};
use crate::{
    answer::{Key, Row, Rows},
    buckets::Buckets,
    prepare::Prepared,
    resolve::ResolvedQuery,
};

/// One range of the query: its cells and buckets.
pub(super) struct Side<'a> {
    pub query: &'a ResolvedQuery,
    pub evaluator: Evaluator<'a>,
    pub cells: &'a Cells<'a>,
    pub keys: &'a [Key],
    buckets: &'a Buckets,
    /// How many of them have a row even if they are empty.
    begun: usize,
    /// The cells that do not cancel out, by group, in order of bucket.
    pub by_group: FxHashMap<u32, Vec<u32>>,
}

impl<'a> Side<'a> {
    /// The cells of one range; rows that have begun are the first `begun` buckets.
    pub(super) fn new(
        prepared: &'a Prepared,
        cells: &'a Cells<'a>,
        keys: &'a [Key],
        buckets: &'a Buckets,
        begun: usize,
    ) -> Self {
        let families = prepared.plan.families.iter();
        let counts: Vec<_> = families.clone().map(|needs| needs.first_column).collect();
        let slots = families.flat_map(|needs| &needs.distinct).count() as u32;
        let mut by_group: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (cell, &(group, _)) in cells.places().iter().enumerate() {
            let cell = cell as u32;
            if !cells.is_nothing(cell, &counts, slots) {
                by_group.entry(group).or_default().push(cell);
            }
        }
        Self {
            query: prepared.resolved(),
            evaluator: Evaluator::new(&prepared.plan, cells),
            cells,
            keys,
            buckets,
            begun,
            by_group,
        }
    }

    /// The number of groups, and the positions of those to include.
    pub(super) fn choose(&self) -> Result<(usize, Vec<u32>), AssembleError> {
        if self.query.dimensions.is_empty() {
            return Ok((1, vec![0]));
        }
        let mut groups: Vec<u32> = self.by_group.keys().copied().collect();
        groups.sort_unstable();
        let found = groups.len();
        let limit = self.query.limit.unwrap_or(usize::MAX);
        // Without a granularity, every group is a row, and rows are limited once they are sorted.
        if self.query.granularity.is_some() && found > limit {
            let totals = groups.iter().map(|&group| self.total(group));
            let totals = totals.collect::<Result<Vec<_>, _>>()?;
            groups = order::best_groups(self.query, &totals, limit);
        }
        Ok((found, groups))
    }

    fn total(&self, group: u32) -> Result<(u32, Figures), AssembleError> {
        let cells = self.by_group.get(&group).map_or(&[][..], Vec::as_slice);
        Ok((group, self.evaluator.figures(cells)?))
    }

    /// The rows of the groups in the order of the query.
    pub(super) fn rows(&self, groups: &[u32]) -> Result<Vec<Row>, AssembleError> {
        let mut rows = self.unordered(groups)?;
        order::sort(&mut rows, &order::keys(self.query));
        if let Some(each) = self.query.limit_each {
            return limited_each(self, rows, each);
        }
        let of_groups = self.query.granularity.is_some() && !self.query.dimensions.is_empty();
        if let (false, Some(limit)) = (of_groups, self.query.limit) {
            rows.truncate(limit);
        }
        Ok(rows)
    }

    fn unordered(&self, groups: &[u32]) -> Result<Vec<Row>, AssembleError> {
        if self.query.dimensions.is_empty() {
            return self.filled();
        }
        let mut rows = Vec::new();
        for &group in groups {
            for &cell in self.by_group.get(&group).into_iter().flatten() {
                let (_, bucket) = self.cells.places()[cell as usize];
                rows.push(self.row(group, bucket, Some(cell))?);
            }
        }
        Ok(rows)
    }

    /// A row for every bucket that has begun, for a query without dimensions.
    fn filled(&self) -> Result<Vec<Row>, AssembleError> {
        let buckets = (0..self.buckets.len()).map(|bucket| bucket as u32);
        buckets
            .map(|bucket| (bucket, self.cells.find(0, bucket)))
            .filter(|&(bucket, cell)| cell.is_some() || (bucket as usize) < self.begun)
            .map(|(bucket, cell)| self.row(0, bucket, cell))
            .collect()
    }

    fn row(&self, group: u32, bucket: u32, cell: Option<u32>) -> Result<Row, AssembleError> {
        Ok(Row {
            bucket: bucket as usize,
            key: Arc::clone(&self.keys[group as usize]),
            values: self.evaluator.figures(cell.as_slice())?,
        })
    }

    /// The comparison rows for the rows of the query's range.
    pub(super) fn compared(&self, rows: &[Row], groups: &[u32]) -> Result<Vec<Row>, AssembleError> {
        if self.query.granularity.is_some() {
            let mut compared = self.unordered(groups)?;
            if !self.query.dimensions.is_empty() {
                order::sort(&mut compared, &order::keys(self.query));
            }
            return Ok(compared);
        }
        let by_key: FxHashMap<&Key, u32> = groups
            .iter()
            .map(|&group| (&self.keys[group as usize], group))
            .collect();
        let known: FxHashSet<u32> = self.by_group.keys().copied().collect();
        rows.iter()
            .filter_map(|row| by_key.get(&row.key).copied())
            .map(|group| {
                let cell = self.cells.find(group, 0).filter(|_| known.contains(&group));
                self.row(group, 0, cell)
            })
            .collect()
    }

    /// One row with the figures of the whole range. Fails if a sketch is damaged.
    pub(super) fn totals(&self) -> Result<Rows, AssembleError> {
        let cells: Vec<u32> = self.by_group.values().flatten().copied().collect();
        let total = Row {
            bucket: 0,
            key: Key::from([]),
            values: self.evaluator.totals(&cells)?,
        };
        Ok(Rows {
            times: Arc::default(),
            ..self.headed(vec![total])
        })
    }

    /// The rows with the names of their columns.
    pub(super) fn headed(&self, rows: Vec<Row>) -> Rows {
        let times = match self.query.granularity {
            None => Vec::new(),
            Some(_) => self
                .buckets
                .starts()
                .iter()
                .map(|&start| (start, self.query.zone.format(start)))
                .collect(),
        };
        Rows {
            metrics: self.query.metrics.clone(),
            dimensions: self.query.dimensions.clone(),
            times: Arc::new(times),
            range: self.buckets.range(),
            rows,
        }
    }
}

/// A value of the first dimension.
pub(super) type First = Option<std::sync::Arc<str>>;

/// The best rows of each of the best values of the first dimension: the values in the order of their totals,
/// the rows of each in their existing order.
/// Fails if a sketch of the groups cannot be decoded.
fn limited_each(side: &Side<'_>, rows: Vec<Row>, each: usize) -> Result<Vec<Row>, AssembleError> {
    let mut firsts: Vec<First> = Vec::new();
    let mut cells: FxHashMap<First, (usize, Vec<u32>)> = FxHashMap::default();
    let groups: FxHashMap<&Key, u32> = side.by_group.keys().map(|&g| (key(side, g), g)).collect();
    for row in &rows {
        let first = row.key[0].clone();
        let (_, of_first) = cells.entry(first.clone()).or_insert_with(|| {
            firsts.push(first);
            (firsts.len() - 1, Vec::new())
        });
        let group = groups.get(&row.key);
        of_first.extend(
            group
                .and_then(|group| side.by_group.get(group))
                .into_iter()
                .flatten(),
        );
    }
    let mut totals: Vec<(u32, Figures)> = Vec::new();
    for (position, cells) in cells.values() {
        totals.push((*position as u32, side.evaluator.figures(cells)?));
    }
    totals.sort_by_key(|(position, _)| *position);
    let limit = side.query.limit.unwrap_or(usize::MAX);
    let best = order::best_groups(side.query, &totals, limit);
    let mut of_first: FxHashMap<First, Vec<Row>> = FxHashMap::default();
    for row in rows {
        let listed = of_first.entry(row.key[0].clone()).or_default();
        if listed.len() < each {
            listed.push(row);
        }
    }
    let listed = best
        .into_iter()
        .filter_map(|position| of_first.remove(&firsts[position as usize]));
    Ok(listed.flatten().collect())
}

/// The key of a group.
pub(super) fn key<'a>(side: &'a Side<'_>, group: u32) -> &'a Key {
    &side.keys[group as usize]
}
