//! A mergeable histogram of durations whose quantiles are within 1 % of the exact ones.
//!
//! This is DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with
//! relative-error guarantees", VLDB 2019), with the linearly interpolated logarithm as its mapping,
//! computed in integers: values below 64 have a bucket each; above, every power of two is divided
//! into 64 equal buckets. A bucket is at most 1/64 of its lower edge wide and is represented by its
//! middle, so the relative error is at most 1/128 (0.79 %). Integers make the mapping exact: a
//! store that groups raw rows by the same expression in SQL gets the same buckets.
//!
//! Counts are signed, so that a partial can take back what an earlier one counted; the sum over all
//! partials of a key is never negative.

use rustc_hash::FxHashMap;

/// The number of buckets per power of two, and the value below which buckets are exact.
pub const SUB_BUCKETS: u64 = 64;
/// The largest duration in milliseconds (2^48 ms is about 8.9 thousand years); longer ones count as
/// this one.
pub const MAX_VALUE: i64 = (1 << 48) - 1;

/// The bucket of a value. Negative values count as zero, values above [`MAX_VALUE`] as
/// [`MAX_VALUE`].
pub fn bucket_of(value: i64) -> u32 {
    let value = value.clamp(0, MAX_VALUE) as u64;
    if value < SUB_BUCKETS {
        return value as u32;
    }
    let shift = 63 - value.leading_zeros() - SUB_BUCKETS.trailing_zeros();
    shift * SUB_BUCKETS as u32 + (value >> shift) as u32
}

/// The value that represents a bucket: the middle of its integers.
pub fn value_of(bucket: u32) -> f64 {
    let bucket = u64::from(bucket);
    if bucket < 2 * SUB_BUCKETS {
        return bucket as f64;
    }
    let shift = bucket / SUB_BUCKETS - 1;
    let lower = (bucket - shift * SUB_BUCKETS) << shift;
    lower as f64 + ((1u64 << shift) - 1) as f64 / 2.0
}

/// A sketch: bucket -> signed count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    counts: FxHashMap<u32, i64>,
}

/// A stored sketch is damaged; the number is the offset in bytes before which the damage lies.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a stored sketch is damaged before byte {0}")]
pub struct DamagedSketch(pub usize);

impl Sketch {
    /// Counts one value `weight` times (negative to take it back).
    pub fn add(&mut self, value: i64, weight: i64) {
        self.add_bucket(bucket_of(value), weight);
    }

    /// Adds `weight` to a bucket's count.
    pub fn add_bucket(&mut self, bucket: u32, weight: i64) {
        let count = self.counts.entry(bucket).or_insert(0);
        *count += weight;
        if *count == 0 {
            self.counts.remove(&bucket);
        }
    }

    /// Adds another sketch.
    pub fn merge(&mut self, other: &Sketch) {
        for (&bucket, &count) in &other.counts {
            self.add_bucket(bucket, count);
        }
    }

    /// Adds an encoded sketch without decoding it first. Fails if the bytes are damaged; the
    /// entries before the damage have then been added.
    pub fn merge_encoded(&mut self, bytes: &[u8]) -> Result<(), DamagedSketch> {
        visit_entries(bytes, |bucket, count| self.add_bucket(bucket, count))
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The number of values counted.
    pub fn count(&self) -> i64 {
        self.counts.values().sum()
    }

    /// The quantile `q` (0 to 1) by the nearest-rank rule: the smallest value whose cumulative
    /// count reaches `ceil(q * n)`. `None` when nothing is counted.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        self.quantiles(&[q]).pop().flatten()
    }

    /// Several quantiles, in the order given, from a single sort.
    pub fn quantiles(&self, qs: &[f64]) -> Vec<Option<f64>> {
        let sorted = self.sorted();
        let total: i64 = sorted.iter().map(|&(_, count)| count).sum();
        qs.iter()
            .map(|&q| nearest_rank(&sorted, total, q))
            .collect()
    }

    /// The largest value counted, within the sketch's error.
    pub fn max(&self) -> Option<f64> {
        self.counts
            .iter()
            .filter(|&(_, &count)| count > 0)
            .map(|(&bucket, _)| bucket)
            .max()
            .map(value_of)
    }

    /// Buckets and counts in ascending order of bucket.
    pub fn sorted(&self) -> Vec<(u32, i64)> {
        let mut sorted: Vec<_> = self.counts.iter().map(|(&b, &c)| (b, c)).collect();
        sorted.sort_unstable();
        sorted
    }

    /// The compact form: for each bucket in ascending order, the difference from the previous
    /// bucket and the zigzag-encoded count, as LEB128 varints. Equal sketches have equal encodings.
    pub fn encode(&self) -> Vec<u8> {
        encode(&self.sorted())
    }

    /// Decodes the compact form. Fails if the bytes are damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, DamagedSketch> {
        let mut sketch = Sketch::default();
        sketch.merge_encoded(bytes)?;
        Ok(sketch)
    }
}

/// A sketch under construction: cheap to create and to add to, for the many small sketches of a
/// commit.
#[derive(Clone, Debug, Default)]
pub struct SketchBuilder {
    counts: Vec<(u32, i64)>,
    settled: usize,
}

impl SketchBuilder {
    /// Counts one value `weight` times (negative to take it back).
    pub fn add(&mut self, value: i64, weight: i64) {
        self.push(bucket_of(value), weight);
    }

    /// Adds another builder's counts.
    pub fn extend(&mut self, other: &SketchBuilder) {
        for &(bucket, count) in &other.counts {
            self.push(bucket, count);
        }
    }

