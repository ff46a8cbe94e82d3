//! What outages explain is taken out of the series, so that it is not reported again.

use std::collections::HashMap;

use weir_query::{Interval, validate::MAX_VALUES};

use super::{
    axis::Series,
    gather::{Gathered, StepRuns},
    outages::{Calls, Outage},
    study::Study,
};
use crate::{AppError, figures, views::Questions};

/// The most groups that a query answers.
const MOST_GROUPS: i64 = 10_000;

figures! {
    /// Executions that ended.
    struct Ended {
        judged: u64 = count("completed", "failed", "crashed"),
        failed: u64 = count("failed", "crashed"),
    }

    /// Failed and crashed executions of an error group.
    #[derive(Clone, Debug)]
    pub(super) struct Errors {
        pub count: u64 = count("errors"),
    }
}

/// Takes the executions of the workflows that an outage hit, and the runs of its steps, out of the days
/// of the outage. Fails if the store does.
pub(super) async fn without(
    questions: &mut Questions<'_>,
    study: &Study,
    gathered: &mut Gathered,
    outage: &Outage,
) -> Result<(), AppError> {
    let query = study.within(outage.range);
    let executions = query
        .clone()
        .filter("workflow", hit(outage))
        .by(["workflow"]);
    let ended = questions
        .figures::<Ended>(executions.every(Interval::Day).limit(MOST_GROUPS))
        .await?;
    let mut by_key = positions(&gathered.workflows);
    for line in ended.lines() {
        let (Some(&position), Some(day)) = (by_key.get(&vec![line.key(0)]), line.start()) else {
            continue;
        };
        let day = study.days.index(day);
        if let Some(runs) = &mut gathered.workflows[position].buckets[day] {
            runs.judged = runs.judged.saturating_sub(line.figures.judged);
            runs.failed = runs.failed.saturating_sub(line.figures.failed);
        }
    }
    let steps = query.filter("step_type", [outage.connector.as_str()]).by([
        "workflow",
        "step",
        "step_type",
    ]);
    let calls = questions
        .figures::<Calls>(steps.every(Interval::Day).limit(MOST_GROUPS))
        .await?;
    by_key = positions::<StepRuns>(&gathered.steps);
    for line in calls.lines() {
        let key: Vec<_> = (0..3).map(|at| line.key(at)).collect();
        let (Some(&position), Some(day)) = (by_key.get(&key), line.start()) else {
            continue;
        };
        let day = study.days.index(day);
        if let Some(runs) = &mut gathered.steps[position].buckets[day] {
            runs.judged = runs.judged.saturating_sub(line.figures.judged);
            runs.failed = runs.failed.saturating_sub(line.figures.failed);
        }
    }
    Ok(())
}

/// Takes the errors of the workflows that an outage hit out of the days in which it was. Fails if the
/// store does.
pub(super) async fn without_errors(
    questions: &mut Questions<'_>,
    study: &Study,
    errors: &mut [Series<Errors>],
    outage: &Outage,
) -> Result<(), AppError> {
    let query = study
        .within(outage.range)
        .filter("workflow", hit(outage))
        .by(["error_group"]);
    let explained = questions
        .figures::<Errors>(query.every(Interval::Day).limit(MOST_GROUPS))
        .await?;
    let by_key = positions(errors);
    for line in explained.lines() {
        let (Some(&position), Some(day)) = (by_key.get(&vec![line.key(0)]), line.start()) else {
            continue;
        };
        let day = study.days.index(day);
        if let Some(errors) = &mut errors[position].buckets[day] {
            errors.count = errors.count.saturating_sub(line.figures.count);
        }
    }
    Ok(())
}

/// As many workflows as a filter can name; the rest failed least.
fn hit(outage: &Outage) -> impl Iterator<Item = &str> {
    outage.workflows.iter().take(MAX_VALUES).map(String::as_str)
}

fn positions<F>(series: &[Series<F>]) -> HashMap<Vec<Option<String>>, usize> {
    let numbered = series.iter().enumerate();
    numbered
        .map(|(position, series)| (series.key.clone(), position))
        .collect()
}
