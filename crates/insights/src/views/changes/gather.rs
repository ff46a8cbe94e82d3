//! The daily series that are searched, no more than can be examined in a moment.

use std::collections::BTreeMap;

use weir_query::{Direction, Interval, Query};

use super::{axis::Series, study::Study};
use crate::{
    AppError, figures,
    views::{Figures, Questions},
};

/// The most workflows that are looked at: as many as a filter can name.
const MOST_WORKFLOWS: usize = 500;
/// The most steps that are examined.
const MOST_STEPS: usize = 1_000;
/// The most groups that a query answers.
const MOST_GROUPS: i64 = 10_000;

figures! {
    /// The executions of a workflow.
    #[derive(Clone, Debug)]
    pub(super) struct Runs {
        pub executions: u64 = count("executions"),
        pub judged: u64 = count("completed", "failed", "crashed"),
        pub failed: u64 = count("failed", "crashed"),
        pub timed: u64 = count("durations"),
        pub median: Option<f64> = value("duration_p50"),
        pub time: f64 = sum("duration_sum"),
    }

    /// The runs of a step.
    #[derive(Clone, Debug)]
    pub(super) struct StepRuns {
        pub judged: u64 = count("steps_completed", "steps_failed"),
        pub failed: u64 = count("steps_failed"),
        pub timed: u64 = count("step_durations"),
        pub median: Option<f64> = value("step_duration_p50"),
        pub time: f64 = sum("step_working_sum"),
    }

    /// How much a workflow ran.
    struct Volume {
        executions: u64 = count("executions"),
    }

    /// How much a step ran.
    struct StepVolume {
        time: f64 = sum("step_duration_sum"),
    }
}

/// Figures of runs, of a workflow or of a step.
pub(super) trait RunFigures: Figures + Clone + Send + 'static {
    /// Runs that ended and whose outcome counts.
    fn judged(&self) -> u64;
    /// Those of them that failed.
    fn failed(&self) -> u64;
    /// Runs whose duration is known.
    fn timed(&self) -> u64;
    /// Their median duration in milliseconds.
    fn median(&self) -> Option<f64>;
    /// The sum of their durations in milliseconds; of steps, without their waits.
    fn time(&self) -> f64;

    /// The mean of `time` in milliseconds.
    fn mean(&self) -> Option<f64> {
        (self.timed() > 0).then(|| self.time() / self.timed() as f64)
    }

    /// The percentage that failed.
    fn failure_rate(&self) -> Option<f64> {
        (self.judged() > 0).then(|| 100.0 * self.failed() as f64 / self.judged() as f64)
    }
}

macro_rules! run_figures {
    ($($name:ident)*) => {$(
        impl RunFigures for $name {
            fn judged(&self) -> u64 {
                self.judged
            }

            fn failed(&self) -> u64 {
                self.failed
            }

            fn timed(&self) -> u64 {
                self.timed
            }

            fn median(&self) -> Option<f64> {
                self.median
            }

            fn time(&self) -> f64 {
                self.time
            }
        }
    )*};
}

run_figures! { Runs StepRuns }

/// The series of a period.
#[derive(Debug)]
pub(super) struct Gathered {
    /// By workflow.
    pub workflows: Vec<Series<Runs>>,
    /// By workflow, step and type of step.
    pub steps: Vec<Series<StepRuns>>,
    /// How many workflows and steps were left out.
    pub left_out: usize,
    /// The executions of each day.
    pub executions: Vec<u64>,
    /// What the searched days amount to.
    pub totals: Totals,
}

/// Sums of the searched days over the workflows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Totals {
    pub executions: f64,
    pub failed: f64,
    /// Milliseconds.
    pub time: f64,
}

