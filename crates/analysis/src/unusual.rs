//! How unusual a value is against the past of the same thing.
//!
//! Two kinds of evidence get one scale: a value that exceeds the 95th percentile is one in 20, so a ratio of 1
//! to the 95th percentile and something that one in 20 had both score 1.

use crate::round::billionths;

/// The least number of past values for a statement: with fewer than 20, none of them need lie above their 95th
/// percentile.
pub const MINIMUM: u64 = 20;
/// From this multiple of its 95th percentile on, a value is unusual. A log-normal duration with a standard
/// deviation of 0.5 (in natural logarithms) exceeds it once in 800.
pub const UNUSUAL_RATIO: f64 = 2.0;
/// From this score on, something is rare: at most one in 100 had it.
pub const RARE: f64 = 5.0;
/// How many values lie below the 95th percentile for each above it, including that one.
const ONE_IN: f64 = 20.0;

/// What is usual: the median, the 95th percentile, and the number of values that they are from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usual {
    /// The number of values.
    pub samples: u64,
    /// The median.
    pub p50: Option<f64>,
    /// The 95th percentile.
    pub p95: Option<f64>,
}

impl Usual {
    /// The same, without percentiles if they are of fewer than [`MINIMUM`] values.
    #[must_use]
    pub fn if_enough(self) -> Self {
        match self.samples >= MINIMUM {
            true => self,
            false => Self {
                samples: self.samples,
                ..Self::default()
            },
        }
    }

    /// A value divided by the 95th percentile; `None` if there are too few values or it is not above 0.
    pub fn ratio(self, value: f64) -> Option<f64> {
        let p95 = self.if_enough().p95.filter(|&p95| p95 > 0.0)?;
        Some(billionths(value / p95))
    }

    /// The ratio of a value that is unusual: at least [`UNUSUAL_RATIO`], and by at least `least` more than the
    /// 95th percentile.
    pub fn excess(self, value: f64, least: f64) -> Option<f64> {
        let ratio = self.ratio(value)?;
        let beyond = value - self.p95?;
        (ratio >= UNUSUAL_RATIO && beyond >= least).then_some(ratio)
    }
}

/// The score of something that `had` of `of` past ones had: how many times rarer than one in 20 it is, where
/// the next one has it with a probability of (had + 1) / (of + 2) (Laplace's rule of succession). `None`
/// with fewer than [`MINIMUM`] past ones.
pub fn rarity(had: u64, of: u64) -> Option<f64> {
    (of >= MINIMUM).then(|| (of as f64 + 2.0) / (had as f64 + 1.0) / ONE_IN)
}

/// The same for something rare; `None` if it scores below [`RARE`].
pub fn rare(had: u64, of: u64) -> Option<f64> {
    rarity(had, of).filter(|&score| score >= RARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(samples: u64) -> Usual {
        Usual {
            samples,
            p50: Some(40.0),
            p95: Some(100.0),
        }
    }

    #[test]
    fn a_ratio_needs_enough_values_and_a_95th_percentile() {
        assert_eq!(usual(20).ratio(400.0), Some(4.0));
        assert_eq!(usual(19).ratio(400.0), None);
        let zero = Usual {
            p95: Some(0.0),
            ..usual(100)
        };
        assert_eq!(zero.ratio(400.0), None);
        assert_eq!(
            usual(19).if_enough(),
            Usual {
                samples: 19,
                ..Usual::default()
            }
        );
    }

    #[test]
    fn a_value_is_unusual_if_it_is_both_relatively_and_absolutely_far_off() {
        assert_eq!(usual(50).excess(200.0, 100.0), Some(2.0));
        assert_eq!(usual(50).excess(199.0, 0.0), None);
        assert_eq!(usual(50).excess(300.0, 201.0), None);
    }

    #[test]
    fn rarity_falls_with_how_often_and_rises_with_how_many() {
        assert_eq!(rarity(0, 19), None);
        assert_eq!(rarity(0, 38), Some(2.0));
        for of in [20, 98, 1_000, 100_000] {
            for had in 0..20 {
                assert!(rarity(had, of) > rarity(had + 1, of));
                assert!(rarity(had, of) < rarity(had, of + 1));
            }
        }
        assert_eq!(rare(0, 98), Some(5.0));
        assert_eq!(rare(1, 98), None);
        assert_eq!(rare(0, 97), None);
    }
}
