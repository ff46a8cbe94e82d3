//! Computes the figures of metrics from cells.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use super::{AssembleError, cells::Cells, histogram::Histogram};
use crate::{
    catalogue::Bound,
    plan::{Compute, Plan},
};

/// The figures of a row; `None` is null.
pub type Figures = Vec<Option<f64>>;

/// Computes the metrics of one cell, or of several cells combined.
#[derive(Debug)]
pub struct Evaluator<'a> {
    plan: &'a Plan,
    cells: &'a Cells<'a>,
    /// By sketch slot: position and quantile of the metrics that need it, ascending by quantile.
    quantiles: Vec<Vec<(usize, f64)>>,
    /// By sketch slot: the metrics that need a bound of a quantile, and those that need the deviation.
    bounds: Vec<Vec<(usize, f64, Bound)>>,
    deviations: Vec<Vec<usize>>,
    /// By sketch slot: the metrics that count what is within a threshold.
    within: Vec<Vec<Within>>,
    scratch: RefCell<Histogram>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for one range.
    pub fn new(plan: &'a Plan, cells: &'a Cells<'a>) -> Self {
        let slots = plan.families.iter().filter(|needs| needs.sketch.is_some());
        let mut quantiles = vec![Vec::new(); slots.count()];
        let mut within = vec![Vec::new(); quantiles.len()];
        let mut bounds = vec![Vec::new(); quantiles.len()];
        let mut deviations = vec![Vec::new(); quantiles.len()];
        for (position, metric) in plan.metrics.iter().enumerate() {
            match *metric {
                Compute::Quantile(slot, q) => quantiles[slot].push((position, q)),
                Compute::Max(slot) => quantiles[slot].push((position, 1.0)),
                Compute::Deviation(slot) => deviations[slot].push(position),
                Compute::QuantileBound(slot, q, bound) => bounds[slot].push((position, q, bound)),
                Compute::Within(slot, threshold) => within[slot].push(Within {
                    position,
                    threshold,
                    percent: false,
                }),
                Compute::WithinPercent(slot, threshold) => within[slot].push(Within {
                    position,
                    threshold,
                    percent: true,
                }),
                _ => {}
            }
        }
        for slot in &mut quantiles {
            slot.sort_by(|a, b| a.1.total_cmp(&b.1));
        }
        Self {
            plan,
            cells,
            quantiles,
            bounds,
            deviations,
            within,
            scratch: RefCell::default(),
        }
    }

    /// The figures of some cells combined; for no cells, the figures without facts. Fails if a sketch is
    /// damaged.
    pub fn figures(&self, cells: &[u32]) -> Result<Figures, AssembleError> {
        let sums = self.sums(cells);
        let metrics = self.plan.metrics.iter();
        let mut figures: Figures = metrics
            .map(|&metric| match metric {
                Compute::Sum(column, divisor) => Some(sums[column] / divisor),
                Compute::Difference(a, b, divisor) => Some((sums[a] - sums[b]) / divisor),
                Compute::Ratio(a, b, factor) => ratio(sums[a], sums[b], factor),
                Compute::RatioOfDifference([a, b], count, factor) => {
                    ratio(sums[a] - sums[b], sums[count], factor)
                }
                Compute::PerFact(sum, count, divisor) => {
                    ratio(sums[sum] / divisor, sums[count], 1.0)
                }
                Compute::Return(gains, spent) => {
                    let gained: f64 = gains.iter().map(|&column| sums[column]).sum();
                    ratio(gained - sums[spent], sums[spent], 100.0)
                }
                Compute::Distinct(slot) => Some(self.distinct(cells, slot as u32) as f64),
                Compute::Quantile(..)
                | Compute::Max(_)
                | Compute::Deviation(_)
                | Compute::QuantileBound(..)
                | Compute::Within(..)
                | Compute::WithinPercent(..) => None,
            })
            .collect();
        for (slot, wanted) in self.quantiles.iter().enumerate() {
            let mut histogram = self.scratch.borrow_mut();
            self.merge(&mut histogram, cells, slot as u32)?;
            histogram.quantiles(wanted, |position, value| figures[position] = Some(value));
            for &position in &self.deviations[slot] {
                figures[position] = histogram.deviation();
            }
            for &(position, q, bound) in &self.bounds[slot] {
                figures[position] = histogram.quantile_bound(q, bound);
            }
            for within in &self.within[slot] {
                figures[within.position] = within.figure(&histogram);
            }
            histogram.clear();
        }
        Ok(figures)
    }

    /// The figures of the whole range: of all these cells combined, and of the values counted over it. Fails if
    /// a sketch cannot be read.
    pub fn totals(&self, cells: &[u32]) -> Result<Figures, AssembleError> {
        let mut figures = self.figures(cells)?;
        for (figure, &metric) in figures.iter_mut().zip(&self.plan.metrics) {
            if let Compute::Distinct(slot) = metric {
                let counted = self.cells.totals.get(&slot).copied();
                *figure = Some(counted.unwrap_or(0) as f64);
            }
        }
        Ok(figures)
    }

    fn sums(&self, cells: &[u32]) -> Vec<f64> {
        let mut sums = vec![0.0; self.plan.columns];
        for &cell in cells {
            for (sum, &part) in sums.iter_mut().zip(self.cells.sums(cell)) {
                *sum += part;
            }
        }
        sums
    }

    fn distinct(&self, cells: &[u32], slot: u32) -> usize {
        let counts = cells
            .iter()
            .filter_map(|&cell| self.cells.counts.get(&(cell, slot)));
        let counted: i64 = counts.sum();
        let sets = cells
            .iter()
            .filter_map(|&cell| self.cells.values.get(&(cell, slot)));
        let union = match sets.clone().count() {
            0 => 0,
            1 => sets.map(FxHashSet::len).sum(),
            _ => sets.flatten().collect::<FxHashSet<_>>().len(),
        };
        union + usize::try_from(counted).unwrap_or(0)
    }

    fn merge(
        &self,
        histogram: &mut Histogram,
        cells: &[u32],
        slot: u32,
    ) -> Result<(), AssembleError> {
        for &cell in cells {
            let key = (cell, slot);
            for (.., bytes) in with_key(&self.cells.blobs, key, |blob| (blob.0, blob.1)) {
                histogram.add_encoded(bytes)?;
            }
            for &(.., bucket, weight) in with_key(&self.cells.weights, key, |w| (w.0, w.1)) {
                if !histogram.add(u64::from(bucket), weight) {
                    return Err(AssembleError::DamagedSketch { byte: 0 });
                }
            }
        }
        Ok(())
    }
}

/// A metric that counts how much of a sketch is within a threshold.
#[derive(Clone, Copy, Debug)]
struct Within {
    position: usize,
    threshold: i64,
    percent: bool,
}

impl Within {
    fn figure(self, histogram: &Histogram) -> Option<f64> {
        let within = histogram.within(self.threshold) as f64;
        match self.percent {
            true => ratio(within, histogram.total() as f64, 100.0),
            false => Some(within),
        }
    }
}

/// The items with a key, from items sorted by key.
fn with_key<T>(sorted: &[T], wanted: (u32, u32), key: impl Fn(&T) -> (u32, u32)) -> &[T] {
    let start = sorted.partition_point(|item| key(item) < wanted);
    let rest = &sorted[start..];
    &rest[..rest.partition_point(|item| key(item) == wanted)]
}

fn ratio(numerator: f64, denominator: f64, factor: f64) -> Option<f64> {
    (denominator != 0.0).then(|| factor * numerator / denominator)
}
