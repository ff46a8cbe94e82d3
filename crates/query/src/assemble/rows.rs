//! Builds the rows of the answer from cells.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    AssembleError,
    cells::Cells,
    evaluate::{Evaluator, Figures},
    gather::Gathered,
    order, others,
};
use crate::{
    answer::{Answer, Key, Row, Rows, Totals},
    buckets::Buckets,
    prepare::Prepared,
    resolve::ResolvedQuery,
};

/// Builds the answer. Fails if a sketch is damaged.
pub fn answer(
    prepared: &Prepared,
    gathered: &Gathered<'_>,
    rows_read: u64,
) -> Result<Answer, AssembleError> {
    let query = prepared.resolved();
    let keys = gathered.groups.keys();
    let main = Side::new(
        prepared,
        &gathered.main,
        &keys,
        &prepared.resolution.buckets,
        prepared.resolution.begun,
    );
    let (groups, kept) = main.choose()?;
    let rows = main.rows(&kept)?;
    let beside = prepared.resolution.comparison.as_ref();
    let beside = beside.map(|buckets| {
        let cells = &gathered.comparison;
        Side::new(prepared, cells, &keys, buckets, buckets.len())
    });
    let comparison = match &beside {
        None => None,
        Some(side) => Some(side.headed(side.compared(&rows, &kept)?)),
    };
    let other = match query.other {
        true => Some(others::other(&main, beside.as_ref(), &rows)?),
        false => None,
    };
    let totals = match query.totals {
        true => Some(Totals {
            rows: main.totals()?,
            comparison: beside.as_ref().map(Side::totals).transpose()?,
        }),
        false => None,
    };
    Ok(Answer {
        query: query.clone(),
        rows: main.headed(rows),
        comparison,
        other,
        totals,
        source: prepared.source(),
        rows_read,
        groups,
    })
}

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
    fn new(
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
    fn choose(&self) -> Result<(usize, Vec<u32>), AssembleError> {
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
    fn rows(&self, groups: &[u32]) -> Result<Vec<Row>, AssembleError> {
        let mut rows = self.unordered(groups)?;
        order::sort(&mut rows, &order::keys(self.query));
        if let Some(each) = self.query.limit_each {
            return others::limited_each(self, rows, each);
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
    fn compared(&self, rows: &[Row], groups: &[u32]) -> Result<Vec<Row>, AssembleError> {
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

    /// One row with the figures of the whole range.
    fn totals(&self) -> Result<Rows, AssembleError> {
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

    pub fn headed(&self, rows: Vec<Row>) -> Rows {
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
