//! Service level indicators compared with their targets.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::binomial::{Bounds, clopper_pearson};

/// The target of an SLO.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The lowest acceptable success rate, 0 to 100.
    pub success_pct: f64,
    /// The longest acceptable p95 duration in milliseconds.
    pub p95_ms: f64,
    /// The share of executions, in percent, that may fail beyond what the target allows before the
    /// budget is spent.
    pub error_budget_pct: f64,
}

impl Default for Target {
    /// 99 % success, 5 s, 1 % error budget.
    fn default() -> Self {
        Self {
            success_pct: 99.0,
            p95_ms: 5_000.0,
            error_budget_pct: 1.0,
        }
    }
}

impl Target {
    /// The share of runs that may fail, in percent: what the target allows, plus the error budget.
    pub fn may_fail_pct(self) -> f64 {
        (100.0 - self.success_pct + self.error_budget_pct).max(0.0)
    }
}

/// What was measured over a window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sli {
    /// The success rate, 0 to 100; `None` without finished executions.
    pub success_pct: Option<f64>,
    /// The p95 duration in milliseconds; `None` without durations.
    pub p95_ms: Option<f64>,
}

/// A measurement compared with its target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetCheck {
    /// The share of the error budget that is spent, in percent: 100 is all of it. Null without
    /// finished executions, or if there are failures but no budget.
    pub error_budget_burn_pct: Option<f64>,
    /// Whether the success rate is below its target or the p95 duration above it. What was not
    /// measured violates nothing.
    pub violates_target: bool,
}

/// Compares a measurement with a target: burn = (100 - success) / ((100 - target) + budget) x 100.
///
/// For example, with a target of 99 and a budget of 1, a success rate of 98.5 burns 75, 98 burns
/// 100 and 97.5 burns 125: the target allows 1 % of failures, and the budget another 1 %.
pub fn verify(sli: Sli, target: Target) -> TargetCheck {
    let too_few = sli
        .success_pct
        .is_some_and(|success| success < target.success_pct);
    let too_slow = sli.p95_ms.is_some_and(|p95| p95 > target.p95_ms);
    TargetCheck {
        error_budget_burn_pct: sli
            .success_pct
            .and_then(|success| budget_burn_pct(100.0 - success, target.may_fail_pct())),
        violates_target: too_few || too_slow,
    }
}

/// The share of a budget that is spent, in percent; `None` if no run may fail and one did.
pub fn budget_burn_pct(failed_pct: f64, may_fail_pct: f64) -> Option<f64> {
    if failed_pct <= 0.0 {
        return Some(0.0);
    }
    (may_fail_pct > 0.0).then(|| failed_pct / may_fail_pct * 100.0)
}

/// Whether a target is met, as far as the counts show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SliVerdict {
    /// There were no runs.
    NoData,
    /// There were fewer runs than the minimum for a verdict.
    NotEnoughData,
    /// Certainly met: even the lower bound of the share reaches the target.
    Met,
    /// Certainly violated: even the upper bound of the share is below the target.
    Violated,
    /// Uncertain: the target lies between the bounds.
    Uncertain,
}

impl SliVerdict {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            Self::NotEnoughData => "not_enough_data",
            Self::Met => "met",
            Self::Violated => "violated",
            Self::Uncertain => "uncertain",
        }
    }
}

/// A share of good runs, with its bounds and verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share in percent, 0 to 100; `None` without runs.
    pub pct: Option<f64>,
    /// The exact bounds at 95 % on the share, each 0 to 1.
    pub bounds: Option<Bounds>,
    /// How it compares with its target.
    pub standing: SliVerdict,
}

