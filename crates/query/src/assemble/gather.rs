//! Reads record batches into cells.

use arrow::record_batch::RecordBatch;
use weir_model::Timestamp;

use super::{
    AssembleError,
    cells::{Cells, Groups, Interner},
    columns::Columns,
};
use crate::{
    buckets::Buckets,
    plan::{Kind, Needs, Read, Side},
    prepare::Prepared,
};

/// All results of a query.
#[derive(Debug)]
pub struct Gathered<'a> {
    /// The groups of both ranges.
    pub groups: Groups,
    /// The results for the query's range.
    pub main: Cells<'a>,
    /// The results for the comparison range.
    pub comparison: Cells<'a>,
}

/// Reads all results. Fails if they do not have the shape that the statements ask for.
pub fn gather<'a>(
    prepared: &Prepared,
    results: &'a [Vec<RecordBatch>],
) -> Result<Gathered<'a>, AssembleError> {
    let plan = &prepared.plan;
    let mut gathered = Gathered {
        groups: Groups::new(prepared.resolved().dimensions.len()),
        main: Cells::new(plan.columns),
        comparison: Cells::new(plan.columns),
    };
    let mut counted = Interner::default();
    for (statement, (read, batches)) in plan.reads.iter().zip(results).enumerate() {
        for batch in batches {
            let reading = Reading {
                columns: Columns { statement, batch },
                read,
                needs: &plan.families[read.family],
                dimensions: prepared.resolved().dimensions.len(),
                buckets: buckets(prepared, read.side),
            };
            reading.read(&mut gathered, &mut counted)?;
        }
    }
    gathered.main.sort();
    gathered.comparison.sort();
    Ok(gathered)
}

fn buckets(prepared: &Prepared, side: Side) -> &Buckets {
    let resolution = &prepared.resolution;
    match (side, &resolution.comparison) {
        (Side::Comparison, Some(buckets)) => buckets,
        _ => &resolution.buckets,
    }
}

struct Reading<'a, 'p> {
    columns: Columns<'a>,
    read: &'p Read,
    needs: &'p Needs,
    dimensions: usize,
    buckets: &'p Buckets,
}

impl<'a> Reading<'a, '_> {
    fn read(
        &self,
        gathered: &mut Gathered<'a>,
        counted: &mut Interner,
    ) -> Result<(), AssembleError> {
        let cells = match self.read.side {
            Side::Main => &mut gathered.main,
            Side::Comparison => &mut gathered.comparison,
        };
        if let Kind::DistinctTotal(_, slot) = self.read.kind {
            let counts = self.columns.integers(0)?;
            *cells.totals.entry(slot).or_default() += counts.iter().flatten().sum::<i64>();
            return Ok(());
        }
        let places = self.places(cells, &mut gathered.groups)?;
        let first = usize::from(self.read.timed) + self.dimensions;
        match self.read.kind {
            Kind::Measures => self.measures(&places, cells, first),
            Kind::RawSketch => self.weights(&places, cells, first),
            Kind::DistinctValues(_, slot) => self.values(&places, cells, first, slot, counted),
            Kind::DistinctCount(_, slot) => self.counts(&places, cells, first, slot),
            Kind::DistinctTotal(..) => Ok(()),
        }
    }

    /// The cell of every row.
    fn places(
        &self,
        cells: &mut Cells<'a>,
        groups: &mut Groups,
    ) -> Result<Vec<u32>, AssembleError> {
        let timed = self.read.timed;
        let steps = timed.then(|| self.columns.integers(0)).transpose()?;
        let first = usize::from(timed);
        let keys = (first..first + self.dimensions)
            .map(|position| self.columns.text(position))
            .collect::<Result<Vec<_>, _>>()?;
        let rows = 0..self.columns.batch.num_rows();
        Ok(rows
            .map(|row| {
                let group = groups.position(keys.iter().map(|key| key.get(row)));
                let bucket = steps.map_or(0, |steps| {
                    self.buckets.index_of(Timestamp(steps.value(row)))
                });
                cells.cell(group, bucket as u32)
            })
            .collect())
    }

    fn measures(
        &self,
        places: &[u32],
        cells: &mut Cells<'a>,
        first: usize,
    ) -> Result<(), AssembleError> {
        let terms = self.needs.terms.len();
        for (i, term) in self.needs.terms.iter().enumerate() {
            let column = self.needs.first_column + i;
            if term.is_large() {
                let sums = self.columns.floats(first + i)?;
                add(places, sums.iter(), column, cells);
            } else {
                let sums = self.columns.integers(first + i)?;
                add(
                    places,
                    sums.iter().map(|sum| sum.map(|sum| sum as f64)),
                    column,
                    cells,
                );
            }
        }
        if let Some(slot) = self.needs.sketch {
            let blobs = self.columns.blobs(first + terms)?;
            let found = places.iter().enumerate().filter_map(|(row, &cell)| {
                let blob = blobs.get(row)?;
                Some((cell, slot as u32, blob))
            });
            cells.blobs.extend(found);
        }
        Ok(())
    }

    fn weights(
        &self,
        places: &[u32],
        cells: &mut Cells<'a>,
        first: usize,
    ) -> Result<(), AssembleError> {
        let Some(slot) = self.needs.sketch else {
            return Ok(());
        };
        let buckets = self.columns.integers(first)?;
        let weights = self.columns.integers(first + 1)?;
        let rows = places
            .iter()
            .zip(buckets.values().iter().zip(weights.values()));
        let weighed =
            rows.map(|(&cell, (&bucket, &weight))| (cell, slot as u32, bucket as u32, weight));
        cells.weights.extend(weighed);
        Ok(())
    }

    fn values(
        &self,
        places: &[u32],
        cells: &mut Cells<'a>,
        first: usize,
        slot: usize,
        counted: &mut Interner,
    ) -> Result<(), AssembleError> {
        let values = self.columns.text(first)?;
        for (row, &cell) in places.iter().enumerate() {
            let number = counted.number(values.get(row));
            let set = cells.values.entry((cell, slot as u32)).or_default();
            set.insert(number);
        }
        Ok(())
    }

    fn counts(
        &self,
        places: &[u32],
        cells: &mut Cells<'a>,
        first: usize,
        slot: usize,
    ) -> Result<(), AssembleError> {
        let counts = self.columns.integers(first)?;
        for (&cell, &count) in places.iter().zip(counts.values()) {
            *cells.counts.entry((cell, slot as u32)).or_default() += count;
        }
        Ok(())
    }
}

/// Adds a column of sums to the cells of its rows; a sum over no rows is null.
fn add(
    places: &[u32],
    sums: impl Iterator<Item = Option<f64>>,
    column: usize,
    cells: &mut Cells<'_>,
) {
    for (&cell, sum) in places.iter().zip(sums) {
        if let Some(sum) = sum {
            cells.sums_mut(cell)[column] += sum;
        }
    }
}
