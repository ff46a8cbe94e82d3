//! The steps of a workflow (paper 2): timing, share of time, bottleneck.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{StepShare, StepTime, step_shares, vital_few};
use weir_query::{Answer, Direction};

use super::{Frame, Meta, Questions, RangeView, Row, Versioned, figures::rest_of};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::{Freshness, Names},
};

const METRICS: [&str; 13] = [
    "steps",
    "steps_completed",
    "steps_failed",
    "steps_skipped",
    "step_success_rate",
    "step_duration_avg",
    "step_duration_p50",
    "step_duration_p95",
    "step_duration_p99",
    "step_duration_sum",
    "step_duration_max",
    "step_duration_stddev",
    "step_retries",
];

/// The steps of a workflow, the one that takes most time first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowSteps {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// What it covers.
    pub range: RangeView,
    /// The steps.
    pub steps: Vec<StepFigures>,
    /// How it came about.
    pub meta: Meta,
}

/// A step in figures. Durations are milliseconds, rates percentages; null is "no data".
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepFigures {
    /// The step.
    pub step_id: Option<String>,
    /// Its name.
    pub step_name: Option<String>,
    /// Its type.
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
    /// All durations together.
    pub total_duration: f64,
    /// Its part of the time of all steps.
    pub share_of_time: Option<f64>,
    /// How uneven it is: the 95th percentile over the median.
    pub spread: Option<f64>,
    /// Standard deviation of durations, in milliseconds.
    pub stddev_duration: Option<f64>,
    /// Variance of durations: the deviation squared, in square milliseconds.
    pub variance_duration: Option<f64>,
    /// The deviation over the mean: 0 is even, above 1 it varies more than it lasts.
    pub coefficient_of_variation: Option<f64>,
    /// How often it was tried again.
    pub retries: u64,
    /// Whether it takes more time than any other step.
    pub is_bottleneck: bool,
    /// Whether it is one of the fewest steps that together take 80 % of the time.
    pub is_critical: bool,
}

impl Reading {
    /// The steps of a workflow.
    pub async fn workflow_steps(
        &self,
        viewer: Viewer,
        workflow: &str,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowSteps>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let answer = ask_steps(&mut questions, frame).await?;
        let body = WorkflowSteps {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: answer.query.range.into(),
            steps: steps(&answer, &self.names(viewer, &answer)),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(answer.query.range, body))
    }
}

pub(super) async fn ask_steps(
    questions: &mut Questions<'_>,
    frame: &Frame,
) -> Result<std::sync::Arc<Answer>, AppError> {
    let query = frame
        .query(METRICS)
        .by(["step", "step_type"])
        .order("step_duration_sum", Direction::Desc)
        .with_other();
    questions.ask(&query).await
}

pub(super) fn steps(answer: &Answer, names: &Names) -> Vec<StepFigures> {
    let times: Vec<StepTime> = Row::all(&answer.rows).map(time).collect();
    // The steps that are not listed take their share of the time, too.
    let rest = rest_of(answer, "step_duration_sum");
    let totals: Vec<f64> = times.iter().map(|time| time.total).collect();
    Row::all(&answer.rows)
        .zip(step_shares(&times, rest))
        .zip(vital_few(&totals, rest))
        .map(|((row, share), critical)| StepFigures {
            is_critical: critical,
            ..step(row, share, names)
        })
        .collect()
}

fn time(row: Row<'_>) -> StepTime {
    StepTime {
        total: row.value("step_duration_sum").unwrap_or(0.0),
        p50: row.value("step_duration_p50"),
        p95: row.value("step_duration_p95"),
    }
}

fn step(row: Row<'_>, share: StepShare, names: &Names) -> StepFigures {
    let step_id = row.key(0);
    let name = names
        .get("step")
        .zip(step_id.as_ref())
        .and_then(|(names, id)| names.get(id));
    let deviation = row.value("step_duration_stddev");
    let mean = row.value("step_duration_avg").filter(|&mean| mean > 0.0);
    StepFigures {
        stddev_duration: deviation,
        variance_duration: deviation.map(|deviation| deviation * deviation),
        coefficient_of_variation: deviation
            .zip(mean)
            .map(|(deviation, mean)| deviation / mean),
        step_name: name.cloned(),
        step_id,
        step_type: row.key(1),
        executions: row.count("steps"),
        completed: row.count("steps_completed"),
        failed: row.count("steps_failed"),
        skipped: row.count("steps_skipped"),
        success_rate: row.value("step_success_rate"),
        avg_duration: row.value("step_duration_avg"),
        p50_duration: row.value("step_duration_p50"),
        p95_duration: row.value("step_duration_p95"),
        p99_duration: row.value("step_duration_p99"),
        max_duration: row.value("step_duration_max"),
        total_duration: row.value("step_duration_sum").unwrap_or(0.0),
        share_of_time: share.share_pct,
        spread: share.spread,
        retries: row.count("step_retries"),
        is_bottleneck: share.critical,
        is_critical: false,
    }
}
