//! Consecutive buckets of time, and series over them.

use std::collections::HashMap;

use weir_analysis::changes::Window;
use weir_model::{TimeRange, Timestamp};
use weir_query::{Interval, Zone, buckets::Buckets};

use crate::views::{Figures, Results};

/// More buckets than there are hours in a year.
const MOST_BUCKETS: usize = 10_000;

/// Consecutive buckets.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    starts: Vec<Timestamp>,
    end: Timestamp,
}

/// The figures of a group by bucket.
#[derive(Clone, Debug)]
pub(super) struct Series<F> {
    /// The values of the query's dimensions.
    pub key: Vec<Option<String>>,
    /// Its figures; `None` without facts.
    pub buckets: Vec<Option<F>>,
}

impl Axis {
    /// The buckets of an interval that a range falls into.
    pub fn of(interval: Interval, range: TimeRange, zone: &Zone) -> Self {
        let buckets = Buckets::of(interval, range, zone, MOST_BUCKETS);
        Self {
            starts: buckets.map_or_else(Vec::new, |buckets| buckets.starts().to_vec()),
            end: range.to,
        }
    }

    /// The number of buckets.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The position of the bucket of a moment; the first or last one if it lies outside.
    pub fn index(&self, moment: Timestamp) -> usize {
        self.starts
            .partition_point(|&start| start <= moment)
            .saturating_sub(1)
    }

    /// The start of a bucket; the end of the axis after the last one.
    pub fn start(&self, bucket: usize) -> Timestamp {
        self.starts.get(bucket).copied().unwrap_or(self.end)
    }

    /// The time of a window.
    pub fn range(&self, window: Window) -> TimeRange {
        TimeRange {
            from: self.start(window.from),
            to: self.start(window.to),
        }
    }

    /// The end of a window; `None` if it lasts to the end of the axis.
    pub fn until(&self, window: Window) -> Option<Timestamp> {
        (window.to < self.len()).then(|| self.start(window.to))
    }

    /// The results of a query by this many dimensions and these buckets.
    pub fn series<F: Figures>(&self, results: &Results<F>, dimensions: usize) -> Vec<Series<F>> {
        let mut positions = HashMap::new();
        let mut found: Vec<Series<F>> = Vec::new();
        for line in results.lines() {
            let key: Vec<Option<String>> = (0..dimensions).map(|at| line.key(at)).collect();
            let Some(start) = line.start() else { continue };
            let position = *positions.entry(key).or_insert_with_key(|key| {
                found.push(Series {
                    key: key.clone(),
                    buckets: (0..self.len()).map(|_| None).collect(),
                });
                found.len() - 1
            });
            let bucket = self.index(start);
            if let Some(place) = found[position].buckets.get_mut(bucket) {
                *place = Some(line.figures);
            }
        }
        found
    }
}
