//! Whether a figure rises or falls over time.
//!
//! The slope is the Theil-Sen estimator: the median of the slopes between all pairs of points,
//! which a single outlier does not move. Whether there is a trend at all is decided by the
//! Mann-Kendall test at 5 %, with corrections for ties and continuity. Sources: Sen, JASA 63
//! (1968); Kendall, Rank Correlation Methods (1975); Helsel, Hirsch, Statistical Methods in Water
//! Resources (2002), chapter 12.

use serde::{Deserialize, Serialize};

/// The fewest points from which a trend can be distinguished from chance.
pub const FEWEST: usize = 8;
/// The most points that are examined: all pairs are compared, so of a longer series only the newest
/// count.
const MOST: usize = 500;
const Z: f64 = 1.959_963_984_540_054;

/// The direction of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// Rising, beyond chance.
    Rising,
    /// Falling, beyond chance.
    Falling,
    /// No change beyond chance.
    Steady,
    /// There are too few points.
    NotEnoughData,
}

/// The trend of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Its direction.
    pub heading: Heading,
    /// The change from one point to the next, in the figure's unit; `None` with too few points.
    pub slope: Option<f64>,
    /// The change over the whole series, in percent of the beginning of the fitted line; `None` if
    /// that is not above 0 or there are too few points.
    pub percent: Option<f64>,
}

/// The trend of a series of equidistant points; `None` is a point without a figure.
pub fn trend(points: &[Option<f64>]) -> Trend {
    let points = &points[points.len().saturating_sub(MOST)..];
    let known: Vec<(f64, f64)> = points
        .iter()
        .enumerate()
        .filter_map(|(at, value)| Some((at as f64, (*value)?)))
        .collect();
    if known.len() < FEWEST {
        return Trend {
            heading: Heading::NotEnoughData,
            slope: None,
            percent: None,
        };
    }
    let slope = median(
        pairs(&known)
            .map(|(a, b)| (b.1 - a.1) / (b.0 - a.0))
            .collect(),
    );
    // The line passes through the medians.
    let middle = median(known.iter().map(|&(at, _)| at).collect());
    let level = median(known.iter().map(|&(_, value)| value).collect());
    let (first, last) = (known[0].0, known[known.len() - 1].0);
    let begin = level - slope * (middle - first);
    Trend {
        heading: heading(&known),
        slope: Some(slope),
        percent: (begin > 0.0).then(|| 100.0 * slope * (last - first) / begin),
    }
}

fn pairs(points: &[(f64, f64)]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    let firsts = points.iter().enumerate();
    firsts.flat_map(|(i, &a)| points[i + 1..].iter().map(move |&b| (a, b)))
}

fn heading(points: &[(f64, f64)]) -> Heading {
    let signs = pairs(points).map(|(a, b)| match b.1.total_cmp(&a.1) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Less => -1.0,
        std::cmp::Ordering::Equal => 0.0,
    });
    let score: f64 = signs.sum();
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let tied: f64 = ties(points).into_iter().map(|n| term(n as f64)).sum();
    let variance = (term(points.len() as f64) - tied) / 18.0;
    if variance <= 0.0 || (score.abs() - 1.0) / variance.sqrt() <= Z {
        return Heading::Steady;
    }
    match score > 0.0 {
        true => Heading::Rising,
        false => Heading::Falling,
    }
}

/// The number of points with each value.
fn ties(points: &[(f64, f64)]) -> Vec<usize> {
    let mut values: Vec<f64> = points.iter().map(|&(_, value)| value).collect();
    values.sort_by(f64::total_cmp);
    values.chunk_by(|a, b| a == b).map(<[f64]>::len).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let (lower, upper) = ((values.len() - 1) / 2, values.len() / 2);
    (values[lower] + values[upper]) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Trend {
        trend(&values.iter().map(|&value| Some(value)).collect::<Vec<_>>())
    }

    #[test]
    fn a_line_has_its_slope_and_one_outlier_does_not_move_it() {
        let line: Vec<f64> = (0..10).map(|at| 100.0 + 10.0 * f64::from(at)).collect();
        let found = of(&line);
        assert_eq!((found.heading, found.slope), (Heading::Rising, Some(10.0)));
        assert_eq!(found.percent, Some(90.0));
        let mut struck = line;
        struck[4] = 9_000.0;
        assert_eq!(
            (of(&struck).heading, of(&struck).slope),
            (Heading::Rising, Some(10.0))
        );
    }

    #[test]
    fn ups_and_downs_are_not_a_trend() {
        let found = of(&[5.0, 7.0, 4.0, 6.0, 5.0, 7.0, 4.0, 6.0, 5.0, 6.0]);
        assert_eq!(found.heading, Heading::Steady);
        assert_eq!(of(&[3.0; 12]).heading, Heading::Steady);
    }

    #[test]
    fn mann_and_kendalls_test_turns_where_the_table_says() {
        // 10 points without ties: variance 10 x 9 x 25 / 18 = 125. 11 of 45 pairs fall: the score is
        // 45 - 22 = 23, and 22 / 11.18 = 1.968 is beyond 1.96. 12 fall: 20 / 11.18 = 1.789 is not.
        let eleven = [5.0, 4.0, 3.0, 2.0, 1.0, 6.0, 8.0, 7.0, 9.0, 10.0];
        let twelve = [5.0, 4.0, 3.0, 2.0, 1.0, 7.0, 6.0, 9.0, 8.0, 10.0];
        assert_eq!(of(&eleven).heading, Heading::Rising);
        assert_eq!(of(&twelve).heading, Heading::Steady);
        assert_eq!(of(&eleven.map(|value| -value)).heading, Heading::Falling);
    }

    #[test]
    fn points_without_a_figure_keep_their_place_and_few_points_have_no_trend() {
        let mut points: Vec<Option<f64>> = (0..12).map(|at| Some(f64::from(at))).collect();
        points[3] = None;
        points[7] = None;
        assert_eq!(trend(&points).slope, Some(1.0));
        assert_eq!(trend(&points[..8]).heading, Heading::NotEnoughData);
        assert_eq!(trend(&[]).slope, None);
    }
}
