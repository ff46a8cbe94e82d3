//! The order of changes, and how sure they are.

use super::{
    answer::{Confidence, Samples},
    found::Found,
    gather::Totals,
};

/// The largest adjusted p-values of a certain and of a likely change.
const CERTAIN: f64 = 1e-4;
const LIKELY: f64 = 1e-3;
/// The fewest samples before and since of a certain change.
const ENOUGH_FOR_CERTAIN: u64 = 50;

/// What effects are measured by: what the searched days amount to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scale {
    pub totals: Totals,
    /// US dollars.
    pub cost: f64,
}

impl Scale {
    /// The size of an effect: the share of all failures, plus that of all time, plus that of all money;
    /// for a silent workflow, the share of all executions. The largest effects come first, the newest
    /// first among equals.
    pub fn sort(self, found: &mut [Found]) {
        found.sort_by(|a, b| {
            let by_size = self.size(b).total_cmp(&self.size(a));
            by_size.then_with(|| b.since.cmp(&a.since))
        });
    }

    fn size(self, found: &Found) -> f64 {
        let share = |part: f64, all: f64| {
            if all > 0.0 {
                (part / all).min(1.0)
            } else {
                0.0
            }
        };
        let effect = &found.effect;
        let missing = match found.samples.after {
            0 => effect.runs.unwrap_or(0) as f64,
            _ => 0.0,
        };
        share(effect.failed_runs.unwrap_or(0) as f64, self.totals.failed)
            + share(effect.milliseconds.unwrap_or(0.0), self.totals.time)
            + share(effect.cost.unwrap_or(0.0), self.cost)
            + share(missing, self.totals.executions)
    }
}

/// How sure a change is.
pub(super) fn confidence(p: f64, samples: Samples) -> Confidence {
    // What has stopped or is new has no samples on one side.
    let sides = [samples.before, samples.after].into_iter();
    let least = sides.filter(|&count| count > 0).min().unwrap_or(0);
    match p {
        _ if p <= CERTAIN && least >= ENOUGH_FOR_CERTAIN => Confidence::Certain,
        _ if p <= LIKELY => Confidence::Likely,
        _ => Confidence::Possible,
    }
}

#[cfg(test)]
mod tests {
    use weir_model::Timestamp;

    use super::*;
    use crate::views::changes::answer::{ChangeKind, ChangeMetric, Effect, Trace, TraceBucket};

    #[test]
    fn effects_are_compared_as_shares_of_failures_time_and_money() {
        let of = |since: i64, effect: Effect| {
            let trace = Trace {
                bucket: TraceBucket::Day,
                from: Timestamp(since),
                values: Vec::new(),
            };
            Found {
                effect,
                samples: Samples {
                    before: 1,
                    after: 1,
                },
                ..Found::new(ChangeKind::CostSpike, ChangeMetric::CostPerDay, trace)
            }
        };
        let none = Effect::default();
        let mut found = vec![
            of(
                1,
                Effect {
                    cost: Some(5.0),
                    ..none
                },
            ),
            of(
                2,
                Effect {
                    failed_runs: Some(20),
                    ..none
                },
            ),
            of(
                3,
                Effect {
                    milliseconds: Some(100.0),
                    ..none
                },
            ),
            of(
                4,
                Effect {
                    cost: Some(5.0),
                    ..none
                },
            ),
        ];
        let scale = Scale {
            totals: Totals {
                executions: 1_000.0,
                failed: 100.0,
                time: 1_000.0,
            },
            cost: 100.0,
        };
        scale.sort(&mut found);
        let order: Vec<i64> = found.iter().map(|one| one.since.0).collect();
        assert_eq!(order, [2, 3, 4, 1]);
    }

    #[test]
    fn certainty_needs_a_small_p_value_and_samples() {
        let samples = |before, after| Samples { before, after };
        assert_eq!(confidence(1e-9, samples(900, 200)), Confidence::Certain);
        assert_eq!(confidence(1e-9, samples(900, 0)), Confidence::Certain);
        assert_eq!(confidence(1e-9, samples(900, 20)), Confidence::Likely);
        assert_eq!(confidence(5e-4, samples(900, 200)), Confidence::Likely);
        assert_eq!(confidence(5e-3, samples(900, 200)), Confidence::Possible);
    }
}
