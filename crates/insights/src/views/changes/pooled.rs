//! Steps of one type that became slower together are one story: their connector's.

use weir_analysis::Difference;
use weir_model::time::HOUR;

use super::{
    answer::{ChangeEffect, ChangeKind, ChangeSamples},
    found::Found,
};

/// Steps that became slower within this time of each other may have the same cause.
const TOGETHER: i64 = 12 * HOUR;
/// The fewest workflows that make it the connector's story rather than that of single steps.
const FEWEST_WORKFLOWS: usize = 3;

/// The changes, with one for every connector whose steps became slower in several workflows
/// together.
pub(super) fn by_connector(found: Vec<Found>) -> Vec<Found> {
    let (mut slow, mut pooled): (Vec<Found>, Vec<Found>) = found
        .into_iter()
        .partition(|one| one.kind == ChangeKind::StepSlower);
    slow.sort_by_key(|one| one.since);
    while let Some(first) = slow.first().cloned() {
        let (together, rest): (Vec<Found>, Vec<Found>) =
            slow.into_iter().partition(|one| is_together(&first, one));
        slow = rest;
        let mut workflows: Vec<&String> = together.iter().flat_map(|one| &one.workflows).collect();
        workflows.sort_unstable();
        workflows.dedup();
        match workflows.len() >= FEWEST_WORKFLOWS {
            true => pooled.push(merged(together)),
            false => pooled.extend(together),
        }
    }
    pooled
}

fn is_together(first: &Found, other: &Found) -> bool {
    let step_type = |of: &Found| of.step.as_ref().and_then(|step| step.step_type.clone());
    let same = step_type(first).is_some() && step_type(first) == step_type(other);
    // The first one is together with itself even if its type is unknown.
    let is_itself = first.workflows == other.workflows && first.step == other.step;
    (same && other.since.0 - first.since.0 <= TOGETHER && first.overlaps(other))
        || (is_itself && first.since == other.since)
}

/// One change of a connector from those of its steps, weighted by their runs.
fn merged(mut parts: Vec<Found>) -> Found {
    let extra = |of: &Found| of.effect.milliseconds.unwrap_or(0.0);
    parts.sort_by(|a, b| extra(b).total_cmp(&extra(a)));
    let runs = |of: &Found| of.samples.after as f64;
    let all: f64 = parts.iter().map(runs).sum();
    let mean = |value: &dyn Fn(&Found) -> f64| {
        let weighted = parts.iter().map(|one| value(one) * runs(one));
        weighted.sum::<f64>() / all.max(1.0)
    };
    let difference = |of: &Found| of.difference.map_or(0.0, |found| found.value);
    // The variances of independent parts add up.
    let half = |width: &dyn Fn(Difference) -> f64| {
        let parts = parts
            .iter()
            .filter_map(|one| Some(runs(one) * width(one.difference?)));
        parts.map(|part| part * part).sum::<f64>().sqrt() / all.max(1.0)
    };
    let value = mean(&difference);
    let sum = |of: &dyn Fn(&ChangeSamples) -> u64| parts.iter().map(|one| of(&one.samples)).sum();
    let mut workflows: Vec<String> = Vec::new();
    for workflow in parts.iter().flat_map(|one| &one.workflows) {
        if !workflows.contains(workflow) {
            workflows.push(workflow.clone());
        }
    }
    Found {
        connector: parts[0]
            .step
            .as_ref()
            .and_then(|step| step.step_type.clone()),
        step: None,
        version: None,
        workflows,
        since: parts
            .iter()
            .map(|one| one.since)
            .min()
            .unwrap_or(parts[0].since),
        until: match parts.iter().all(|one| one.until.is_some()) {
            true => parts.iter().filter_map(|one| one.until).max(),
            false => None,
        },
        before: mean(&|one: &Found| one.before),
        after: mean(&|one: &Found| one.after),
        difference: Some(Difference {
            value,
            lower: value - half(&|found: Difference| found.value - found.lower),
            upper: value + half(&|found: Difference| found.upper - found.value),
        }),
        effect: ChangeEffect {
            runs: Some(sum(&|samples: &ChangeSamples| samples.after)),
            milliseconds: Some(parts.iter().map(extra).sum()),
            per_run_milliseconds: Some(value),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: sum(&|samples: &ChangeSamples| samples.before),
            after: sum(&|samples: &ChangeSamples| samples.after),
        },
        p: parts.iter().map(|one| one.p).fold(1.0, f64::min),
        ..parts[0].clone()
    }
}

#[cfg(test)]
mod tests {
    use weir_model::Timestamp;

    use super::*;
    use crate::views::changes::{
        answer::{ChangeBucket, ChangeMetric, ChangeTrace},
        found::StepKey,
    };

    fn slow(workflow: &str, step_type: &str, hour: i64, runs: u64) -> Found {
        let trace = ChangeTrace {
            bucket: ChangeBucket::Day,
            from: Timestamp(hour * HOUR),
            values: Vec::new(),
        };
        Found {
            workflows: vec![workflow.to_owned()],
            step: Some(StepKey {
                id: "ask".to_owned(),
                step_type: Some(step_type.to_owned()),
            }),
            version: Some("3".to_owned()),
            before: 1_000.0,
            after: 3_000.0,
            difference: Some(Difference {
                value: 2_000.0,
                lower: 1_700.0,
                upper: 2_400.0,
            }),
            effect: ChangeEffect {
                milliseconds: Some(2_000.0 * runs as f64),
                ..ChangeEffect::default()
            },
            samples: ChangeSamples {
                before: 500,
                after: runs,
            },
            ..Found::new(ChangeKind::StepSlower, ChangeMetric::StepWorkingAvg, trace)
        }
    }

    #[test]
    fn a_slow_connector_is_told_once_with_its_workflows() {
        let parts = vec![
            slow("a", "openai", 100, 50),
            slow("b", "openai", 102, 200),
            slow("c", "openai", 104, 50),
            slow("d", "postgres", 101, 50),
        ];
        let mut found = by_connector(parts);
        found.sort_by_key(|one| one.workflows.len());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].version.as_deref(), Some("3"));
        let pooled = &found[1];
        assert_eq!(pooled.connector.as_deref(), Some("openai"));
        assert_eq!(pooled.workflows, ["b", "a", "c"]);
        assert_eq!((&pooled.step, &pooled.version), (&None, &None));
        assert_eq!(pooled.since, Timestamp(100 * HOUR));
        let difference = pooled.difference.unwrap();
        assert_eq!(difference.value, 2_000.0);
        // sqrt(50^2 + 200^2 + 50^2) / 300 = 0.7071 of the single bounds.
        assert!(
            (difference.lower - (2_000.0 - std::f64::consts::FRAC_1_SQRT_2 * 300.0)).abs() < 0.1
        );
        assert!(
            (difference.upper - (2_000.0 + std::f64::consts::FRAC_1_SQRT_2 * 400.0)).abs() < 0.1
        );
        assert_eq!(pooled.effect.milliseconds, Some(600_000.0));
    }

    #[test]
    fn steps_that_became_slower_days_apart_stay_apart() {
        let parts = vec![
            slow("a", "openai", 100, 50),
            slow("b", "openai", 150, 50),
            slow("c", "openai", 200, 50),
        ];
        assert_eq!(by_connector(parts).len(), 3);
        let few = vec![slow("a", "openai", 100, 50), slow("b", "openai", 100, 50)];
        assert_eq!(by_connector(few).len(), 2);
    }
}
