//! A reusable histogram over all buckets of a [`weir_model::Sketch`]. Merging thousands of stored
//! sketches into one hash map per row would take most of the time of an answer; adding their entries to
//! a single array that is reused for every row takes little.

use weir_model::sketch::{DamagedSketch, MAX_VALUE, bucket_of, value_of, visit_entries};

use super::AssembleError;
use crate::catalogue::Bound;

/// How many buckets are skipped at once in the search for a rank.
const BLOCK: usize = 64;

/// Signed counts by bucket.
#[derive(Debug)]
pub struct Histogram {
    counts: Vec<i64>,
    total: i64,
    /// The buckets that can have counts: from `low` up to but excluding `high`.
    low: usize,
    high: usize,
}

impl Default for Histogram {
    fn default() -> Self {
        let buckets = bucket_of(MAX_VALUE) as usize + 1;
        Self {
            counts: vec![0; buckets],
            total: 0,
            low: buckets,
            high: 0,
        }
    }
}

impl Histogram {
    /// Adds to a bucket's count; false if there is no such bucket.
    #[must_use]
    pub fn add(&mut self, bucket: u64, weight: i64) -> bool {
        let bucket = usize::try_from(bucket).unwrap_or(usize::MAX);
        let Some(count) = self.counts.get_mut(bucket) else {
            return false;
        };
        *count += weight;
        self.total += weight;
        self.low = self.low.min(bucket);
        self.high = self.high.max(bucket + 1);
        true
    }

    /// Adds a sketch in the compact form of [`weir_model::Sketch::encode`].
    /// Fails if the bytes are not an encoded sketch.
    pub fn add_encoded(&mut self, bytes: &[u8]) -> Result<(), AssembleError> {
        let counts = self.counts.as_mut_slice();
        let (mut low, mut high, mut total) = (self.low, self.high, self.total);
        let mut beyond = false;
        let visited = visit_entries(bytes, |bucket, weight| {
            let bucket = bucket as usize;
            match counts.get_mut(bucket) {
                Some(count) => *count += weight,
                None => return beyond = true,
            }
            total += weight;
            low = low.min(bucket);
            high = high.max(bucket + 1);
        });
        (self.low, self.high, self.total) = (low, high, total);
        let damage = match beyond {
            true => Err(DamagedSketch(bytes.len())),
            false => visited,
        };
        damage.map_err(|DamagedSketch(byte)| AssembleError::DamagedSketch { byte })
    }

    /// Passes the value of every quantile (0 to 1, ascending) to `found`, by the nearest-rank rule of
    /// [`weir_model::Sketch::quantile`]; does nothing if the histogram is empty.
    pub fn quantiles(&self, ascending: &[(usize, f64)], mut found: impl FnMut(usize, f64)) {
        let touched = self.counts.get(self.low..self.high).unwrap_or_default();
        if self.total <= 0 {
            return;
        }
        let mut seen = 0;
        let mut start = self.low;
        let mut blocks = touched.chunks(BLOCK).peekable();
        for &(id, q) in ascending {
            let rank = ((q * self.total as f64).ceil() as i64).max(1);
            // Whole blocks are skipped by their sums, which is much faster than going bucket by bucket.
            while let Some(block) = blocks.peek() {
                let sum: i64 = block.iter().sum();
                if seen + sum >= rank {
                    if let Some(position) = position_of(block, rank - seen) {
                        found(id, value_of((start + position) as u32));
                    }
                    break;
                }
                seen += sum;
                start += BLOCK;
                blocks.next();
            }
        }
    }

    /// The total count.
    pub fn total(&self) -> i64 {
        self.total
    }

    /// The count of values up to a threshold. Each value counts with the value
    /// of its bucket, as for quantiles: a threshold that is not below the quantile `q` has at
    /// least the share `q` within it.
    pub fn within(&self, threshold: i64) -> i64 {
        let touched = self.counts.get(self.low..self.high).unwrap_or_default();
        let counted = touched.iter().zip(self.low..);
        counted
            .take_while(|&(_, bucket)| value_of(bucket as u32) <= threshold as f64)
            .map(|(count, _)| count)
            .sum()
    }

