//! A scratch histogram over all buckets of a [`weir_model::Sketch`]. Merging thousands of stored
//! sketches into a hash map each would take most of the time of an answer; adding their entries to
//! one array that is used again for every row takes little.

use weir_model::sketch::{DamagedSketch, MAX_VALUE, bucket_of, entries, value_of};

use super::AssembleError;

/// How many buckets are passed at once in search of a rank.
const BLOCK: usize = 64;

/// Signed counts by bucket.
#[derive(Debug)]
pub struct Histogram {
    counts: Vec<i64>,
    total: i64,
    /// The buckets that may be counted: from the first to before the second.
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
    pub fn add_encoded(&mut self, bytes: &[u8]) -> Result<(), AssembleError> {
        for entry in entries(bytes) {
            let added = entry.and_then(|(bucket, count)| {
                let added = self.add(u64::from(bucket), count);
                added.then_some(()).ok_or(DamagedSketch(bytes.len()))
            });
            added.map_err(|DamagedSketch(byte)| AssembleError::DamagedSketch { byte })?;
        }
        Ok(())
    }

    /// Hands out the value of every quantile (0 to 1, ascending) by the nearest-rank rule of
    /// [`weir_model::Sketch::quantile`]; nothing when nothing is counted.
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
            // Whole blocks are passed by their sums, which is much faster than bucket by bucket.
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

    /// How much is counted.
    pub fn total(&self) -> i64 {
        self.total
    }

    /// How much is counted that is no larger than a threshold. What is counted stands at the value
    /// of its bucket, as it does for quantiles: a threshold that is not below the quantile `q` has at
    /// least the share `q` within it.
    pub fn within(&self, threshold: i64) -> i64 {
        let touched = self.counts.get(self.low..self.high).unwrap_or_default();
        let counted = touched.iter().zip(self.low..);
        counted
            .take_while(|&(_, bucket)| value_of(bucket as u32) <= threshold as f64)
            .map(|(count, _)| count)
            .sum()
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

/// The first bucket of a block at which so many are counted.
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