/// Compares `good` of `total` runs with the target share of good runs in percent. Below `minimum`
/// runs there is no verdict, however clear the numbers look.
pub fn share(good: u64, total: u64, target_pct: f64, minimum: u64) -> Share {
    let bounds = clopper_pearson(good, total);
    let standing = match bounds {
        None => SliVerdict::NoData,
        Some(_) if total < minimum => SliVerdict::NotEnoughData,
        Some(bounds) if bounds.lower * 100.0 >= target_pct => SliVerdict::Met,
        Some(bounds) if bounds.upper * 100.0 < target_pct => SliVerdict::Violated,
        Some(_) => SliVerdict::Uncertain,
    };
    Share {
        pct: (total > 0).then(|| 100.0 * good as f64 / total as f64),
        bounds,
        standing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_0_1_5_and_5_000_runs_have_these_verdicts() {
        use SliVerdict::{Met, NoData, NotEnoughData, Uncertain, Violated};
        let cases = [
            (0, 0, None, NoData),
            (1, 1, Some(100.0), NotEnoughData),
            (0, 1, Some(0.0), NotEnoughData),
            (5, 5, Some(100.0), NotEnoughData),
            (4, 5, Some(80.0), NotEnoughData),
            (5_000, 5_000, Some(100.0), Met),
            (4_975, 5_000, Some(99.5), Met),
            (4_950, 5_000, Some(99.0), Uncertain),
            (4_965, 5_000, Some(99.3), Met),
            (4_960, 5_000, Some(99.2), Uncertain),
            (4_930, 5_000, Some(98.6), Violated),
            (4_900, 5_000, Some(98.0), Violated),
            (0, 5_000, Some(0.0), Violated),
        ];
        for (good, total, pct, standing) in cases {
            let found = share(good, total, 99.0, 30);
            assert_eq!(
                (found.pct, found.standing),
                (pct, standing),
                "{good} of {total}"
            );
        }
    }

    #[test]
    fn the_minimum_is_the_smallest_number_with_a_verdict() {
        assert_eq!(share(0, 29, 99.0, 30).standing, SliVerdict::NotEnoughData);
        assert_eq!(share(0, 30, 99.0, 30).standing, SliVerdict::Violated);
        assert_eq!(share(30, 30, 99.0, 30).standing, SliVerdict::Uncertain);
        assert_eq!(share(30, 30, 85.0, 30).standing, SliVerdict::Met);
    }

    #[test]
    fn bounds_of_five_runs_are_wide() {
        let bounds = share(5, 5, 99.0, 30).bounds.unwrap();
        assert!((bounds.lower - 0.478_176).abs() < 1e-6 && bounds.upper == 1.0);
    }

    fn verified(success_pct: Option<f64>, p95_ms: Option<f64>, budget: f64) -> (Option<f64>, bool) {
        let target = Target {
            error_budget_pct: budget,
            ..Target::default()
        };
        let verification = verify(
            Sli {
                success_pct,
                p95_ms,
            },
            target,
        );
        (
            verification.error_budget_burn_pct,
            verification.violates_target,
        )
    }

    #[test]
    fn burn_agrees_with_the_documented_examples() {
        for (success, burn) in [(98.5, 75.0), (98.0, 100.0), (97.5, 125.0), (100.0, 0.0)] {
            assert_eq!(
                verified(Some(success), None, 1.0).0,
                Some(burn),
                "{success}"
            );
        }
        assert_eq!(verified(Some(98.0), None, 3.0), (Some(50.0), true));
    }

    #[test]
    fn a_target_is_violated_beyond_it_but_not_at_it() {
        assert!(!verified(Some(99.0), Some(5_000.0), 1.0).1);
        assert!(verified(Some(98.999), Some(5_000.0), 1.0).1);
        assert!(verified(Some(99.0), Some(5_000.1), 1.0).1);
    }

    #[test]
    fn what_was_not_measured_violates_nothing() {
        assert_eq!(verified(None, None, 1.0), (None, false));
    }

    #[test]
    fn without_a_budget_a_failure_has_no_burn() {
        let target = Target {
            success_pct: 100.0,
            error_budget_pct: 0.0,
            ..Target::default()
        };
        let burn = |success| {
            let sli = Sli {
                success_pct: Some(success),
                p95_ms: None,
            };
            verify(sli, target).error_budget_burn_pct
        };
        assert_eq!((burn(100.0), burn(99.9)), (Some(0.0), None));
    }
}