    /// The standard deviation of all values, each with the value of its bucket.
    pub fn deviation(&self) -> Option<f64> {
        let touched = self.counts.get(self.low..self.high).unwrap_or_default();
        if self.total <= 0 {
            return None;
        }
        let total = self.total as f64;
        let counted = || {
            let counted = touched.iter().zip(self.low..);
            counted.map(|(&count, bucket)| (count as f64, value_of(bucket as u32)))
        };
        let mean = counted().map(|(count, value)| count * value).sum::<f64>() / total;
        let squares: f64 = counted()
            .map(|(count, value)| count * (value - mean).powi(2))
            .sum();
        // After values were taken back, rounding can lead to slightly less than 0.
        Some((squares / total).max(0.0).sqrt())
    }

    /// A 95 % confidence bound of the quantile, by order statistics: the value at rank ceil(n q -/+ 1.96
    /// sqrt(n q (1 - q))). `None` if there is no such rank. Source: Conover, Practical Nonparametric
    /// Statistics (1999), 3.2.
    pub fn quantile_bound(&self, q: f64, bound: Bound) -> Option<f64> {
        const Z: f64 = 1.959_963_984_540_054;
        let total = self.total as f64;
        let half = Z * (total * q * (1.0 - q)).sqrt();
        let rank = match bound {
            Bound::Lower => (total * q - half).ceil(),
            Bound::Upper => (total * q + half).ceil(),
        };
        // The probability that the quantile lies beyond the smallest or largest value.
        let beyond = match bound {
            Bound::Lower => (1.0 - q).powf(total),
            Bound::Upper => q.powf(total),
        };
        let outermost = rank <= 1.0 && bound == Bound::Lower || rank >= total;
        if rank < 1.0 || rank > total || outermost && beyond > 0.025 {
            return None;
        }
        let mut found = None;
        // Halfway between two ranks, so that rounding never leads to a neighbouring rank.
        self.quantiles(&[(0, (rank - 0.5) / total)], |_, value| found = Some(value));
        found
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        if self.low < self.high {
            self.counts[self.low..self.high].fill(0);
        }
        self.total = 0;
        self.low = self.counts.len();
        self.high = 0;
    }
}

/// The first bucket of a block at which the running count reaches `count`.
fn position_of(block: &[i64], count: i64) -> Option<usize> {
    let mut seen = 0;
    block.iter().position(|&bucket| {
        seen += bucket;
        seen >= count
    })
}

#[cfg(test)]
mod tests {
    use weir_model::Sketch;

    use super::*;

    fn quantiles(histogram: &Histogram, qs: &[f64]) -> Vec<Option<f64>> {
        let mut values = vec![None; qs.len()];
        let wanted: Vec<_> = qs.iter().copied().enumerate().collect();
        histogram.quantiles(&wanted, |i, value| values[i] = Some(value));
        values
    }

    #[test]
    fn it_agrees_with_the_sketch_on_every_quantile_after_merging_and_taking_back() {
        let qs = [0.0, 0.1, 0.5, 0.9, 0.95, 0.99, 1.0];
        let mut histogram = Histogram::default();
        for round in 1..5i64 {
            let mut whole = Sketch::default();
            for part in 0..4i64 {
                let mut sketch = Sketch::default();
                for i in 0..300 {
                    sketch.add(
                        (i * 7_919 * round + part * 1_000_003) % 3_000_000,
                        1 + i % 3,
                    );
                }
                // This value was counted in the first part.
                sketch.add(7_919 * round % 3_000_000, if part == 1 { -1 } else { 0 });
                whole.merge(&sketch);
                histogram.add_encoded(&sketch.encode()).unwrap();
            }
            assert_eq!(quantiles(&histogram, &qs), whole.quantiles(&qs));
            histogram.clear();
            assert_eq!(quantiles(&histogram, &qs), [None; 7]);
        }
    }

