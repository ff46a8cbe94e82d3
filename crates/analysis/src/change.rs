//! How a figure changed from an earlier one.

use serde::Serialize;

use crate::billionths;

/// Which direction of a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better: completed executions.
    More,
    /// Less is better: errors, durations, cost.
    Less,
    /// Neither: running executions.
    Neither,
}

/// Whether a change is good or bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// An improvement.
    Good,
    /// A deterioration.
    Bad,
    /// No change, or one that is neither good nor bad.
    Neutral,
}

/// A change of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Current minus previous, in the figure's unit.
    pub absolute: f64,
    /// The change in percent of the previous figure's absolute value; null if that is 0.
    pub percent: Option<f64>,
    /// Whether the change is good or bad.
    pub verdict: Verdict,
}

/// The change from `previous` to `current`; `None` if either is unknown.
pub fn change(current: Option<f64>, previous: Option<f64>, better: Better) -> Option<Change> {
    let (current, previous) = current.zip(previous)?;
    let absolute = billionths(current - previous);
    Some(Change {
        absolute,
        percent: (previous != 0.0).then(|| 100.0 * absolute / previous.abs()),
        verdict: verdict(absolute, better),
    })
}

fn verdict(absolute: f64, better: Better) -> Verdict {
    let improved = match better {
        Better::More => absolute,
        Better::Less => -absolute,
        Better::Neither => 0.0,
    };
    if improved > 0.0 {
        Verdict::Good
    } else if improved < 0.0 {
        Verdict::Bad
    } else {
        Verdict::Neutral
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_judged_by_what_is_better() {
        let cases = [
            (110.0, 100.0, Better::More, 10.0, Some(10.0), Verdict::Good),
            (110.0, 100.0, Better::Less, 10.0, Some(10.0), Verdict::Bad),
            (75.0, 100.0, Better::Less, -25.0, Some(-25.0), Verdict::Good),
            (75.0, 100.0, Better::More, -25.0, Some(-25.0), Verdict::Bad),
            (
                75.0,
                100.0,
                Better::Neither,
                -25.0,
                Some(-25.0),
                Verdict::Neutral,
            ),
            (5.0, 5.0, Better::More, 0.0, Some(0.0), Verdict::Neutral),
            (5.0, 0.0, Better::More, 5.0, None, Verdict::Good),
            // A queue that shrank by 4 and now grows by 2: up by 150 % of its previous value.
            (2.0, -4.0, Better::Less, 6.0, Some(150.0), Verdict::Bad),
        ];
        for (current, previous, better, absolute, percent, verdict) in cases {
            let expected = Change {
                absolute,
                percent,
                verdict,
            };
            assert_eq!(
                change(Some(current), Some(previous), better),
                Some(expected)
            );
        }
    }

    #[test]
    fn an_unknown_figure_has_no_change() {
        assert_eq!(change(None, Some(1.0), Better::More), None);
        assert_eq!(change(Some(1.0), None, Better::More), None);
    }
}
