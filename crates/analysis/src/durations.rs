//! Exact figures of many durations.

use weir_model::time::{DAY, HOUR, MINUTE, SECOND};

/// Durations in milliseconds, collected one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations(Vec<i64>);

/// Durations in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortedDurations(Vec<i64>);

/// The number of durations that are at least `from` and below `to` milliseconds; the last bin has
/// no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// The shortest duration of the bin.
    pub from: i64,
    /// The shortest duration of the next bin.
    pub to: Option<i64>,
    /// The number of durations.
    pub count: u64,
}

/// The lower edges of the bins, in milliseconds: fixed, so that the distributions of different
/// funnels and ranges can be compared.
pub const BIN_EDGES: [i64; 15] = [
    0,
    SECOND,
    10 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    4 * HOUR,
    12 * HOUR,
    DAY,
    3 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
];

impl Durations {
    /// Adds a duration; a negative one (from clocks that disagree) counts as 0.
    pub fn add(&mut self, milliseconds: i64) {
        self.0.push(milliseconds.max(0));
    }

    /// The durations in ascending order.
    pub fn sorted(mut self) -> SortedDurations {
        self.0.sort_unstable();
        SortedDurations(self.0)
    }
}

impl SortedDurations {
    /// The number of durations.
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// The mean in milliseconds; `None` without durations.
    pub fn mean(&self) -> Option<f64> {
        let sum: f64 = self.0.iter().map(|&one| one as f64).sum();
        (!self.0.is_empty()).then(|| sum / self.0.len() as f64)
    }

    /// The smallest duration that at least `percent` percent of all durations do not exceed; 0
    /// gives the shortest, 100 the longest. `None` without durations.
    pub fn percentile(&self, percent: usize) -> Option<i64> {
        nearest_rank(&self.0, percent)
    }

    /// The distribution over the bins of [`BIN_EDGES`].
    pub fn bins(&self) -> Vec<Bin> {
        let below = |edge: i64| self.0.partition_point(|&one| one < edge);
        let edges = BIN_EDGES.iter().enumerate();
        edges
            .map(|(i, &from)| {
                let to = BIN_EDGES.get(i + 1).copied();
                let end = to.map_or(self.0.len(), below);
                Bin {
                    from,
                    to,
                    count: (end - below(from)) as u64,
                }
            })
            .collect()
    }
}

/// The smallest value that at least `percent` percent of the values do not exceed: the nearest-rank
/// rule, computed in integers, so that rounding cannot change the rank. `values` must be in
/// ascending order.
pub(crate) fn nearest_rank(values: &[i64], percent: usize) -> Option<i64> {
    let rank = (values.len() * percent).div_ceil(100);
    values.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(values: &[i64]) -> SortedDurations {
        let mut durations = Durations::default();
        values.iter().for_each(|&value| durations.add(value));
        durations.sorted()
    }

    #[test]
    fn quantiles_are_those_of_the_nearest_rank() {
        let five = sorted(&[50, 10, 40, 20, 30]);
        let found = [0, 20, 50, 75, 95, 100].map(|percent| five.percentile(percent));
        assert_eq!(found, [10, 10, 30, 40, 50, 50].map(Some));
        assert_eq!((five.count(), five.mean()), (5, Some(30.0)));
        assert_eq!(sorted(&[]).percentile(50), None);
        assert_eq!(sorted(&[]).mean(), None);
    }

    #[test]
    fn percentiles_are_values_that_occur() {
        let hundred: Vec<i64> = (1..=100).collect();
        assert_eq!(nearest_rank(&hundred, 50), Some(50));
        assert_eq!(nearest_rank(&hundred, 95), Some(95));
        assert_eq!(nearest_rank(&[7], 95), Some(7));
        assert_eq!(nearest_rank(&[1, 9], 50), Some(1));
        assert_eq!(nearest_rank(&[1, 9], 51), Some(9));
        // In floating point, 0.07 * 100 is slightly more than 7, whose ceiling is 8.
        assert_eq!(nearest_rank(&hundred, 7), Some(7));
    }

    #[test]
    fn a_duration_at_an_edge_belongs_to_the_bin_that_begins_there() {
        let bins = sorted(&[-5, 999, 1_000, DAY - 1, DAY, 400 * DAY]).bins();
        let full: Vec<_> = bins.iter().filter(|bin| bin.count > 0).collect();
        let expected = [
            (0, Some(SECOND), 2),
            (SECOND, Some(10 * SECOND), 1),
            (12 * HOUR, Some(DAY), 1),
            (DAY, Some(3 * DAY), 1),
            (90 * DAY, None, 1),
        ];
        assert!(
            full.iter()
                .map(|bin| (bin.from, bin.to, bin.count))
                .eq(expected),
            "{full:?}"
        );
    }
}