impl Gathered {
    /// The daily series of a study. Fails if the store does.
    pub async fn of(questions: &mut Questions<'_>, study: &Study) -> Result<Self, AppError> {
        let (workflows, mut left_out) = busiest(questions, study).await?;
        let (slowest, steps_left_out) = slowest(questions, study, workflows.as_deref()).await?;
        left_out += steps_left_out;
        let only = |query: Query, workflows: Option<&[String]>| match workflows {
            Some(ids) => query.filter("workflow", ids.iter().map(String::as_str)),
            None => query,
        };
        let runs = only(study.question(), workflows.as_deref()).by(["workflow"]);
        let runs = questions
            .figures(runs.every(Interval::Day).limit(MOST_GROUPS))
            .await?;
        let steps =
            only(study.question(), slowest.as_deref()).by(["workflow", "step", "step_type"]);
        let steps = questions
            .figures(steps.every(Interval::Day).limit(MOST_GROUPS))
            .await?;
        let workflows = study.days.series(&runs, 1);
        Ok(Self {
            executions: executions(&workflows, study.days.len()),
            totals: Totals::of(&workflows, study),
            steps: study.days.series(&steps, 3),
            workflows,
            left_out,
        })
    }

    /// The first day with executions, and the number of such days.
    pub fn days_with_data(&self) -> (Option<usize>, usize) {
        let first = self.executions.iter().position(|&count| count > 0);
        (
            first,
            self.executions.iter().filter(|&&count| count > 0).count(),
        )
    }
}

impl Totals {
    fn of(workflows: &[Series<Runs>], study: &Study) -> Self {
        let first = study.days.index(study.searched.from);
        let searched = workflows
            .iter()
            .flat_map(|series| series.buckets[first..].iter().flatten());
        searched.fold(Self::default(), |sum, runs| Self {
            executions: sum.executions + runs.executions as f64,
            failed: sum.failed + runs.failed as f64,
            time: sum.time + runs.time,
        })
    }
}

fn executions(workflows: &[Series<Runs>], days: usize) -> Vec<u64> {
    let of_day = |day: usize| {
        let runs = workflows
            .iter()
            .filter_map(|series| series.buckets[day].as_ref());
        runs.map(|runs| runs.executions).sum()
    };
    (0..days).map(of_day).collect()
}

/// The workflows with the most executions, and how many others there are; `None` if that is all.
async fn busiest(
    questions: &mut Questions<'_>,
    study: &Study,
) -> Result<(Option<Vec<String>>, usize), AppError> {
    let query = study
        .question()
        .by(["workflow"])
        .order("executions", Direction::Desc);
    let volumes = questions
        .figures::<Volume>(query.limit(MOST_WORKFLOWS as i64))
        .await?;
    let left_out = volumes.groups().saturating_sub(MOST_WORKFLOWS);
    let ran = volumes.lines().filter(|line| line.figures.executions > 0);
    let ids = (left_out > 0).then(|| ran.filter_map(|line| line.key(0)).collect());
    Ok((ids, left_out))
}

/// The workflows whose steps took the most time, as many as have [`MOST_STEPS`] steps together, and how
/// many other steps there are; `None` if that is all.
async fn slowest(
    questions: &mut Questions<'_>,
    study: &Study,
    among: Option<&[String]>,
) -> Result<(Option<Vec<String>>, usize), AppError> {
    let mut query = study.question().by(["workflow", "step", "step_type"]);
    if let Some(ids) = among {
        query = query.filter("workflow", ids.iter().map(String::as_str));
    }
    let query = query
        .order("step_duration_sum", Direction::Desc)
        .limit(MOST_GROUPS);
    let volumes = questions.figures::<StepVolume>(query).await?;
    let groups = volumes.groups();
    if groups <= MOST_STEPS {
        return Ok((among.map(<[String]>::to_vec), 0));
    }
    let mut workflows: BTreeMap<String, (f64, usize)> = BTreeMap::new();
    for line in volumes.lines() {
        let Some(id) = line.key(0) else { continue };
        let (time, steps) = workflows.entry(id).or_default();
        *time += line.figures.time;
        *steps += 1;
    }
    let mut ordered: Vec<_> = workflows.into_iter().collect();
    ordered.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    let mut looked_at = 0;
    let mut kept = Vec::new();
    for (id, (_, steps)) in ordered {
        let fits = looked_at + steps <= MOST_STEPS && kept.len() < MOST_WORKFLOWS;
        if !kept.is_empty() && !fits {
            break;
        }
        looked_at += steps;
        kept.push(id);
    }
    Ok((Some(kept), groups - looked_at))
}
