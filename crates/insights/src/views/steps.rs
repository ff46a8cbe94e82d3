//! The steps of a workflow: timing, share of time, bottleneck.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{StepShare, StepTime, step_shares, vital_few};
use weir_query::Direction;

use super::{Frame, Line, Meta, Questions, RangeView, Results, Versioned};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::{Freshness, Names},
};

/// The steps of a workflow, the one that takes the most time first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowSteps {
    /// The workflow's id.
    pub workflow_id: String,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// The steps, the one that takes the most time first.
    pub steps: Vec<StepFigures>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Figures of a step. Durations are in milliseconds, rates in percent; null means no data.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepFigures {
    /// The step's id.
    pub step_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub step_name: Option<String>,
    /// Its type; null if no event reported one.
    pub step_type: Option<String>,
    /// How often it ran.
    pub executions: u64,
    /// How often it completed.
    pub completed: u64,
    /// How often it failed.
    pub failed: u64,
    /// How often it was skipped.
    pub skipped: u64,
    /// completed / (completed + failed).
    pub success_rate: Option<f64>,
    /// Mean duration.
    pub avg_duration: Option<f64>,
    /// Median duration.
    pub p50_duration: Option<f64>,
    /// 95th percentile of durations.
    pub p95_duration: Option<f64>,
    /// 99th percentile of durations.
    pub p99_duration: Option<f64>,
    /// Longest duration.
    pub max_duration: Option<f64>,
    /// Sum of all durations; those of a step that contains others include theirs.
    pub total_duration: f64,
    /// How much of this sum it waited for a person or for a time instead of working.
    pub total_waiting: f64,
    /// Its share of the time of all steps, in percent.
    pub share_of_time: Option<f64>,
    /// The 95th percentile divided by the median.
    pub spread: Option<f64>,
    /// Standard deviation of durations, in milliseconds.
    pub stddev_duration: Option<f64>,
    /// Variance of durations, in square milliseconds.
    pub variance_duration: Option<f64>,
    /// The standard deviation divided by the mean: 0 is perfectly even, above 1 the deviation exceeds the
    /// mean.
    pub coefficient_of_variation: Option<f64>,
    /// How often it was retried.
    pub retries: u64,
    /// Whether it takes more time than any other step.
    pub is_bottleneck: bool,
    /// Whether it belongs to the smallest set of steps that together take 80 % of the time.
    pub is_critical: bool,
}

impl Reading {
    /// The steps of a workflow. Fails if the frame is not valid or the store fails.
    pub async fn workflow_steps(
        &self,
        viewer: Viewer,
        workflow: &str,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowSteps>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let results = ask_steps(&mut questions, frame).await?;
        let body = WorkflowSteps {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: results.query().range.into(),
            steps: steps(&results, &self.names(viewer, results.answer())),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(results.query().range, body))
    }
}

figures! {
    /// Runs of steps. Durations are in milliseconds, rates in percent; `None` means no data.
    pub(super) struct StepRuns {
        pub executions: u64 = count("steps"),
        pub completed: u64 = count("steps_completed"),
        pub failed: u64 = count("steps_failed"),
        pub skipped: u64 = count("steps_skipped"),
        pub retries: u64 = count("step_retries"),
        pub success_rate: Option<f64> = value("step_success_rate"),
        pub avg_duration: Option<f64> = value("step_duration_avg"),
        pub p50_duration: Option<f64> = value("step_duration_p50"),
        pub p95_duration: Option<f64> = value("step_duration_p95"),
        pub p99_duration: Option<f64> = value("step_duration_p99"),
    }

    /// How the durations of steps add up and vary, in milliseconds.
    pub(super) struct StepTimes {
        total_duration: f64 = sum("step_duration_sum"),
        total_waiting: f64 = sum("step_waiting_sum"),
        max_duration: Option<f64> = value("step_duration_max"),
        stddev_duration: Option<f64> = value("step_duration_stddev"),
    }
}

/// Everything that the view of a step shows.
pub(super) type Steps = (StepRuns, StepTimes);

/// The steps within a frame, the one that takes the most time first.
pub(super) async fn ask_steps(
    questions: &mut Questions<'_>,
    frame: &Frame,
) -> Result<Results<Steps>, AppError> {
    let query = frame
        .question()
        .by(["step", "step_type"])
        .order("step_duration_sum", Direction::Desc)
        .with_other();
    questions.figures(query).await
}

pub(super) fn steps(results: &Results<Steps>, names: &Names) -> Vec<StepFigures> {
    let times: Vec<StepTime> = results.lines().map(|line| time(&line.figures)).collect();
    // Unlisted steps take their share of the time, too.
    let rest = results
        .rest()
        .map_or(0.0, |(_, times)| times.total_duration);
    let totals: Vec<f64> = times.iter().map(|time| time.total).collect();
    results
        .lines()
        .zip(step_shares(&times, rest))
        .zip(vital_few(&totals, rest))
        .map(|((line, share), critical)| step(line, share, critical, names))
        .collect()
}

fn time((runs, times): &Steps) -> StepTime {
    StepTime {
        total: times.total_duration,
        p50: runs.p50_duration,
        p95: runs.p95_duration,
    }
}

fn step(line: Line<'_, Steps>, share: StepShare, is_critical: bool, names: &Names) -> StepFigures {
    let (step_id, step_type) = (line.key(0), line.key(1));
    let (runs, times) = line.figures;
    let deviation = times.stddev_duration;
    let mean = runs.avg_duration.filter(|&mean| mean > 0.0);
    StepFigures {
        step_name: names.of("step", step_id.as_deref()),
        step_id,
        step_type,
        executions: runs.executions,
        completed: runs.completed,
        failed: runs.failed,
        skipped: runs.skipped,
        success_rate: runs.success_rate,
        avg_duration: runs.avg_duration,
        p50_duration: runs.p50_duration,
        p95_duration: runs.p95_duration,
        p99_duration: runs.p99_duration,
        max_duration: times.max_duration,
        total_duration: times.total_duration,
        total_waiting: times.total_waiting,
        share_of_time: share.share_pct,
        spread: share.spread,
        stddev_duration: deviation,
        variance_duration: deviation.map(|deviation| deviation * deviation),
        coefficient_of_variation: deviation
            .zip(mean)
            .map(|(deviation, mean)| deviation / mean),
        retries: runs.retries,
        is_bottleneck: share.critical,
        is_critical,
    }
}
