//! Reports each change once, at its cause.

use super::{
    answer::ChangeKind,
    errors::MOSTLY,
    found::{Detected, Found},
    outages::Outage,
    study::Study,
};

/// The changes, except slowness that is only the wait for a connector that is down.
pub(super) fn without_echoes(
    mut found: Vec<Found>,
    study: &Study,
    outages: &[Outage],
) -> Vec<Found> {
    let is_slow = |one: &Found| {
        matches!(
            one.kind,
            ChangeKind::StepSlower | ChangeKind::WorkflowSlower
        )
    };
    let end = study.searched.to;
    found.retain(|one| {
        let until = one.until.unwrap_or(end);
        let waits = |outage: &Outage| {
            let from = one.since.max(outage.range.from);
            let common = until.min(outage.range.to).0 - from.0;
            let hit = one.workflows.iter().all(|id| outage.workflows.contains(id));
            hit && common as f64 >= MOSTLY * (until.0 - one.since.0) as f64
        };
        !(is_slow(one) && outages.iter().any(waits))
    });
    found
}

/// The changes without those that another one explains: slowness and failures of a workflow by one of
/// its steps, errors by what fails. An error that a failing step or workflow explains is named there.
/// Longer waits are not reported.
pub(super) fn once(mut detected: Detected) -> Detected {
    let all = detected.found.clone();
    detected.found.retain(|one| match one.kind {
        ChangeKind::WorkflowSlower => !all.iter().any(|step| explains_time(step, one)),
        ChangeKind::FailuresRising => !all.iter().any(|step| explains_failures(step, one)),
        _ => true,
    });
    detected.found.retain(|one| !one.is_wait);
    let mut errors = Vec::new();
    detected.found.retain(|one| {
        let is_error = matches!(one.kind, ChangeKind::ErrorNew | ChangeKind::ErrorEscalating);
        if is_error {
            errors.push(one.clone());
        }
        !is_error
    });
    for error in errors {
        let cause = detected
            .found
            .iter_mut()
            .find(|cause| explains_error(cause, &error));
        match cause {
            Some(cause) => cause.error_group = cause.error_group.take().or(error.error_group),
            None => detected.found.push(error),
        }
    }
    detected
}

/// Whether a slower step makes up at least half of the additional time of its workflow.
fn explains_time(step: &Found, workflow: &Found) -> bool {
    let extra = |of: &Found| of.effect.per_run_milliseconds.unwrap_or(0.0);
    step.kind == ChangeKind::StepSlower
        && workflow.is_explained_by(step)
        && extra(step) >= MOSTLY * extra(workflow)
}

/// Whether a failing step makes up at least half of the additional failures of its workflow.
fn explains_failures(step: &Found, workflow: &Found) -> bool {
    let extra = |of: &Found| of.effect.failed_runs.unwrap_or(0) as f64;
    step.kind == ChangeKind::FailuresRising
        && workflow.step.is_none()
        && workflow.connector.is_none()
        && workflow.is_explained_by(step)
        && extra(step) >= MOSTLY * extra(workflow)
}

/// Whether the workflow with the most errors fails more often at the same time.
fn explains_error(cause: &Found, error: &Found) -> bool {
    cause.kind == ChangeKind::FailuresRising
        && cause.connector.is_none()
        && cause.workflows.first() == error.workflows.first()
        && cause.overlaps(error)
}

#[cfg(test)]
mod tests {
    use weir_model::Timestamp;

    use super::*;
    use crate::views::changes::{
        answer::{ChangeBucket, ChangeEffect, ChangeMetric, ChangeTrace},
        found::StepKey,
    };

    fn found(kind: ChangeKind, step: Option<&str>, extra: f64) -> Found {
        let trace = ChangeTrace {
            bucket: ChangeBucket::Day,
            from: Timestamp(1_000),
            values: Vec::new(),
        };
        Found {
            workflows: vec!["invoices".to_owned()],
            step: step.map(|id| StepKey {
                id: id.to_owned(),
                step_type: None,
            }),
            effect: ChangeEffect {
                per_run_milliseconds: Some(extra),
                failed_runs: Some(extra as u64),
                ..ChangeEffect::default()
            },
            ..Found::new(kind, ChangeMetric::DurationAvg, trace)
        }
    }

    fn told(found: Vec<Found>) -> Vec<(ChangeKind, bool)> {
        let detected = once(Detected {
            found,
            ..Detected::default()
        });
        let told = detected.found.iter();
        told.map(|one| (one.kind, one.step.is_some())).collect()
    }

    #[test]
    fn a_workflow_is_not_told_again_if_its_step_explains_it() {
        use ChangeKind::{FailuresRising, StepSlower, WorkflowSlower};
        let step = found(StepSlower, Some("extract"), 600.0);
        let explained = vec![step.clone(), found(WorkflowSlower, None, 1_000.0)];
        assert_eq!(told(explained), [(StepSlower, true)]);
        let more = vec![step, found(WorkflowSlower, None, 9_000.0)];
        assert_eq!(told(more), [(StepSlower, true), (WorkflowSlower, false)]);
        let failing = vec![
            found(FailuresRising, None, 40.0),
            found(FailuresRising, Some("extract"), 30.0),
        ];
        assert_eq!(told(failing), [(FailuresRising, true)]);
    }

    #[test]
    fn a_longer_wait_explains_its_workflow_and_is_not_told() {
        use ChangeKind::{StepSlower, WorkflowSlower};
        let wait = Found {
            is_wait: true,
            ..found(StepSlower, Some("approve"), 600.0)
        };
        let explained = vec![wait.clone(), found(WorkflowSlower, None, 1_000.0)];
        assert!(told(explained).is_empty());
        let more = vec![wait, found(WorkflowSlower, None, 9_000.0)];
        assert_eq!(told(more), [(WorkflowSlower, false)]);
    }

    #[test]
    fn changes_at_different_times_are_different_stories() {
        use ChangeKind::{StepSlower, WorkflowSlower};
        let step = Found {
            until: Some(Timestamp(2_000)),
            ..found(StepSlower, Some("extract"), 600.0)
        };
        let later = Found {
            since: Timestamp(2_000),
            ..found(WorkflowSlower, None, 1_000.0)
        };
        assert_eq!(told(vec![step, later]).len(), 2);
    }

    #[test]
    fn an_error_is_named_by_what_fails() {
        let error = Found {
            error_group: Some("e1".to_owned()),
            ..found(ChangeKind::ErrorNew, None, 30.0)
        };
        let failing = found(ChangeKind::FailuresRising, Some("extract"), 30.0);
        let detected = once(Detected {
            found: vec![error.clone(), failing],
            ..Detected::default()
        });
        assert_eq!(detected.found.len(), 1);
        assert_eq!(detected.found[0].error_group.as_deref(), Some("e1"));
        assert_eq!(told(vec![error]), [(ChangeKind::ErrorNew, false)]);
    }
}
