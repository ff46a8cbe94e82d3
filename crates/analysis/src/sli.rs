//! Service level indicators against their target, as paper 5 defines them.

use serde::{Deserialize, Serialize};

/// What a service promised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The least success rate, 0 to 100.
    pub success_pct: f64,
    /// The longest p95 duration in milliseconds.
    pub p95_ms: f64,
    /// How many percent of the executions may fail before the budget is spent.
    pub error_budget_pct: f64,
}

impl Default for Target {
    /// 99 %, 5 s, 1 %: the defaults of paper 5.
    fn default() -> Self {
        Self {
            success_pct: 99.0,
            p95_ms: 5_000.0,
            error_budget_pct: 1.0,
        }
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

/// A measurement held against its target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// How much of the error budget is spent, in percent: 100 is all of it. Null without finished
    /// executions, and where there are failures but no budget.
    pub error_budget_burn_pct: Option<f64>,
    /// Whether the success rate is below or the p95 duration above the target. What was not
    /// measured violates nothing.
    pub violates_target: bool,
}

/// Holds a measurement against a target: burn = (100 - success) / ((100 - target) + budget) x 100.
///
/// The paper gives no formula but three examples for a target of 99 and a budget of 1: a success rate
/// of 98.5 burns 75, 98 burns 100 and 97.5 burns 125. What may fail is thus what the target leaves
/// open and the budget on top of it.
pub fn verify(sli: Sli, target: Target) -> Verification {
    let too_few = sli
        .success_pct
        .is_some_and(|success| success < target.success_pct);
    let too_slow = sli.p95_ms.is_some_and(|p95| p95 > target.p95_ms);
    let may_fail = 100.0 - target.success_pct + target.error_budget_pct;
    Verification {
        error_budget_burn_pct: sli
            .success_pct
            .and_then(|success| burn(100.0 - success, may_fail)),
        violates_target: too_few || too_slow,
    }
}

fn burn(failed_pct: f64, may_fail_pct: f64) -> Option<f64> {
    if failed_pct <= 0.0 {
        return Some(0.0);
    }
    (may_fail_pct > 0.0).then(|| failed_pct / may_fail_pct * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn burn_follows_the_examples_of_the_paper() {
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
    fn a_target_is_violated_beyond_it_and_not_at_it() {
        assert!(!verified(Some(99.0), Some(5_000.0), 1.0).1);
        assert!(verified(Some(98.999), Some(5_000.0), 1.0).1);
        assert!(verified(Some(99.0), Some(5_000.1), 1.0).1);
    }

    #[test]
    fn what_was_not_measured_violates_nothing() {
        assert_eq!(verified(None, None, 1.0), (None, false));
    }

    #[test]
    fn where_nothing_may_fail_any_failure_has_no_measure() {
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