    fn counted(values: impl IntoIterator<Item = i64>) -> Histogram {
        let mut sketch = Sketch::default();
        values.into_iter().for_each(|value| sketch.add(value, 1));
        let mut histogram = Histogram::default();
        histogram.add_encoded(&sketch.encode()).unwrap();
        histogram
    }

    #[test]
    fn the_deviation_is_that_of_the_values() {
        // Values below 64 are exact: mean 5, squares sum to 32.
        assert_eq!(counted([2, 4, 4, 4, 5, 5, 7, 9]).deviation(), Some(2.0));
        assert_eq!(counted([7]).deviation(), Some(0.0));
        assert_eq!(counted([]).deviation(), None);
    }

    #[test]
    fn bounds_of_quantiles_are_the_values_at_conovers_ranks() {
        // n 60, q 0.5: 30 -/+ 1.96 x 3.873 = 22.41 and 37.59, so ranks 23 and 38.
        let histogram = counted(1..=60);
        assert_eq!(histogram.quantile_bound(0.5, Bound::Lower), Some(23.0));
        assert_eq!(histogram.quantile_bound(0.5, Bound::Upper), Some(38.0));
        // q 0.95: 57 + 1.96 x 1.688 = 60.31 has no rank; 57 - 3.31 = 53.69 has 54.
        assert_eq!(histogram.quantile_bound(0.95, Bound::Lower), Some(54.0));
        assert_eq!(histogram.quantile_bound(0.95, Bound::Upper), None);
        assert_eq!(counted([]).quantile_bound(0.5, Bound::Lower), None);
        // The median lies beyond five values with a probability of 2 / 32, beyond six with 2 / 64.
        for (count, known) in [(1, false), (5, false), (6, true)] {
            for bound in [Bound::Lower, Bound::Upper] {
                let found = counted(1..=count).quantile_bound(0.5, bound);
                assert_eq!(found.is_some(), known, "{count} {bound:?}");
            }
        }
        assert_eq!(counted(1..=72).quantile_bound(0.95, Bound::Upper), None);
        assert_eq!(
            counted(1..=73).quantile_bound(0.95, Bound::Upper),
            Some(73.0)
        );
    }

    #[test]
    fn what_is_within_a_threshold_agrees_with_the_quantiles() {
        let mut sketch = Sketch::default();
        for value in 1..=1_000 {
            sketch.add(value * 7, 1);
        }
        let mut histogram = Histogram::default();
        histogram.add_encoded(&sketch.encode()).unwrap();
        for q in [0.01, 0.5, 0.95, 0.99, 1.0] {
            let quantile = sketch.quantile(q).unwrap();
            let within = histogram.within(quantile.ceil() as i64);
            assert!(within >= (q * 1_000.0) as i64, "{q}");
            assert!(
                histogram.within(quantile as i64 - 1) < (q * 1_000.0) as i64,
                "{q}"
            );
        }
        assert_eq!((histogram.within(6), histogram.within(7)), (0, 1));
        assert_eq!(
            (histogram.within(i64::MAX), histogram.total()),
            (1_000, 1_000)
        );
        histogram.clear();
        assert_eq!((histogram.within(i64::MAX), histogram.total()), (0, 0));
    }

    #[test]
    fn the_largest_duration_has_a_bucket() {
        let mut sketch = Sketch::default();
        sketch.add(i64::MAX, 1);
        let mut histogram = Histogram::default();
        histogram.add_encoded(&sketch.encode()).unwrap();
        assert_eq!(quantiles(&histogram, &[0.5]), sketch.quantiles(&[0.5]));
    }

    #[test]
    fn damaged_sketches_are_an_error() {
        let mut histogram = Histogram::default();
        let cut_off = histogram.add_encoded(&[0x81]);
        assert_eq!(cut_off, Err(AssembleError::DamagedSketch { byte: 1 }));
        let beyond = histogram.add_encoded(&[0xff, 0xff, 0x7f, 2]);
        assert_eq!(beyond, Err(AssembleError::DamagedSketch { byte: 4 }));
    }
}