    /// Adds an encoded sketch. Fails if the bytes are damaged; the entries before the damage have
    /// then been added.
    pub fn merge_encoded(&mut self, bytes: &[u8]) -> Result<(), DamagedSketch> {
        visit_entries(bytes, |bucket, count| self.push(bucket, count))
    }

    /// Removes all counts and keeps the allocated memory.
    pub fn clear(&mut self) {
        self.counts.clear();
        self.settled = 0;
    }

    fn push(&mut self, bucket: u32, count: i64) {
        self.counts.push((bucket, count));
        if self.counts.len() > 2 * self.settled + 256 {
            self.settle();
        }
    }

    /// Merges entries of the same bucket.
    fn settle(&mut self) {
        self.counts = self.summed();
        self.settled = self.counts.len();
    }

    /// Buckets in ascending order with their counts, none of them zero.
    fn summed(&self) -> Vec<(u32, i64)> {
        let mut sorted = self.counts.clone();
        sorted.sort_unstable_by_key(|&(bucket, _)| bucket);
        let mut summed: Vec<(u32, i64)> = Vec::with_capacity(sorted.len());
        for (bucket, count) in sorted {
            match summed.last_mut() {
                Some((last, sum)) if *last == bucket => *sum += count,
                _ => summed.push((bucket, count)),
            }
        }
        summed.retain(|&(_, count)| count != 0);
        summed
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() || self.summed().is_empty()
    }

    /// Encodes as [`Sketch::encode`] does.
    pub fn encode(&self) -> Vec<u8> {
        encode(&self.summed())
    }
}

impl PartialEq for SketchBuilder {
    fn eq(&self, other: &Self) -> bool {
        self.summed() == other.summed()
    }
}

fn encode(sorted: &[(u32, i64)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(sorted.len() * 3);
    let mut before = 0;
    for &(bucket, count) in sorted {
        write_varint(&mut bytes, u64::from(bucket - before));
        write_varint(&mut bytes, zigzag(count));
        before = bucket;
    }
    bytes
}

fn nearest_rank(sorted: &[(u32, i64)], total: i64, q: f64) -> Option<f64> {
    if total <= 0 {
        return None;
    }
    let rank = ((q.clamp(0.0, 1.0) * total as f64).ceil() as i64).max(1);
    let mut seen = 0;
    for &(bucket, count) in sorted {
        seen += count;
        if seen >= rank {
            return Some(value_of(bucket));
        }
    }
    sorted.last().map(|&(bucket, _)| value_of(bucket))
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn write_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Calls `visit` with each bucket and signed count of an encoded sketch, in ascending order of
/// buckets. Fails if the bytes are damaged; the entries before the damage have then been visited.
#[inline]
pub fn visit_entries(bytes: &[u8], mut visit: impl FnMut(u32, i64)) -> Result<(), DamagedSketch> {
    let mut rest = bytes;
    let mut bucket = 0u64;
    while !rest.is_empty() {
        let entry = read_varint(&mut rest).zip(read_varint(&mut rest));
        let read = entry.and_then(|(distance, count)| {
            bucket = bucket.saturating_add(distance);
            Some((u32::try_from(bucket).ok()?, unzigzag(count)))
        });
        let (bucket, count) = read.ok_or(DamagedSketch(bytes.len() - rest.len()))?;
        visit(bucket, count);
    }
    Ok(())
}

#[inline]
fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    // Most numbers in a sketch are a single byte.
    if let [byte @ ..0x80, rest @ ..] = *bytes {
        *bytes = rest;
        return Some(u64::from(*byte));
    }
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_contiguous_and_within_one_percent() {
        let mut before = 0;
        for exponent in 0..48 {
            for step in 0..200u64 {
                let value = ((1u64 << exponent) + step * (1 << exponent) / 200) as i64;
                let bucket = bucket_of(value);
                assert!(bucket >= before, "{value}");
                before = bucket;
                let error = (value_of(bucket) - value as f64).abs() / value as f64;
                assert!(error <= 0.01, "{value} is represented with error {error}");
            }
        }
        for value in 0..100_000 {
            assert!(bucket_of(value + 1) - bucket_of(value) <= 1);
        }
    }

    #[test]
    fn encoding_survives_a_round_trip_with_negative_counts() {
        let mut sketch = Sketch::default();
        for value in [0, 1, 63, 64, 1_000, 123_456_789, MAX_VALUE, i64::MAX] {
            sketch.add(value, 3);
        }
        sketch.add(5_000, -2);
        assert_eq!(Sketch::decode(&sketch.encode()), Ok(sketch));
    }

    #[test]
    fn quantiles_follow_the_nearest_rank_rule() {
        let mut sketch = Sketch::default();
        for value in 1..=100 {
            sketch.add(value, 1);
        }
        assert_eq!(sketch.quantile(0.5), Some(50.0));
        assert_eq!(sketch.quantile(0.0), Some(1.0));
        assert_eq!(sketch.quantile(1.0), Some(100.0));
        assert_eq!(Sketch::default().quantile(0.5), None);
    }

    #[test]
    fn truncated_bytes_are_an_error() {
        let mut sketch = Sketch::default();
        sketch.add(1_000_000, 300);
        let bytes = sketch.encode();
        assert!(Sketch::decode(&bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn counting_and_taking_back_leaves_nothing() {
        let mut sketch = Sketch::default();
        sketch.add(77, 1);
        sketch.add(77, -1);
        assert!(sketch.is_empty());
    }
}
